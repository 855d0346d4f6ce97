"""`aigw diff`: what a change does to resources, capacity, money and risk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND, MisuseError
from preview.verbs.arguments import add_json, verb

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison

INSTALLED = Path(__file__).parents[2]
"""Folder of Pulumi.yaml where aigw is installed from."""

STATEFUL = 3
"""Exit code of --refuse-stateful: a resource with state would be replaced or deleted."""

EXAMPLES = """\
examples:
  aigw diff prod-large --against origin/main
  aigw diff prod-large prod-small --against HEAD~1 --markdown
  aigw diff old.json new.json                       # two plans, or two of the engine's previews
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
    parser.add_argument(
        "what",
        metavar="STACK|FILE",
        nargs="+",
        help="stacks with --against, or two plans or previews as JSON; - is one preview on stdin",
    )
    parser.add_argument("--against", metavar="REF", help="commit to compare the working tree with")
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder of Pulumi.yaml (default: where aigw is installed from)",
    )
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
    if options.json or options.markdown:
        sys.stdout.write(_text(options, found))
    else:
        _show(found)
    if any(one.refused or one.new.failed for one in found):
        return FOUND
    return STATEFUL if options.refuse_stateful and any(one.lost for one in found) else FINE


def _of_stacks(options: argparse.Namespace) -> tuple[Comparison, ...]:
    from preview.diff.against import against

    root = options.root or INSTALLED
    return against(tuple(dict.fromkeys(options.what)), options.against, root, not options.no_cache)


def _of_files(options: argparse.Namespace) -> tuple[Comparison, ...]:
    from preview.diff.files import compared_files

    return (compared_files(tuple(options.what)),)


def _text(options: argparse.Namespace, found: tuple[Comparison, ...]) -> str:
    if options.json:
        from preview.diff.document import document
        from preview.json_out import text

        return text(document(found))
    from preview.diff.markdown import markdown

    return markdown(found)


def _show(found: tuple[Comparison, ...]) -> None:
    from preview.diff.sections import heading, overview, sections
    from preview.tables import show

    if len(found) == 1 and found[0].nothing and not sys.stdout.isatty():
        print(heading(found[0]).title)
        return
    shown = [overview(found)] if len(found) > 1 else []
    for one in found:
        if len(found) == 1 or not one.nothing:
            shown += [heading(one), *sections(one)]
    show(shown, sys.stdout)
