"""Two engines of the capacity facts, by their conservative parameters."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.queueing.engine import Engine, Lengths, Step, engine

VARIABILITY = 1.7  # of a lognormal whose logarithm spreads by one: P99 is ten times the median
LENGTHS = Lengths(input_tokens=1500, output_tokens=500, output_variability=VARIABILITY)
KV_BYTES_PER_TOKEN = 131_072
GIB = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An engine's step and the tokens that its cache holds."""

    name: str
    step: Step
    kv_tokens: float


def _sample(
    name: str, *, weights_gb: float, gpu_gib: float, gigabytes_per_s: float, teraflops: float
) -> Sample:
    """Return an 8B engine: 60 % of the FLOP/s, 72 % of the bandwidth, 2 ms and 40 us a step."""
    bytes_per_ms = 0.72 * gigabytes_per_s * 1e6
    flops_per_ms = 0.60 * teraflops * 1e9
    return Sample(
        name=name,
        step=Step(
            base_ms=2 + weights_gb * 1e9 / bytes_per_ms,
            per_request_ms=0.04,
            per_context_token_ms=KV_BYTES_PER_TOKEN / bytes_per_ms,
            prefill_per_token_ms=(2 * 8.03e9 + 2 * 32 * 4096 * 1500) / flops_per_ms,
        ),
        kv_tokens=((0.90 * gpu_gib - 1.5) * GIB - weights_gb * 1e9) / KV_BYTES_PER_TOKEN,
    )


A100 = _sample(
    "A100-40 8B bf16", weights_gb=16.06, gpu_gib=39.4, gigabytes_per_s=1555, teraflops=312
)
H100 = _sample("H100 8B fp8", weights_gb=8.03, gpu_gib=79.2, gigabytes_per_s=3350, teraflops=1979)


def sample_engine(sample: Sample) -> Engine:
    """Return the engine at 50 ms between tokens."""
    return engine(sample.step, LENGTHS, kv_tokens=sample.kv_tokens, inter_token_ms=50)
