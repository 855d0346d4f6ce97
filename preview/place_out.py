"""What `aigw place` prints: each pool's machines as planned, at their cheapest, and the bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import dollars

if TYPE_CHECKING:
    from sizing.placement.model import MixNodes
    from sizing.placement.platform import PlacementReport, PoolComparison

UNKNOWN = "unknown"
MONEY = ("plan", "cheapest", "bound", "plan above bound", "cheapest above bound")


def sections(stack: str, report: PlacementReport) -> tuple[Section, ...]:
    """Return the report: what it costs, then which machines."""
    totals = (
        dollars(report.plan_monthly_usd),
        dollars(report.mix_monthly_usd),
        dollars(report.bound_monthly_usd),
        share(report.distance),
        share(report.gap),
    )
    return (
        Section(
            title=f"Placement of {stack}: USD a month on demand in {report.region}",
            table=Table(
                columns=("pool", *MONEY),
                rows=(*(_money(one) for one in report.pools), ("total", *totals)),
                right=frozenset(MONEY),
            ),
            lines=(
                "No mix of machines that holds the pods costs less than the bound.",
                "The plan keeps documented families and counts, which the cheapest mix may leave.",
            ),
        ),
        Section(
            title="Machines, by zone",
            table=Table(
                columns=("pool", "plan", "cheapest mix", "filled by"),
                rows=tuple(
                    (one.pool, machines(one.plan), machines(one.mix) or UNKNOWN, filled_by(one))
                    for one in report.pools
                ),
            ),
            lines=tuple(_remarks(report)),
        ),
    )


def machines(nodes: tuple[MixNodes, ...]) -> str:
    """Return "2+2+1 m5.large": numbers by zone, machine after machine."""
    by_offer: dict[str, list[int]] = {}
    for one in nodes:
        by_offer.setdefault(one.offer, []).append(one.nodes)
    return ", ".join(
        f"{'+'.join(str(count) for count in sorted(counts, reverse=True))} {offer}"
        for offer, counts in by_offer.items()
    )


def share(part: float | None) -> str:
    """Return a share in tenths of a percent."""
    return UNKNOWN if part is None else f"{part * 100:.1f} %"


def filled_by(pool: PoolComparison) -> str:
    """Return who finds a node for every pod of the cheapest mix."""
    if not pool.mix:
        return UNKNOWN
    return "first fit" if pool.first_fit_monthly_usd == pool.mix_monthly_usd else "exact packing"


def _money(pool: PoolComparison) -> tuple[str, ...]:
    return (
        pool.pool,
        dollars(pool.plan_monthly_usd),
        dollars(pool.mix_monthly_usd),
        dollars(pool.bound_monthly_usd),
        share(pool.distance),
        share(pool.gap),
    )


def _remarks(report: PlacementReport) -> Iterator[str]:
    for one in report.pools:
        if one.obstacle:
            yield f"{one.pool}: {one.obstacle}"
        elif filled_by(one) == "exact packing" and one.first_fit:
            yield (
                f"{one.pool}: first fit, as a scheduler may place pods, needs "
                f"{machines(one.first_fit)} for {dollars(one.first_fit_monthly_usd)}"
            )
