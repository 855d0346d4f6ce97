"""The rules of every stack by Prometheus' own tool: they are read, they fire, they are silent."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from components.kubernetes import alert_rules
from components.kubernetes.alert_rules import AlertRule
from sizing.alerts import AlertPlan, Facts, alert_plans, recordings
from sizing.plans import PlatformPlan
from sizing.words import Environment, Tier
from stacks.config import load_all
from stacks.decision import decide
from tests.services.alerts.cases import Case, cases, files
from tests.services.programs import require
from tests.sizing.aws.requests import planned

pytestmark = pytest.mark.services

FACTS = Facts(budget_usd=5000)
STACKS = {
    "prod-large": planned(),
    "prod-enterprise": planned(tier=Tier.ENTERPRISE),
    "dev-small": planned(Environment.DEV, Tier.SMALL),
}
"""Whose figures the cases know."""


def written(plan: PlatformPlan, to: Path, alert: str = "") -> list[str]:
    """Write the rules of a plan, or of one alert of it; returns the names of their groups."""
    alerts = [one for one in alert_plans(plan, FACTS) if alert in ("", one.name)]
    recorded = [one for one in recordings(plan) if any(_asks(each, one.name) for each in alerts)]
    found = alert_rules.groups(alerts, recorded)
    to.write_text(yaml.safe_dump(alert_rules.spec(found)), encoding="utf-8")
    return [one.name for one in found]


def _asks(alert: AlertPlan, name: str) -> bool:
    return any(name in alert.expression(line) for line in alert.lines)


def ran(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [require("promtool"), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def judged(folder: Path, of: tuple[Case, ...]) -> str:
    """Return what promtool has against the cases, each run with the rules of its alert alone."""
    made = []
    for stack, name in sorted({(one.stack, one.name) for one in of}):
        rules = folder / f"{name}.rules.yaml"
        groups = written(STACKS[stack], rules, name)
        own = [one for one in of if one.name == name]
        for every, tests in files(rules, groups, own).items():
            made.append(folder / f"{name}-{every}.tests.yaml")
            made[-1].write_text(yaml.safe_dump(tests, sort_keys=False), encoding="utf-8")
    done = ran("test", "rules", *made)
    said = done.stdout + done.stderr
    return said if done.returncode else ""


def test_the_rules_of_every_stack_are_rules(tmp_path: Path) -> None:
    for stack, config in load_all().items():
        written(decide(config).plan, tmp_path / f"{stack}.yaml")

    done = ran("check", "rules", *sorted(tmp_path.glob("*.yaml")))

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_when_it_should_and_at_nothing_else(tmp_path: Path) -> None:
    assert judged(tmp_path, cases()) == ""


def test_a_case_that_is_wrong_is_found(tmp_path: Path) -> None:
    one = next(one for one in cases() if one.name == "PostgresDown")
    assert one.silent is not None

    said = judged(tmp_path, (replace(one, fires=one.silent, silent=one.fires),))

    assert "PostgresDown" in said


def test_an_alert_tells_how_many_replicas_the_cluster_wants(tmp_path: Path) -> None:
    (alert,) = (
        one
        for one in alert_plans(STACKS["prod-large"])
        if one.name == "ReplicasBelowPlan" and ("service", "litellm") in one.labels
    )
    groups = alert_rules.groups([alert], ())
    rules, tests = tmp_path / "rules.yaml", tmp_path / "tests.yaml"
    rules.write_text(yaml.safe_dump(alert_rules.spec(groups)), encoding="utf-8")
    warning, _ = groups[-1].rules
    assert isinstance(warning, AlertRule)
    space = 'namespace="prod-gateway"'
    series = {
        f'kube_pod_status_ready{{condition="true",{space},pod="litellm-6f58676674-5msht"}}': "1x60",
        f'kube_deployment_spec_replicas{{{space},deployment="litellm"}}': "3x60",
    }
    told = "1, below 3 (what its autoscaler or its workload says). "
    fired = {
        "exp_labels": dict(warning.labels),
        "exp_annotations": {
            **warning.annotations,
            "description": f"{told}The plan: {alert.planned}.",
        },
    }
    case = {
        "interval": "1m",
        "input_series": [{"series": name, "values": one} for name, one in series.items()],
        "alert_rule_test": [
            {"eval_time": "40m", "alertname": alert.name, "exp_alerts": [fired]},
        ],
    }
    written_tests = {"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": [case]}
    tests.write_text(yaml.safe_dump(written_tests), encoding="utf-8")

    done = ran("test", "rules", tests)

    assert done.returncode == 0, done.stdout + done.stderr


def lines(alerts: tuple[AlertPlan, ...]) -> set[tuple[str, str]]:
    return {(one.name, line.severity.value) for one in alerts for line in one.lines}


def test_every_line_of_every_alert_of_every_stack_has_a_case() -> None:
    plans = (decide(config).plan for config in load_all().values())
    wanted = set().union(*(lines(alert_plans(plan, FACTS)) for plan in plans))

    assert {(one.name, one.severity) for one in cases()} == wanted


def errors(namespace: str) -> dict[str, str]:
    """Return series of a gateway whose requests all fail."""
    where = f'{{namespace="{namespace}",status_code="500"}}'
    return {
        f"litellm_proxy_failed_requests_metric_total{where}": "0+100x80",
        f"litellm_proxy_total_requests_metric_total{where}": "0+100x80",
    }


@pytest.mark.parametrize("name", ["GatewayErrorRatio", "AvailabilityBudgetBurn"])
@pytest.mark.parametrize(
    ("stack", "own", "other"),
    [
        ("dev-medium", "dev-gateway", "staging-gateway"),
        ("staging-medium", "staging-gateway", "dev-gateway"),
        ("dev-medium-gcp", "dev-gateway", "staging-gateway"),
        ("staging-medium-gcp", "staging-gateway", "dev-gateway"),
    ],
)
def test_a_guests_failures_wake_nobody_of_its_host_and_the_other_way_round(
    stack: str, own: str, other: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STACKS, stack, decide(load_all()[stack]).plan)
    labels = {"environment": "dev", "namespace": own} if stack.startswith("dev-medium") else {}

    case = Case(
        name=name,
        severity="critical",
        fires=errors(own),
        silent=errors(other),
        labels=labels,
        at="70m",
        stack=stack,
    )

    assert judged(tmp_path, (case,)) == ""
