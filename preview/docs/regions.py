"""Parts of pages that the code makes, between two marks that no reader sees."""

from __future__ import annotations

import re
from typing import Final

from preview.docs.tables import TABLES

REGION: Final = re.compile(
    r"^<!-- (?P<name>[\w-]+): made by make docs -->\n.*?^<!-- end of (?P<closed>[\w-]+) -->$",
    re.DOTALL | re.MULTILINE,
)


def regions(text: str) -> tuple[str, ...]:
    """Return the names of what is made in a page.

    Raises:
        ValueError: a region is closed by another's mark, or is none that the code makes.
    """
    names = []
    for one in REGION.finditer(text):
        if one["name"] != one["closed"] or one["name"] not in TABLES:
            raise ValueError(f"nothing makes a region from {one['name']} to {one['closed']}")
        names.append(one["name"])
    if text.count(": made by make docs -->") != len(names):
        raise ValueError("a region is not closed")
    return tuple(names)


def written(text: str) -> str:
    """Return a page with its regions made anew.

    Raises:
        ValueError: a region is not closed, or none that the code makes.
    """
    regions(text)
    return REGION.sub(
        lambda one: (
            f"<!-- {one['name']}: made by make docs -->\n{TABLES[one['name']]().rstrip()}\n"
            f"<!-- end of {one['name']} -->"
        ),
        text,
    )
