"""What `aigw plan` tells people: sizes and why, findings, pools, resources, the bill, quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from preview import adjustments_out, alternatives_out, costs_out, parts_out, workloads_out
from preview.bill import at_least, bill, comparison, external
from preview.fullness import fullness
from preview.sizes import guest_of, pooled, size_rows
from preview.tables import Section, Table
from preview.words import advice, amount, count, dollars, percent, scale, short_type
from sizing.words import Severity, Verdict

if TYPE_CHECKING:
    from preview.facts import Facts, Sized
    from preview.offline import Recording, Resource
    from sizing.model import Json
    from sizing.plans import Finding
    from sizing.tiers.printed import Printed

STACK_TYPE = "pulumi:pulumi:Stack"
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


def report(facts: Facts, *, verbose: bool = False) -> tuple[Section, ...]:
    """Return the sections of a plan; `verbose` lists what holds and every item of the bill."""
    return (
        heading(facts),
        Section(
            title="Sizes",
            table=Table(
                columns=("component", "part", "size", "why"),
                rows=tuple(size_rows(facts.sized.plan)),
            ),
            lines=unbuilt(facts),
        ),
        adjustments_out.section(facts.sized.plan.adjustments),
        findings(facts.sized.findings, verbose=verbose),
        pools(facts),
        *workloads_out.sections(facts.sized),
        *((parts_out.section(facts.parts),) if facts.parts else ()),
        resources(facts.recording),
        bill(facts.sized.bill, verbose=verbose),
        comparison(facts.sized.bill),
        external(facts),
        *(costs_out.sections(facts.costs) if facts.costs else ()),
        *(alternatives_out.sections(facts.offers) if facts.offers else ()),
        *(documented(facts.sized, facts.documented) if facts.documented else ()),
        quotas(facts),
        following(facts),
    )


def heading(facts: Facts) -> Section:
    """Return what stack this is and what it comes to."""
    request, priced = facts.sized.plan.request, facts.sized.bill
    counted = Counter(finding.severity for finding in facts.sized.findings)
    made = facts.recording
    registered = count(len(made.resources) - 1, "resource") if made else "nothing registered"
    return Section(
        title=f"{facts.stack}: {request.tier} in {request.environment} on {request.cloud}",
        lines=(
            f"{request.region}, zones {', '.join(request.zone_ids)}, {request.mode} mode",
            *guest_of(request),
            f"{registered}, {count(len(facts.sized.plan.node_pools), 'pool')}, "
            f"{at_least(priced)}{dollars(priced.monthly_usd)} a month",
            f"{count(counted[Severity.ERROR], 'error')}, "
            f"{count(counted[Severity.WARNING], 'warning')}, "
            f"{counted[Severity.INFORMATION]} of information",
        ),
    )


def unbuilt(facts: Facts) -> tuple[str, ...]:
    """Return a line that names the services of the stack which its program makes nothing of."""
    if facts.recording is None:
        return ()
    plan = facts.sized.plan
    own = {one.name for one in plan.namespaces if one.name.startswith(plan.request.environment)}
    made = {names(one) for one in facts.recording.resources}
    left = [
        one.name
        for one in plan.services
        if one.namespace in own and (one.namespace, one.name) not in made
    ]
    return (f"Sized and priced, not built by `up`: {', '.join(left)}",) if left else ()


def names(resource: Resource) -> tuple[Json, Json]:
    """Return namespace and name of an object of the cluster, nothing of any other resource."""
    metadata = resource.inputs.get("metadata")
    found = metadata if isinstance(metadata, dict) else {}
    return found.get("namespace"), found.get("name")


def findings(found: Sequence[Finding], *, verbose: bool) -> Section:
    """Return findings, errors first; information is counted unless it is asked for."""
    listed = sorted(
        (one for one in found if verbose or one.severity is not Severity.INFORMATION),
        key=lambda one: (ORDER[one.severity], one.id),
    )
    folded = [one for one in found if one not in listed]
    holding = sum(one.verdict is Verdict.HOLDS for one in folded)
    lines = []
    if folded:
        rest = f", {len(folded) - holding} not applicable" if len(folded) > holding else ""
        verb = "holds" if holding == 1 else "hold"
        lines.append(f"{count(holding, 'constraint')} {verb}{rest} (--verbose lists them)")
    return Section(title="Findings", table=_findings(listed), lines=tuple(lines))


def _findings(listed: Sequence[Finding]) -> Table | None:
    rows = tuple(
        (
            one.severity,
            one.id,
            one.verdict,
            amount(one.demand),
            amount(one.capacity),
            one.unit,
            "" if one.utilisation is None else percent(one.utilisation),
            advice(one),
        )
        for one in listed
    )
    columns = ("severity", "finding", "verdict", "demand", "capacity", "unit", "used", "what to do")
    right = frozenset({"demand", "capacity", "used"})
    return Table(columns=columns, rows=rows, right=right) if rows else None


def pools(facts: Facts) -> Section:
    """Return node pools, their size and how full each resource is at the planned size."""
    rows = []
    for pool in facts.sized.plan.node_pools:
        full = fullness(pool)
        rows.append(
            (
                pool.name,
                ", ".join(pool.instance_types),
                pool.capacity_type.lower().replace("_", "-"),
                scale(pool.scale),
                percent(full.cpu),
                percent(full.memory),
                percent(full.pods),
                "" if full.gpus is None else percent(full.gpus),
                pool.binding,
            )
        )
    return Section(
        title="Node pools (minimum / planned / maximum; full at planned size)",
        table=Table(
            columns=("pool", "machine", "bought", "nodes", "cpu", "memory", "pods", "gpu", "binds"),
            rows=tuple(rows),
            right=frozenset({"cpu", "memory", "pods", "gpu"}),
        ),
    )


def resources(recording: Recording | None) -> Section:
    """Return how many resources each component registers, and of which types."""
    if recording is None:
        return Section(title="Resources", lines=("None: an error finding stops the program.",))
    by_urn = {resource.urn: resource for resource in recording.resources}
    groups: dict[str, list[Resource]] = {}
    for resource in recording.resources:
        if resource.type != STACK_TYPE:
            groups.setdefault(owner(resource, by_urn), []).append(resource)
    rows = []
    for name in sorted(groups):
        types = Counter(short_type(one.type) for one in groups[name] if one.custom)
        rows.append(
            (
                name,
                str(len(groups[name])),
                str(sum(one.protect for one in groups[name])),
                ", ".join(f"{types[one]} {one}" for one in sorted(types)),
            )
        )
    total = len(recording.resources) - 1
    return Section(
        title="Resources by component",
        table=Table(
            columns=("component", "count", "protected", "types"),
            rows=tuple(rows),
            right=frozenset({"count", "protected"}),
        ),
        lines=(f"{count(total, 'resource')} and the stack itself",),
    )


def owner(resource: Resource, by_urn: dict[str, Resource]) -> str:
    """Return the component below the stack that a resource belongs to."""
    at = resource
    while at.parent in by_urn and by_urn[at.parent].type != STACK_TYPE:
        at = by_urn[at.parent]
    return at.name if not at.type.startswith("pulumi:providers:") else "providers"


def documented(own: Sized, written: Sized) -> tuple[Section, ...]:
    """Return the stack with the tables as written: what it costs and what it does not hold."""
    difference = own.bill.monthly_usd - written.bill.monthly_usd
    open_findings, own_open = unproven(written.findings), unproven(own.findings)
    section = findings(open_findings, verbose=False)
    sums = (
        f"The tables as written cost {at_least(written.bill)}{dollars(written.bill.monthly_usd)} "
        f"a month; this plan costs {at_least(own.bill)}{dollars(own.bill.monthly_usd)} "
        f"({difference:+,.0f}).",
        f"Poolers as written: {pooled(written.plan.pooler)}.",
        f"{count(len(open_findings), 'constraint')} not proven to hold as written, "
        f"{len(own_open)} as planned.",
    )
    return (Section(title="The tables as they are written", table=section.table, lines=sums),)


def unproven(found: Iterable[Finding]) -> list[Finding]:
    """Return the plan's errors and warnings; the config's own do not depend on the tables."""
    return [
        one
        for one in found
        if one.severity is not Severity.INFORMATION and one.component != "config"
    ]


def quotas(facts: Facts) -> Section:
    """Return the service quotas to ask for before the first `up`."""
    return Section(
        title="Quotas to request",
        table=Table(
            columns=("service", "quota", "needed", "unit", "reason"),
            rows=tuple(
                (one.service, one.name, amount(one.needed), one.unit, one.reason)
                for one in facts.quotas
            ),
            right=frozenset({"needed"}),
        ),
    )


def following(facts: Facts) -> Section:
    """Return the lines to type next."""
    if facts.sized.refused:
        lines: tuple[str, ...] = (
            "Mend the errors above: until then `pulumi up` registers nothing.",
        )
    else:
        lines = (
            "1. Ask for the quotas above; GPU quotas often start at 0.",
            "2. Once an account: docs/bootstrap.md (state, keys, deploy roles).",
            f"3. pulumi preview --stack {facts.stack}",
            f"4. pulumi up --stack {facts.stack}",
        )
    return Section(title="Next", lines=lines)


def tier_sections(tables: Iterable[Printed], lists: Iterable[Printed]) -> tuple[Section, ...]:
    """Return the document's tables, then its blocks and lists."""
    return (
        *(
            Section(
                title=f"{one.section} {one.title}", table=Table(columns=one.header, rows=one.rows)
            )
            for one in tables
        ),
        *(
            Section(
                title=f"{one.section} {one.title}", lines=tuple(" ".join(row) for row in one.rows)
            )
            for one in lists
        ),
    )
