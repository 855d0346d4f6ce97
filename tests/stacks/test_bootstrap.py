"""An account is made ready once: its deployer can build every stack, and no more than that."""

from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap import aws as bootstrap
from bootstrap.config import KEY, AccountConfig, parse
from bootstrap.policies import (
    POLICY_LIMIT,
    Place,
    boundary_policy,
    deploy_policies,
    state_policy,
    trust_policy,
)
from preview.offline import run
from sizing.words import Cloud
from stacks import program
from stacks.config import stack_files, stack_path
from stacks.config_errors import ConfigError
from tests.components.support import Recorder
from tests.stacks.making import MAKING
from tests.stacks.manifests import ON_AWS
from tests.stacks.recorded import record, refusal

pytestmark = pytest.mark.one_cloud(
    Cloud.AWS, "what its own bootstrap makes; test_bootstrap_gcp is the other"
)

GUESTS = {"Pulumi.dev-medium"}
ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "bootstrap" / "Pulumi.nonprod.yaml"
PLACE = Place(account_id="111122223333", region="us-east-1", partition="aws", stack_path="/aigw/")


recording = cache(run)


def values() -> dict[str, Any]:
    loaded = yaml.safe_load(EXAMPLE.read_text())["config"][KEY]
    assert isinstance(loaded, dict)
    return loaded


def config(**changes: object) -> AccountConfig:
    return parse(json.dumps({**values(), **changes}), "bootstrap/Pulumi.nonprod.yaml")


@cache
def built() -> Recorder:
    return record(lambda: bootstrap.build(config()))


def statements(*policies: str) -> list[dict[str, Any]]:
    return [one for text in policies for one in json.loads(text)["Statement"]]


def deployer() -> list[dict[str, Any]]:
    return statements(*deploy_policies(PLACE).values())


def giving(action: str) -> list[dict[str, Any]]:
    return [one for one in deployer() if any(fnmatchcase(action, given) for given in one["Action"])]


@pytest.mark.parametrize("stack", ON_AWS)
def test_every_kind_of_resource_of_a_stack_is_known_by_what_makes_it(stack: str) -> None:
    kinds = {
        one.type for one in recording(stack_files()[stack]).resources if one.type.startswith("aws:")
    }
    assert kinds <= MAKING.keys()


@pytest.mark.parametrize("kind", MAKING)
def test_the_deployer_may_make_what_a_stack_may_switch_on(kind: str) -> None:
    assert giving(MAKING[kind])


def test_the_deployer_changes_records_and_no_zone() -> None:
    (one,) = giving("route53:ChangeResourceRecordSets")
    assert one["Resource"] == ["arn:aws:route53:::change/*", "arn:aws:route53:::hostedzone/*"]
    assert one["Condition"] == {
        "ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"]}
    }
    assert giving("route53:CreateHostedZone") == giving("route53:DeleteHostedZone") == []


@pytest.mark.parametrize(
    "action",
    [
        "ec2:RunScheduledInstances",
        "iam:CreateAccessKey",
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:CreateUser",
        "iam:DeleteRolePermissionsBoundary",
        "kms:DisableKey",
        "organizations:LeaveOrganization",
        "s3:PutBucketAcl",
        "sts:AssumeRole",
    ],
)
def test_the_deployer_may_not_change_who_may_do_what(action: str) -> None:
    assert giving(action) == []


def test_the_only_linked_role_that_the_deployer_may_make_is_the_one_that_nobody_else_can() -> None:
    (one,) = giving("iam:CreateServiceLinkedRole")
    service = "mrk.kms.amazonaws.com"
    assert one["Resource"] == f"arn:aws:iam::111122223333:role/aws-service-role/{service}/*"
    assert one["Condition"] == {"StringEquals": {"iam:AWSServiceName": service}}


def test_another_region_is_reached_for_keys_alone_and_only_where_the_account_says_so() -> None:
    elsewhere = replace(PLACE, recovery_region="us-west-2")
    (one,) = (
        each
        for each in statements(*deploy_policies(elsewhere).values())
        if "us-west-2" in json.dumps(each)
    )
    assert {action.partition(":")[0] for action in one["Action"]} == {"kms"}
    assert one["Condition"] == {"StringEquals": {"aws:RequestedRegion": "us-west-2"}}
    assert "us-west-2" not in json.dumps(deployer())
    assert all(len(text) <= POLICY_LIMIT for text in deploy_policies(elsewhere).values())


