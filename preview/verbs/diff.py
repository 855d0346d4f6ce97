"""`aigw diff`: what a change does to resources, capacity, money and risk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND, STATEFUL, MisuseError
from preview.progress import working
from preview.result import write, write_text
from preview.verbs.arguments import (
    COMMIT,
    STACK_OR_FILE,
    add_json,
    add_root,
    completed,
    verb,
)

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison
    from preview.tables import Section

INSTALLED = Path(__file__).parents[2]
"""Folder of Pulumi.yaml where aigw is installed from."""

EXAMPLES = """\
examples:
  aigw diff prod-large --against origin/main
  aigw diff prod-large prod-small --against HEAD~1 --markdown
  aigw diff old.json new.json     # two plans, or two of the engine's previews
  pulumi preview --stack prod-large --json | aigw diff -

exit codes:
  0  compared, whatever differs
  1  an error finding stops the new side, a program failed, or a cloud refuses a change
  2  wrong use, a refused stack file, a commit that cannot be planned
  3  with --refuse-stateful: a resource with state would be replaced or deleted, or may be
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs, "diff", "what a change does to resources, capacity, money and risk", EXAMPLES
    )
    what = parser.add_argument(
        "what",
        metavar="STACK|FILE",
        nargs="+",
        help="stacks with --against, or two plans or previews as JSON; - is one preview on stdin",
    )
    against = parser.add_argument(
        "--against", metavar="REF", help="commit to compare the working tree with"
    )
    completed(what, STACK_OR_FILE)
    completed(against, COMMIT)
    add_root(parser)
    parser.add_argument("--markdown", action="store_true", help="as a comment of a pull request")
    parser.add_argument("--no-cache", action="store_true", help="plan both sides anew")
    parser.add_argument(
        "--refuse-stateful",
        action="store_true",
        help="exit with 3 where a resource with state would be replaced or deleted",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Compare, and show what differs."""
    if options.json and options.markdown:
        raise MisuseError("--json: found beside --markdown; allowed: one of both")
    found = _of_stacks(options) if options.against else _of_files(options)
    if options.markdown:
        from preview.diff.markdown import markdown

        write_text(markdown(found))
    else:
        from preview.diff.document import document

        write(
            options,
            document=lambda: document(found),
            sections=lambda: _sections(found),
            errors=_errors(options, found),
        )
    if any(one.refused or one.new.failed for one in found):
        return FOUND
    return STATEFUL if options.refuse_stateful and any(one.lost for one in found) else FINE


def _of_stacks(options: argparse.Namespace) -> tuple[Comparison, ...]:
    from preview.diff.against import against

    root = options.root or INSTALLED
    stacks = tuple(dict.fromkeys(options.what))
    with working(f"planning {', '.join(stacks)} here and at {options.against}"):
        return against(stacks, options.against, root, not options.no_cache)


def _of_files(options: argparse.Namespace) -> tuple[Comparison, ...]:
    from preview.diff.files import compared_files

    return (compared_files(tuple(options.what)),)


def _errors(options: argparse.Namespace, found: tuple[Comparison, ...]) -> list[str]:
    """Return a line for each thing that makes the exit code other than 0."""
    from preview.diff.deciding import errors, losses

    said = [line for one in found for line in errors(one)]
    return said or [line for one in found for line in losses(one) if options.refuse_stateful]


def _sections(found: tuple[Comparison, ...]) -> list[Section]:
    from preview.diff.sections import heading, overview, sections

    shown = [overview(found)] if len(found) > 1 else []
    for one in found:
        if len(found) == 1 or not one.nothing:
            shown += [heading(one), *sections(one)]
    return shown
