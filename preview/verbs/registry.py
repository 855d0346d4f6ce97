"""All verbs of `aigw`, in the order of its help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from preview.verbs import (
    audit,
    check,
    compare,
    diff,
    forecast,
    loadtest,
    place,
    plan,
    report,
    review,
    schema,
    size,
    throughput,
    tiers,
)

VERBS: Mapping[str, ModuleType] = MappingProxyType(
    {
        "plan": plan,
        "check": check,
        "compare": compare,
        "diff": diff,
        "size": size,
        "forecast": forecast,
        "place": place,
        "throughput": throughput,
        "loadtest": loadtest,
        "report": report,
        "review": review,
        "audit": audit,
        "tiers": tiers,
        "schema": schema,
    }
)
