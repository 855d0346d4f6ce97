"""docs/sources.md, from the registry of blocks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from sizing.documents.block import BlockKind
from sizing.documents.homes import Home, digests, homes
from sizing.sources import source

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "sources.md"
ONE_AND_MANY: Final = {
    BlockKind.TABLE: ("table", "tables"),
    BlockKind.LIST: ("list", "lists"),
    BlockKind.CODE: ("code block", "code blocks"),
    BlockKind.PROSE: ("statement in running text", "statements in running text"),
}


def markdown() -> str:
    """Return the whole page."""
    every = homes()
    parts = [
        "# Where the documents' figures stand\n",
        "Made by `make docs`; a test fails when a block is missing here.\n",
        f"{len(digests())} documents, {_counted(every)}.\n",
        "Each block has its home in the code, as written and typed, and the claims that\n"
        "`aigw audit` makes of it, by the first part of their ids; or the reason why not.\n"
        "Sources of single figures (measurements, vendors' pages, prices) are in\n"
        "`sizing/catalog/data/sources.json`.\n",
    ]
    for number, digest in digests().items():
        parts.append(_document(number, digest, tuple(h for h in every if h.document == number)))
    return "\n".join(parts)


def _document(number: str, digest: str, blocks: tuple[Home, ...]) -> str:
    about = source(f"document-{number}")
    lines = [
        f"## {about.what}\n",
        f"`{about.id}`, {_counted(blocks)}; SHA-256 of the text that was read: `{digest[:16]}`.\n",
        "| section | kind | block | home | audit |",
        "|---|---|---|---|---|",
        *(_row(block) for block in blocks),
    ]
    return "\n".join(lines) + "\n"


def _row(block: Home) -> str:
    if not block.homes:
        return f"| {block.section} | {block.kind} | {block.title} | not sized: {block.reason} | |"
    home = "<br>".join(f"`{constants}`" for constants in _by_module(block))
    audit = ", ".join(f"`{prefix}`" for prefix in block.audit) or f"none: {block.reason}"
    return f"| {block.section} | {block.kind} | {block.title} | {home} | {audit} |"


def _by_module(block: Home) -> tuple[str, ...]:
    names: dict[str, list[str]] = {}
    for constant in block.homes:
        module, _, name = constant.partition(":")
        names.setdefault(module, []).append(name)
    return tuple(f"{module}: {', '.join(several)}" for module, several in names.items())


def _counted(blocks: tuple[Home, ...]) -> str:
    count = Counter(block.kind for block in blocks)
    several = [
        f"{count[kind]} {ONE_AND_MANY[kind][count[kind] > 1]}" for kind in BlockKind if count[kind]
    ]
    *most, last = several
    return f"{', '.join(most)} and {last}" if most else last
