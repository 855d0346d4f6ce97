"""Node pools: what they are asked to hold, at planned size, at maximum and with a zone lost."""

from __future__ import annotations

from dataclasses import replace

from sizing.capacity import addresses
from sizing.catalog import HOURS_PER_MONTH, InstanceType, instance
from sizing.checks.constraints import constrained
from sizing.checks.gpus import check_gpu_pool
from sizing.checks.pool import Pool, pool_of
from sizing.checks.survival import check_survival, survivors
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.model import Figure
from sizing.pack import pack
from sizing.plans import Finding
from sizing.reserve import (
    DAEMON_MEMORY,
    DAEMON_MILLIS,
    GPU_DAEMON_MEMORY,
    GPU_DAEMON_MILLIS,
    Room,
    room,
)
from sizing.words import CapacityType, Kind, Verdict

# How far an assumed figure may be off before a result is said to rest on it.
DOUBT = Figure(
    value=50,
    unit="percent of an assumed figure",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.DERIVED,
)


def check_nodes(subject: Subject) -> list[Finding]:
    """Return the findings of every pool, in the plan's order."""
    found = []
    for plan in subject.plan.node_pools:
        pool = pool_of(subject, plan)
        found += [
            _schedulable(subject, pool),
            _fill(subject, pool),
            _pods(subject, pool),
            *check_survival(subject, pool),
            _offered(subject, pool),
            _price(subject, pool),
            *_desired(subject, pool),
            *_floor(subject, pool),
            *check_gpu_pool(subject, pool),
        ]
    return found


def _cautious(machine: InstanceType) -> Room:
    """Return a node's room if DaemonSets took more than assumed, as far as the audit goes."""
    millis, memory = int(DAEMON_MILLIS), int(DAEMON_MEMORY)
    if machine.gpus:
        millis, memory = millis + int(GPU_DAEMON_MILLIS), memory + int(GPU_DAEMON_MEMORY)
    node = room(machine)
    return replace(
        node,
        millis=max(0, node.millis - millis * int(DOUBT) // 100),
        memory_bytes=max(0, node.memory_bytes - memory * int(DOUBT) // 100),
    )


def _schedulable(subject: Subject, pool: Pool) -> Finding:
    unplaced = pool.need.unplaced
    name = pool.machine.name
    message = (
        f"a pod of {', '.join(unplaced)} fits no {name} once reserves and DaemonSets are taken off"
        if unplaced
        else f"every pod of the pool fits a {name}"
    )
    return finding(
        subject,
        pool.path,
        "schedulable",
        Verdict.REFUTED if unplaced else Verdict.HOLDS,
        message,
        fix=f"set {pool.override}.instance_type to a larger type, or plan in proven mode",
        source="amazon-eks-ami",
        blocking=True,
    )


def _fill(subject: Subject, pool: Pool) -> Finding:
    need, nodes = pool.need.nodes, pool.plan.scale.planned
    cautious = nodes if pack(pool.planned, _cautious(pool.machine)).nodes <= nodes else 0
    cpu = _share(pool.plan.requested_millis, pool.plan.allocatable_millis * nodes)
    memory = _share(pool.plan.requested_bytes, pool.plan.allocatable_bytes * nodes)
    return finding(
        subject,
        pool.path,
        "fill",
        limit(need, nodes, cautious),
        f"planned pods take {need} of {nodes} nodes ({cpu} of CPU, {memory} of memory), bound by "
        f"{pool.plan.binding}",
        amount=Amount(demand=need, capacity=nodes, unit="nodes"),
        fix=f"set {pool.override}.planned to {need}; measure what DaemonSets take",
    )


def _share(part: int, whole: int) -> str:
    return f"{round(part * 100 / whole)} %" if whole else "all"


def _pods(subject: Subject, pool: Pool) -> Finding:
    fullest = max((len(names) for names in pool.need.bins), default=0)
    return constrained(
        subject,
        pool.path,
        addresses.pods_per_node(fullest, pool.machine, pool.plan.max_pods),
        fix=f"set {pool.override}.planned higher, so that pods spread",
    )


def _offered(subject: Subject, pool: Pool) -> Finding:
    region, names = subject.plan.request.region, pool.plan.instance_types
    cloud = subject.plan.request.cloud
    missing = [name for name in names if not instance(cloud, name).offered(region)]
    return finding(
        subject,
        pool.path,
        "offered",
        Verdict.REFUTED if missing else Verdict.HOLDS,
        f"{region} does not sell {', '.join(missing)}"
        if missing
        else f"{region} sells {', '.join(names)}",
        fix=f"set {pool.override}.instance_type to a type that {region} sells",
        source=pool.machine.sources.get("sold", "cfn-lint"),
        blocking=True,
    )


def _price(subject: Subject, pool: Pool) -> Finding:
    region, machine = subject.plan.request.region, pool.machine
    spot = pool.plan.capacity_type is CapacityType.SPOT
    hourly = machine.spot_price(region) if spot else machine.price(region)
    known = hourly is not None
    return finding(
        subject,
        pool.path,
        "price",
        Verdict.HOLDS if known else Verdict.UNPROVEN,
        f"{machine.name} costs {hourly} USD an hour in {region}"
        if known
        else f"no source shows the price of {machine.name} in {region}; the bill is incomplete",
        fix="look the price up, or choose a region that the catalogue prices",
        source=machine.sources.get("price", "sizing-decisions"),
    )


def _desired(subject: Subject, pool: Pool) -> list[Finding]:
    desired, scale = pool.plan.desired, pool.plan.scale
    if desired is None:
        return []
    fits = scale.minimum <= desired <= scale.maximum
    return [
        finding(
            subject,
            pool.path,
            "desired",
            Verdict.HOLDS if fits else Verdict.REFUTED,
            f"desired {desired} nodes between {scale.minimum} and {scale.maximum}"
            if fits
            else f"desired {desired} nodes is outside {scale.minimum} to {scale.maximum}",
            amount=Amount(demand=desired, capacity=scale.maximum, unit="nodes"),
            fix=f"set {pool.override}.desired between {scale.minimum} and {scale.maximum}",
            source="cdk-preflight",
            blocking=True,
        )
    ]


def _floor(subject: Subject, pool: Pool) -> list[Finding]:
    """Say what a smaller general pool would save; the documented count stays."""
    if pool.plan.role != "general":
        return []
    need, planned = pool.need.nodes, pool.plan.scale.planned
    zones = len(pool.plan.zone_ids)
    enough = need if subject.setting.is_dev else max(need, zones, survivors(pool.after_loss, zones))
    hourly = pool.machine.price(subject.plan.request.region)
    if enough >= planned or hourly is None:
        return []
    saved = (planned - enough) * hourly * HOURS_PER_MONTH.value
    return [
        finding(
            subject,
            pool.path,
            "documented-floor",
            Verdict.HOLDS,
            f"{enough} nodes would hold the planned pods with a zone lost; the documented "
            f"{planned} stay, {saved:,.0f} USD a month more at list price",
            amount=Amount(demand=enough, capacity=planned, unit="nodes"),
            source="document-001",
        )
    ]
