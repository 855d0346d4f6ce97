"""`aigw check`: every constraint of a stack: demand, capacity, use, verdict, fix."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND
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
    from preview.stack_plan import planned
    from sizing.alternatives import offers

    sized = planned(options.stack, options.root)
    offered = offers(sized.plan.request)
    if options.json:
        from preview.json_out import text

        sys.stdout.write(text(document(options.stack, sized, offered)))
    else:
        from preview.check_out import sections
        from preview.tables import show

        show(sections(options.stack, sized, offered, verbose=options.verbose), sys.stdout)
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
