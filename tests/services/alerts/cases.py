"""The cases of `cases.yaml`, typed, and as the tests of `promtool test rules`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("cases.yaml")
ALWAYS = "never"
"""Instead of series: an alert that nothing silences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one alert fires at, and what it stays silent at.

    Attributes:
        labels: of the alert, which tell several of a name apart.
        at: when it is looked at, as promtool writes times.
        every: how often rules are evaluated.
        silent: None where nothing silences it.
        stack: whose rules they are.
    """

    name: str
    severity: str
    fires: Mapping[str, str]
    silent: Mapping[str, str] | None
    labels: Mapping[str, str] = field(default_factory=dict)
    at: str = "40m"
    every: str = "1m"
    stack: str = "prod-large"

    def tests(self) -> Iterator[dict[str, Any]]:
        """Return both as promtool's own tests."""
        yield self._test("fires", self.fires, 1)
        if self.silent is not None:
            yield self._test("is silent", self.silent, 0)

    def _test(self, how: str, series: Mapping[str, str], alerts: int) -> dict[str, Any]:
        known = {"alertname": self.name, "severity": self.severity, "alertstate": "firing"}
        matchers = ",".join(f'{key}="{one}"' for key, one in {**known, **self.labels}.items())
        found = [{"labels": "{}", "value": 1}] if alerts else []
        return {
            "name": f"{self.name} {self.severity} {how}",
            "interval": "1m",
            "input_series": [
                {"series": name, "values": str(values)} for name, values in series.items()
            ],
            "promql_expr_test": [
                # of two windows or things that fire at once, one is enough
                {
                    "expr": f"count(ALERTS{{{matchers}}}) > bool 0",
                    "eval_time": self.at,
                    "exp_samples": found,
                }
            ],
        }


def cases() -> tuple[Case, ...]:
    """Return every case."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Case(name=name, **{**one, "silent": None if one["silent"] == ALWAYS else one["silent"]})
        for name, found in read.items()
        for one in found
    )


def files(rules: Path, groups: list[str], of: Iterable[Case]) -> dict[str, dict[str, Any]]:
    """Return the files that promtool runs, one for each pace of evaluation, by pace.

    Args:
        rules: file of the rules.
        groups: their groups in order: what is recorded is looked at in the same evaluation.
        of: the cases.
    """
    known = list(of)
    return {
        every: {
            "rule_files": [str(rules)],
            "evaluation_interval": every,
            "group_eval_order": groups,
            "tests": [test for one in known if one.every == every for test in one.tests()],
        }
        for every in sorted({one.every for one in known})
    }