def test_no_statement_of_the_deployer_gives_a_whole_service() -> None:
    given = [action for one in deployer() for action in one["Action"]]
    assert len(given) > 100
    assert [action for action in given if action.split(":")[1].startswith("*")] == []
    assert not any(one.get("NotAction") or one.get("NotResource") for one in deployer())


def test_what_takes_no_narrower_resource_is_bound_to_the_region_or_reads_only() -> None:
    for one in deployer():
        if one["Resource"] == "*" and one["Sid"] != "ReadRoles":
            assert one["Condition"] == {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    (reads,) = (one for one in deployer() if one["Sid"] == "ReadRoles")
    assert all(action.startswith(("iam:Get", "iam:List")) for action in reads["Action"])


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"])
def test_a_role_can_be_made_only_below_the_path_and_under_the_boundary(action: str) -> None:
    (one,) = giving(action)
    assert one["Resource"] == "arn:aws:iam::111122223333:role/aigw/*"
    assert one["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": PLACE.boundary}}


def test_roles_are_passed_to_named_services_only() -> None:
    (one,) = giving("iam:PassRole")
    assert one["Resource"] == "arn:aws:iam::111122223333:role/aigw/*"
    services = one["Condition"]["StringEquals"]["iam:PassedToService"]
    trusted = {"ec2", "ecr", "eks", "backup", "monitoring.rds", "vpc-flow-logs", "pods.eks"}
    assert set(services) == {f"{one}.amazonaws.com" for one in trusted}


def test_every_service_that_a_stacks_role_trusts_can_be_handed_it() -> None:
    (passing,) = giving("iam:PassRole")
    allowed = set(passing["Condition"]["StringEquals"]["iam:PassedToService"])
    for path in map(stack_path, ON_AWS):
        for role in recording(path).of_type("aws:iam/role:Role"):
            trust = str(role.inputs["assumeRolePolicy"])
            if not trust.startswith("{"):  # it names a role of the host, and no service
                assert path.stem in GUESTS
                continue
            for one in json.loads(trust)["Statement"]:
                assert one["Principal"].get("Service", "ec2.amazonaws.com") in allowed


def test_the_deployer_reaches_the_stacks_buckets_and_not_the_states() -> None:
    (one,) = giving("s3:DeleteObject")
    state = built().one("aws:s3/bucket:Bucket").inputs["bucketPrefix"]
    arns = [arn.removeprefix("arn:aws:s3:::") for arn in one["Resource"]]
    assert not any(fnmatchcase(f"{state}123", arn) for arn in arns)
    for stack in ON_AWS:
        assert any(fnmatchcase(f"aigw-{stack}-models-123", arn) for arn in arns)


def test_every_policy_is_small_enough_for_iam() -> None:
    for text in (*deploy_policies(PLACE).values(), boundary_policy(PLACE)):
        assert len(text) <= POLICY_LIMIT


def test_the_boundary_gives_no_way_to_more_rights() -> None:
    allowed = [
        action
        for one in statements(boundary_policy(PLACE))
        if one["Effect"] == "Allow"
        for action in one["Action"]
    ]
    iam = {action for action in allowed if action.startswith(("iam:", "organizations:", "*"))}
    assert iam == {"iam:CreateServiceLinkedRole", "iam:GetRole", "iam:PassRole"}


def test_the_boundary_leaves_a_stacks_roles_what_their_policies_give() -> None:
    allowed = [
        action
        for one in statements(boundary_policy(PLACE))
        if one["Effect"] == "Allow"
        for action in one["Action"]
    ]
    text = stack_files()["prod-large"].read_text()
    platform = yaml.safe_load(text)["config"]["aigw:platform"]
    policies = record(program.main, {"aigw:platform": platform}).all(
        "aws:iam/rolePolicy:RolePolicy"
    )
    asked = {
        action
        for policy in policies
        for one in policy.document("policy")["Statement"]
        for action in one["Action"]
    }
    assert "kms:CreateGrant" in asked
    assert {one for one in asked if not any(fnmatchcase(one, given) for given in allowed)} == set()


