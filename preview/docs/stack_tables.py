"""Tables of the example stacks: what each costs and holds, what each part is, what it is billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from preview.facts import Sized, sized
from preview.sizes import size_rows
from preview.words import dollars
from sizing.words import Cloud, Environment, Verdict
from stacks.config import load_all

if TYPE_CHECKING:
    from sizing.plans import PlatformPlan

VERDICTS: Final = (Verdict.HOLDS, Verdict.UNPROVEN, Verdict.REFUTED)
PARTS: Final = ("postgres", "documents", "cache", "search", "files")
"""Parts that tiers differ in, beside pools; services stand in `aigw plan`."""
OPEN: Final = "+"


@cache
def stacks() -> dict[str, Sized]:
    """Return every stack of the repository, planned, checked and priced."""
    return {name: sized(config) for name, config in load_all().items()}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()) -> str:
    """Return a table in Markdown; `right` are the columns of numbers."""
    marks = ["---:" if column in set(right) else "---" for column in columns]
    lines = [columns, marks, *rows]
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines) + "\n"


def overview() -> str:
    """Return a row a stack: load, bill, nodes, GPUs, and how its constraints stand."""
    numbers = ["requests/s", "a month", "nodes", "GPUs", " / ".join(VERDICTS)]
    return table(["stack", *numbers], (_overview(*one) for one in _ordered()), numbers)


def _ordered() -> list[tuple[str, Sized]]:
    """Return stacks by environment and tier, a cloud beside the other."""
    tiers = list(Environment)
    return sorted(
        stacks().items(),
        key=lambda one: (
            tiers.index(one[1].plan.request.environment),
            one[1].plan.request.whole_load.requests_per_second_peak,
            one[0],
        ),
    )


def _overview(name: str, one: Sized) -> tuple[str, ...]:
    request, pools = one.plan.request, one.plan.node_pools
    told = Counter(finding.verdict for finding in one.findings)
    return (
        f"`{name}`",
        f"{request.load.requests_per_second_peak:,.0f}",
        _bill(one.bill.monthly_usd, len(one.bill.unpriced)),
        str(sum(pool.scale.planned for pool in pools)),
        str(sum(pool.scale.planned * pool.gpus_per_node for pool in pools)),
        " / ".join(str(told[verdict]) for verdict in VERDICTS),
    )


def _bill(usd: float, unknown: int) -> str:
    return f"{dollars(usd)}{OPEN if unknown else ''}"


def _prod(cloud: Cloud) -> list[tuple[str, Sized]]:
    return [
        (name, one)
        for name, one in _ordered()
        if (one.plan.request.cloud, one.plan.request.environment) == (cloud, Environment.PROD)
    ]


def parts(cloud: Cloud) -> str:
    """Return what the pools and stores of each prod stack of a cloud are."""
    own = _prod(cloud)
    sides = [_parts(one.plan) for _, one in own]
    names = dict.fromkeys(name for side in sides for name in side)
    columns = ["part", *(f"`{name}`" for name, _ in own)]
    return table(columns, ([name, *(side.get(name, "-") for side in sides)] for name in names))


def _parts(plan: PlatformPlan) -> dict[str, str]:
    machines: dict[str, Counter[str]] = {}
    for pool in plan.node_pools:
        own = machines.setdefault(f"pool {pool.role}", Counter())
        own[", ".join(pool.instance_types)] += pool.scale.planned
    found = {
        role: ", ".join(f"{nodes} x {machine}" for machine, nodes in own.items())
        for role, own in machines.items()
    }
    for component, part, size, _ in size_rows(plan):
        if component in PARTS:
            several = component == "cache"
            name, told = (
                (f"{component} {part}", size) if several else (component, f"{part}: {size}")
            )
            found[name] = told
    return found


def bills(cloud: Cloud) -> str:
    """Return the monthly bill of each prod stack of a cloud, by component."""
    own = [(name, one.bill) for name, one in _prod(cloud)]
    components = dict.fromkeys(item.component for _, bill in own for item in bill.items)
    rows = [
        [
            component,
            *(
                _component([item.planned_usd for item in bill.items if item.component == component])
                for _, bill in own
            ),
        ]
        for component in components
    ]
    for title, usd in (
        ("**total**", [bill.monthly_usd for _, bill in own]),
        ("at every minimum", [bill.floor_usd for _, bill in own]),
        ("at every maximum", [bill.ceiling_usd for _, bill in own]),
    ):
        counted = zip(usd, own, strict=True)
        rows.append([title, *(_bill(one, len(bill.unpriced)) for one, (_, bill) in counted)])
    names = [f"`{name}`" for name, _ in own]
    return table(["component", *names], rows, names)


def _component(amounts: Sequence[float | None]) -> str:
    known = [amount for amount in amounts if amount is not None]
    if not amounts:
        return "-"
    return _bill(sum(known), len(amounts) - len(known)) if known else "unknown"
