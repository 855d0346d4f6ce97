"""`aigw init`: from a few questions, or from flags, to a stack file that checks clean."""

from __future__ import annotations

import argparse
from typing import Any

from preview.initial.naming import CHOICES
from preview.initial.questions import by_flag
from preview.misuse import FINE, FOUND, misused
from preview.result import write, write_text
from preview.verbs.arguments import FILE, REGION, STACK, add_json, add_root, completed, verb

EXAMPLES = """\
examples:
  aigw init prod-large
  aigw init                         # asks for cloud, environment and tier, too
  aigw init dev-small-gcp --force   # over the example of that name
  aigw init dev-large-gcp --project acme-dev --project-number 210987654321 \
    --reach 198.51.100.7/32 --administrators group:platform@example.com --dry-run

What no flag says is asked where a terminal is there to answer; elsewhere its default is taken, and
what has none is named. A file that a finding would refuse is not written (docs/new-stack.md).
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(verbs, "init", "a new stack's file, from a few questions or flags", EXAMPLES)
    stack = parser.add_argument(
        "stack",
        nargs="?",
        metavar="STACK",
        help="for example prod-large; its words may be said by flags instead",
    )
    completed(stack, STACK)
    for key, choices in CHOICES.items():
        parser.add_argument(f"--{key}", choices=choices)
    shares = parser.add_argument(
        "--shares", metavar="STACK", help="stack whose infrastructure it uses, never in prod"
    )
    completed(shares, STACK)
    for flag, rows in by_flag().items():
        texts = [one.text for one in rows]
        argument = parser.add_argument(
            f"--{flag}",
            metavar=rows[0].metavar,
            action="append" if rows[0].many else "store",
            help="; on Google Cloud: ".join(texts).replace("%", "%%"),
        )
        if flag in COMPLETED:
            completed(argument, COMPLETED[flag])
    parser.add_argument("--yes", action="store_true", help="ask only what has no default")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument(
        "--dry-run", "--stdout", action="store_true", help="print the file instead of writing it"
    )
    add_root(parser)
    add_json(parser)


COMPLETED = {"region": REGION, "workload": FILE}
"""What a shell completes a flag's value with."""


def run(options: argparse.Namespace) -> int:
    """Write a stack's file; with --dry-run it is data, and --quiet leaves it."""
    from preview.initial.clean import UncleanError
    from preview.initial.making import make
    from preview.initial.outcome import document, sections

    try:
        made = make(options)
    except UncleanError as error:
        misused(*error.messages)
        return FOUND
    if options.dry_run and not options.json:
        write_text(made.text)
    else:
        write(options, document=lambda: document(made), sections=lambda: sections(made))
    return FINE