def test_a_preview_reads_the_state_and_writes_nothing() -> None:
    given = {
        action
        for one in statements(state_policy("arn:aws:s3:::state", ["key"], writes=False))
        for action in one["Action"]
    }
    assert given == {"kms:Decrypt", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"}
    attached = {
        one.name
        for one in built().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if "preview" in one.name
    }
    assert attached == {"account-preview-state"}


def test_only_named_subjects_of_the_issuer_assume_a_role() -> None:
    (one,) = statements(trust_policy("arn:oidc", "issuer.example", ["repo:a/b:ref:c"], []))
    assert one["Condition"]["StringEquals"] == {
        "issuer.example:aud": "sts.amazonaws.com",
        "issuer.example:sub": ["repo:a/b:ref:c"],
    }


def test_without_subjects_no_workflow_assumes_a_role() -> None:
    (one,) = statements(trust_policy("arn:oidc", "issuer.example", [], ["arn:operator"]))
    assert one["Principal"] == {"AWS": ["arn:operator"]}


def test_state_and_keys_are_protected_versioned_encrypted_and_closed() -> None:
    bucket = built().one("aws:s3/bucket:Bucket")
    assert bucket.protect
    assert not bucket.inputs.get("forceDestroy")
    assert built().one("BucketVersioning").inputs["versioningConfiguration"]["status"] == "Enabled"
    closed = built().one("BucketPublicAccessBlock").inputs
    assert all(value for key, value in closed.items() if key.startswith(("block", "ignore")))
    keys = built().all("aws:kms/key:Key")
    assert [key.protect and key.inputs["enableKeyRotation"] for key in keys] == [True, True]


def test_the_secrets_key_is_used_by_the_two_roles_alone() -> None:
    policy = built().one("aws:kms/key:Key", "secrets").document("policy")
    use = [one for one in policy["Statement"] if "kms:Decrypt" in one["Action"]]
    assert [one["Sid"] for one in use] == ["UseBySecretsProvider"]
    assert len(use[0]["Principal"]["AWS"]) == 2


def test_every_linked_role_that_a_key_or_store_needs_is_made_once() -> None:
    made = {one.inputs["awsServiceName"] for one in built().all("ServiceLinkedRole")}
    assert made >= {
        f"{service}.amazonaws.com"
        for service in ("autoscaling", "opensearchservice", "eks", "eks-nodegroup", "spot")
    }
    assert all(one.protect and one.retain_on_delete for one in built().all("ServiceLinkedRole"))


def test_what_the_account_has_already_is_not_made_again() -> None:
    existing = {"oidc_provider": True, "service_linked_roles": ["autoscaling.amazonaws.com"]}
    recorder = record(lambda: bootstrap.build(config(existing=existing)))
    made = {one.inputs["awsServiceName"] for one in recorder.all("ServiceLinkedRole")}
    assert "autoscaling.amazonaws.com" not in made
    assert recorder.all("OpenIdConnectProvider") == []
    trust = recorder.one("aws:iam/role:Role", "deploy").document("assumeRolePolicy")
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    assert trust["Statement"][0]["Principal"] == {"Federated": provider}


def test_every_resource_has_a_parent_and_the_tags() -> None:
    for one in built().resources:
        if one.custom and not one.type.startswith("pulumi:"):
            assert "aigw:aws:" in one.parent, one.name
            if "tags" in one.inputs:
                assert {"environment", "component", "cost-centre"} <= one.inputs["tags"].keys()


@pytest.mark.parametrize(
    ("changes", "path", "found"),
    [
        ({"account_id": 111122223333}, "account_id", "the number 111122223333"),
        ({"operators": ["arn:aws:iam::111122223333:role/one"]}, "operators", "a list of 1"),
        ({"acount_id": "1"}, "acount_id", 'did you mean "account_id"?'),
        (
            {"oidc": {"issuer": "x.example", "deploy_subjects": ["repo:org/*"]}},
            "oidc.deploy_subjects[0]",
            '"repo:org/*"',
        ),
    ],
)
def test_a_wrong_account_config_registers_nothing(
    changes: dict[str, object], path: str, found: str
) -> None:
    message, registered = refusal(
        bootstrap.main, {KEY: {**values(), **changes}}, project="aigw-bootstrap", stack="nonprod"
    )
    assert registered == []
    _, line = message.splitlines()
    assert line.startswith(f"bootstrap/Pulumi.nonprod.yaml: {KEY}.{path}: found ")
    assert found in line
    with pytest.raises(ConfigError):
        config(**changes)
