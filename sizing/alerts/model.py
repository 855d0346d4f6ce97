"""One alert: what is asked of Prometheus, the lines, and what the plan has to say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sizing.alerts.words import Severity
from sizing.capacity.prometheus import RETENTION_DAYS

PERCENT = 100


class Shown(StrEnum):
    """How a value is written where people read it."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a cluster says of itself: a line that moves with what is deployed, not with its rule.

    Attributes:
        query: PromQL that gives it without labels; it names its namespaces itself.
        words: what it is.
    """

    query: str
    words: str

    @property
    def template(self) -> str:
        """Return its value and what it is, as a template writes both when an alert fires."""
        value = "{{ . | first | value | humanize }}"
        return f"{{{{ with query `{self.query}` }}}}{value}{{{{ end }}}} ({self.words})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where an alert begins.

    Attributes:
        at: the value that is passed, in the alert's unit, or who says it.
        minutes: for how long it must be passed before anybody hears of it.
        query: instead of the alert's own, "" for that; it needs no comparison: what it gives fires.
        labels: of this line alone.
    """

    severity: Severity
    at: float | Told
    minutes: int
    query: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPlan:
    """An alert of one stack.

    Attributes:
        name: as routes and runbooks know it; several of a name watch several things.
        family: page of docs/runbooks on which it has a paragraph.
        summary: what is the matter, in a template's words ("{{ $labels.pod }}").
        query: PromQL that gives the value.
        sign: how the value is compared with a line (">", "<", ">=").
        also: PromQL that must give something as well, with its "and", "" for nothing.
        planned: what the plan says of it, with its figure.
        source: who says where the lines are.
        labels: of the alert, beside its severity.
    """

    name: str
    family: str
    summary: str
    query: str
    lines: tuple[Line, ...]
    shown: Shown
    planned: str
    source: str
    sign: str = ">"
    also: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def expression(self, line: Line) -> str:
        """Return the PromQL of one line."""
        if line.query:
            return line.query
        also = f" {self.also}" if self.also else ""
        at = f"({line.at.query})" if isinstance(line.at, Told) else number(line.at)
        return f"({self.query}) {self.sign} {at}{also}"

    def value(self) -> str:
        """Return the value as a template writes it."""
        how = {Shown.SHARE: "humanizePercentage", Shown.SECONDS: "humanizeDuration"}
        return f"{{{{ $value | {how.get(self.shown, 'humanize')} }}}}"

    def line(self, line: Line) -> str:
        """Return a line as people read it."""
        if isinstance(line.at, Told):
            return line.at.words
        if self.shown is Shown.SHARE:
            return f"{line.at * PERCENT:.4g} %"
        return f"{number(line.at)} s" if self.shown is Shown.SECONDS else number(line.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A series that is written beside what is scraped, for alerts that look back over days.

    Attributes:
        labels: that tell it from another stack's in the same Prometheus.
    """

    name: str
    query: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What alerts need to know besides the plan.

    Attributes:
        availability: share of requests that the platform answers; None takes table 5.2's.
        budget_usd: US dollars that all keys may spend in 30 days, None where nobody says.
        retention_days: for how long Prometheus' own disk keeps samples.
    """

    availability: float | None = None
    budget_usd: int | None = None
    retention_days: float = RETENTION_DAYS.value


def number(value: float) -> str:
    """Return a number as PromQL and people read it."""
    return f"{value:.10g}"


def one_of(values: Iterable[str]) -> str:
    """Return an expression that matches any of some names, sorted."""
    return "|".join(sorted(values))
