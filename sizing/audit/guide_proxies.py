"""Claims of document 001, 2.1 and 2.2: what proxies carry, take and survive."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, agrees, at_most, of
from sizing.capacity import agent_gateway, litellm
from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.reserve import room
from sizing.tiers import HPA, PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import ServiceRow
from sizing.units import GIB, MILLIS_PER_CPU
from sizing.words import Cloud, Tier

PROXY = Block("001-2.1", "2.1")
GATEWAY = Block("001-2.2", "2.2")
SIZED = "the document's rate as stated; a fleet keeps a fifth to spare"


def claims() -> Iterator[Claim]:
    """Return the claims of LiteLLM and the agent gateway."""
    for tier, tables in TIERS.items():
        yield from _proxy(tier, tables.litellm)
        yield from _memory(tier, tables.litellm)
        yield from _scaling(tier, tables)
        yield from _gateway(tier, tables.agent_gateway)
        for block, row in ((PROXY, tables.litellm), (GATEWAY, tables.agent_gateway)):
            yield from _carries(block, tier, tables, row)


def documented_millis(tables: TierTables) -> int:
    """Return the CPU requests of the tables of chapter 2 but LiteLLM's, over all replicas."""
    gateway, vault = tables.agent_gateway, tables.vault
    cells = (tables.otel_collector, tables.grafana)
    return (
        gateway.replicas.value * gateway.cpu_request_millis
        + (vault.nodes or 1) * vault.cpu_millis
        + sum(cell.replicas * cell.cpu_millis for cell in cells)
    )


def _proxy(tier: Tier, row: ServiceRow) -> Iterator[Claim]:
    yield PROXY.claim(
        f"rate-{tier}",
        f"{row.replicas.value} replicas carry {row.max_rps.value} requests/s",
        proxy_rate,
        max_rps=row.max_rps.value,
        replicas=row.replicas.value,
        cpu_millis=row.cpu_request_millis,
    )


def proxy_rate(*, max_rps: float, replicas: float, cpu_millis: float) -> Recomputed:
    """Compare a fleet's rate with what its workers were measured to carry."""
    pod = litellm.pod(round(cpu_millis))
    return of(
        litellm.requests(
            load(requests_per_second_peak=max_rps),
            round(replicas * pod.workers),
            worker_millis=pod.cpu_millis // pod.workers,
        ),
        Said.DEMAND,
    )


def _carries(block: Block, tier: Tier, tables: TierTables, row: ServiceRow) -> Iterator[Claim]:
    rates = tables.profile.requests_per_second
    top = rates.high or rates.low
    named = {"required": top, "max_rps": row.max_rps.value}
    yield block.claim(
        f"peak-{tier}",
        f"{row.max_rps.value} requests/s carry {top:g} at peak",
        carries_peak,
        **named,
    )
    yield block.claim(
        f"average-{tier}",
        f"{row.max_rps.value} requests/s carry an average of {top:g}",
        carries_average,
        **named,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
    )
    yield block.claim(
        f"replica-lost-{tier}",
        f"{row.replicas.value - 1} of {row.replicas.value} replicas carry {top:g} at peak",
        carries_without_one,
        **named,
        replicas=row.replicas.value,
    )


def carries_peak(*, required: float, max_rps: float) -> Recomputed:
    """Compare a tier's rate with its fleet's, the rate being the peak."""
    return of(_fleet(required, max_rps, hard=False))


def carries_average(*, required: float, max_rps: float, peak_factor: float) -> Recomputed:
    """Compare a tier's rate with its fleet's, the rate being the average."""
    return of(_fleet(required * peak_factor, max_rps, hard=False))


def carries_without_one(*, required: float, max_rps: float, replicas: float) -> Recomputed:
    """Compare a tier's rate with its fleet's, one replica lost."""
    return of(_fleet(required, max_rps * (replicas - 1) / replicas, hard=True))


def _fleet(demand: float, capacity: float, *, hard: bool) -> Constraint:
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=demand,
        conservative=capacity,
        physical=capacity,
        hard=hard,
        formula="requests/s of table 1.1 <= Max RPS of the replicas that are left",
        source="document-001",
        measure=SIZED,
    )


def _memory(tier: Tier, row: ServiceRow) -> Iterator[Claim]:
    yield PROXY.claim(
        f"memory-floor-{tier}",
        f"a replica requests {row.memory_request_bytes / GIB:g} GiB",
        memory_floor,
        cpu_millis=row.cpu_request_millis,
        memory_bytes=row.memory_request_bytes,
    )
    yield PROXY.claim(
        f"memory-limit-{tier}",
        f"a replica lives with {row.memory_limit_bytes / GIB:g} GiB",
        memory_limit,
        cpu_millis=row.cpu_request_millis,
        memory_bytes=row.memory_limit_bytes,
    )
    yield PROXY.claim(
        f"hpa-memory-{tier}",
        f"the autoscaler aims at {HPA.memory_percent} % of {row.memory_request_bytes / GIB:g} GiB",
        idle_memory,
        cpu_millis=row.cpu_request_millis,
        memory_bytes=row.memory_request_bytes,
        target_percent=HPA.memory_percent,
    )


