"""What verbs have in common: a parser with examples, the stack, JSON, what completes a word."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

STACK: Final = "stack"
STACK_OR_FILE: Final = "stack_or_file"
COMMIT: Final = "commit"
REGION: Final = "region"
GPU: Final = "gpu"
MODEL: Final = "model"
FILE: Final = "file"
FOLDER: Final = "directory"
"""What a shell completes a word with: the names that `aigw completion` knows."""


class VerbParser(argparse.ArgumentParser):
    """A parser whose options are never cut short, and whose examples fit the terminal.

    Attributes:
        what: what the verb is, in a line.
        examples: below its help: commands and sentences.
    """

    def __init__(self, *, what: str = "", examples: str = "", **more: Any) -> None:  # noqa: ANN401  # argparse's own
        # "--js" must not become another option's beginning when a later version adds one
        super().__init__(**{**more, "allow_abbrev": False})
        self.what = what
        self.examples = examples

    def format_help(self) -> str:
        """Return the help: the options, then examples that keep to the terminal's width."""
        from preview.help_text import folded, width

        return f"{super().format_help()}\n{folded(self.examples, width())}\n"


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
        what=what,
        examples=examples.rstrip(),
    )
    return parser


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Take a stack, where its file lies, and JSON."""
    completed(parser.add_argument("stack", metavar="STACK", help="for example prod-large"), STACK)
    add_root(parser)
    add_json(parser)


def add_root(parser: argparse.ArgumentParser) -> None:
    """Take the folder that stacks lie in."""
    root = parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        help="folder of Pulumi.yaml (default: where aigw is installed from)",
    )
    completed(root, FOLDER)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Take JSON."""
    parser.add_argument("--json", action="store_true", help="as JSON")


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Take what every verb does: to say only what decides."""
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="only what makes the exit code other than 0"
    )


def completed(argument: argparse.Action, by: str) -> None:
    """Say what a shell completes an argument with: one of this module's names."""
    own = {"bash": f"_aigw_{by}", "zsh": f"_aigw_{by}", "fish": f"(_aigw_{by})"}
    vars(argument)["complete"] = by if by in {FILE, FOLDER} else own
