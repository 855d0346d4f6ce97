"""What a PromQL expression asks for: names of series, labels of matchers, labels of groupings.

No judge of the language, which the real tools are (`tests/services`): a reader of what they passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_GROUPING = re.compile(
    r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)", re.IGNORECASE
)
_SPAN = re.compile(r"\[[^\]]*\]|\b(?:offset|@)\s+-?[0-9a-z]+", re.IGNORECASE)
_SELECTOR = re.compile(rf"(?<![\w:.])({_NAME})(?![\w:])\s*(\(|\{{[^}}]*\}})?")
_MATCHER = re.compile(rf"({_NAME})\s*(?:=~|!~|!=|=)")
_WORDS = frozenset({"and", "or", "unless", "bool", "inf", "nan", "by", "without", "on", "ignoring"})
_WORDS |= {"group_left", "group_right", "offset", "atan2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One selector of an expression: the series' name and the labels that it matches."""

    name: str
    labels: frozenset[str]


def selectors(expression: str) -> tuple[Asked, ...]:
    """Return the selectors of an expression, in their order."""
    return tuple(_selectors(_SPAN.sub(" ", _GROUPING.sub(" ", _STRING.sub('""', expression)))))


def groupings(expression: str) -> frozenset[str]:
    """Return the labels by which an expression gathers or joins series."""
    found = _GROUPING.findall(_STRING.sub('""', expression))
    return frozenset(label.strip() for one in found for label in one.split(",") if label.strip())


def _selectors(plain: str) -> Iterator[Asked]:
    for found in _SELECTOR.finditer(plain):
        name, rest = found[1], found[2] or ""
        if rest != "(" and name.lower() not in _WORDS:
            yield Asked(name=name, labels=frozenset(_MATCHER.findall(rest)))
