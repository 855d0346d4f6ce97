"""`aigw check`: every constraint of a stack: demand, capacity, use, verdict, fix."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import add_stack, verb

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.alternatives import Offers
    from sizing.model import Json

SCHEMA = 1
EXAMPLES = """\
examples:
  aigw check prod-large
  aigw check prod-large --verbose     # also what holds
  aigw check prod-large --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "check",
        "every constraint of a stack: demand, capacity, use, verdict, fix",
        EXAMPLES,
    )
    add_stack(parser)
    parser.add_argument("--verbose", action="store_true", help="also what holds")


def run(options: argparse.Namespace) -> int:
    """Show whether a stack holds its load."""
    from preview.check_out import sections
    from preview.stack_plan import planned
    from preview.words import refusals
    from sizing.alternatives import offers

    with working(f"checking {options.stack}"):
        sized = planned(options.stack, options.root)
        offered = offers(sized.plan.request)
    write(
        options,
        document=lambda: document(options.stack, sized, offered),
        sections=lambda: sections(options.stack, sized, offered, verbose=options.verbose),
        errors=refusals(sized.findings),
    )
    return FOUND if sized.refused else FINE


def document(stack: str, sized: Sized, offered: Offers) -> dict[str, Json]:
    """Return the check as JSON: each finding with its figures, what else would do, what is open."""
    from preview.check_out import summary
    from sizing.model import plain

    return {
        "schema": SCHEMA,
        "stack": stack,
        "summary": dict(summary(sized)),
        "findings": [plain(one) for one in sized.findings],
        "alternatives": [plain(one) for one in offered.alternatives],
        "forgone": [plain(one) for one in offered.forgone],
        "questions": [plain(one) for one in sized.questions],
    }
