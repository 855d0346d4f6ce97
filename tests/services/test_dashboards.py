"""Prometheus itself reads every query of the dashboards, and answers it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from components.kubernetes.dashboards import dashboards, files
from sizing.plan import plan
from sizing.plans.request import Switches
from sizing.plans.tools import ArchestraRequest, OsmenRequest
from sizing.words import Cloud
from tests.both_clouds import on
from tests.services.programs import require
from tests.services.series import series
from tests.sizing.requests import request

pytestmark = pytest.mark.services

# What Grafana puts in their place.
MACROS = {"$__rate_interval": "5m", "$__range": "1h"}
SECONDS = 60
LONGEST = 4000


@cache
def asked(cloud: Cloud) -> tuple[str, ...]:
    """Return every query of a plan that has every part, as Grafana sends it."""
    switches = Switches(
        archestra=ArchestraRequest(), osmen=OsmenRequest(n8n=True, gateway=True, langflow=True)
    )
    with on(cloud):
        made = files(dashboards(plan(replace(request(), switches=switches))))
    found = [
        target["expr"]
        for text in made.values()
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
    ]
    return tuple(plain(one) for one in dict.fromkeys(found))


def plain(query: str) -> str:
    for macro, value in MACROS.items():
        query = query.replace(macro, value)
    return query


def promtool(*arguments: str | Path) -> str:
    """Return what promtool says; it must be content."""
    found = subprocess.run(
        [require("promtool"), *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert found.returncode == 0, (found.stdout + found.stderr)[-LONGEST:]
    return found.stdout


@pytest.mark.parametrize("cloud", Cloud)
def test_promtool_reads_every_query(cloud: Cloud, tmp_path: Path) -> None:
    rules = tmp_path / "queries.yaml"
    recorded = [{"record": f"query:{at}", "expr": one} for at, one in enumerate(asked(cloud))]
    rules.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": recorded}]}))
    assert f"{len(asked(cloud))} rules found" in promtool("check", "rules", rules)


@pytest.mark.parametrize("cloud", Cloud)
def test_every_query_answers_where_its_metrics_are_there(cloud: Cloud, tmp_path: Path) -> None:
    """Labels match on both sides of every operator, and no selector shuts its metric out."""
    tests = tmp_path / "tests.yaml"
    expected = [
        {
            "expr": f"count({one}) > bool 0",
            "eval_time": "100m",
            "exp_samples": [{"labels": "{}", "value": 1}],
        }
        for one in asked(cloud)
    ]
    case = {"interval": "1m", "input_series": series(asked(cloud)), "promql_expr_test": expected}
    tests.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [case]}))
    promtool("test", "rules", tests)
