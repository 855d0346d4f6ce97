"""Prometheus itself reads every query of the dashboards."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from components.kubernetes.dashboards import dashboards, files
from sizing.plan import plan
from sizing.plans.request import Switches
from sizing.plans.tools import ArchestraRequest, OsmenRequest
from tests.services.programs import require
from tests.sizing.requests import request

pytestmark = pytest.mark.services

# What Grafana puts in their place.
MACROS = {"$__rate_interval": "1m", "$__range": "6h"}
SECONDS = 60


def test_promtool_reads_every_query(tmp_path: Path) -> None:
    switches = Switches(
        archestra=ArchestraRequest(), osmen=OsmenRequest(n8n=True, gateway=True, langflow=True)
    )
    made = files(dashboards(plan(replace(request(), switches=switches))))
    asked = [
        target["expr"]
        for text in made.values()
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
    ]
    rules = tmp_path / "queries.yaml"
    rules.write_text(yaml.safe_dump({"groups": [group(asked)]}))
    found = subprocess.run(
        [require("promtool"), "check", "rules", rules],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(asked)} rules found" in found.stdout


def group(queries: list[str]) -> dict[str, object]:
    """Return a group of recording rules, one for each query."""
    rules = [
        {"record": f"query:{number}", "expr": plain(query)} for number, query in enumerate(queries)
    ]
    return {"name": "dashboards", "rules": rules}


def plain(query: str) -> str:
    for macro, value in MACROS.items():
        query = query.replace(macro, value)
    return query