def memory_floor(*, cpu_millis: float, memory_bytes: float) -> Recomputed:
    """Compare a memory request with the vendor's floor for its workers."""
    return at_most(
        litellm.pod(round(cpu_millis)).memory_bytes,
        memory_bytes,
        unit="bytes",
        formula="workers of the CPU request x 4 GiB, the vendor's floor <= memory request",
    )


def memory_limit(*, cpu_millis: float, memory_bytes: float) -> Recomputed:
    """Compare a memory limit with what workers were seen to take."""
    return of(litellm.memory(litellm.pod(round(cpu_millis)).workers, round(memory_bytes)))


def idle_memory(*, cpu_millis: float, memory_bytes: float, target_percent: float) -> Recomputed:
    """Compare what idle workers take with the autoscaler's memory target."""
    workers = litellm.pod(round(cpu_millis)).workers
    return at_most(
        workers * litellm.LEAST_WORKER_MEMORY_BYTES.value,
        memory_bytes * target_percent / 100,
        unit="bytes",
        formula="workers x 0.66 GB, the least measured <= memory request x target; above it the "
        "autoscaler stays at its maximum",
    )


def _scaling(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    row, pool = tables.litellm, tables.cluster.cpu_pool
    least = tables.litellm_hpa_minimum
    minimum = row.replicas.value if least is None else least
    yield PROXY.claim(
        f"hpa-maximum-{tier}",
        f"maximum {HPA.maximum} is {HPA.maximum_over_minimum} x {minimum}",
        hpa_maximum,
        maximum=HPA.maximum,
        factor=HPA.maximum_over_minimum,
        minimum=minimum,
    )
    yield PROXY.claim(
        f"hpa-minimum-{tier}",
        f"the autoscaler starts from the table's {row.replicas.value} replicas",
        hpa_minimum,
        replicas=row.replicas.value,
        minimum=least,
    )
    for words, most in (
        ("hpa-nodes", HPA.maximum),
        ("hpa-factor-nodes", HPA.maximum_over_minimum * minimum),
    ):
        yield PROXY.claim(
            f"{words}-{tier}",
            f"{most} replicas fit on {pool.count} x {pool.instance_type}",
            replicas_fit,
            replicas=most,
            cpu_millis=row.cpu_request_millis,
            others_millis=documented_millis(tables),
            nodes=pool.count,
            instance_type=pool.instance_type,
        )


def hpa_maximum(*, maximum: float, factor: float, minimum: float) -> Recomputed:
    """Compare the autoscaler's maximum with the factor in its comment."""
    return agrees(maximum, factor * minimum, unit="replicas", formula="factor x minimum")


def hpa_minimum(*, replicas: float, minimum: float | None) -> Recomputed:
    """Compare the autoscaler's minimum with the table's replicas."""
    return agrees(
        replicas,
        minimum,
        unit="replicas",
        formula="replicas of the table; minimum in the autoscaler's comment",
        missing="the autoscaler's comment leaves the tier out",
    )


def replicas_fit(
    *, replicas: float, cpu_millis: float, others_millis: float, nodes: float, instance_type: str
) -> Recomputed:
    """Compare the CPU of so many replicas, and of what else is documented, with the nodes."""
    each = room(instance(Cloud.AWS, instance_type)).millis
    return at_most(
        (replicas * cpu_millis + others_millis) / MILLIS_PER_CPU,
        nodes * each / MILLIS_PER_CPU,
        unit="vCPU",
        formula="replicas x CPU request + other requests of chapter 2 <= nodes x (allocatable - "
        "DaemonSets)",
        said=Said.DEMAND,
    )


def _gateway(tier: Tier, row: ServiceRow) -> Iterator[Claim]:
    yield GATEWAY.claim(
        f"rate-{tier}",
        f"{row.replicas.value} replicas carry {row.max_rps.value} requests/s",
        gateway_rate,
        max_rps=row.max_rps.value,
        replicas=row.replicas.value,
        cpu_millis=row.cpu_request_millis,
    )


def gateway_rate(*, max_rps: float, replicas: float, cpu_millis: float) -> Recomputed:
    """Compare a fleet's rate with what cores of the gateway were measured to carry."""
    return of(
        agent_gateway.requests(
            load(requests_per_second_peak=max_rps), round(replicas * cpu_millis)
        ),
        Said.DEMAND,
    )
