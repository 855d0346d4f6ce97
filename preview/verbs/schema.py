"""`aigw schema`: the JSON Schemas of stack files and of what the verbs write."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from preview.misuse import FINE
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
    parser = verb(verbs, "schema", "a JSON Schema", EXAMPLES)
    parser.add_argument("of", nargs="?", choices=names(), default="stack", help="default: stack")


def run(options: argparse.Namespace) -> int:
    """Write a JSON Schema."""
    if options.of != "stack":
        sys.stdout.write((SCHEMAS / f"{options.of}{ENDING}").read_text(encoding="utf-8"))
        return FINE
    from stacks.config import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return FINE
