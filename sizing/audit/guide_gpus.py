"""Claims of document 001, 3.1: what a tier's GPU nodes serve of its own model and load."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Input, Recomputed
from sizing.audit.guide_serving import PUBLISHED, card, mix, precision_of, serving
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, at_most, of
from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.serving.profiles import ProfileName
from sizing.serving.throughput import predict
from sizing.tiers import PLANNING_FACTORS, TIERS, VLLM_ROWS, VLLM_STACK, TierTables
from sizing.words import Cloud, Tier

CLUSTER = Block("001-3.1", "3.1")
LARGE_MODEL = "Llama-3.1-70B"
LARGE_GPUS = 8  # GPUs of one machine: what a model that fits no pair is spread over
MEASURE = "run the model with requests of this length and state its output tokens/s"


def claims() -> Iterator[Claim]:
    """Return the claims of each tier's GPU nodes."""
    for tier, tables in TIERS.items():
        yield _model(tier, tables)
        yield from _rates(tier, tables)
    yield from _large()


def _model(tier: Tier, tables: TierTables) -> Claim:
    pool = tables.cluster.gpu_pool
    return CLUSTER.claim(
        f"model-{tier}",
        f"{pool.instance_type} serves {VLLM_STACK.model.name} as it is published",
        model_runs,
        instance_type=pool.instance_type,
        model=VLLM_STACK.model.name,
        precision=PUBLISHED,
        **mix(),
    )


def model_runs(
    *, instance_type: str, model: str, precision: str, input_tokens: float, output_tokens: float
) -> Recomputed:
    """Judge whether one GPU of a machine serves a model at all, at any rate above none."""
    rate = _per_gpu(instance_type, model, precision, input_tokens, output_tokens, 1)
    return of(
        Constraint(
            name="serves",
            unit="output tokens/s",
            demand=1,
            conservative=rate[0],
            physical=rate[1],
            hard=True,
            formula="one output token/s <= predicted rate of one GPU; none where it does not run",
            source="throughput-fit",
            measure=MEASURE,
        ),
        Said.DEMAND,
    )


def _per_gpu(
    instance_type: str,
    model: str,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    gpus: float,
) -> tuple[float, float]:
    """Return the output of one GPU, surely and at most; a group's share where it takes several."""
    asked = serving(card(instance_type), model, gpus, precision, input_tokens, output_tokens)
    sure, most = (
        predict(asked, profile).output_tokens_per_second or 0
        for profile in (ProfileName.CONSERVATIVE, ProfileName.PHYSICAL)
    )
    return sure / gpus, most / gpus


def _rates(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    pool, rates = tables.cluster.gpu_pool, tables.profile.requests_per_second
    fleet: dict[str, Input] = {
        "nodes": pool.count,
        "instance_type": pool.instance_type,
        "model": VLLM_STACK.model.name,
        "precision": precision_of(pool.instance_type),
        **mix(),
        "cache_hit_share": PLANNING_FACTORS.cache_hit_share.planned,
        "external_share": tables.llm_cost.external_share,
    }
    top = rates.high or rates.low
    yield CLUSTER.claim(
        f"gpus-by-requests-{tier}",
        f"{pool.count} x {pool.instance_type} answer {top:g} requests/s",
        gpus_by_requests,
        requests_per_second=top,
        **fleet,
    )
    yield CLUSTER.claim(
        f"gpus-by-tokens-{tier}",
        f"{pool.count} x {pool.instance_type} write {tables.llm_cost.daily_tokens:,} tokens a day",
        gpus_by_tokens,
        tokens_per_day=tables.llm_cost.daily_tokens,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
        **fleet,
    )
    own = _own_rate(card(pool.instance_type))
    yield CLUSTER.claim(
        f"gpus-by-table-{tier}",
        f"{pool.count} x {pool.instance_type} answer {top:g} requests/s by table 2.3",
        gpus_by_table,
        requests_per_second=top,
        gpus=pool.count * instance(Cloud.AWS, pool.instance_type).gpus,
        tokens_per_second=own,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
        external_share=tables.llm_cost.external_share,
    )


def _own_rate(card_name: str) -> float | None:
    """Return the upper end of table 2.3 for the chart's model on a GPU, None without a row."""
    return next(
        (
            row.tokens_per_second.high
            for row in VLLM_ROWS
            if row.model.lower() == VLLM_STACK.model.name
            and row.gpu_model.removesuffix("GB") == card_name
        ),
        None,
    )


def gpus_by_requests(
    *,
    requests_per_second: float,
    nodes: float,
    instance_type: str,
    model: str,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    cache_hit_share: float,
    external_share: float,
) -> Recomputed:
    """Compare the output that a rate of requests asks for with what a tier's GPUs write."""
    demand = requests_per_second * (1 - cache_hit_share) * (1 - external_share) * output_tokens
    each = _per_gpu(instance_type, model, precision, input_tokens, output_tokens, 1)
    return of(_fleet(demand, nodes, instance_type, each))


def gpus_by_tokens(
    *,
    tokens_per_day: float,
    peak_factor: float,
    nodes: float,
    instance_type: str,
    model: str,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    cache_hit_share: float,
    external_share: float,
    gpus_each: float = 1,
) -> Recomputed:
    """Compare the output that tokens a day ask for with what a tier's GPUs write."""
    found = load(
        tokens_per_day=tokens_per_day,
        peak_factor=peak_factor,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_hit_share=cache_hit_share,
        self_hosted_share=1 - external_share,
    )
    each = _per_gpu(instance_type, model, precision, input_tokens, output_tokens, gpus_each)
    return of(_fleet(found.output_tokens_per_second_at_peak, nodes, instance_type, each))


def gpus_by_table(
    *,
    requests_per_second: float,
    gpus: float,
    tokens_per_second: float | None,
    output_tokens: float,
    cache_hit_share: float,
    external_share: float,
) -> Recomputed:
    """Compare the output that a rate asks for with the document's own rate of as many GPUs."""
    demand = requests_per_second * (1 - cache_hit_share) * (1 - external_share) * output_tokens
    return at_most(
        demand,
        None if tokens_per_second is None else gpus * tokens_per_second,
        unit="output tokens/s",
        formula="requests/s x (1 - cache hits) x self-hosted x output tokens <= GPUs x tokens/s "
        "of table 2.3, its upper end",
        measure="table 2.3 has no row for this GPU",
    )


def _fleet(
    demand: float, nodes: float, instance_type: str, each: tuple[float, float]
) -> Constraint:
    gpus = nodes * instance(Cloud.AWS, instance_type).gpus
    sure, most = each
    return Constraint(
        name="output",
        unit="output tokens/s",
        demand=demand,
        conservative=gpus * sure,
        physical=gpus * most,
        hard=False,
        formula="self-hosted output at peak <= GPUs x predicted output of one",
        source="throughput-fit",
        measure=MEASURE,
    )


def _large() -> Iterator[Claim]:
    tables = TIERS[Tier.ENTERPRISE]
    pool = tables.cluster.gpu_pool
    yield CLUSTER.claim(
        "gpus-by-tokens-70b-enterprise",
        f"{pool.count} x {pool.instance_type} write {tables.llm_cost.daily_tokens:,} tokens a day "
        f"with {LARGE_MODEL}",
        gpus_by_tokens,
        tokens_per_day=tables.llm_cost.daily_tokens,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
        nodes=pool.count,
        instance_type=pool.instance_type,
        model=LARGE_MODEL,
        precision=PUBLISHED,
        **mix(),
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
        external_share=tables.llm_cost.external_share,
        gpus_each=LARGE_GPUS,
    )
