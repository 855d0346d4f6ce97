"""`aigw review`: the quarterly checklist, answered from a plan, with queries for the rest."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import add_stack, verb

if TYPE_CHECKING:
    from preview.facts import Sized
    from preview.tables import Section
    from sizing.model import Json
    from sizing.review import Answer

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""
EXAMPLES = """\
examples:
  aigw review prod-large
  aigw review prod-large --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    add_stack(
        verb(
            verbs,
            "review",
            "the quarterly review of a stack: what its plan answers, and what to ask",
            EXAMPLES,
        )
    )


def run(options: argparse.Namespace) -> int:
    """Answer the checklist for one stack."""
    from preview.stack_plan import planned
    from preview.words import refusals
    from sizing.review import review

    with working(f"reviewing {options.stack}"):
        sized = planned(options.stack, options.root)
        answers = review(sized.plan, sized.findings, sized.bill)
    write(
        options,
        document=lambda: document(options.stack, sized, answers),
        sections=lambda: sections(answers),
        errors=refusals(sized.findings),
    )
    return FOUND if sized.refused else FINE


def document(stack: str, sized: Sized, answers: tuple[Answer, ...]) -> dict[str, Json]:
    """Return a review as JSON."""
    from sizing.model import plain
    from sizing.tiers import REVIEW_CHECKLIST

    return {
        "schema": SCHEMA,
        "stack": stack,
        "section": REVIEW_CHECKLIST.section,
        "prices_as_of": sized.bill.prices_as_of,
        "answers": [plain(one) for one in answers],
    }


def sections(answers: tuple[Answer, ...]) -> tuple[Section, ...]:
    """Return a section a point: its figures, what follows from them, what to ask."""
    from preview.tables import Section, Table
    from preview.words import amount

    return tuple(
        Section(
            title=answer.point,
            table=Table(
                columns=("figure", "value", "unit"),
                rows=tuple(
                    (fact.name, "unknown" if fact.value is None else amount(fact.value), fact.unit)
                    for fact in answer.facts
                ),
                right=frozenset({"value"}),
            ),
            lines=(*answer.said, *_asked(answer)),
        )
        for answer in answers
    )


def _asked(answer: Answer) -> tuple[str, ...]:
    return tuple(
        line
        for query in answer.queries
        for line in (f"ask ({query.language}): {query.asks}", f"  {query.text}")
    )
