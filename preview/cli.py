"""`aigw`: what a stack is, costs and holds, before it is built.

Exit codes: 0 fine, 1 an error finding or a failed program, 2 wrong use or a refused stack file.
Only `plan` imports the stacks and Pulumi; the other verbs start without them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from preview.collection import uncollected

FINE, FOUND, MISUSED = 0, 1, 2
SCHEMAS = Path(__file__).parent / "schemas"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        with uncollected():
            code = VERBS[options.verb](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has left (`aigw plan x | head`); Python must not say so again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return code


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(
        prog="aigw", description="Plan the AI gateway platform: no cloud account needed."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    plan = verbs.add_parser("plan", help="what a stack is, costs and holds")
    plan.add_argument("stack", metavar="STACK", help="for example prod-large")
    plan.add_argument(
        "--documented", action="store_true", help="compare with the tables as they are written"
    )
    plan.add_argument("--json", action="store_true", help="as JSON, like pulumi preview --json")
    plan.add_argument("--verbose", action="store_true", help="also what holds, and every item")
    plan.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder of Pulumi.yaml (default: where aigw is installed from)",
    )
    tiers = verbs.add_parser("tiers", help="the four tiers side by side, as documented")
    tiers.add_argument("--json", action="store_true", help="as JSON")
    schema = verbs.add_parser("schema", help="a JSON Schema")
    schema.add_argument(
        "of", nargs="?", choices=("stack", "plan"), default="stack", help="default: stack"
    )
    return top


def plan(options: argparse.Namespace) -> int:
    """Show a stack's plan."""
    from stacks.config import FOLDER, ConfigError, stack_files

    folder = options.root / "stacks" if options.root else FOLDER
    files = stack_files(folder)
    if options.stack not in files:
        return misused(unknown_stack(options.stack, sorted(files), folder.name))
    from preview.facts import gather

    try:
        facts = gather(options.stack, files[options.stack], documented=options.documented)
    except ConfigError as error:
        return misused(*error.messages)
    except Exception as error:
        # the SDK is imported by now, if at all; a refusal of the program is told, not traced
        from preview.offline import ProgramError

        if not isinstance(error, ProgramError):
            raise
        print(f"aigw: {options.stack}: the program failed: {error}", file=sys.stderr)
        return FOUND
    if options.json:
        from preview.json_out import plan_document, text

        sys.stdout.write(text(plan_document(facts)))
    else:
        from preview.report import report
        from preview.tables import show

        show(report(facts, verbose=options.verbose), sys.stdout)
    return FOUND if facts.sized.refused else FINE


def tiers(options: argparse.Namespace) -> int:
    """Show every table of the document, the tiers side by side."""
    from preview.report import tier_sections
    from sizing.model import plain
    from sizing.tiers.render import documented_blocks, documented_lists, documented_tables

    tables, blocks, lists = documented_tables(), documented_blocks(), documented_lists()
    if options.json:
        from preview.json_out import text

        document = {"tables": plain(tables), "blocks": plain(blocks), "lists": plain(lists)}
        sys.stdout.write(text({"schema": 1, **document}))
    else:
        from preview.tables import show

        show(tier_sections(tables, (*blocks, *lists)), sys.stdout)
    return FINE


def schema(options: argparse.Namespace) -> int:
    """Write a JSON Schema."""
    if options.of == "plan":
        sys.stdout.write((SCHEMAS / "plan.schema.json").read_text(encoding="utf-8"))
        return FINE
    from stacks.config import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return FINE


VERBS = {"plan": plan, "tiers": tiers, "schema": schema}


def unknown_stack(stack: str, known: Sequence[str], folder: str) -> str:
    """Return what to type instead of a stack that has no file."""
    near = get_close_matches(stack, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no stack {stack!r} in {folder}/{meant} Stacks: {', '.join(known) or 'none'}"


def misused(*messages: str) -> int:
    """Print what was wrong, a line each, and return the exit code for it."""
    for message in messages:
        print(f"aigw: {message}", file=sys.stderr)
    return MISUSED


if __name__ == "__main__":
    sys.exit(main())
