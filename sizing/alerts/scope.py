"""Queries of one stack alone, in a Prometheus that measures several.

Whatever is scraped is told apart by the namespace of its target. A host leaves out the namespaces
of its guests, so that what has no namespace stays its own; a guest asks for its own alone. What a
query says of a namespace itself, it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sizing.alerts.model import AlertPlan, Recording, one_of
from sizing.planning.lodging import namespaces_of, namespaces_of_guests
from sizing.plans import PlanRequest

LABEL: Final = "namespace"
_STRING = r'"(?:[^"\\]|\\.)*"'
_BRACES = rf"\{{(?:{_STRING}|[^}}\"])*\}}"
_WORDS = frozenset(
    {
        *("and", "atan2", "bool", "by", "group_left", "group_right", "ignoring", "inf", "nan"),
        *("offset", "on", "or", "unless", "without"),
    }
)
_TOKEN = re.compile(
    rf"""
      (?P<string>{_STRING})
    | (?P<range>\[[^\]]*\])
    | (?P<group>\b(?:by|ignoring|on|without|group_left|group_right)\b\s*\([^()]*\))
    | (?P<span>\boffset\s+-?\w+|@\s*[\d.]+)
    | (?P<variable>\$\w+)
    | (?P<number>(?<![\w:])\d[\w.]*)
    | (?P<name>[a-zA-Z_:][\w:]*)(?P<braces>\s*{_BRACES})?
    """,
    re.VERBOSE,
)
_CALLED = re.compile(r"\s*(?:\(|(?:by|without)\b)")
_BOUND = re.compile(rf'(?:^|[{{,\s]){LABEL}\s*=~?\s*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The namespaces that a stack's queries are bound to, or that they leave out.

    Attributes:
        namespaces: names, sorted; none binds nothing.
        own: they are the stack's; otherwise they are somebody else's.
    """

    namespaces: tuple[str, ...]
    own: bool

    @property
    def matcher(self) -> str:
        """Return the matcher of every selector, "" for none."""
        if not self.namespaces:
            return ""
        return f'{LABEL}{"=~" if self.own else "!~"}"{one_of(self.namespaces)}"'


def scope(request: PlanRequest) -> Scope:
    """Return what the queries of a stack are bound to: nothing where it is alone in its cluster."""
    if request.in_hosts_cluster:
        return Scope(namespaces=tuple(sorted(namespaces_of(request).values())), own=True)
    return Scope(namespaces=namespaces_of_guests(request), own=False)


def scoped(query: str, of: Scope) -> str:
    """Return a query with a scope's matcher in each of its selectors."""
    matcher = of.matcher
    if not matcher:
        return query

    def bound(found: re.Match[str]) -> str:
        name, braces = found["name"], found["braces"]
        if not name or (braces is None and not _asks(query, found)):
            return found[0]
        inside = (braces or "{}").strip()[1:-1].rstrip(", ")
        if _BOUND.search(inside):
            return found[0]
        return f"{name}{{{inside}{',' if inside else ''}{matcher}}}"

    return _TOKEN.sub(bound, query)


def scoped_alerts(alerts: Iterable[AlertPlan], of: Scope) -> tuple[AlertPlan, ...]:
    """Return alerts that look at a scope alone.

    `AlertPlan.also` stays as it is: it asks whether anybody measures at all.
    """
    return tuple(
        replace(
            one,
            query=scoped(one.query, of),
            lines=tuple(replace(line, query=scoped(line.query, of)) for line in one.lines),
        )
        for one in alerts
    )


def scoped_recordings(recordings: Iterable[Recording], of: Scope) -> tuple[Recording, ...]:
    """Return series that are written of a scope alone."""
    return tuple(replace(one, query=scoped(one.query, of)) for one in recordings)


def _asks(query: str, found: re.Match[str]) -> bool:
    """Say whether a bare name is a metric's, not a function's, an aggregation's or a word."""
    return found["name"].lower() not in _WORDS and not _CALLED.match(query, found.end())
