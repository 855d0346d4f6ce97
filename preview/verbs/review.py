"""`aigw review`: the quarterly checklist, answered from a plan, with queries for the rest."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sizing.words import Severity

if TYPE_CHECKING:
    from preview.facts import Sized
    from preview.tables import Section
    from sizing.model import Json
    from sizing.review import Answer

FINE, FOUND = 0, 1
SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""
EXAMPLES = """\
example:
  aigw review prod-large
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verbs.add_parser(
        "review",
        help="the quarterly review of a stack: what the plan answers, what to ask",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stack", metavar="STACK", help="for example prod-large")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder of Pulumi.yaml (default: where aigw is installed from)",
    )


def run(options: argparse.Namespace) -> int:
    """Answer the checklist for one stack."""
    from preview.stack_plan import planned
    from sizing.review import review

    sized = planned(options.stack, options.root)
    answers = review(sized.plan, sized.findings, sized.bill)
    if options.json:
        from preview.json_out import text

        sys.stdout.write(text(document(options.stack, sized, answers)))
    else:
        from preview.tables import show

        show(sections(answers), sys.stdout)
    refused = any(one.severity is Severity.ERROR for one in sized.findings)
    return FOUND if refused else FINE


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
