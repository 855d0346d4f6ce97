"""The control plane answers whom the plan lets in, and obeys the named administrators alone."""

from __future__ import annotations

import json

import pytest

from components.aws.eks import Eks, EksArgs, principal_key, public_ranges
from components.aws.identity import IamSettings
from components.aws.kubeconfig import kubeconfig
from sizing.words import Access
from tests.components.aws.samples import ADDONS, LOGS_KEY, cluster_plan
from tests.components.support import REGION, TAGS, Recorder, record, untagged

SECRETS_KEY = "arn:aws:kms:us-east-1:123456789012:key/cluster"
ADMINS = ("arn:aws:iam::123456789012:role/aigw/deploy", "arn:aws:iam::123456789012:role/oncall")


def build(access: Access = Access.ALLOWLIST, *, protect: bool = True) -> Recorder:
    args = EksArgs(
        plan=cluster_plan(access=access),
        cluster_name="aigw-prod-large",
        region=REGION,
        subnet_ids=["subnet-a", "subnet-b"],
        secrets_key_arn=SECRETS_KEY,
        logs_key_arn=LOGS_KEY,
        allow_list=("203.0.113.0/24", "198.51.100.7/32"),
        admin_principals=ADMINS,
        kubectl_role_arn=ADMINS[0],
        iam=IamSettings(),
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Eks("cluster", args))


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return build()


def cluster(recorder: Recorder) -> dict[str, object]:
    return recorder.one("aws:eks/cluster:Cluster").inputs


def test_the_api_answers_the_listed_networks_and_the_vpc(recorder: Recorder) -> None:
    network = recorder.one("aws:eks/cluster:Cluster").inputs["vpcConfig"]
    assert network["endpointPublicAccess"]
    assert network["endpointPrivateAccess"]
    assert network["publicAccessCidrs"] == ["198.51.100.7/32", "203.0.113.0/24"]


def test_a_private_api_answers_the_vpc_alone() -> None:
    network = build(Access.PRIVATE).one("aws:eks/cluster:Cluster").inputs["vpcConfig"]
    assert network["endpointPrivateAccess"]
    assert not network["endpointPublicAccess"]
    assert "publicAccessCidrs" not in network


@pytest.mark.parametrize("ranges", [(), ("0.0.0.0/0",), ("203.0.113.0/24", "::/0")])
def test_a_public_api_open_to_everyone_is_refused(ranges: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="private access"):
        public_ranges(Access.ALLOWLIST, ranges)


def test_access_is_by_entries_and_the_creator_gets_none(recorder: Recorder) -> None:
    assert cluster(recorder)["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }


def test_each_administrator_has_an_entry_before_its_policy(recorder: Recorder) -> None:
    assert {e.inputs["principalArn"] for e in recorder.all("AccessEntry")} == set(ADMINS)
    for grant in recorder.all("AccessPolicyAssociation"):
        (entry,) = [
            e
            for e in recorder.all("AccessEntry")
            if e.inputs["principalArn"] == grant.inputs["principalArn"]
        ]
        assert entry.urn in grant.depends_on
        assert grant.inputs["accessScope"] == {"type": "cluster"}
        assert grant.inputs["policyArn"] == (
            "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
        )


def test_principals_of_one_name_in_two_accounts_are_told_apart() -> None:
    keys = {principal_key(f"arn:aws:iam::{account}:role/a/deploy") for account in ("1", "2")}
    assert keys == {"1-a-deploy", "2-a-deploy"}


def test_secrets_are_encrypted_with_the_clusters_key(recorder: Recorder) -> None:
    assert cluster(recorder)["encryptionConfig"] == {
        "provider": {"keyArn": SECRETS_KEY},
        "resources": ["secrets"],
    }
    (use,) = recorder.one("RolePolicy").document("policy")["Statement"]
    assert use["Resource"] == [SECRETS_KEY]


def test_the_log_group_exists_first_with_key_and_term(recorder: Recorder) -> None:
    group = recorder.one("LogGroup")
    assert group.inputs["name"] == "/aws/eks/aigw-prod-large/cluster"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOGS_KEY, 90)
    made = recorder.one("aws:eks/cluster:Cluster")
    assert group.urn in made.depends_on
    assert made.inputs["enabledClusterLogTypes"] == list(cluster_plan().log_types)


def test_the_role_has_its_rights_before_the_cluster_and_keeps_them_until_after(
    recorder: Recorder,
) -> None:
    needed = {r.urn for r in [*recorder.all("RolePolicyAttachment"), *recorder.all("RolePolicy")]}
    assert needed <= set(recorder.one("aws:eks/cluster:Cluster").depends_on)


def test_version_support_and_protection_are_the_plans(recorder: Recorder) -> None:
    made = cluster(recorder)
    assert made["version"] == "1.35"
    assert made["upgradePolicy"] == {"supportType": "STANDARD"}
    assert made["deletionProtection"]
    assert made["kubernetesNetworkConfig"] == {
        "ipFamily": "ipv4",
        "serviceIpv4Cidr": "172.20.0.0/16",
    }


@pytest.mark.parametrize("protect", [True, False])
def test_the_cluster_is_protected_where_the_stack_says_so(protect: bool) -> None:
    assert build(protect=protect).one("aws:eks/cluster:Cluster").protect is protect


def test_networking_is_installed_with_the_cluster_and_the_rest_is_left_for_later(
    recorder: Recorder,
) -> None:
    made = {a.inputs["addonName"] for a in recorder.all("Addon")}
    assert made == {plan.name for plan in ADDONS if plan.before_nodes}
    assert cluster(recorder)["bootstrapSelfManagedAddons"] is False


def test_everything_carries_the_tags(recorder: Recorder) -> None:
    assert not untagged(recorder, "aigw:aws:Eks", {**TAGS, "component": "eks"})


def test_the_kubeconfig_asks_for_a_token_by_role_and_region_and_holds_none() -> None:
    text = kubeconfig(
        cluster_name="aigw-prod-large",
        endpoint="https://a.example",
        certificate_authority="Q0E=",
        region=REGION,
        role_arn=ADMINS[0],
    )
    parsed = json.loads(text)
    (user,) = parsed["users"]
    assert set(user["user"]) == {"exec"}
    arguments = user["user"]["exec"]["args"]
    assert arguments[arguments.index("--region") + 1] == REGION
    assert arguments[arguments.index("--role-arn") + 1] == ADMINS[0]
    assert parsed["clusters"][0]["cluster"]["server"] == "https://a.example"


def test_a_kubeconfig_without_a_role_uses_the_callers_own_identity() -> None:
    text = kubeconfig(
        cluster_name="c", endpoint="e", certificate_authority="a", region=REGION, role_arn=None
    )
    assert "--role-arn" not in text
