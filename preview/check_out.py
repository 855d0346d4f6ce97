"""What `aigw check` prints: the verdicts in figures, every constraint, the open questions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from preview import alternatives_out
from preview.report import findings
from preview.tables import Section
from preview.words import count
from sizing.words import Verdict

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.alternatives import Offers
    from sizing.workload.questions import OpenQuestion


def summary(sized: Sized) -> tuple[tuple[str, int], ...]:
    """Return how many findings came to each verdict, the worst first."""
    counted = Counter(finding.verdict for finding in sized.findings)
    order = (Verdict.REFUTED, Verdict.UNPROVEN, Verdict.HOLDS, Verdict.NOT_APPLICABLE)
    return tuple((verdict.value, counted[verdict]) for verdict in order)


def sections(stack: str, sized: Sized, offered: Offers, *, verbose: bool) -> tuple[Section, ...]:
    """Return the report."""
    request, load = sized.plan.request, sized.plan.request.load
    verdicts = ", ".join(
        f"{number} {verdict.replace('_', ' ')}" for verdict, number in summary(sized)
    )
    return (
        Section(
            title=f"{stack}: does it hold?",
            lines=(
                f"{request.tier} in {request.environment} on {request.cloud}, "
                f"{load.requests_per_second_peak:,g} requests/s and "
                f"{load.output_tokens_per_second_at_peak:,.0f} self-hosted output tokens/s at peak",
                f"{count(len(sized.findings), 'constraint')}: {verdicts}",
            ),
        ),
        findings(sized.findings, verbose=verbose),
        *alternatives_out.sections(offered),
        questions(sized.questions),
    )


def questions(asked: tuple[OpenQuestion, ...]) -> Section:
    """Return what nobody has answered, with what is taken instead."""
    lines = [
        f"{one.text} Taken instead: {one.assumption}. State {', '.join(one.state)}."
        for one in asked
    ]
    return Section(
        title="Questions of document 004 that are still open",
        lines=tuple(lines) or ("None.",),
    )
