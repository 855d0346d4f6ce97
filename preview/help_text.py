"""What `--help` says: verbs in groups, examples folded to the terminal, exit codes, variables."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from preview.misuse import EXITS

CONTINUED = re.compile(r" *\\\n *")
COMMENT = re.compile(r"(?P<command> .*?\S) +# *(?P<comment>.+)")
HELD = "\xa0"
VALUED = re.compile(r"(?P<option> --?[a-z][\w-]*) (?=[^-\s|>])")
ROW = re.compile(r"(?P<cell>  \S+ {2,})(?P<said>.+)")
NARROWEST, MARGIN = 20, 2
DEEPER = " " * 6
"""How far the rest of a command stands in."""

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "NO_COLOR": "anything: no colours",
        "FORCE_COLOR": "anything: tables and colours in a pipe, too, unless NO_COLOR is set",
        "TERM": "dumb: plain text, as in a pipe",
        "COLUMNS": "how wide the terminal is, where it does not say so itself",
        "CI": "anything: no progress",
    }
)
"""Variables of the environment that every verb heeds, with what they do."""

EVERY_VERB = (
    "`aigw VERB --help` shows a verb's options with examples. Every verb takes --json (the form is "
    "`aigw schema VERB`) and --quiet, which says only what makes the exit code other than 0."
)


def width() -> int:
    """Return how many columns help may take, as argparse does."""
    return max(shutil.get_terminal_size().columns - MARGIN, NARROWEST)


def overview(groups: Mapping[str, Sequence[str]], told: Mapping[str, str], columns: int) -> str:
    """Return the part of `aigw --help` below its description.

    Args:
        groups: names of verbs by the title of their group.
        told: what each verb is.
        columns: how many the text may take.
    """
    verbs = {title: {name: told[name] for name in names} for title, names in groups.items()}
    exits = {str(code): said for code, said in EXITS.items()}
    tables = {**verbs, "exit codes": exits, "environment": VARIABLES}
    cell = max(len(name) for rows in tables.values() for name in rows)
    blocks = [
        "\n".join([f"{title}:", *(f"  {name:{cell}}  {said}" for name, said in rows.items())])
        for title, rows in tables.items()
    ]
    blocks.insert(len(verbs), EVERY_VERB)
    return folded("\n\n".join(blocks), columns)


def folded(text: str, columns: int) -> str:
    """Return a text that keeps to a width: sentences, and indented commands and rows of a table.

    A command's comment comes above it and its rest below, so that it can be pasted as it stands;
    an option stays beside its value where both fit.
    """
    shown: list[str] = []
    sentences: list[str] = []
    for line in [*CONTINUED.sub(" ", text).splitlines(), ""]:
        if line and not line.startswith(" "):
            sentences.append(line)
            continue
        shown += textwrap.wrap(" ".join(sentences), columns)
        sentences = []
        shown += [line] if len(line) <= columns else _indented(line, columns)
    return "\n".join(shown).rstrip()


def _indented(line: str, columns: int) -> Iterator[str]:
    if row := ROW.fullmatch(line):
        yield from textwrap.wrap(
            line, columns, subsequent_indent=" " * len(row["cell"]), break_on_hyphens=False
        )
        return
    if commented := COMMENT.fullmatch(line):
        yield from textwrap.wrap(
            commented["comment"], columns, initial_indent="  # ", subsequent_indent="  # "
        )
        line = commented["command"]
    parts = _parts(VALUED.sub(rf"\g<option>{HELD}", line), columns)
    if max(map(len, parts)) > columns - MARGIN:
        parts = _parts(line, columns)
    yield from (f"{part} \\" for part in parts[:-1])
    yield parts[-1]


def _parts(command: str, columns: int) -> list[str]:
    """Return a command in lines with room for the sign that they go on."""
    words = textwrap.wrap(
        command,
        columns - MARGIN,
        subsequent_indent=DEEPER,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [one.replace(HELD, " ") for one in words]
