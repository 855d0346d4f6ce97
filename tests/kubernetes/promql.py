"""What a PromQL expression names: metrics with their matchers, and the labels it gathers them by.

It reads enough of the language for queries of our own; whether one is right is promtool's to say
(`tests/services`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_RANGE = re.compile(r"\[[^\]]*\]")
_GROUPED = re.compile(r"\b(?:by|on|ignoring|without|group_left|group_right)\s*\(([^()]*)\)")
_GROUPING = re.compile(r"\bby\s*\(([^()]*)\)\s*(?=\()")
_SELECTOR = re.compile(r"(?<![\w:.$])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?!\s*[\w:(])")
_MATCHER = re.compile(r'([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"(\d+)"')
_SPAN = re.compile(r"\b(?:offset|@)\s+-?[0-9a-z]+")
_WORDS = frozenset({"and", "atan2", "bool", "inf", "nan", "or", "unless"})


@dataclass(frozen=True, slots=True)
class Matcher:
    """A label and what it must be."""

    label: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A metric with its matchers."""

    metric: str
    matchers: tuple[Matcher, ...]

    @property
    def labels(self) -> frozenset[str]:
        """Return the labels that its matchers name."""
        return frozenset(one.label for one in self.matchers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Labels that an aggregation keeps, of the metrics inside it."""

    labels: frozenset[str]
    metrics: frozenset[str]


def selectors(expr: str) -> list[Selector]:
    """Return every metric that an expression asks for."""
    return list(_selectors(*_plain(expr)))


def groupings(expr: str) -> Iterator[Grouping]:
    """Return every aggregation with the labels that it keeps."""
    text, strings = _plain(expr)
    for found in _GROUPING.finditer(text):
        inside = _balanced(text, found.end())
        yield Grouping(
            labels=frozenset(one.strip() for one in found[1].split(",")),
            metrics=frozenset(one.metric for one in _selectors(inside, strings)),
        )


def gathered(expr: str) -> frozenset[str]:
    """Return the labels by which an expression gathers or joins anything."""
    found = _GROUPED.findall(_plain(expr)[0])
    return frozenset(label.strip() for one in found for label in one.split(",") if label.strip())


def _plain(expr: str) -> tuple[str, list[str]]:
    """Return the expression without ranges, each string as its number, and the strings."""
    strings: list[str] = []

    def kept(found: re.Match[str]) -> str:
        strings.append(found[0][1:-1])
        return f'"{len(strings) - 1}"'

    return _SPAN.sub("", _RANGE.sub("", _STRING.sub(kept, expr))), strings


def _selectors(text: str, strings: list[str]) -> Iterator[Selector]:
    for found in _SELECTOR.finditer(_GROUPED.sub("", text)):
        if found[1].lower() in _WORDS:
            continue
        matchers = tuple(
            Matcher(label, operator, strings[int(number)])
            for label, operator, number in _MATCHER.findall(found[2] or "")
        )
        yield Selector(metric=found[1], matchers=matchers)


def _balanced(text: str, start: int) -> str:
    depth = 0
    for at, letter in enumerate(text[start:], start):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[start : at + 1]
    raise ValueError(f"unbalanced: {text}")
