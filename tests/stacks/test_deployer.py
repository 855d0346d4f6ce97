"""Whoever runs the program is let into the cluster, or a finding says so beforehand."""

from __future__ import annotations

import json

import pytest

from sizing.plans import Finding
from sizing.words import Cloud, Severity
from stacks.aws import build
from stacks.config import StackConfig, parse
from stacks.decision import decide
from tests.stacks.recorded import record
from tests.stacks.stack_texts import FILE, on_aws, stack_text

pytestmark = pytest.mark.one_cloud(
    Cloud.AWS, "a role is assumed; test_config_clouds has who is impersonated"
)

DEPLOY = "arn:aws:iam::210987654321:role/aigw-bootstrap/aigw-deploy"
HUB = "arn:aws:iam::210987654321:role/hub-deploy"


def config(platform: str = "", *, without: str = "") -> StackConfig:
    text = stack_text(f"models: {{huggingface: {{existing_secret: hf}}}}\n{platform}")
    kept = [line for line in text.splitlines() if not without or without not in line]
    return parse("\n".join(kept), FILE)


def found(given: StackConfig) -> list[Finding]:
    return [one for one in decide(given).findings if one.id == "config.deployer"]


def test_the_role_of_the_bootstrap_among_the_administrators_is_let_in() -> None:
    assert found(config()) == []


def test_a_role_that_is_not_known_is_warned_of() -> None:
    (one,) = found(config(without=DEPLOY))
    assert one.severity is Severity.WARNING
    assert "cluster.admin_principals" in one.message


def test_an_assumed_role_that_is_no_administrator_is_refused() -> None:
    (one,) = found(config(f"assume_role: {HUB}"))
    assert one.severity is Severity.ERROR
    assert HUB in one.message
    assert HUB in one.fix
    assert found(config(f"assume_role: {DEPLOY}")) == []


@pytest.mark.parametrize("role", [None, DEPLOY])
def test_the_program_enters_as_whoever_runs_it_and_people_as_administrators(
    role: str | None,
) -> None:
    given = config(f"assume_role: {role}" if role else "")
    made = record(lambda: build(on_aws(given), decide(given).plan))
    provider = made.one("pulumi:providers:kubernetes")
    arguments = json.loads(provider.inputs["kubeconfig"])["users"][0]["user"]["exec"]["args"]
    assert ("--role-arn" in arguments) == (role is not None)
    assert role is None or role in arguments
