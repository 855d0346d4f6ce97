"""Stacks with an application of their own, planned from their files, and compared as JSON."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from preview.diff.document import document, patched
from preview.diff.masks import masked
from preview.facts import Facts, sized
from preview.json_out import plan_document, text
from preview.offline import run
from sizing.alternatives import Offers
from sizing.external import external_cost
from sizing.model import Json
from sizing.quotas import quotas
from stacks.config import FOLDER, load
from tests.preview.diff.plans import comparison

SCHEMA = FOLDER.parent / "preview" / "schemas" / "diff.schema.json"
STACK = "dev-small"
APPLICATION = {
    "image": "registry.example.com/team/app:1",
    "cpu": "500m",
    "memory": "512Mi",
    "port": 8080,
}


def written(folder: Path, stack: str, counts: dict[str, int], retention: int) -> Path:
    """Write a stack with an application of its own, and return its file."""
    source = FOLDER / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(source.read_text())
    platform = content["config"]["aigw:platform"]
    platform.setdefault("services", {})["application"] = {**APPLICATION, **counts}
    overrides = platform.setdefault("sizing", {}).setdefault("overrides", {})
    overrides["backup"] = {"retention_days": retention}
    (folder / "stacks").mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_bytes((FOLDER.parent / "Pulumi.yaml").read_bytes())
    file = folder / "stacks" / source.name
    file.write_text(yaml.safe_dump(content))
    return file


@functools.cache
def planned(
    folder: Path,
    *,
    stack: str = STACK,
    replicas: int = 2,
    maximum: int = 8,
    retention: int = 7,
    whole: bool = True,
) -> str:
    """Return the plan of such a stack; only a whole one has resources."""
    file = written(folder, stack, {"replicas": replicas, "maximum": maximum}, retention)
    own = sized(load(file))
    facts = Facts(
        stack=stack,
        sized=own,
        external=external_cost(own.plan),
        own_usd_per_million=None,
        quotas=quotas(own.plan),
        recording=run(file) if whole else None,
        documented=None,
        offers=Offers(alternatives=(), forgone=()),
    )
    return text(plan_document(facts))


def checked(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Any]:
    """Return the JSON of a comparison that is of its schema and makes the new plan."""
    found: Any = json.loads(text(document([comparison(old, new)])))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
    (one,) = found["stacks"]
    before, after = masked(old), masked(new)
    assert isinstance(before, dict)
    assert patched(before, one["patch"]) == after
    return dict(one)
