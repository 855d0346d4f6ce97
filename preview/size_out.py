"""What `aigw size` prints: the workload with its origins, the open questions, sizes and bill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preview import alternatives_out, costs_out, workloads_out
from preview.bill import at_least, bill
from preview.facts import Facts, Sized
from preview.fullness import fullness
from preview.json_out import SIZES
from preview.report import findings, pools
from preview.sizes import size_rows
from preview.tables import Section, Table
from preview.words import amount, count, dollars, percent
from sizing.model import Json, plain
from sizing.workload.findings import COMPONENT, QUESTIONS_COMPONENT
from sizing.workload.load import Objectives, Provider, ServedModel

if TYPE_CHECKING:
    from preview.verbs.size import Sizing

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""


def document(made: Sizing) -> dict[str, Json]:
    """Return everything as JSON."""
    request, resolved = made.plan.request, made.resolved
    return {
        "schema": SCHEMA,
        "tier": str(made.choice.tier),
        "tier_by": made.choice.by,
        "tier_by_axis": {axis: str(tier) for axis, tier in made.choice.others.items()},
        "environment": str(request.environment),
        "cloud": str(request.cloud),
        "region": request.region,
        "zone_ids": list(request.zone_ids),
        "primary": resolved.primary,
        "workload": plain(resolved.workload),
        "planned_workload": plain(request.load),
        "origins": {name: plain(origin) for name, origin in resolved.origins.items()},
        "regions": [plain(one) for one in resolved.regions],
        "contradictions": [{**_fields(one), "ratio": one.ratio} for one in resolved.contradictions],
        "questions": [plain(one) for one in made.questions],
        "sizes": {name: plain(getattr(made.plan, name)) for name in SIZES},
        "pools": [
            {**_fields(pool), "fullness": plain(fullness(pool))} for pool in made.plan.node_pools
        ],
        "adjustments": [plain(one) for one in made.plan.adjustments],
        "findings": [plain(one) for one in made.findings],
        "bill": {**_fields(made.bill), "costs": plain(made.costs)},
        **_fields(made.offers),
    }


def sections(made: Sizing, *, verbose: bool) -> tuple[Section, ...]:
    """Return the report."""
    own = (f"{COMPONENT}.contradiction.", f"{QUESTIONS_COMPONENT}.")  # sections of their own
    said = [one for one in made.findings if not one.id.startswith(own)]
    facts = Facts(
        stack="",
        sized=Sized(plan=made.plan, findings=made.findings, bill=made.bill),
        external=made.costs.external,
        own_usd_per_million=None,
        quotas=(),
        recording=None,
        documented=None,
    )
    return (
        _heading(made),
        _workload(made),
        _contradictions(made),
        _questions(made),
        Section(
            title="Sizes",
            table=Table(
                columns=("component", "part", "size", "why"), rows=tuple(size_rows(made.plan))
            ),
        ),
        findings(said, verbose=verbose),
        pools(facts),
        *workloads_out.sections(facts.sized),
        bill(made.bill, verbose=verbose),
        *costs_out.sections(made.costs),
        *alternatives_out.sections(made.offers),
    )


def _heading(made: Sizing) -> Section:
    request, choice = made.plan.request, made.choice
    regions = made.resolved.regions
    lines = [
        f"{request.region}, zones {', '.join(request.zone_ids)}",
        f"{at_least(made.bill)}{dollars(made.bill.monthly_usd)} a month",
        f"tier: {choice.by}",
        *(f"{axis} would name {tier}" for axis, tier in choice.disagreeing.items()),
    ]
    if len(regions) > 1:
        share = percent(max(one.share for one in regions))
        lines.append(
            f"sizes and bill are of the region with the most load, {share}; a platform of its own "
            f"stands in each of {len(regions)}"
        )
    return Section(
        title=f"{choice.tier} in {request.environment} on {request.cloud}", lines=tuple(lines)
    )


def _workload(made: Sizing) -> Section:
    return Section(
        title=f"Workload ({made.resolved.primary} leads)",
        table=Table(
            columns=("field", "value", "origin", "from"),
            rows=tuple(_workload_rows(made)),
            right=frozenset({"value"}),
        ),
    )


def _workload_rows(made: Sizing) -> Iterator[tuple[str, ...]]:
    """Yield what is given first, then what is derived, then what nobody said."""
    order = ("given", "derived", "documented", "assumed")
    load = made.resolved.workload
    origins = made.resolved.origins.items()
    for name, origin in sorted(origins, key=lambda one: order.index(one[1].basis)):
        yield name, _value(getattr(load, name, origin.value)), origin.basis, origin.how


def _value(value: object) -> str:
    """Return a field's value in words; nothing where the origin tells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return amount(value)
    if isinstance(value, Objectives):
        goals = (value.inter_token_latency_ms, value.first_token_p95_ms, value.proxy_queue_p99_ms)
        return f"{' / '.join(amount(goal.value) for goal in goals)} ms"
    if isinstance(value, tuple):
        return ", ".join(
            f"{one.name} {percent(one.share)}"
            for one in value
            if isinstance(one, ServedModel | Provider)
        )
    return ""


def _contradictions(made: Sizing) -> Section:
    found = made.resolved.contradictions
    return Section(
        title="Contradictions",
        lines=tuple(f"{one.axis_a} against {one.axis_b}: {one.message}" for one in found)
        or ("None: what is stated agrees within 10 %.",),
    )


def _questions(made: Sizing) -> Section:
    asked = made.questions
    return Section(
        title="Capacity questions still unanswered (document 004)",
        table=Table(
            columns=("question", "assumed instead", "state"),
            rows=tuple((one.text, one.assumption, ", ".join(one.state)) for one in asked),
        )
        if asked
        else None,
        lines=(f"{count(len(asked), 'question')} of 7 open",),
    )


def _fields(value: object) -> dict[str, Json]:
    shown = plain(value)
    assert isinstance(shown, dict)
    return shown
