"""`aigw schema`: the JSON Schemas of stack files and of what the verbs write."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from preview.misuse import FINE
from preview.result import write_text
from preview.verbs.arguments import verb

SCHEMAS = Path(__file__).parents[1] / "schemas"
ENDING = ".schema.json"
EXAMPLES = """\
examples:
  aigw schema > stack.schema.json
  aigw schema plan
  aigw schema check
"""


def names() -> tuple[str, ...]:
    """Return what a schema exists of."""
    return tuple(sorted(path.name.removesuffix(ENDING) for path in SCHEMAS.glob(f"*{ENDING}")))


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    known = names()
    parser = verb(verbs, "schema", "the JSON Schema of a stack file, or of a verb's JSON", EXAMPLES)
    parser.add_argument(
        "of",
        nargs="?",
        metavar="NAME",
        choices=known,
        default="stack",
        help=f"one of {', '.join(known)} (default: stack)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, which it is anyway")


def run(options: argparse.Namespace) -> int:
    """Write a JSON Schema; it is data, and --quiet leaves it."""
    if options.of != "stack":
        write_text((SCHEMAS / f"{options.of}{ENDING}").read_text(encoding="utf-8"))
        return FINE
    from stacks.config import json_schema

    write_text(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return FINE
