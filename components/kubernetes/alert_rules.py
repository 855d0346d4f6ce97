"""Alerts as Prometheus' rules: groups of typed rules, and what the operator's object says of them.

Pure: what is watched and where the lines are comes from `sizing.alerts`. Every alert leads to its
paragraph of docs/runbooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sizing.alerts import SEVERITY_LABEL, AlertPlan, Line, Recording, Told

RUNBOOKS = "docs/runbooks"
"""Folder of the pages, one for each family; a stack may say where it is published."""
RECORDINGS = "recordings"
INTERVAL = "30s"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """One alerting rule; `wait_minutes` is for how long its expression must hold."""

    name: str
    expression: str
    wait_minutes: int
    labels: Mapping[str, str]
    annotations: Mapping[str, str]

    def spec(self) -> dict[str, Any]:
        """Return the rule as Prometheus reads it."""
        waits = {"for": f"{self.wait_minutes}m"} if self.wait_minutes else {}
        return {
            "alert": self.name,
            "expr": self.expression,
            **waits,
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRule:
    """A series that is written from others, with labels of its own where it has any."""

    name: str
    expression: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def spec(self) -> dict[str, Any]:
        """Return the rule as Prometheus reads it."""
        labels = {"labels": dict(self.labels)} if self.labels else {}
        return {"record": self.name, "expr": self.expression, **labels}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rules that are evaluated one after another, in their order."""

    name: str
    rules: tuple[AlertRule | RecordingRule, ...]

    def spec(self) -> dict[str, Any]:
        """Return the group as Prometheus reads it."""
        return {
            "name": self.name,
            "interval": INTERVAL,
            "rules": [one.spec() for one in self.rules],
        }


def groups(
    alerts: Iterable[AlertPlan], recordings: Iterable[Recording], *, runbooks: str = RUNBOOKS
) -> tuple[Group, ...]:
    """Return the groups of a stack, one for each family, what is recorded first.

    Args:
        alerts: of the stack's plan.
        recordings: what some of them look at.
        runbooks: where the pages are, a folder or an address.
    """
    families: dict[str, list[AlertRule | RecordingRule]] = {}
    for alert in alerts:
        made = families.setdefault(alert.family, [])
        made += [_rule(alert, line, runbooks) for line in alert.lines]
    written = tuple(
        RecordingRule(name=one.name, expression=one.query, labels=dict(one.labels))
        for one in recordings
    )
    return (
        Group(name=RECORDINGS, rules=written),
        *(Group(name=family, rules=tuple(rules)) for family, rules in families.items()),
    )


def spec(found: Iterable[Group]) -> dict[str, Any]:
    """Return the spec of a PrometheusRule, which is also what promtool checks as a file."""
    return {"groups": [one.spec() for one in found]}


def runbook(family: str, name: str, runbooks: str = RUNBOOKS) -> str:
    """Return where an alert's paragraph is."""
    return f"{runbooks.rstrip('/')}/{family}.md#{name.lower()}"


def _rule(alert: AlertPlan, line: Line, runbooks: str) -> AlertRule:
    how = {">": "above", ">=": "at least", "<": "below"}[alert.sign]
    at = line.at.template if isinstance(line.at, Told) else alert.line(line)
    return AlertRule(
        name=alert.name,
        expression=alert.expression(line),
        wait_minutes=line.minutes,
        labels={SEVERITY_LABEL: line.severity.value, **dict(alert.labels), **dict(line.labels)},
        annotations={
            "summary": alert.summary,
            "description": f"{alert.value()}, {how} {at}. The plan: {alert.planned}.",
            "runbook_url": runbook(alert.family, alert.name, runbooks),
        },
    )
