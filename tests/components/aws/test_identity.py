"""A role is assumed by one service or one service account, and may do what it names."""

from __future__ import annotations

import json

import pytest

from components.aws.identity import (
    IamSettings,
    Statement,
    associate,
    managed_policy_arn,
    pod_identity_role,
    policy_document,
    service_trust,
)
from components.base import PlatformComponent
from sizing.plans import Scale
from tests.components.support import TAGS, Recorder, record


class Owner(PlatformComponent):
    def __init__(self) -> None:
        super().__init__("aigw:aws:Owner", "owner", Scale(minimum=0, planned=1, maximum=1))
        granted = pod_identity_role(
            self,
            "reader",
            namespace="gateway",
            service_account="proxy",
            iam_settings=IamSettings(permissions_boundary="arn:aws:iam::1:policy/edge", path="/p/"),
            tags=TAGS,
            statements=[
                Statement(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::models/*"])
            ],
        )
        associate(
            self,
            "reader-proxy",
            cluster_name="aigw-prod-large",
            namespace="gateway",
            service_account="proxy",
            granted=granted,
            tags=TAGS,
        )
        self.register_outputs({})


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return record(Owner)


def test_boundary_path_and_tags_are_the_accounts(recorder: Recorder) -> None:
    role = recorder.one("Role").inputs
    assert (role["permissionsBoundary"], role["path"]) == ("arn:aws:iam::1:policy/edge", "/p/")
    assert role["tags"] == {**TAGS, "component": "owner"}


def test_a_binding_waits_for_the_rights_it_gives(recorder: Recorder) -> None:
    binding = recorder.one("PodIdentityAssociation")
    assert recorder.one("RolePolicy").urn in binding.depends_on
    assert (binding.inputs["namespace"], binding.inputs["serviceAccount"]) == ("gateway", "proxy")


def test_a_service_acts_for_one_account_where_one_is_named() -> None:
    (named,) = json.loads(service_trust("rds.amazonaws.com", "123456789012"))["Statement"]
    (free,) = json.loads(service_trust("ec2.amazonaws.com"))["Statement"]
    assert named["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert "Condition" not in free


def test_actions_by_pattern_are_refused() -> None:
    for action in ("*", "s3:*", "s3:Get*"):
        wide = Statement(sid="Wide", actions=[action], resources=["arn:aws:s3:::b"])
        with pytest.raises(ValueError, match="name the actions"):
            policy_document([wide])


def test_aws_own_policies_are_named_in_the_regions_partition() -> None:
    assert managed_policy_arn("us-east-1", "A") == "arn:aws:iam::aws:policy/A"
    assert managed_policy_arn("us-gov-west-1", "A") == "arn:aws-us-gov:iam::aws:policy/A"
