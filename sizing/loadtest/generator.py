"""How large a load test's generator is: what its processes take to make a workload's peak."""

from __future__ import annotations

from math import ceil

from sizing.loadtest.profile import Lengths, Profile, Run, Scenario, profile
from sizing.model import Figure
from sizing.words import Kind
from sizing.workload.load import Workload

CPU_PER_REQUEST = Figure(
    value=0.00038,
    unit="CPU seconds of a request that is sent, read and counted",
    source="load-test-measured",
    date="2026-11-21",
    kind=Kind.MEASURED,
)
CPU_PER_TOKEN = Figure(
    value=0.000030,
    unit="CPU seconds of a token that is streamed",
    source="load-test-measured",
    date="2026-11-21",
    kind=Kind.MEASURED,
)
# Of the one CPU of a process; a fuller one sends requests late by chance alone, and the test says
# of itself that it proves nothing. Source: sizing-decisions, 2026-11.
BUSY = 0.5


def parts(load: Workload) -> int:
    """Return the processes of one CPU that make the peak of either axis, each half idle.

    Callers can name every model here, which is the most that is asked for.
    """
    outside = ("outside",) if load.self_hosted_share < 1 else ()
    peaks = (
        profile(load, Run(stack="", scenario=one, outside=outside))
        for one in (Scenario.REQUESTS, Scenario.TOKENS)
    )
    return max(ceil(cpus(one) / BUSY) for one in peaks)


def cpus(made: Profile) -> float:
    """Return the CPUs that sending and reading a profile's requests keeps busy."""
    return made.requests_per_second * _seconds(made.lengths, made.streaming_share)


def _seconds(lengths: Lengths, streaming_share: float) -> float:
    streamed = lengths.output_tokens * streaming_share
    return CPU_PER_REQUEST.value + streamed * CPU_PER_TOKEN.value
