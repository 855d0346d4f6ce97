"""One replica more: one step, one path beside its component's props, and what it moves.

`services.application.replicas` and `services.application.maximum` are all the counts of replicas
that a stack file states; others are decided by its tier and its workload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from preview.diff.side import parsed
from sizing.words import Cloud
from stacks.config_docs import keys
from tests.preview.diff.configs import checked, planned

BASES = {"replicas": 2, "maximum": 8}
FIXED = {"replicas": 2, "maximum": 2}
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
QUOTA = "kubernetes:core/v1:ResourceQuota"
# What a namespace may hold, once its quota has to hold another pod.
ROOM = {
    *("spec.hard.pods", 'spec.hard["limits.cpu"]', 'spec.hard["limits.memory"]'),
    *('spec.hard["requests.cpu"]', 'spec.hard["requests.memory"]'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """A count that is raised by one.

    Attributes:
        steps: paths of the inputs that it changes, by the type of the resource.
        props: paths of the application's own.
        asks: it is one more of what stands, so that pods ask more of their pool.
    """

    before: dict[str, int]
    after: dict[str, int]
    steps: dict[str, set[str]]
    props: set[str]
    asks: bool


STANDING = {"needed", "scale.minimum", "scale.planned"}
COUNTS = {
    "replicas": More(
        before=BASES,
        after={**BASES, "replicas": 3},
        steps={AUTOSCALER: {"spec.minReplicas"}},
        props=STANDING,
        asks=True,
    ),
    # the quota of its namespace is made for the most that its autoscaler may make
    "maximum": More(
        before=BASES,
        after={**BASES, "maximum": 9},
        steps={AUTOSCALER: {"spec.maxReplicas"}, QUOTA: ROOM},
        props={"scale.maximum"},
        asks=False,
    ),
    "both, without an autoscaler": More(
        before=FIXED,
        after={"replicas": 3, "maximum": 3},
        steps={"kubernetes:apps/v1:Deployment": {"spec.replicas"}, QUOTA: ROOM},
        props={*STANDING, "scale.maximum"},
        asks=True,
    ),
}


@pytest.fixture(
    scope="module",
    params=[(stack, name) for stack in ("dev-small", "dev-small-gcp") for name in COUNTS],
    ids=lambda one: " ".join(one),
)
def compared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[More, dict[str, Any]]:
    """The comparison of two whole plans: a count is one more, and nothing else has changed."""
    stack, name = request.param
    more = COUNTS[name]
    folder = tmp_path_factory.getbasetemp() / "counts"
    old, new = (
        parsed(planned(folder, stack=stack, **counts), "a plan")
        for counts in (more.before, more.after)
    )
    return more, checked(old, new)


def paths(resource: dict[str, Any]) -> set[str]:
    return {each["property"] for each in resource["changes"]}


def test_a_stack_file_states_no_other_count_of_replicas() -> None:
    known = (*keys(), *(key for cloud in Cloud for key in keys(cloud)))
    counts = [
        key.path for key in known if key.type == "whole number" and "replicas" in key.description
    ]
    assert counts == [f"services.application.{name}" for name in BASES]


def test_one_more_is_a_step_of_what_it_counts_and_of_a_quota_that_it_would_pass(
    compared: tuple[More, dict[str, Any]],
) -> None:
    more, found = compared
    steps = [one for one in found["resources"] if one["custom"]]
    assert {one["type"]: paths(one) for one in steps} == more.steps
    assert found["summary"] == {"update": len(more.steps)}
    assert found["lost"] == []


def test_one_more_is_decided_in_its_own_component(compared: tuple[More, dict[str, Any]]) -> None:
    more, found = compared
    decided = [one for one in found["resources"] if not one["custom"]]
    own = [one for one in decided if one["component"] == "application"]
    assert set().union(*map(paths, own)) == more.props
    others = {one["type"] for one in decided if one not in own}
    assert others == ({"aigw:kubernetes:Namespace"} if QUOTA in more.steps else set())


def test_one_more_moves_what_pods_ask_of_their_pool_and_what_their_namespace_may_hold(
    compared: tuple[More, dict[str, Any]],
) -> None:
    more, found = compared
    moved = {one["name"]: one for one in found["capacity"]}
    pool = {f"node_pools.general.{what}" for what in ("cpu", "memory", "pods")}
    assert pool <= moved.keys() if more.asks else not pool & moved.keys()
    assert ("namespaces.dev-apps.quota" in moved) is (QUOTA in more.steps)
    for one in moved.values():
        assert one["headroom"] >= 0
    if more.asks:
        pods = moved["node_pools.general.pods"]
        assert pods["after"]["demand"] == pods["before"]["demand"] + 1
        assert pods["after"]["capacity"] == pods["before"]["capacity"]


def test_one_more_that_moves_no_node_moves_no_dollar(
    compared: tuple[More, dict[str, Any]],
) -> None:
    _, found = compared
    assert found["bill"]["components"] == []
    assert {one["difference"] for one in found["bill"]["totals"]} == {0.0}
    assert found["findings"] == []
    assert found["adjustments"] == []
