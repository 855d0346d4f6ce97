"""Plans and previews as files, compared: two plans, two of the engine's previews, or one of them.

Two of the engine's previews are taken to be of one state, as those of a pull request and of its
target are: what a preview does not mention stays as the other one found it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from preview.diff.comparison import Comparison, compared
from preview.diff.engine import before_and_after, changes_of
from preview.diff.side import Side, parsed, side, side_of
from preview.misuse import MisuseError
from sizing.model import Json

STDIN = "-"


def compared_files(names: Sequence[str]) -> Comparison:
    """Compare two documents, or show what one preview of the engine does.

    Args:
        names: one or two files; "-" is standard input.

    Raises:
        MisuseError: a file is missing, or is neither plan nor preview.
    """
    if len(names) > 2:
        raise MisuseError(
            f"FILE: found {len(names)} names; allowed: two plans or previews, one preview, or "
            "stacks with --against"
        )
    documents = [_read(name) for name in names]
    if len(documents) == 1:
        return _of_preview(documents[0], names[0])
    old, new = documents
    if _is_plan(old) != _is_plan(new):
        raise MisuseError(
            f"{names[0]} and {names[1]}: a plan and a preview of the engine; allowed: two of a kind"
        )
    sides = (
        (side(old, names[0]), side(new, names[1]))
        if _is_plan(old)
        else _ends(old, new, (names[0], names[1]))
    )
    return compared(sides[1].stack or sides[0].stack, *sides)


def _is_plan(document: Mapping[str, Json]) -> bool:
    return "aigw" in document


def _read(name: str) -> dict[str, Json]:
    if name == STDIN:
        return parsed(sys.stdin.read(), "standard input")
    try:
        return parsed(Path(name).read_text(encoding="utf-8"), name)
    except OSError as error:
        raise MisuseError(
            f'FILE: found "{name}": {error.strerror}; allowed: a file of JSON, or a stack with '
            "--against REF"
        ) from error


def _of_preview(document: Mapping[str, Json], name: str) -> Comparison:
    if _is_plan(document):
        raise MisuseError(f"{name}: one plan; allowed: two plans, or a preview of the engine")
    before, after = before_and_after(document)
    new = side_of(after, document, "preview")
    old = side_of(before, {}, "state")
    return compared(new.stack or old.stack, old, new, changes_of(document, before, after))


def _ends(
    old: Mapping[str, Json], new: Mapping[str, Json], names: tuple[str, str]
) -> tuple[Side, Side]:
    """Return the states that two previews of one state end in."""
    old_before, old_after = before_and_after(old)
    new_before, new_after = before_and_after(new)
    # a preview leaves out what stays: it is where the other one found it
    first = {**{urn: one for urn, one in new_before.items() if urn not in old_before}, **old_after}
    second = {**{urn: one for urn, one in old_before.items() if urn not in new_before}, **new_after}
    return side_of(first, old, names[0]), side_of(second, new, names[1])
