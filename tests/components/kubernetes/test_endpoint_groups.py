"""A Service of its own has a workload's pods registered in the balancer's groups."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.base import PlatformComponent
from components.kubernetes.cluster import selector
from components.kubernetes.endpoint_groups import NEG, GroupBinding, group_binding
from components.secret_values import SecretsPlan
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

pytestmark = pytest.mark.one_cloud("gcp", "AWS' controller of load balancers keeps the groups")
GROUP = "aigw-prod-large-gcp-api-0123abcd"


class Groups(pulumi.CustomResource):
    """Stands for the balancer's groups."""

    def __init__(self) -> None:
        super().__init__("test:index:Groups", "groups", {})


def build() -> Recorder:
    def program() -> None:
        owner = PlatformComponent("aigw:test:Owner", "owner", SecretsPlan(generated=()))
        group_binding(
            owner,
            "litellm-binding",
            GroupBinding(service="litellm", port=4000, group=pulumi.Output.from_input(GROUP)),
            namespace="gateway",
            after=(Groups(),),
        )

    return record(program)


def manifest() -> dict[str, Any]:
    return build().one("Service").inputs


def test_the_api_server_would_take_it() -> None:
    assert violations(manifest()) == []


def test_the_workload_s_pods_become_members_of_the_named_groups() -> None:
    made = manifest()
    assert json.loads(made["metadata"]["annotations"][NEG]) == {
        "exposed_ports": {"4000": {"name": GROUP}}
    }
    assert made["spec"]["selector"] == selector("litellm")
    (port,) = made["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (4000, 4000)


def test_it_is_no_balancer_and_not_the_workload_s_own_service() -> None:
    made = manifest()
    assert made["spec"]["type"] == "ClusterIP"
    assert made["metadata"]["name"] == "litellm-balancer"


def test_it_comes_after_the_groups_and_goes_before_them() -> None:
    recorder = build()
    assert recorder.one("Groups").urn in recorder.one("Service").depends_on
