"""Claims of document 001, 2.3: what a GPU serves of a model, and what the chart asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sizing.audit.claim import Block, Claim, Input, Recomputed
from sizing.audit.judge import Said, agrees, at_most, of, span
from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.serving.gpus import gpu, gpu_of
from sizing.serving.models import kv_bytes_per_token, model_shape
from sizing.serving.profiles import PROFILES, ProfileName
from sizing.serving.request import Serving
from sizing.serving.throughput import predict
from sizing.serving.times import pool_bytes
from sizing.tiers import PLANNING_FACTORS, VLLM_ROWS, VLLM_STACK
from sizing.tiers.schema import VllmRow
from sizing.units import GIB
from sizing.words import Cloud

VLLM = Block("001-2.3", "2.3")
PUBLISHED = "bf16"  # the precision that the models are published in; the table names none
NARROWER = {"A100-40GB": "int4", "A100-80GB": "fp8", "H100": "fp8"}
"""The precision at which a row's large model is tried once more."""
LARGE = "70b"
OUTPUT, TOTAL = "output_tokens_per_second", "total_tokens_per_second"
FALLBACK = "int4"  # what a GPU takes that has no bf16


def claims() -> Iterator[Claim]:
    """Return the claims of the throughput table and of the chart's values."""
    for row in VLLM_ROWS:
        yield from _row(row)
    yield from _chart()


def serving(
    gpu_name: str,
    model: str,
    gpus: float,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    context_tokens: float | None = None,
) -> Serving:
    """Return what is asked of an engine, from a claim's inputs."""
    return Serving(
        gpu=gpu(gpu_name),
        model=model_shape(model),
        tensor_parallel=round(gpus),
        precision=precision,
        input_tokens=max(1, round(input_tokens)),
        output_tokens=max(1, round(output_tokens)),
        context_tokens=None if context_tokens is None else max(1, round(context_tokens)),
    )


def card(instance_type: str) -> str:
    """Return the name of a machine's GPU.

    Raises:
        ValueError: the machine has no GPU, or none that is known.
    """
    machine = instance(Cloud.AWS, instance_type)
    found = gpu_of(machine.gpu_model, machine.gpu_memory_gib)
    if found is None:
        raise ValueError(f"no source shows the GPU of {instance_type}")
    return found.name


def precision_of(instance_type: str) -> str:
    """Return the precision at which a machine serves a model that is published in bf16."""
    machine = instance(Cloud.AWS, instance_type)
    found = gpu_of(machine.gpu_model, machine.gpu_memory_gib)
    return PUBLISHED if found is not None and found.bf16 else FALLBACK


def mix() -> dict[str, float]:
    """Return the tokens of a request that everything is planned with."""
    return {
        "input_tokens": PLANNING_FACTORS.input_tokens.planned,
        "output_tokens": PLANNING_FACTORS.output_tokens.planned,
    }


def _row(row: VllmRow) -> Iterator[Claim]:
    size = row.model.rpartition("-")[-1].lower()
    name = f"{size}-{row.gpu_model.lower()}"
    low, high = row.tokens_per_second.low, row.tokens_per_second.high
    said = f"{row.model} on {row.gpus} x {row.gpu_model}: {span(low, high)} tokens/s"
    asked: dict[str, Input] = {
        "gpu_name": row.gpu_model,
        "model": row.model,
        "gpus": row.gpus,
        **mix(),
    }
    yield VLLM.claim(
        f"output-{name}",
        f"{said}, of output",
        partial(rate, OUTPUT),
        low=low,
        precision=PUBLISHED,
        **asked,
    )
    yield VLLM.claim(
        f"total-{name}",
        f"{said}, in and out",
        partial(rate, TOTAL),
        low=low,
        precision=PUBLISHED,
        **asked,
    )
    if row.model.lower().endswith(LARGE):
        narrow = NARROWER[row.gpu_model]
        yield VLLM.claim(
            f"output-{narrow}-{name}",
            f"{said}, of output in {narrow}",
            partial(rate, OUTPUT),
            low=low,
            precision=narrow,
            **asked,
        )
        yield VLLM.claim(
            f"chart-gpus-{name}",
            f"{row.model} takes {row.gpus} x {row.gpu_model}",
            gpus_asked,
            gpus=row.gpus,
            chart_gpus=VLLM_STACK.requests.gpus,
        )
    yield VLLM.claim(
        f"memory-{name}",
        f"{row.gpus} x {row.gpu_model} have {row.memory_gb} GB",
        gpu_memory,
        memory_gb=row.memory_gb,
        gpu_name=row.gpu_model,
        gpus=row.gpus,
    )
    yield VLLM.claim(
        f"fits-{name}",
        f"{row.model} runs on {row.gpus} x {row.gpu_model}",
        weights_fit,
        precision=PUBLISHED,
        **asked,
    )


