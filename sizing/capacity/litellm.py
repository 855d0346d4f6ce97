"""The LiteLLM proxy: workers of one process each, what they carry, and what they take.

Three things wear a worker out and are judged apart: requests, the chunks of streamed answers, and
memory. The published runs stream little (at most eight chunks a request), so that requests alone
say nothing about chat; what a chunk costs is known of the library, not of the proxy.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.model import Figure
from sizing.units import GIB, MILLIS_PER_CPU
from sizing.words import Kind
from sizing.workload import Workload

PROXY_PRODUCTION = "litellm-prod-2026-10"
LONG_PROMPTS = "litellm-bench-2026-10"
SHORT_PROMPTS = "litellm-docs-2026-05"

WORKER_MILLIS = Figure(
    value=1000,
    unit="thousandths of a vCPU a worker: one process, one event loop",
    source=PROXY_PRODUCTION,
    date="2026-10",
    kind=Kind.VENDOR,
)
WORKER_MEMORY_BYTES = Figure(
    value=4 * GIB,
    unit="bytes a worker, request and limit; the vendor's floor",
    source=PROXY_PRODUCTION,
    date="2026-10",
    kind=Kind.VENDOR,
)
# 11.8 GB over 18 workers in a run of seconds: no worker lives with less.
LEAST_WORKER_MEMORY_BYTES = Figure(
    value=11.8e9 / 18,
    unit="bytes that a worker took",
    source="agw-blog-1",
    date="2026-06-26",
    kind=Kind.MEASURED,
)
WORKER_POOL = Figure(
    value=10,
    unit="connections a LiteLLM worker opens",
    source=PROXY_PRODUCTION,
    date="2026-10",
    kind=Kind.VENDOR,
)
# Memory is no target: a worker's resident size is a high-water mark, and the pods would never go.
CPU_TARGET_PERCENT = Figure(
    value=60,
    unit="percent of the CPU request that the autoscaler steers to",
    source=PROXY_PRODUCTION,
    date="2026-10",
    kind=Kind.VENDOR,
)
# 3,000 requests/s over 33 pods of 4 workers, for 24 minutes, with budgets, spend tracking, token
# counting, database and Redis on, half of the answers streamed and prompts of 50,000 to 100,000
# tokens. Planning figures of 25 or 40 lie between this run and the short-prompt one, and nobody
# measured them. Reports of 20 to 50 a core with database and callbacks bracket it.
REQUESTS_PER_WORKER = Figure(
    value=3000 / (33 * 4),
    unit="requests/s a worker",
    source=LONG_PROMPTS,
    date="2026-10-12",
    kind=Kind.MEASURED,
)
# 1,035.7 requests/s on 2 x 4 vCPU with short prompts: the best that was published of a vCPU.
BEST_REQUESTS_PER_VCPU = Figure(
    value=1035.7 / (2 * 4),
    unit="requests/s a vCPU",
    source=SHORT_PROMPTS,
    date="2026-05-02",
    kind=Kind.MEASURED,
)
# The library alone, its logging of chunks on: the slower of two runs.
CHUNK_SECONDS = Figure(
    value=431e-6,
    unit="seconds of CPU a streamed chunk",
    source="onyx-14937",
    date="2026-09-21",
    kind=Kind.MEASURED,
)
# 5.72 ms for 500 chunks: gathering them for the log and nothing else.
LEAST_CHUNK_SECONDS = Figure(
    value=5.72e-3 / 500,
    unit="seconds of CPU a streamed chunk at the least",
    source="litellm-pr-21698",
    date="2026-02-20",
    kind=Kind.MEASURED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """What one proxy pod runs and asks for; the memory is request and limit."""

    workers: int
    cpu_millis: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A published run: the time that the proxy added at a rate.

    Attributes:
        requests_per_vcpu: requests/s that one vCPU carried.
        p95_ms: what the proxy added, P95.
        p99_ms: likewise, P99.
        long_prompts: prompts of 50,000 tokens and more; else of unknown, small size.
    """

    requests_per_vcpu: float
    p95_ms: float
    p99_ms: float
    long_prompts: bool
    source: str


# By rate. The first contains the proxy's whole latency, the others the overhead it reports.
RUNS = (
    Run(
        requests_per_vcpu=REQUESTS_PER_WORKER.value,
        p95_ms=54.029,
        p99_ms=91.645,
        long_prompts=True,
        source=LONG_PROMPTS,
    ),
    Run(
        requests_per_vcpu=1170 / (4 * 4),
        p95_ms=8,
        p99_ms=13,
        long_prompts=False,
        source=SHORT_PROMPTS,
    ),
    Run(
        requests_per_vcpu=BEST_REQUESTS_PER_VCPU.value,
        p95_ms=29,
        p99_ms=43,
        long_prompts=False,
        source=SHORT_PROMPTS,
    ),
)


