"""Hold the throughput model against every public measurement, and write what comes of it.

Fits the parameters anew on the one half of the sources and on the other, and lists the misses.
`python -m benchmarks.throughput` writes benchmarks/throughput.md; it takes a minute.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from math import exp
from pathlib import Path

from sizing.serving.calibration import (
    SEARCHED,
    Accuracy,
    Measurement,
    accuracy,
    calibrate,
    error,
    fitted_half,
    half,
    held_out_half,
    is_near,
    measurements,
)
from sizing.serving.profiles import CONSERVATIVE, CURRENT, PHYSICAL, Profile
from sizing.serving.tables import table
from sizing.serving.throughput import predict

TARGET = Path(__file__).parent / "throughput.md"
STEADY = ("a10g-llmperf", "gpustack-latency", "mushfiq", "nim-ec2", "nim-llm", "wmx")
"""Sources that keep a number of requests in flight: their latencies are a steady state's."""
WHY = {
    "a10g-llmperf": "an engine of 2024 at 64 at a time, where its cache was full; it preempts",
    "a40-users": "10 at a time took 4.2 s and 50 took 5.4: something waits beside the GPU",
    "argonne": "vLLM of the summer of 2024, whose Python cost most with many sequences of a small "
    "model on several cards",
    "arc53": "vLLM 0.5 was bound by its Python: 0.6 came to 2.7 times as much on an H100 (lambda)",
    "databasemart": "1.5B: 300 requests were sent to a default limit of 256, so that the last 44 "
    "ran by themselves; 14B on A40: lengths of 346 on average where up to 600 were asked for",
    "dennislee22": "two cards without peer access, as the log says: exchange by the host's memory",
    "gpustack": "Qwen3-235B: kernels of experts that were not tuned for these cards; fp8 on A100",
    "nim-ec2": "the 16-bit models ran with steps of 30 ms where reading takes 12, perhaps without "
    "a TensorRT engine; 8B in fp8 at few requests at a time is faster than the engines of the fit",
    "qwen-speed": "72B in int4 on one card ran at a third of two cards: perhaps without graphs",
    "rtx4090-qwen": "one request at a time in int4: a newer engine whose steps cost less",
    "trtllm-0.15": "70B in bf16 on two cards and in fp8 on one leave little memory, of which this "
    "engine takes another share than vLLM; Mixtral on two PCIe cards came to half of two SXM ones",
    "trtllm-0.9": "static batches as printed; Mixtral's stands above what reading all experts "
    "allows, so that its prompts must have chosen the same ones",
    "trtllm-1.0": "Qwen3-235B: attention is divided by requests there, not by heads",
    "vllm-29217": "kernels for fp8 blocks not yet tuned for L40S: the subject of that change",
}
UNKNOWN = "the reason is not known"


def main() -> int:
    """Write the report."""
    TARGET.write_text("\n".join(report()) + "\n", encoding="utf-8")
    print(TARGET)
    return 0


def report() -> Iterable[str]:
    """Yield the report's lines."""
    fitted, held = fitted_half(), held_out_half()
    here, there = calibrate(fitted), calibrate(held)
    yield "# Throughput model against public measurements"
    yield ""
    counted = f"{len(measurements())} measurements of {len(sources(measurements()))} sources"
    yield f"{counted}; no measured look-up, one parameter set a profile, no factor"
    yield "for a GPU, a model or an engine. A source with an odd SHA-256 is fitted on; the"
    yield "others are held out."
    yield ""
    yield "| Profile | Half | Measurements | rms of ln(predicted/measured) | Bias | Within 30 % |"
    yield "|---|---|---:|---:|---:|---:|"
    for name, profile in (("current", CURRENT), ("conservative", CONSERVATIVE)):
        yield line(name, "fitted", accuracy(fitted, profile))
        yield line(name, "held out", accuracy(held, profile))
    yield line("fitted anew, same half", "held out", accuracy(held, here.profile))
    yield line("fitted on the held-out half", "fitted", accuracy(fitted, there.profile))
    yield ""
    yield from shares(fitted, held)
    yield ""
    yield "| Parameter | Packaged | Fitted anew | Fitted on the other half |"
    yield "|---|---:|---:|---:|"
    for parameter in SEARCHED:
        values = (getattr(one, parameter) for one in (CURRENT, here.profile, there.profile))
        yield f"| {parameter} | " + " | ".join(f"{value:.3g}" for value in values) + " |"
    yield ""
    yield from by_source()
    yield ""
    yield from latencies()
    yield ""
    yield from misses("Held out", held)
    yield ""
    yield from misses("Fitted", fitted)
    yield ""
    yield "## Left out"
    yield ""
    yield from (f"- {reason}" for reason in table("measurements")["left_out"])
    yield ""
    yield "## Every row"
    yield ""
    yield from rows(measurements())


