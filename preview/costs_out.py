"""What the bill's sum means, in the report: by request and token, committed, by environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import dollars, percent

if TYPE_CHECKING:
    from sizing.costs import Costs
    from sizing.document_costs import DocumentCost
    from sizing.environments import EnvironmentCost
    from sizing.pricing.commitments import Committed, PoolPrices
    from sizing.unit_costs import ComponentCost, UnitCosts

FINE_BELOW = 100
"""Below this many dollars, a price by the thousand or million shows parts of a cent."""


def sections(costs: Costs) -> tuple[Section, ...]:
    """Return what stands beside the bill and beside table 4.1."""
    return (units(costs.units), purchases(costs), by_environment(costs), documents(costs))


def units(found: UnitCosts) -> Section:
    """Return what 1,000 requests and a million tokens cost, and each component's part."""
    least = "at least " if found.at_least else ""
    own = found.self_hosted_usd_per_million
    return Section(
        title="By request and token",
        table=Table(
            columns=("component", "$/month", "share", "$/1,000 requests"),
            rows=tuple(_component(one) for one in found.components),
            right=frozenset({"$/month", "share", "$/1,000 requests"}),
        ),
        lines=(
            f"{least}{rate(found.usd_per_thousand_requests)} per 1,000 requests "
            f"({found.requests:,.0f} a month by tokens a day), {least}"
            f"{rate(found.with_external_usd_per_thousand)} with outside models",
            f"{least}{rate(found.usd_per_thousand_by_rate)} per 1,000 requests if there were "
            f"{found.requests_by_rate:,.0f} a month, as requests a second say",
            f"{rate(own)} per million tokens of own models, GPU pools and their disks over "
            f"{found.self_hosted_tokens:,.0f} tokens a month"
            if found.self_hosted_tokens
            else "no tokens of own models: nothing is self-hosted",
        ),
    )


def _component(one: ComponentCost) -> tuple[str, ...]:
    more = "+" if one.at_least and one.monthly_usd is not None else ""
    return (
        one.component,
        f"{dollars(one.monthly_usd)}{more}",
        "unknown" if one.share is None else percent(one.share),
        rate(one.usd_per_thousand_requests),
    )


def purchases(costs: Costs) -> Section:
    """Return each pool on demand, on spot and committed, and the bill with commitments."""
    money = ("on demand", "spot", "1 year", "3 years")
    return Section(
        title="Machines otherwise bought ($/month at planned size)",
        table=Table(
            columns=("pool", "machine", "nodes", "always on", "bought", *money),
            rows=tuple(_pool(one) for one in costs.pools),
            right=frozenset({"nodes", "always on", *money}),
        ),
        lines=tuple(_committed(one) for one in costs.committed),
    )


def _pool(one: PoolPrices) -> tuple[str, ...]:
    sums = (one.on_demand_usd, one.spot_usd, one.one_year_usd, one.three_years_usd)
    bought = one.bought.lower().replace("_", "-")
    return (
        one.pool,
        one.machine,
        str(one.nodes),
        str(one.committed),
        bought,
        *map(dollars, sums),
    )


def _committed(one: Committed) -> str:
    if one.monthly_usd is None:
        return f"Committed for {one.term}: no source shows a rate for these machines"
    rest = f"; unknown and left as it is: {', '.join(one.unknown)}" if one.unknown else ""
    return (
        f"Committed for {one.term}, nothing upfront, for what is always on: "
        f"{dollars(one.monthly_usd)} a month, {dollars(one.saved_usd)} less "
        f"({', '.join(one.sources)}){rest}"
    )


def by_environment(costs: Costs) -> Section:
    """Return what each environment of the same request costs."""
    return Section(
        title="By environment",
        table=Table(
            columns=("environment", "planned", "floor", "ceiling", "$/1,000 requests", "on spot"),
            rows=tuple(_environment(one) for one in costs.environments),
            right=frozenset({"planned", "floor", "ceiling", "$/1,000 requests"}),
        ),
        lines=("Each planned by itself; what the stack sets by hand counts for its own alone.",),
    )


def _environment(one: EnvironmentCost) -> tuple[str, ...]:
    more = "+" if one.at_least else ""
    return (
        one.environment,
        f"{dollars(one.monthly_usd)}{more}",
        f"{dollars(one.floor_usd)}{more}",
        f"{dollars(one.ceiling_usd)}{more}",
        rate(one.usd_per_thousand_requests),
        one.obstacle or ", ".join(one.spot_pools) or "none",
    )


def documents(costs: Costs) -> Section:
    """Return the other documents' cost tables beside what the same costs here."""
    priced = [one for one in costs.documents if one.line]
    silent = [one.source for one in costs.documents if not one.line]
    return Section(
        title="Beside the other documents' costs",
        table=Table(
            columns=("document", "line", "documented", "here", "explanation"),
            rows=tuple(_document(one) for one in priced),
            right=frozenset({"documented", "here"}),
        ),
        lines=(f"No cost is stated by {', '.join(silent)}",),
    )


def _document(one: DocumentCost) -> tuple[str, ...]:
    here = dollars(one.here_usd) if one.comparable else ""
    return (one.source.removeprefix("document-"), one.line, one.documented, here, one.explanation)


def rate(usd: float | None) -> str:
    """Return a price by the thousand or million; None is unknown."""
    if usd is None:
        return "unknown"
    return f"${usd:,.4f}" if usd < FINE_BELOW else f"${usd:,.2f}"
