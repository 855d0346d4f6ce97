"""Self-hosted models: what engines answer, how full they are, and what their GPUs do."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import (
    percentiles,
    planned,
    quantile,
    rate,
    share,
    total,
)
from sizing.alerts import replicas

MODEL = ["model_name"]
LEGEND = "{{model_name}}"
EXPORTER = "dcgm-exporter"
GPU_LEGEND = "{{Hostname}} GPU {{gpu}}"
RUNNING = "vllm:num_requests_running"
WAITING = "vllm:num_requests_waiting"
# An engine that is full preempts what it has begun, and begins it again.
CACHE_FULL = (Step(value=0.8, colour=Colour.WARNING), Step(value=0.95, colour=Colour.CRITICAL))


def serving(facts: Facts) -> Dashboard:
    """Return the dashboard of the plan's own models."""
    return Dashboard(
        uid="aigw-serving",
        title="GPU serving",
        description="vLLM's engines and their GPUs. Dashed lines are the plan's.",
        rows=(
            Row(title="What users feel", panels=_felt(facts)),
            Row(title="How full the engines are", panels=_full(facts)),
            # GKE's own monitoring reads them elsewhere
            *((Row(title="GPUs", panels=_gpus()),) if EXPORTER in facts.helpers else ()),
        ),
    )


def _felt(facts: Facts) -> tuple[Graph, ...]:
    objectives = facts.plan.request.load.objectives
    return (
        Graph(
            title="Time to first token",
            description="Of the engines themselves, the proxy not included.",
            queries=(
                *percentiles("vllm:time_to_first_token_seconds"),
                planned(facts.first_token_seconds, "promised at P95"),
            ),
            unit=Unit.SECONDS,
            steps=steps("latency"),
        ),
        Graph(
            title="Time to first token by model",
            description="At P95.",
            queries=(
                Query(
                    expr=quantile(0.95, "vllm:time_to_first_token_seconds", MODEL), legend=LEGEND
                ),
            ),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Between two tokens",
            description="What a reader waits for the next token.",
            queries=(
                *percentiles("vllm:inter_token_latency_seconds"),
                planned(objectives.inter_token_latency_ms.value / 1000, "promised on average"),
            ),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Whole answers",
            queries=percentiles("vllm:e2e_request_latency_seconds"),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Answers by how they ended",
            description="`length` is an answer that was cut, `abort` a caller who has gone.",
            queries=(
                Query(
                    expr=rate("vllm:request_success_total", ["finished_reason"]),
                    legend="{{finished_reason}}",
                ),
            ),
            unit=Unit.REQUESTS,
            stacked=True,
        ),
        Graph(
            title="Tokens a second",
            description="Read and written; the dashed line is what the planned engines write at "
            "most.",
            queries=(
                Query(expr=rate("vllm:prompt_tokens_total"), legend="read"),
                Query(expr=rate("vllm:generation_tokens_total"), legend="written"),
                *_capacity(facts, "tokens", "planned to write"),
            ),
        ),
    )


def _full(facts: Facts) -> tuple[Graph, ...]:
    slots = " + ".join(f"{one.slots} * ({replicas.wanted(one)})" for one in facts.engines)
    return (
        Graph(
            title="Requests that run, and slots",
            description="What the engines compute at a time; the engines that are asked for have "
            "as many slots as the dashed line says.",
            queries=(
                Query(expr=total(RUNNING, MODEL), legend=LEGEND),
                Query(expr=slots, legend="slots", line=True),
            ),
        ),
        Graph(
            title="Requests that wait",
            description="Table 5.2's queue: KEDA adds engines before its first line.",
            queries=(Query(expr=total(WAITING, MODEL), legend=LEGEND),),
            steps=steps("queue"),
            lines=("000-queues", "003-queue"),
        ),
        Graph(
            title="KV cache in use",
            description="The fullest engine of each model. Full, it begins requests twice.",
            queries=(Query(expr="max by (model_name) (vllm:kv_cache_usage_perc)", legend=LEGEND),),
            unit=Unit.SHARE,
            steps=CACHE_FULL,
        ),
        Graph(
            title="Requests begun again",
            description="Preemptions: the KV cache was too small for what had been let in.",
            queries=(Query(expr=rate("vllm:num_preemptions_total", MODEL), legend=LEGEND),),
            unit=Unit.REQUESTS,
        ),
        Graph(
            title="Prompts known already",
            description="Tokens of prompts that the prefix cache answered.",
            queries=(
                Query(
                    expr=share(
                        rate("vllm:prefix_cache_hits_total", MODEL),
                        rate("vllm:prefix_cache_queries_total", MODEL),
                    ),
                    legend=LEGEND,
                ),
            ),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Wait in the engine",
            description="At P95, from arrival to the first step.",
            queries=(
                Query(expr=quantile(0.95, "vllm:request_queue_time_seconds", MODEL), legend=LEGEND),
            ),
            unit=Unit.SECONDS,
        ),
    )


def _capacity(facts: Facts, constraint: str, legend: str) -> tuple[Query, ...]:
    """Return the line at what all engines are planned for; none where a capacity is unknown."""
    found = [facts.findings.get(f"services.{one.name}.{constraint}") for one in facts.engines]
    known = [one.capacity for one in found if one is not None and one.capacity is not None]
    return (planned(sum(known), legend),) if known and len(known) == len(found) else ()


def _gpus() -> tuple[Graph, ...]:
    memory = "(DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE + DCGM_FI_DEV_FB_RESERVED)"
    return (
        Graph(
            title="GPU utilisation",
            description="Share of time in which a kernel ran; table 5.2's lines.",
            queries=(
                Query(
                    expr="avg by (Hostname, gpu) (DCGM_FI_DEV_GPU_UTIL) / 100", legend=GPU_LEGEND
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("gpu"),
        ),
        Graph(
            title="GPU memory in use",
            description="Engines take what they are given when they start: it hardly moves.",
            queries=(
                Query(
                    expr=f"max by (Hostname, gpu) (DCGM_FI_DEV_FB_USED / {memory})",
                    legend=GPU_LEGEND,
                ),
            ),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Tensor cores at work",
            description="What of the time is arithmetic, and what waits for memory.",
            queries=(
                Query(
                    expr="avg by (Hostname, gpu) (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE)",
                    legend=GPU_LEGEND,
                ),
                Query(
                    expr="avg by (Hostname, gpu) (DCGM_FI_PROF_DRAM_ACTIVE)",
                    legend=f"{GPU_LEGEND} memory",
                ),
            ),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Power",
            queries=(
                Query(expr="max by (Hostname, gpu) (DCGM_FI_DEV_POWER_USAGE)", legend=GPU_LEGEND),
            ),
            unit=Unit.WATTS,
        ),
        Graph(
            title="Temperature",
            queries=(
                Query(expr="max by (Hostname, gpu) (DCGM_FI_DEV_GPU_TEMP)", legend=GPU_LEGEND),
            ),
            unit=Unit.CELSIUS,
        ),
        Graph(
            title="Faults",
            description="The last XID of each GPU and rows that could not be replaced: any is a "
            "reason to drain the node.",
            queries=(
                Query(
                    expr="max by (Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS)",
                    legend=f"{GPU_LEGEND} XID",
                ),
                Query(
                    expr="max by (Hostname, gpu) (DCGM_FI_DEV_ROW_REMAP_FAILURE)",
                    legend=f"{GPU_LEGEND} rows",
                ),
            ),
            steps=(Step(value=1, colour=Colour.CRITICAL),),
        ),
    )
