"""Claims of document 001, 2.3: whether engines are scheduled, and when they are full."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_serving import card, mix, precision_of, serving
from sizing.audit.judge import Said, agrees, at_most
from sizing.catalog import instance
from sizing.queueing.demand import concurrency
from sizing.queueing.serving import IN_FLIGHT_PERCENTILE, in_flight_at
from sizing.reserve import room
from sizing.serving.profiles import ProfileName
from sizing.serving.throughput import slots_within
from sizing.tiers import PLANNING_FACTORS, TIERS, VLLM_STACK, TierTables
from sizing.units import GIB, MILLIS_PER_CPU, MILLIS_PER_SECOND
from sizing.words import Cloud, Tier
from sizing.workload import OBJECTIVES, PEAK_REQUESTS_PER_SECOND

VLLM = Block("001-2.3", "2.3")


def claims() -> Iterator[Claim]:
    """Return the claims of each tier's engines."""
    for tier, tables in TIERS.items():
        yield from _schedulable(tier, tables)
        yield from _scaling(tier, tables)


def _schedulable(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    pool, asked = tables.cluster.gpu_pool, VLLM_STACK.requests
    yield VLLM.claim(
        f"engine-cpu-{tier}",
        f"an engine of {asked.cpu_millis // MILLIS_PER_CPU} vCPU runs on {pool.instance_type}",
        engine_cpu,
        cpu_millis=asked.cpu_millis,
        instance_type=pool.instance_type,
    )
    yield VLLM.claim(
        f"engine-memory-{tier}",
        f"an engine of {asked.memory_bytes // GIB} GiB runs on {pool.instance_type}",
        engine_memory,
        memory_bytes=asked.memory_bytes,
        instance_type=pool.instance_type,
    )
    yield VLLM.claim(
        f"engine-maximum-{tier}",
        f"{VLLM_STACK.engine_maximum} engines on {pool.count} x {pool.instance_type}",
        engines_fit,
        engines=VLLM_STACK.engine_maximum,
        gpus_each=asked.gpus,
        nodes=pool.count,
        instance_type=pool.instance_type,
    )


def engine_cpu(*, cpu_millis: float, instance_type: str) -> Recomputed:
    """Compare an engine's CPU request with what a node has for it."""
    return at_most(
        cpu_millis / MILLIS_PER_CPU,
        room(instance(Cloud.AWS, instance_type)).millis / MILLIS_PER_CPU,
        unit="vCPU",
        formula="CPU request <= allocatable - DaemonSets",
        said=Said.DEMAND,
    )


def engine_memory(*, memory_bytes: float, instance_type: str) -> Recomputed:
    """Compare an engine's memory request with what a node has for it."""
    return at_most(
        memory_bytes / GIB,
        room(instance(Cloud.AWS, instance_type)).memory_bytes / GIB,
        unit="GiB",
        formula="memory request <= allocatable - DaemonSets",
        said=Said.DEMAND,
    )


def engines_fit(
    *, engines: float, gpus_each: float, nodes: float, instance_type: str
) -> Recomputed:
    """Compare the GPUs of the most engines with those of the nodes."""
    return at_most(
        engines * gpus_each,
        nodes * instance(Cloud.AWS, instance_type).gpus,
        unit="GPUs",
        formula="engines at most x GPUs of each <= nodes x GPUs of each",
        said=Said.DEMAND,
    )


def _scaling(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    kind, chart = tables.cluster.gpu_pool.instance_type, VLLM_STACK
    objective = OBJECTIVES.inter_token_latency_ms.value
    yield VLLM.claim(
        f"threshold-{tier}",
        f"an engine is full with {chart.trigger_threshold} requests running",
        threshold,
        threshold=chart.trigger_threshold,
        instance_type=kind,
        model=chart.model.name,
        precision=precision_of(kind),
        **mix(),
        inter_token_ms=objective,
    )
    yield VLLM.claim(
        f"scaling-slots-{tier}",
        f"{chart.engine_maximum} engines of {chart.trigger_threshold} requests hold the peak",
        scaling_slots,
        engines=chart.engine_maximum,
        threshold=chart.trigger_threshold,
        requests_per_second=_peak(tier, tables),
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
        external_share=tables.llm_cost.external_share,
        inter_token_ms=objective,
    )


def _peak(tier: Tier, tables: TierTables) -> float:
    return tables.profile.requests_per_second.high or PEAK_REQUESTS_PER_SECOND[tier].value


def threshold(
    *,
    threshold: float,
    instance_type: str,
    model: str,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    inter_token_ms: float,
) -> Recomputed:
    """Compare the autoscaler's threshold with the requests that an engine answers apace."""
    asked = serving(card(instance_type), model, 1, precision, input_tokens, output_tokens)
    found = slots_within(asked, ProfileName.CONSERVATIVE, itl_ms=inter_token_ms)
    return agrees(
        threshold,
        found.slots,
        unit="requests running",
        formula="requests at a time with a token every so many ms at most",
    )


def scaling_slots(
    *,
    engines: float,
    threshold: float,
    requests_per_second: float,
    output_tokens: float,
    cache_hit_share: float,
    external_share: float,
    inter_token_ms: float,
) -> Recomputed:
    """Compare the requests in flight at peak with those at which the autoscaler ends."""
    arrivals = requests_per_second * (1 - cache_hit_share) * (1 - external_share)
    mean = concurrency(arrivals, output_tokens * inter_token_ms / MILLIS_PER_SECOND)
    return at_most(
        in_flight_at(mean, IN_FLIGHT_PERCENTILE.value),
        engines * threshold,
        unit="requests in flight",
        formula="arrivals x output tokens x time between two, its P99 (Poisson) <= engines at "
        "most x threshold",
    )
