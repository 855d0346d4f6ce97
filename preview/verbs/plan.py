"""`aigw plan`: what a stack is, costs and holds, resource by resource."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from preview.misuse import FINE, FOUND, MisuseError
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import add_stack, verb

PROJECT = "Pulumi.yaml"
"""What the program is run by; every other verb does without."""

EXAMPLES = """\
examples:
  aigw plan prod-large
  aigw plan prod-large --verbose
  aigw plan prod-large --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(verbs, "plan", "what a stack is, costs and holds", EXAMPLES)
    add_stack(parser)
    parser.add_argument(
        "--documented", action="store_true", help="compare with the tables as they are written"
    )
    parser.add_argument("--verbose", action="store_true", help="also what holds, and every item")


def run(options: argparse.Namespace) -> int:
    """Show a stack's plan."""
    from preview.stack_plan import stack_file

    file = stack_file(options.stack, options.root)
    if options.root and not (options.root / PROJECT).is_file():
        raise MisuseError(f"--root: found {options.root}; allowed: a folder that holds {PROJECT}")
    from preview.facts import gather
    from preview.json_out import plan_document
    from preview.report import report
    from preview.words import refusals
    from stacks.config import ConfigError

    try:
        with working(f"planning {options.stack}"):
            facts = gather(options.stack, file, documented=options.documented)
    except ConfigError as error:
        raise MisuseError(*error.messages) from error
    except Exception as error:
        # the SDK is imported by now, if at all; a refusal of the program is told, not traced
        from preview.offline import ProgramError

        if not isinstance(error, ProgramError):
            raise
        print(f"aigw: {options.stack}: the program failed: {error}", file=sys.stderr)
        return FOUND
    write(
        options,
        document=lambda: plan_document(facts),
        sections=lambda: report(facts, verbose=options.verbose),
        errors=refusals(facts.sized.findings),
    )
    return FOUND if facts.sized.refused else FINE
