"""The domain stands in the VPC, asks for a signature and is spread as planned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sizing.plans import SearchPlan
from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import search as deploy
from tests.components.support import (
    ACCOUNT,
    REGION,
)

ARN = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/aigw-prod-large-search"


def domain(plan: SearchPlan) -> dict[str, Any]:
    return deploy(plan).one("Domain").inputs


def test_a_spread_domain_names_one_subnet_per_zone() -> None:
    for zones in (2, 3):
        inputs = domain(known.search(zones=zones))
        assert inputs["clusterConfig"]["zoneAwarenessEnabled"]
        assert inputs["clusterConfig"]["zoneAwarenessConfig"] == {"availabilityZoneCount": zones}
        assert inputs["vpcOptions"]["subnetIds"] == list(known.SUBNETS.values())[:zones]


def test_a_domain_in_one_zone_names_exactly_one_subnet() -> None:
    inputs = domain(known.search(zones=1, masters=0))
    assert not inputs["clusterConfig"]["zoneAwarenessEnabled"]
    assert "zoneAwarenessConfig" not in inputs["clusterConfig"]
    assert inputs["vpcOptions"]["subnetIds"] == ["subnet-1"]


def test_masters_are_named_only_where_the_plan_has_them() -> None:
    with_masters = domain(known.search())["clusterConfig"]
    assert (with_masters["dedicatedMasterEnabled"], with_masters["dedicatedMasterCount"]) == (
        True,
        3,
    )
    without = domain(known.search(masters=0))["clusterConfig"]
    assert not without["dedicatedMasterEnabled"]
    assert not {"dedicatedMasterType", "dedicatedMasterCount"} & without.keys()


def test_volumes_are_as_planned_under_the_key_and_kept_where_the_stack_is_protected() -> None:
    for protect in (True, False):
        made = deploy(known.search(), protect=protect).one("Domain")
        assert made.inputs["encryptAtRest"]["kmsKeyId"] == known.DATA_KEY
        assert made.protect is protect
    plan = replace(known.search(), volume_gib=400, volume_iops=6_000, volume_throughput=250)
    assert domain(plan)["ebsOptions"] == {
        "ebsEnabled": True,
        "volumeType": "gp3",
        "volumeSize": 400,
        "iops": 6_000,
        "throughput": 250,
    }


def test_every_log_has_an_encrypted_group_and_a_policy_of_its_own_before_the_domain() -> None:
    recorder = deploy(known.search())
    groups = {group.inputs["name"] for group in recorder.all("LogGroup")}
    assert groups == {
        f"/aws/opensearch/aigw-prod-large-search/{kind}"
        for kind in ("application", "audit", "index-slow", "search-slow")
    }
    assert all(one.inputs["kmsKeyId"] == known.LOGS_KEY for one in recorder.all("LogGroup"))
    policies = recorder.all("LogResourcePolicy")
    made = recorder.one("Domain")
    assert len(policies) == len(groups) == len(made.inputs["logPublishingOptions"])
    assert {policy.urn for policy in policies} <= set(made.depends_on)


def test_a_log_policy_lets_this_domain_write_to_one_group_only() -> None:
    policy = deploy(known.search()).one("LogResourcePolicy", "audit")
    (statement,) = policy.document("policyDocument")["Statement"]
    assert statement["Action"] == [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:PutLogEventsBatch",
    ]
    assert statement["Resource"] == f"{policy.inputs['resourceArn']}:*"
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": ARN}
    # an account-wide policy would be one of ten in the region
    assert "policyName" not in policy.inputs


def test_the_access_policy_names_the_account_and_no_address() -> None:
    (statement,) = deploy(known.search()).one("Domain").document("accessPolicies")["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statement["Resource"] == f"{ARN}/*"
    assert "Condition" not in statement


def test_the_administrator_is_one_service_account_with_rights_on_this_domain() -> None:
    recorder = deploy(known.search())
    role = recorder.one("Role")
    (trust,) = role.document("assumeRolePolicy")["Statement"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:RequestTag/kubernetes-namespace": "data",
        "aws:RequestTag/kubernetes-service-account": "search-setup",
    }
    (grant,) = recorder.one("RolePolicy").document("policy")["Statement"]
    assert grant["Resource"] == [f"{ARN}/*"]
    assert all(action.startswith("es:ESHttp") for action in grant["Action"])
