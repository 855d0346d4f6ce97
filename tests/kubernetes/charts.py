"""Which of the values given to a chart it never reads: Helm itself lets a misspelt one pass.

The keys of each pinned chart lie beside this module, see charts/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_suffix("")
_ANYTHING = ".*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What values a chart reads, each a path joined by dots.

    Attributes:
        version: of the chart.
        read: what it reads whole.
        free: below these any key does: they go into an object as they are.
        groups: what is read only by the keys below.
    """

    version: str
    read: frozenset[str]
    free: frozenset[str]
    groups: frozenset[str]


def unknown_keys(chart: str, values: Mapping[str, Any]) -> list[str]:
    """Return the keys that a chart does not read, as paths joined by dots; none for good values.

    Args:
        chart: a key of `sizing.versions.CHARTS`.

    Raises:
        FileNotFoundError: its keys are not recorded.
    """
    return sorted(_unknown(keys_of(chart), values, ""))


@cache
def keys_of(chart: str) -> Keys:
    """Return the recorded keys of a chart.

    Raises:
        FileNotFoundError: there is no record of it.
    """
    found = json.loads((_FOLDER / f"{chart}.json").read_text())
    paths = frozenset(found["keys"])
    free = frozenset(p.removesuffix(_ANYTHING) for p in paths if p.endswith(_ANYTHING))
    read = paths - {p + _ANYTHING for p in free}
    groups = {above for path in read for above in _above(path)}
    return Keys(version=found["version"], read=read, free=free, groups=frozenset(groups))


def _above(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _unknown(keys: Keys, values: Mapping[str, Any], above: str) -> Iterator[str]:
    for name, value in values.items():
        path = above + name
        if path in keys.free:
            continue
        if path in keys.groups and isinstance(value, Mapping):
            yield from _unknown(keys, value, f"{path}.")
        elif path in keys.read:
            if isinstance(value, Mapping):
                yield from (f"{path}.{below}" for below in value)
        elif path not in keys.groups or value is not None:  # None takes a default away
            yield path