def rate(
    field: str,
    /,
    *,
    low: float,
    gpu_name: str,
    model: str,
    gpus: float,
    precision: str,
    input_tokens: float,
    output_tokens: float,
) -> Recomputed:
    """Compare the lower end of a throughput with the tokens, of output or all, predicted."""
    asked = serving(gpu_name, model, gpus, precision, input_tokens, output_tokens)
    return of(_rate(low, asked, field), Said.DEMAND)


def _rate(low: float, asked: Serving, field: str) -> Constraint:
    sure, most = (predict(asked, name) for name in (ProfileName.CONSERVATIVE, ProfileName.PHYSICAL))
    return Constraint(
        name="throughput",
        unit="tokens/s",
        demand=low,
        conservative=getattr(sure, field) or 0,
        physical=getattr(most, field) or 0,
        # a documented rate is a capacity already: what it leaves to spare is the plan's to say
        hard=True,
        formula="roofline of prompts and decoding at as many requests as fit, datasheet x "
        "measured shares; at most the datasheet alone",
        source="throughput-fit",
        measure="run the model with requests of this length and state its output tokens/s"
        + (f" ({sure.reason})" if sure.reason else ""),
    )


def gpus_asked(*, gpus: float, chart_gpus: float) -> Recomputed:
    """Compare the GPUs that a row's model takes with those that the chart asks for."""
    return at_most(gpus, chart_gpus, unit="GPUs", formula="GPUs of the row <= GPUs of the chart")


def gpu_memory(*, memory_gb: float, gpu_name: str, gpus: float) -> Recomputed:
    """Compare a row's memory with its GPUs' own."""
    return agrees(memory_gb, gpus * gpu(gpu_name).memory_gib, unit="GB", formula="GPUs x memory")


def weights_fit(
    *,
    gpu_name: str,
    model: str,
    gpus: float,
    precision: str,
    input_tokens: float,
    output_tokens: float,
) -> Recomputed:
    """Compare the cache of one request with the memory that weights leave."""
    asked = serving(gpu_name, model, gpus, precision, input_tokens, output_tokens)
    return of(_cache(asked, asked.sequence_tokens))


def _cache(asked: Serving, tokens: float) -> Constraint:
    sure, most = (
        pool_bytes(asked, PROFILES[name])
        for name in (ProfileName.CONSERVATIVE, ProfileName.PHYSICAL)
    )
    runs = not asked.obstacle
    return Constraint(
        name="cache",
        unit="GiB",
        demand=kv_bytes_per_token(asked.model, asked.cache) * tokens / GIB,
        conservative=sure / GIB if runs else 0,
        physical=most / GIB if runs else 0,
        hard=True,
        formula="tokens x cache bytes of one <= GPUs x memory x utilisation - activations - "
        "weights",
        source="vllm-cache",
        measure=asked.obstacle or "start the engine and read how many cache blocks it finds",
    )


def _chart() -> Iterator[Claim]:
    chart = VLLM_STACK
    for row in VLLM_ROWS:
        if row.model.lower() != chart.model.name:
            continue
        yield VLLM.claim(
            f"context-{row.gpu_model.lower()}",
            f"{chart.model.context_tokens:,} tokens of context on one {row.gpu_model}",
            context,
            gpu_name=row.gpu_model,
            model=chart.model.name,
            gpus=chart.model.tensor_parallel,
            precision=PUBLISHED,
            context_tokens=chart.model.context_tokens,
        )
    for words, one, other in (
        ("autoscaling-minimum", chart.engine_minimum, chart.autoscaling_minimum),
        ("autoscaling-maximum", chart.engine_maximum, chart.autoscaling_maximum),
    ):
        yield VLLM.claim(
            words, f"engines: {one}; autoscaling: {other}", scaled_alike, engines=one, scaled=other
        )
    yield VLLM.claim(
        "tensor-parallel",
        f"an engine shares its layers among {chart.model.tensor_parallel} GPU",
        gpus_of_engine,
        tensor_parallel=chart.model.tensor_parallel,
        gpus=chart.requests.gpus,
    )


def context(
    *, gpu_name: str, model: str, gpus: float, precision: str, context_tokens: float
) -> Recomputed:
    """Compare the cache of one longest sequence with the memory that weights leave."""
    asked = serving(gpu_name, model, gpus, precision, 1, 1, context_tokens)
    return of(_cache(asked, context_tokens))


def scaled_alike(*, engines: float, scaled: float) -> Recomputed:
    """Compare the same count in two places of the chart."""
    return agrees(engines, scaled, unit="engines", formula="replicaCount.engine; autoscaling")


def gpus_of_engine(*, tensor_parallel: float, gpus: float) -> Recomputed:
    """Compare the GPUs over which a model is spread with those of its engine."""
    return agrees(tensor_parallel, gpus, unit="GPUs", formula="tensorParallelSize; GPU request")
