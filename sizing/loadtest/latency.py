"""Latencies of a load test beside the objectives: first tokens, time between tokens, whole answers.

A share above an objective refutes it only where chance does not explain it, and only by what the
generator's own delay does not explain.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from sizing.documents import osmen_performance as document_003
from sizing.loadtest.line import DEVIATIONS, ENOUGH, Line, longer
from sizing.loadtest.profile import Answerer, Profile, Scenario
from sizing.loadtest.result import Result, Spread
from sizing.triggers import ruling
from sizing.units import MILLIS_PER_SECOND
from sizing.words import Verdict
from sizing.workload.load import Objectives

# What may be above a P95 and a P50.
TAIL = 0.05
HALF = 0.5


def first_tokens(result: Result, made: Profile, objectives: Objectives) -> Iterator[Line]:
    """Return P50 and P95 of the first token, for each kind of model that is asked."""
    delay = late(result)
    asked = {one.answerer for one in made.models if one.share}
    limits = {
        Answerer.OURS: objectives.first_token_p95_ms,
        Answerer.OUTSIDE: objectives.first_token_external_p95_ms,
    }
    for answerer, limit in limits.items():
        if answerer not in asked or not made.streaming_share:
            continue
        spread = result.first_token[answerer]
        for name, tail in (("P50", HALF), ("P95", TAIL)):
            yield _latency(
                f"first-token-{name.lower()}{'' if answerer is Answerer.OURS else '-external'}",
                f"first token of {answerer} models, {name}",
                spread,
                limit.value / MILLIS_PER_SECOND,
                tail,
                delay,
                limit.source,
            )


def between_tokens(result: Result, objectives: Objectives) -> Line:
    """Return the time between tokens: of all of them, and of the slowest twentieth of answers."""
    limit = objectives.inter_token_latency_ms
    seconds, count = result.between_total
    spread = result.between_tokens[Answerer.OURS]
    slowest, total = spread.percentile(1 - TAIL), spread.total
    mean = seconds / count * MILLIS_PER_SECOND if count else None
    if mean is None or slowest is None or total < ENOUGH:
        verdict = Verdict.UNPROVEN
    elif mean > limit.value:
        verdict = Verdict.REFUTED
    else:
        within = slowest * MILLIS_PER_SECOND <= limit.value
        verdict = Verdict.HOLDS if within else Verdict.UNPROVEN
    said = f"{total:,} answers"
    if slowest is not None:
        said += f", {slowest * MILLIS_PER_SECOND:,.1f} ms in the slowest twentieth"
    return Line(
        id="between-tokens",
        what="time between tokens of self-hosted models",
        unit="ms",
        wanted=limit.value,
        measured=mean,
        verdict=verdict,
        said=said,
        fix=_slow(verdict),
        source=limit.source,
    )


def whole_answers(result: Result, made: Profile, objectives: Objectives) -> Iterator[Line]:
    """Return the time to the last byte; what it may be follows from the length of the answers."""
    delay = late(result)
    spread = result.all(result.whole)
    if made.scenario is Scenario.CLIENTS:
        for name, amount, tail in (
            ("P50", document_003.LOAD_TEST_P50, HALF),
            ("P95", document_003.LOAD_TEST_P95, TAIL),
        ):
            yield _latency(
                f"whole-{name.lower()}",
                f"whole answer, {name}",
                spread,
                amount.value,
                tail,
                delay,
                "document-003",
            )
        return
    tokens = result.all(result.output_tokens).percentile(1 - TAIL) or 0
    milliseconds = (
        objectives.first_token_p95_ms.value + tokens * objectives.inter_token_latency_ms.value
    )
    yield _latency(
        "whole-p95",
        f"whole answer of up to {tokens:,.0f} tokens, P95",
        spread,
        milliseconds / MILLIS_PER_SECOND,
        TAIL,
        delay,
        objectives.first_token_p95_ms.source,
    )


def _latency(
    id: str, what: str, spread: Spread, limit: float, tail: float, delay: float, source: str
) -> Line:
    """Return a percentile beside its limit, in seconds."""
    total = spread.total
    measured = spread.percentile(1 - tail)
    chance = DEVIATIONS * sqrt(tail * (1 - tail) * total)
    if measured is None:
        verdict = Verdict.UNPROVEN
    elif spread.above(limit + delay) > tail * total + chance:
        verdict = Verdict.REFUTED
    elif measured <= limit and total >= ENOUGH:
        verdict = Verdict.HOLDS
    else:
        verdict = Verdict.UNPROVEN
    return Line(
        id=id,
        what=what,
        unit="s",
        wanted=limit,
        measured=measured,
        verdict=verdict,
        said=f"{total:,} answers, {spread.above(limit):,} of them slower",
        fix=_slow(verdict),
        source=source,
    )


def _slow(verdict: Verdict) -> str:
    return ruling("latency").action if verdict is Verdict.REFUTED else longer(verdict)


def late(result: Result) -> float:
    """Return how late the generator itself was, in seconds: the P95."""
    return result.late.percentile(1 - TAIL) or 0