def pod(cpu_request_millis: int) -> Pod:
    """Return the workers that a pod's CPU request carries, and the memory that they need.

    A pod below one vCPU still runs a worker; it then carries that part of a worker's rate.
    """
    workers = max(1, cpu_request_millis // int(WORKER_MILLIS))
    return Pod(
        workers=workers,
        cpu_millis=cpu_request_millis,
        memory_bytes=workers * int(WORKER_MEMORY_BYTES),
    )


def workers_needed(load: Workload, *, busy: float = RATE_HEADROOM.value) -> int:
    """Return the workers that carry the peak's requests with `busy` of each in use."""
    return max(1, ceil(load.requests_per_second_peak / (REQUESTS_PER_WORKER.value * busy)))


def workers_needed_for_streams(load: Workload, *, busy: float = RATE_HEADROOM.value) -> int:
    """Return the workers that carry the peak's chunks, if the proxy costs what its library does."""
    return max(1, ceil(chunks_per_second(load) * CHUNK_SECONDS.value / busy))


def chunks_per_second(load: Workload) -> float:
    """Return the chunks of streamed answers at peak, one a token, cached answers included."""
    return load.requests_per_second_peak * load.streaming_share * load.output_tokens


def requests(
    load: Workload, workers: int, *, worker_millis: int = int(WORKER_MILLIS)
) -> Constraint:
    """Judge the requests at peak against what workers carry.

    Args:
        load: what users do.
        workers: workers that stand at peak, over all pods.
        worker_millis: CPU request of one; a worker uses one vCPU at most.
    """
    share = min(worker_millis, int(WORKER_MILLIS)) / MILLIS_PER_CPU
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=load.requests_per_second_peak,
        conservative=workers * share * REQUESTS_PER_WORKER.value,
        physical=workers * share * BEST_REQUESTS_PER_VCPU.value,
        hard=False,
        formula="peak requests/s <= workers x vCPU of one x requests/s of a vCPU "
        "(22.7 surely: 3,000 over 33 x 4 workers; 129.5 at most: 1,035.7 over 2 x 4 vCPU)",
        source=LONG_PROMPTS,
        measure="load-test one pod with the workload's own prompts and state what a worker carries",
    )


def chunks(load: Workload, workers: int, *, worker_millis: int = int(WORKER_MILLIS)) -> Constraint:
    """Judge the chunks of streamed answers at peak; unproven at best, see the module.

    Args:
        load: what users do.
        workers: workers that stand at peak, over all pods.
        worker_millis: CPU request of one; a worker uses one vCPU at most.
    """
    share = min(worker_millis, int(WORKER_MILLIS)) / MILLIS_PER_CPU
    return Constraint(
        name="chunks",
        unit="chunks/s",
        demand=chunks_per_second(load),
        conservative=workers * share / CHUNK_SECONDS.value,
        physical=workers * share / LEAST_CHUNK_SECONDS.value,
        hard=False,
        formula="peak requests/s x streamed share x output tokens <= workers x vCPU of one / "
        "CPU seconds a chunk (431 us surely, in the library; 11 us at the least)",
        source="onyx-14937",
        assumption="a chunk costs the proxy what it costs its library, 431 us of CPU; for the "
        "proxy nobody published it, and 500 streams at once brought one of 4 vCPU from 16 to 9 "
        "requests/s (litellm-21046)",
        measure="load-test one worker with streamed answers of the workload's length and state "
        "the chunks/s at which its CPU is full",
    )


def memory(workers: int, memory_limit_bytes: int) -> Constraint:
    """Judge the memory of a pod, in workers that it holds."""
    return Constraint(
        name="memory",
        unit="workers a pod",
        demand=workers,
        conservative=memory_limit_bytes // int(WORKER_MEMORY_BYTES),
        physical=memory_limit_bytes / LEAST_WORKER_MEMORY_BYTES.value,
        hard=True,
        formula="workers a pod <= memory limit / memory of a worker "
        "(4 GiB surely, the vendor's floor; 0.66 GB at the least, measured)",
        source=PROXY_PRODUCTION,
        measure="watch the resident size of a worker for a week and state it",
    )


def autoscaler(load: Workload, workers_maximum: int) -> Constraint:
    """Judge whether the autoscaler's maximum lets it hold its CPU target at peak.

    Hard, since the target already is the headroom.
    """
    target = CPU_TARGET_PERCENT.value / 100
    return Constraint(
        name="autoscaler",
        unit="requests/s",
        demand=load.requests_per_second_peak,
        conservative=workers_maximum * REQUESTS_PER_WORKER.value * target,
        physical=workers_maximum * BEST_REQUESTS_PER_VCPU.value,
        hard=True,
        formula="peak requests/s <= workers at maximum x requests/s of a worker x CPU target "
        "(60 %; at most: all of the CPU)",
        source=PROXY_PRODUCTION,
        measure="load-test one pod and state the CPU that it takes at the planned rate",
    )


def added_latency(load: Workload, workers: int) -> Constraint:
    """Judge what the proxy adds to the first token against the objective for outside models."""
    rate = load.requests_per_second_peak / workers
    run = next((one for one in RUNS if rate <= one.requests_per_vcpu), None)
    short = run is not None and not run.long_prompts
    return Constraint(
        name="added-latency",
        unit="ms at P95",
        demand=None if run is None else run.p95_ms,
        conservative=load.objectives.first_token_external_p95_ms.value,
        physical=load.objectives.first_token_external_p95_ms.value,
        hard=True,
        formula="P95 that the proxy added in the published run at this rate a worker or above <= "
        "first-token objective for outside models; the rest is the provider's",
        source=LONG_PROMPTS if run is None else run.source,
        assumption="prompts are as short as in the published run, whose size is not stated"
        if short
        else "",
        measure="measure the proxy's overhead (x-litellm-overhead-duration-ms) at the planned rate",
    )
