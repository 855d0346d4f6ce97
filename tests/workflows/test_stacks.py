"""Which stacks are deployed, in which environment, and as whom."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.gcp import _POOL
from bootstrap.policies import BOOTSTRAP_PATH
from sizing.words import Environment
from tests.workflows.files import ROOT, Ran, run, step
from tests.workflows.programs import path, program

NUMBER = "100000000005"
"""Of the project of prod-large-gcp."""

NAMES = {file.name.split(".")[1] for file in (ROOT / "stacks").glob("Pulumi.*.yaml")}
DEPLOY = step("deploy", "stacks", "targets")
PREVIEW = step("preview", "stacks", "targets")


def listed(one: Mapping[str, Any], backends: object, scratch: Path, only: str = "") -> Ran:
    """Run the step with the variables of the repository."""
    here = program(scratch / "bin", "python", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"')
    said = {"BACKENDS": backends if isinstance(backends, str) else json.dumps(backends)}
    if "ONLY" in one["env"]:
        said["ONLY"] = only
    return run(one, said, folder=ROOT, scratch=scratch / "run", environment=path(here))


def everything() -> dict[str, str]:
    """Return a backend for the account or project of each stack file."""
    found = {}
    for file in (ROOT / "stacks").glob("Pulumi.*.yaml"):
        config = yaml.safe_load(file.read_text())["config"]["aigw:platform"]
        account = config.get("account_id") or config["project"]
        found[str(account)] = f"s3://state-of-{account}"
    return found


@pytest.mark.parametrize("one", [DEPLOY, PREVIEW], ids=["deploy", "preview"])
def test_every_stack_file_is_in_one_environment_and_named_once(
    one: Mapping[str, Any], tmp_path: Path
) -> None:
    done = listed(one, everything(), tmp_path)
    assert done.code == 0, done.text
    lists = {name: json.loads(text) for name, text in done.outputs.items()}
    assert lists.keys() == {*Environment, "all"}
    placed = [(name, each["stack"]) for name in Environment for each in lists[name]]
    assert sorted(stack for _, stack in placed) == sorted(NAMES)
    assert all(stack.startswith(f"{environment}-") for environment, stack in placed)
    assert sorted(each["stack"] for each in lists["all"]) == sorted(NAMES)
    assert all(each["backend"] == f"s3://state-of-{each['account']}" for each in lists["all"])


@pytest.mark.parametrize(("one", "role"), [(DEPLOY, "deploy"), (PREVIEW, "preview")])
def test_a_workflow_becomes_whom_the_bootstrap_made(
    one: Mapping[str, Any], role: str, tmp_path: Path
) -> None:
    done = listed(one, everything(), tmp_path)
    found = {each["stack"]: each for each in json.loads(done.outputs["all"])}
    aws, google = found["prod-large"], found["prod-large-gcp"]
    account, project = aws["account"], google["account"]
    assert aws["role"] == f"arn:aws:iam::{account}:role{BOOTSTRAP_PATH}aigw-{role}"
    assert aws["provider"] == ""
    assert google["role"] == f"aigw-{role}@{project}.iam.gserviceaccount.com"
    assert google["provider"] == (
        f"projects/{NUMBER}/locations/global/workloadIdentityPools/{_POOL}/providers/issuer"
    )


@pytest.mark.parametrize("backends", ["", "{}", {"000000000000": "s3://of-nobody"}])
def test_without_a_backend_nothing_is_deployed_and_that_is_said(
    backends: object, tmp_path: Path
) -> None:
    done = listed(DEPLOY, backends, tmp_path)
    assert done.code == 0, done.text
    assert set(done.outputs.values()) == {"[]"}
    assert all(name in done.text for name in NAMES)


def test_a_variable_that_is_no_json_fails(tmp_path: Path) -> None:
    assert listed(DEPLOY, "s3://state", tmp_path).code != 0


def test_the_engine_is_asked_about_the_stacks_that_are_named(tmp_path: Path) -> None:
    done = listed(PREVIEW, everything(), tmp_path, "dev-small prod-large-gcp nobody-s")
    found = [each["stack"] for each in json.loads(done.outputs["all"])]
    assert found == ["dev-small", "prod-large-gcp"]
    assert done.text.endswith("for nobody-s\n")