def shares(fitted: Sequence[Measurement], held: Sequence[Measurement]) -> Iterable[str]:
    """Yield how many measurements reach the conservative figure, and the physical cap."""
    yield "| Share of the measurements | Fitted | Held out |"
    yield "|---|---:|---:|"
    for label, factor, profile in (
        ("at or above conservative", 1.0, CONSERVATIVE),
        ("at or above 0.8 x conservative", 0.8, CONSERVATIVE),
        ("at or below physical", None, PHYSICAL),
    ):
        cells = [f"{share(found, profile, factor):.1%}" for found in (fitted, held)]
        yield f"| {label} | " + " | ".join(cells) + " |"


def share(found: Sequence[Measurement], profile: Profile, factor: float | None) -> float:
    """Return the share at or above a part of the prediction; at or below it without a factor."""
    ratios = [exp(off) for one in found if (off := error(one, profile)) is not None]
    if factor is None:
        return sum(ratio >= 1 for ratio in ratios) / len(found)
    return (sum(ratio * factor <= 1 for ratio in ratios) + len(found) - len(ratios)) / len(found)


def by_source() -> Iterable[str]:
    """Yield one line a source."""
    yield "| Source | Half | Measurements | rms | Bias | Within 30 % |"
    yield "|---|---|---:|---:|---:|---:|"
    for source in sources(measurements()):
        found = [one for one in measurements() if one.source == source]
        yield line(source, half(source), accuracy(found))


def latencies() -> Iterable[str]:
    """Yield predicted and measured latencies of the steady runs."""
    yield "## Latency, at a steady number of requests"
    yield ""
    yield "| Source | GPUs | Model | In/out | At a time | Between tokens, ms | First token, ms |"
    yield "|---|---|---|---|---:|---:|---:|"
    for one in measurements():
        if one.source not in STEADY:
            continue
        found = predict(one.serving)
        yield (
            f"| {one.source} | {where(one)} | {what(one)} | {lengths(one)} "
            f"| {one.serving.concurrency} | {pair(found.itl_ms, one.itl_ms)} "
            f"| {pair(found.ttft_ms, one.ttft_ms)} |"
        )


def misses(title: str, found: Sequence[Measurement]) -> Iterable[str]:
    """Yield what lies more than 30 % off, source by source, with what is known of the reason."""
    off = [one for one in found if (gap := error(one)) is None or not is_near(gap)]
    yield f"## Misses: {title.lower()} ({len(off)} of {len(found)})"
    for source in sources(off):
        yield ""
        yield f"{source}: {WHY.get(source, UNKNOWN)}."
        yield ""
        yield from rows([one for one in off if one.source == source])


def rows(found: Sequence[Measurement]) -> Iterable[str]:
    """Yield measurements beside predictions."""
    yield "| Source | Engine | GPUs | Model | In/out | At a time | Measured | Predicted | Off |"
    yield "|---|---|---|---|---|---:|---:|---:|---:|"
    for one in found:
        rate = predict(one.serving).output_tokens_per_second or 0
        measured = one.output_tokens_per_second
        yield (
            f"| {one.source} | {one.engine} | {where(one)} | {what(one)} | {lengths(one)} "
            f"| {at_a_time(one)} | {measured:,.0f} | {rate:,.0f} "
            f"| {rate / measured - 1:+.0%} |"
        )


def line(name: str, part: str, found: Accuracy) -> str:
    """Return a table's line of an accuracy."""
    return (
        f"| {name} | {part} | {found.count} | {found.rms:.3f} | {found.bias:+.3f} "
        f"| {found.near:.1%} |"
    )


def sources(found: Iterable[Measurement]) -> list[str]:
    """Return the sources of measurements, sorted."""
    return sorted({one.source for one in found})


def where(one: Measurement) -> str:
    """Return the GPUs of a run."""
    return f"{one.serving.tensor_parallel} x {one.serving.gpu.name}"


def what(one: Measurement) -> str:
    """Return the model of a run."""
    return f"{one.serving.model.name} {one.serving.precision}"


def at_a_time(one: Measurement) -> str:
    """Return how many requests were in work, or how many came in all."""
    if one.serving.requests is not None:
        return f"{one.serving.requests} in all"
    return str(one.serving.concurrency or "all")


def lengths(one: Measurement) -> str:
    """Return the tokens in and out of a run."""
    return f"{one.serving.input_tokens}/{one.serving.output_tokens}"


def pair(predicted: float | None, measured: float | None) -> str:
    """Return predicted and measured side by side."""
    if predicted is None or measured is None:
        return "-"
    return f"{predicted:,.0f} for {measured:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
