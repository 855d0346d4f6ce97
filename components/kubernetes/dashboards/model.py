"""A dashboard in a few typed words: rows of panels, each a question with its unit and its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

GRID_WIDTH = 24
"""Columns of Grafana's grid."""
_UID = re.compile(r"[a-z][a-z0-9-]{0,39}")


class Unit(StrEnum):
    """How a number is written, by Grafana's name of it."""

    NONE = "short"
    BYTES = "bytes"
    GIGABYTES = "decgbytes"
    BYTES_PER_SECOND = "Bps"
    CELSIUS = "celsius"
    MILLISECONDS = "ms"
    OPERATIONS = "ops"
    REQUESTS = "reqps"
    SECONDS = "s"
    SHARE = "percentunit"
    USD = "currencyUSD"
    WATTS = "watt"


class Colour(StrEnum):
    """What a value is drawn in."""

    GOOD = "green"
    WARNING = "orange"
    CRITICAL = "red"
    PLAIN = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to Prometheus.

    Attributes:
        expr: PromQL, in which `$__rate_interval` and `$__range` are Grafana's.
        legend: of each series ("{{pod}}").
        line: it is what the plan or an object of the cluster says, not what is measured: drawn
            dashed.
    """

    expr: str
    legend: str
    line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From this value on, values are of this colour."""

    value: float
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """What every panel has.

    Attributes:
        description: what it says, and what to do where it is bad.
        steps: rising; below the first one all is well.
        width: columns of 24; likewise `height` in rows.
        lines: of the documents' metric lists, by their ids, which this panel shows.
    """

    title: str
    queries: tuple[Query, ...]
    unit: Unit = Unit.NONE
    description: str = ""
    steps: tuple[Step, ...] = ()
    width: int = 8
    height: int = 8
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would be drawn wrongly.

        Raises:
            ValueError: no query, a width beyond the grid, or steps that do not rise.
        """
        values = [one.value for one in self.steps]
        if not self.queries or not 0 < self.width <= GRID_WIDTH or self.height < 1:
            raise ValueError(f"{self.title}: a panel has queries and a place on the grid")
        if values != sorted(set(values)):
            raise ValueError(f"{self.title}: steps rise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph(_Panel):
    """Values over time; stacked where they add up."""

    stacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(_Panel):
    """The value now, as large as its panel."""

    width: int = 4
    height: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(_Panel):
    """The value now of many series, beside each other; `most` is the end of a bar."""

    most: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap(_Panel):
    """How a histogram's buckets fill over time; its query keeps the label `le`."""


Panel = Graph | Number | Bars | Heatmap


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels under one headline."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A page.

    Attributes:
        uid: part of its address, for ever: small letters, digits and "-", at most 40.
    """

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Refuse an address that Grafana would not take.

        Raises:
            ValueError: such a uid, or two panels of one title in a row.
        """
        if not _UID.fullmatch(self.uid):
            raise ValueError(f"{self.uid!r} is no uid of a dashboard")
        for row in self.rows:
            titles = [panel.title for panel in row.panels]
            if len(titles) != len(set(titles)):
                raise ValueError(f"{self.uid}: {row.title} has two panels of one title")

    def panels(self) -> Iterator[Panel]:
        """Return all panels, row by row."""
        for row in self.rows:
            yield from row.panels
