"""What verbs have in common: a parser with examples, the stack, JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def verb(
    verbs: Any,  # noqa: ANN401  # argparse has no public type for it
    name: str,
    what: str,
    examples: str,
) -> argparse.ArgumentParser:
    """Register a verb and return its parser."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Take a stack, where its file lies, and JSON."""
    parser.add_argument("stack", metavar="STACK", help="for example prod-large")
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder of Pulumi.yaml (default: where aigw is installed from)",
    )
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Take JSON."""
    parser.add_argument("--json", action="store_true", help="as JSON")
