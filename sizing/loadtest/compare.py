"""What a load test proves of a plan: each figure beside the plan's, with a verdict.

A verdict is of the load that was made: a part of the peak that was answered in time says nothing
of the rest, which has a line of its own. Where the generator did not make the load that it was
asked for, nothing holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

from sizing.documents import osmen_performance as document_003
from sizing.loadtest.latency import between_tokens, first_tokens, late, whole_answers
from sizing.loadtest.line import DEVIATIONS, ENOUGH, Line, longer
from sizing.loadtest.profile import Answerer, Profile, Scenario
from sizing.loadtest.result import CACHED, Result
from sizing.tiers import SOURCE as DOCUMENT_001
from sizing.triggers import ruling
from sizing.units import MILLIS_PER_SECOND
from sizing.words import Verdict
from sizing.workload.load import Objectives

DECISIONS = "sizing-decisions"
_PERCENT = 100
# Parts that began further apart did not make the load together. Source: sizing-decisions, 2026-11.
APART_SECONDS = 2.0


def compare(result: Result, made: Profile, objectives: Objectives) -> tuple[Line, ...]:
    """Return every line of a test.

    Args:
        result: what was measured.
        made: the load that the stack's plan would ask for with the run's options.
        objectives: of the stack's workload.
    """
    generator = _generator(result, made, objectives)
    lines = tuple(_lines(result, made, objectives))
    if generator.verdict is not Verdict.HOLDS:
        lines = tuple(_doubted(one, generator) for one in lines)
    return (generator, *lines)


def _lines(result: Result, made: Profile, objectives: Objectives) -> Iterator[Line]:
    yield _requests(result, made)
    if made.scale < 1 and not made.clients:
        yield _peak(result, made)
    yield _errors(result, made)
    yield from first_tokens(result, made, objectives)
    if made.streaming_share:
        yield between_tokens(result, objectives)
    yield from whole_answers(result, made, objectives)
    if not made.clients:
        yield _tokens(result, made)
        yield _cache(result, made)


def _generator(result: Result, made: Profile, objectives: Objectives) -> Line:
    """Return whether the load was made as it was asked for."""
    limit = objectives.proxy_queue_p99_ms
    parts, there = result.parts
    delay = late(result) * MILLIS_PER_SECOND
    wrong = []
    if there < parts:
        wrong.append(f"{there} of {parts} parts have a result")
    if result.apart_seconds > APART_SECONDS:
        wrong.append(f"its parts began {result.apart_seconds:.0f} s apart")
    if delay > limit.value:
        wrong.append("it was late itself")
    planned = made.requests
    if not made.clients and result.sent < planned - DEVIATIONS * _spread_of(made):
        wrong.append(f"it sent {result.sent:,} requests of {planned:,.0f}")
    return Line(
        id="generator",
        what="requests sent late, P95",
        unit="ms",
        wanted=limit.value,
        measured=delay,
        verdict=Verdict.UNPROVEN if wrong else Verdict.HOLDS,
        said="; ".join(wrong) or f"{result.sent:,} requests were sent when they were due",
        fix="give the generator more processes or pods, and run it again" if wrong else "",
        source=limit.source,
    )


def _requests(result: Result, made: Profile) -> Line:
    rate = _per_second(result.answered, result)
    lines = ruling("errors")
    assert lines.warning is not None
    assert lines.critical is not None
    wanted, source = made.requests_per_second, DECISIONS
    if made.clients:
        wanted = made.requests / document_003.LOAD_TEST_DURATION.value
        source = "document-003"
    noise = 0 if made.clients else DEVIATIONS * _spread_of(made) / made.duration_seconds
    if rate >= wanted * (1 - lines.warning) - noise:
        verdict = Verdict.HOLDS
    elif rate < wanted * (1 - lines.critical) - noise:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.UNPROVEN
    return Line(
        id="requests",
        what="requests answered" + _part(made),
        unit="requests/s",
        wanted=wanted,
        measured=rate,
        verdict=verdict,
        said=f"{result.answered:,} of {result.sent:,} in {result.seconds:,.0f} s",
        fix="" if verdict is Verdict.HOLDS else "see what failed, and which pods were busy",
        source=source,
    )


def _peak(result: Result, made: Profile) -> Line:
    return Line(
        id="peak",
        what="requests answered at the whole peak",
        unit="requests/s",
        wanted=made.requests_per_second / made.scale,
        measured=_per_second(result.answered, result),
        verdict=Verdict.UNPROVEN,
        said=f"{made.scale * _PERCENT:g} % of it was made",
        fix="run it with --scale 1",
        source=DECISIONS,
    )


def _errors(result: Result, made: Profile) -> Line:
    failed = sum(result.failed.values())
    share = failed / result.sent if result.sent else None
    trigger = ruling("errors")
    warning, critical, source = trigger.warning, trigger.critical, DOCUMENT_001
    assert warning is not None
    assert critical is not None
    if made.scenario is Scenario.CLIENTS:
        warning, source = 1 - document_003.LOAD_TEST_SUCCESS.value, "document-003"
    kinds = ", ".join(f"{name} {count:,}" for name, count in sorted(result.failed.items()))
    if share is None:
        verdict = Verdict.UNPROVEN
    elif share <= warning:
        verdict = Verdict.HOLDS if result.sent >= ENOUGH else Verdict.UNPROVEN
    else:
        verdict = Verdict.REFUTED if share > critical else Verdict.UNPROVEN
    return Line(
        id="errors",
        what="requests that failed",
        unit="%",
        wanted=warning * _PERCENT,
        measured=None if share is None else share * _PERCENT,
        verdict=verdict,
        said=kinds or f"none of {result.sent:,}",
        fix=trigger.action if verdict is Verdict.REFUTED else longer(verdict),
        source=source,
    )


def _tokens(result: Result, made: Profile) -> Line:
    """Return what our own models wrote beside what they were asked to."""
    ours = sum(one.share for one in made.models if one.answerer is Answerer.OURS)
    wanted = made.requests_per_second * made.lengths.output_tokens * (1 - made.repeat_share) * ours
    written = result.tokens_out.get(Answerer.OURS, 0)
    measured = _per_second(written, result)
    lines = ruling("errors")
    assert lines.critical is not None
    chance = DEVIATIONS / sqrt(made.requests) if made.requests else 0
    enough = measured >= wanted * (1 - lines.critical - chance)
    return Line(
        id="output-tokens",
        what="tokens written by self-hosted models",
        unit="tokens/s",
        wanted=wanted,
        measured=measured,
        verdict=Verdict.HOLDS if enough else Verdict.UNPROVEN,
        said=f"{written:,} tokens written, {result.tokens_in:,} read",
        fix="" if enough else "answers were fewer or shorter than asked for: see what failed",
        source=DECISIONS,
    )


def _cache(result: Result, made: Profile) -> Line:
    """Return the part that the response cache answered: the engines are planned for the rest."""
    hits = result.whole[CACHED].total
    share = hits / result.answered if result.answered else 0
    chance = DEVIATIONS * sqrt(
        made.repeat_share * (1 - made.repeat_share) / max(1, result.answered)
    )
    enough = share >= made.repeat_share - chance
    return Line(
        id="cache-hits",
        what="requests answered by the cache",
        unit="%",
        wanted=made.repeat_share * _PERCENT,
        measured=share * _PERCENT,
        verdict=Verdict.HOLDS if enough else Verdict.UNPROVEN,
        said=f"{hits:,} of {result.answered:,}",
        fix="" if enough else "see whether the cache is on and large enough",
        source=DECISIONS,
    )


def _doubted(line: Line, generator: Line) -> Line:
    """Return a line that does not hold where nobody knows whether the load was made."""
    if line.verdict is not Verdict.HOLDS:
        return line
    return replace(
        line,
        verdict=Verdict.UNPROVEN,
        said=f"{line.said}; the generator: {generator.said}",
        fix=generator.fix,
    )


def _per_second(count: float, result: Result) -> float:
    return count / result.seconds if result.seconds else 0


def _spread_of(made: Profile) -> float:
    """Return the standard deviation of the requests that are counted: sessions come by chance."""
    least, most = made.requests_per_session
    return sqrt(made.requests * most) if least < most else sqrt(made.requests)


def _part(made: Profile) -> str:
    if made.clients or made.scale == 1:
        return ""
    return f" at {made.scale * _PERCENT:g} % of the peak"
