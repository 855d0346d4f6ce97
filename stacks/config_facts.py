"""A stack's raw values, without what is already known to be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.config_errors import joined


@dataclass(frozen=True, slots=True)
class Facts:
    """Raw values by dotted path; None for what is missing, of a wrong type or known to be bad."""

    raw: Mapping[str, object]
    bad: frozenset[str]

    def value(self, path: str) -> object:
        """Return the value at a path that nobody complained of."""
        found: object = self.raw
        walked = ""
        for part in path.split("."):
            walked = joined(walked, part)
            if walked in self.bad or not isinstance(found, dict):
                return None
            found = found.get(part)
        below = (f"{path}.", f"{path}[")
        return None if any(b.startswith(below) for b in self.bad) else found

    def text(self, path: str) -> str | None:
        """Return a text."""
        found = self.value(path)
        return found if isinstance(found, str) else None

    def texts(self, path: str) -> tuple[str, ...] | None:
        """Return a list of texts."""
        found = self.value(path)
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            return None
        return tuple(found)

    def mapping(self, path: str) -> Mapping[str, object]:
        """Return a mapping, empty where there is none."""
        found = self.value(path)
        return found if isinstance(found, dict) else {}

    def rows(self, path: str) -> tuple[Mapping[str, object], ...] | None:
        """Return a list of mappings, None where one of them is known to be wrong.

        A list that is not there has no rows.
        """
        found = self.value(path)
        if found is None:
            return None if any(bad.startswith(path) for bad in self.bad) else ()
        return tuple(found) if isinstance(found, list) else None
