"""What `aigw loadtest` prints of a run: each figure beside the plan's, as a table or as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from preview.words import amount
from sizing.loadtest import Line, Profile, Result
from sizing.model import plain
from sizing.words import Verdict

if TYPE_CHECKING:
    from preview.tables import Section
    from sizing.model import Json

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""
ORDER = (Verdict.REFUTED, Verdict.UNPROVEN, Verdict.HOLDS)


def said(made: Profile) -> str:
    """Return in a line what a profile asks for."""
    if made.clients:
        return (
            f"{made.clients} clients x {made.requests_per_client} requests, "
            f"each as soon as the last is answered"
        )
    lengths = made.lengths
    return (
        f"{amount(made.requests_per_second)} requests/s for {made.duration_seconds:,.0f} s after "
        f"{made.warm_up_seconds:,.0f} s of warm-up, {amount(lengths.input_tokens)} tokens in and "
        f"{amount(lengths.output_tokens)} out on average"
    )


def sections(made: Profile, lines: tuple[Line, ...]) -> tuple[Section, ...]:
    """Return the report of a run."""
    from preview.tables import Section, Table

    counted = ", ".join(f"{number} {verdict}" for verdict, number in summary(lines))
    notes = []
    if made.unasked_share:
        notes.append(
            f"{made.unasked_share * 100:.0f} % of the workload goes to outside models, of which "
            "the stack names none: nobody asked for them."
        )
    return (
        Section(
            title=f"{made.stack}: load test `{made.scenario}`",
            lines=(said(made), *notes, f"{len(lines)} lines: {counted}"),
        ),
        Section(
            title="Measured, beside the plan",
            table=Table(
                columns=("figure", "plan", "measured", "unit", "verdict", "rests on", "next"),
                rows=tuple(
                    (
                        one.what,
                        "" if one.wanted is None else _shown(one.wanted),
                        "nothing" if one.measured is None else _shown(one.measured),
                        one.unit,
                        str(one.verdict),
                        one.said,
                        one.fix,
                    )
                    for one in lines
                ),
                right=frozenset({"plan", "measured"}),
            ),
        ),
    )


def refuted(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Return a line of text for each figure that is not what the plan has."""
    return tuple(
        f"error: {one.what}: {'; '.join(filter(None, (one.said, one.fix)))}"
        for one in lines
        if one.verdict is Verdict.REFUTED
    )


def report(made: Profile, result: Result, lines: tuple[Line, ...]) -> dict[str, Json]:
    """Return the report of a run as JSON."""
    return {
        "schema": SCHEMA,
        "stack": made.stack,
        "scenario": str(made.scenario),
        "scale": made.scale,
        "summary": {str(verdict): number for verdict, number in summary(lines)},
        "lines": [plain(one) for one in lines],
        "seconds": result.seconds,
        "parts": result.parts[1],
        "sent": result.sent,
        "answered": result.answered,
        "failed": dict(result.failed),
        "tokens_in": result.tokens_in,
        "tokens_out": dict(result.tokens_out),
    }


def summary(lines: tuple[Line, ...]) -> tuple[tuple[Verdict, int], ...]:
    """Return how many lines came to each verdict, the worst first."""
    found = Counter(one.verdict for one in lines)
    return tuple((verdict, found[verdict]) for verdict in ORDER)


def _shown(value: float) -> str:
    return amount(round(value, 3))
