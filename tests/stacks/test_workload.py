"""A workload in the stack file decides the plan, and a wrong one is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizing.words import Environment, Verdict
from sizing.workload import environment_load
from stacks.config import ConfigError, parse
from stacks.decision import decide

pytestmark = pytest.mark.cloud_free("what a stack says of its load is read alike")

STACKS = Path(__file__).parent.parent.parent / "stacks"
FILE = "stacks/Pulumi.prod-medium.yaml"
GOOD = (STACKS / "Pulumi.prod-medium.yaml").read_text()
STATED = """\
    workload:
      requests:
        per_month: 1900000
      peak:
        window: 2h/22d
      users: 60000
      model_names: 25
"""


def with_lines(lines: str) -> str:
    assert "    network:\n" in GOOD
    return GOOD.replace("    network:\n", f"{lines}    network:\n")


def test_a_stated_workload_is_what_the_plan_carries() -> None:
    plan = decide(parse(with_lines(STATED), FILE)).plan

    # document 004: 1.9 M calls in 2 hours of 22 days are 12 requests/s at peak
    assert plan.request.load.requests_per_second_peak == pytest.approx(11.995, abs=0.001)
    proxy = next(one for one in plan.services if one.name == "litellm")
    unstated = decide(parse(GOOD, FILE)).plan
    assert proxy.scale.planned < next(
        one.scale.planned for one in unstated.services if one.name == "litellm"
    )


def test_without_one_the_tier_is_planned_for_its_reference() -> None:
    request = decide(parse(GOOD, FILE)).plan.request

    assert request.load == environment_load(request.tier, Environment.PROD)


def test_what_the_statement_answers_is_no_longer_asked() -> None:
    asked = {one.id for one in decide(parse(GOOD, FILE)).questions}
    left = {one.id for one in decide(parse(with_lines(STATED), FILE)).questions}

    assert asked - left == {"peaking-factor"}
    assert len(asked) == 7


def test_a_contradiction_is_a_finding_that_names_both() -> None:
    text = with_lines(STATED.replace("      users: 60000\n", "      users: 10\n"))

    found = next(
        one for one in decide(parse(text, FILE)).findings if "contradiction" in one.constraint
    )

    assert found.verdict is Verdict.UNPROVEN
    assert "users" in found.message
    assert "in flight" in found.message or "concurrent" in found.message


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("per_month: 1900000", "per_month: -1", "workload.requests.per_month"),
        ("per_month: 1900000", "per_month: .nan", "workload.requests.per_month"),
        ("window: 2h/22d", "window: 2/22", "workload.peak.window"),
        ("users: 60000", "users: 0", "workload.users"),
        ("model_names: 25", "modelnames: 25", "workload.modelnames"),
    ],
)
def test_a_wrong_workload_is_refused_with_path_and_range(old: str, new: str, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(with_lines(STATED).replace(old, new), FILE)

    (message,) = caught.value.messages
    assert f"aigw:platform.{path}" in message
    assert "allowed" in message
