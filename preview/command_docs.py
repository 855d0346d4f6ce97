"""The tables of docs/command-line.md: verbs, exit codes, variables."""

from __future__ import annotations

from preview.cli import parser
from preview.docs.stack_tables import table
from preview.help_text import VARIABLES
from preview.misuse import EXITS
from preview.verbs.registry import GROUPS


def verbs() -> str:
    """Return every verb with what it is, in the order of the help."""
    told = parser().verbs
    return table(
        ("", "verb", "what it shows"),
        (
            (title if place == 0 else "", f"`{name}`", told[name].what)
            for title, group in GROUPS.items()
            for place, name in enumerate(group)
        ),
    )


def exits() -> str:
    """Return every exit code with what it says."""
    return table(("code", "what it says"), ((f"`{code}`", said) for code, said in EXITS.items()))


def variables() -> str:
    """Return every variable of the environment that is heeded."""
    return table(
        ("variable", "what it does"), ((f"`{name}`", what) for name, what in VARIABLES.items())
    )
