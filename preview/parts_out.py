"""What each part that a stack may have or not adds to it, in the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import dollars
from sizing.units import GIB

if TYPE_CHECKING:
    from sizing.part_costs import PartCost

COLUMNS = ("part", "here", "brings", "pods", "cpu", "memory", "nodes", "$/month", "pools")
HOW = (
    "Each is the difference of two whole plans, with the part and without it, at the planned size: "
    "where pods fit on machines that stand anyway, they add none. Switched by `services` in the "
    "stack file (docs/configuration.md)."
)


def section(parts: Iterable[PartCost]) -> Section:
    """Return what the stack's parts add, and what those would add that are off."""
    return Section(
        title="Parts that may be switched on and off (what each adds)",
        table=Table(
            columns=COLUMNS,
            rows=tuple(_row(one) for one in parts),
            right=frozenset({"pods", "cpu", "memory", "nodes", "$/month"}),
        ),
        lines=(HOW,),
    )


def _row(one: PartCost) -> tuple[str, ...]:
    return (
        one.name,
        "on" if one.on else "off",
        ", ".join(one.workloads) or "nothing in the cluster",
        f"{one.pods:+,}",
        f"{one.cpu_request_millis:+,}m",
        f"{one.memory_request_bytes / GIB:+.1f} GiB",
        f"{one.nodes:+,}",
        f"{dollars(one.monthly_usd)}{'+' if one.at_least else ''}",
        ", ".join(one.pools),
    )
