"""All verbs of `aigw`, in the order of its help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from preview.verbs import check, plan, review, schema, size, tiers

VERBS: Mapping[str, ModuleType] = MappingProxyType(
    {
        "plan": plan,
        "check": check,
        "size": size,
        "review": review,
        "tiers": tiers,
        "schema": schema,
    }
)
