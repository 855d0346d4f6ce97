"""The same stack in every tier: what it is, what it costs, and what is open about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from preview.bill import at_least
from preview.report_page.facts import TierFacts
from preview.report_page.geometry import Box
from preview.report_page.html import paragraph, section, table
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.svg import box
from preview.words import amount, dollars
from sizing.plans import PlatformPlan
from sizing.words import Verdict

BAR_WIDTH = 120.0
OWN = " (this stack)"


def tiers_part(tiers: Sequence[TierFacts]) -> Markup:
    """Return the section: a column for each tier."""
    own = next(one for one in tiers if one.own)
    rows = [
        *((name, *(_of(one, words) for one in tiers)) for name, words in _ROWS),
        ("bill of a month", *(_bill(one, tiers) for one in tiers)),
        ("floor and ceiling", *(_span(one) for one in tiers)),
        ("refuted, unproven", *(_open(one) for one in tiers)),
    ]
    return section(
        "tiers",
        "The same stack in every tier",
        paragraph(
            f"Cloud, region and environment are this stack's; {own.tier} is its own. The others "
            "carry the reference load of their tier, without what is set by hand here."
        ),
        table(
            "Tiers side by side",
            ("", *(f"{one.tier}{OWN if one.own else ''}" for one in tiers)),
            rows,
            narrow=frozenset({""}),
            told={f"{one.tier}{OWN if one.own else ''}": _origin(one) for one in tiers},
        ),
    )


def _origin(one: TierFacts) -> str:
    """Return how the numbers of a column came about."""
    if one.own:
        return "this stack's plan, its findings and its bill"
    return f"a plan, checks and a bill of their own, for the {one.tier} tables of document 001"


def _of(one: TierFacts, words: Callable[[PlatformPlan], str]) -> str:
    return one.obstacle if one.plan is None else words(one.plan)


def _machines(plan: PlatformPlan, *, gpus: bool) -> str:
    found: Counter[str] = Counter()
    for pool in plan.node_pools:
        if bool(pool.gpus_per_node) is gpus:
            found[pool.instance_types[0]] += pool.scale.planned
    return ", ".join(f"{number} x {name}" for name, number in found.items() if number) or "none"


def _replicas(plan: PlatformPlan, name: str) -> str:
    found = [one.scale for one in plan.services if one.name == name]
    return f"{found[0].planned}, at most {found[0].maximum}" if found else "none"


def _engines(plan: PlatformPlan) -> str:
    return ", ".join(f"{o.scale.planned} x {o.model}" for o in plan.services if o.model) or "none"


def _caches(plan: PlatformPlan) -> str:
    return ", ".join(
        f"{one.role}: {one.shards * (1 + one.replicas_per_shard)} x {one.node_type}"
        for one in plan.caches
    )


_ROWS: tuple[tuple[str, Callable[[PlatformPlan], str]], ...] = (
    ("requests/s at peak", lambda plan: amount(plan.request.load.requests_per_second_peak)),
    ("nodes", lambda plan: str(sum(pool.scale.planned for pool in plan.node_pools))),
    ("machines", lambda plan: _machines(plan, gpus=False)),
    ("GPU machines", lambda plan: _machines(plan, gpus=True)),
    ("proxies", lambda plan: _replicas(plan, "litellm")),
    ("model engines", _engines),
    ("PostgreSQL", lambda plan: f"{plan.postgres.nodes} x {plan.postgres.instance_class}"),
    ("caches", _caches),
    ("search", lambda plan: f"{plan.search.instance_count} x {plan.search.instance_type}"),
)


def _bill(one: TierFacts, tiers: Sequence[TierFacts]) -> Markup:
    if one.bill is None:
        return Markup("")
    most = max(o.bill.monthly_usd for o in tiers if o.bill is not None)
    wide = BAR_WIDTH * one.bill.monthly_usd / (most or 1)
    shapes = [
        box(Box(x=0, y=0, width=BAR_WIDTH, height=8), "rail", radius=3),
        box(Box(x=0, y=0, width=wide, height=8), "bar", radius=3),
    ]
    bar = tag(
        "svg",
        *shapes,
        viewBox=f"0 0 {BAR_WIDTH:.0f} 8",
        width=BAR_WIDTH,
        height="8",
        aria_hidden="true",
        class_="meter under",
    )
    return joined([tag("strong", f"{at_least(one.bill)}{dollars(one.bill.monthly_usd)}"), bar])


def _span(one: TierFacts) -> str:
    if one.bill is None:
        return ""
    return f"{dollars(one.bill.floor_usd)} to {dollars(one.bill.ceiling_usd)}"


def _open(one: TierFacts) -> str:
    found = Counter(finding.verdict for finding in one.findings)
    return "" if one.plan is None else f"{found[Verdict.REFUTED]}, {found[Verdict.UNPROVEN]}"
