"""All that `make docs` writes: regions and printed blocks of pages, and files made whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from preview.docs import console, regions
from preview.docs.console import ROOT
from preview.docs.stack_tables import stacks
from preview.report_page.drawing import drawing
from sizing.documents import page as sources
from stacks import runbook_docs

DRAWN: Final = "prod-large"
"""The stack whose drawing README shows."""
EXAMPLE: Final = ROOT / "examples" / "larger-search"
"""The same stack with a change in it, for the page on differences."""


def _picture() -> str:
    return drawing(DRAWN, stacks()[DRAWN])


def _runbooks() -> str:
    return runbook_docs.markdown(runbook_docs.alerts())


def _changed() -> str:
    """Return the drawn stack's file with a larger volume for its search, by hand."""
    told = (ROOT / "stacks" / f"Pulumi.{DRAWN}.yaml").read_text(encoding="utf-8")
    made = "# Made by `make docs`: prod-large, and 400 GiB for each node of its search.\n"
    own = "    sizing:\n      overrides:\n        search:\n          volume_gib: 400\n"
    return made + told.replace("../preview", "../../../preview") + own


def _project() -> str:
    return (ROOT / "Pulumi.yaml").read_text(encoding="utf-8")


FILES: Final[Mapping[Path, Callable[[], str]]] = MappingProxyType(
    {
        ROOT / "docs" / "images" / f"{DRAWN}.svg": _picture,
        EXAMPLE / "Pulumi.yaml": _project,
        EXAMPLE / "stacks" / f"Pulumi.{DRAWN}.yaml": _changed,
        runbook_docs.PAGE: _runbooks,
        sources.PAGE: sources.markdown,
    }
)
"""Files that hold nothing written by hand."""


def text(path: Path) -> str:
    """Return what a file of the documentation should hold now.

    Raises:
        ValueError: a region or a block of it cannot be made; the message begins with its name.
    """
    if path in FILES:
        return FILES[path]()
    try:
        return console.written(regions.written(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ValueError(f"{path.relative_to(ROOT)}: {error}") from error


def paths() -> tuple[Path, ...]:
    """Return every file that holds something made."""
    return tuple(dict.fromkeys((*FILES, *console.pages())))
