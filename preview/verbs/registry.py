"""All verbs of `aigw`, in the groups and the order of its help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from preview.verbs import (
    audit,
    check,
    compare,
    completion,
    diff,
    forecast,
    init,
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

GROUPS: Mapping[str, Mapping[str, ModuleType]] = MappingProxyType(
    {
        "a stack": {
            "init": init,
            "plan": plan,
            "check": check,
            "report": report,
            "review": review,
            "place": place,
        },
        "compared": {"diff": diff, "compare": compare},
        "a load": {
            "size": size,
            "forecast": forecast,
            "throughput": throughput,
            "loadtest": loadtest,
        },
        "the documents": {"tiers": tiers, "audit": audit},
        "the command line": {"schema": schema, "completion": completion},
    }
)
"""Modules of verbs by their names, by the title of their group."""

VERBS: Mapping[str, ModuleType] = MappingProxyType(
    {name: module for group in GROUPS.values() for name, module in group.items()}
)
