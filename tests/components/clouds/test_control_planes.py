"""The control plane answers whom the plan lets in, and obeys the named administrators alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from components.aws import eks
from components.aws import kubeconfig as aws_config
from components.gcp import gke
from components.gcp import kubeconfig as gcp_config
from components.gcp.gke_settings import callers
from sizing.words import Access, Cloud
from tests.components.aws import make_ground as aws
from tests.components.clouds.words import at
from tests.components.gcp import cluster_samples as gcp
from tests.components.support import REGION, Recorder, Registered

LISTED = ["198.51.100.7/32", "203.0.113.0/24"]


def eks_callers(made: Registered) -> set[str]:
    network = made.inputs["vpcConfig"]
    assert network["endpointPrivateAccess"]
    assert network["endpointPublicAccess"] is ("publicAccessCidrs" in network)
    return {*network.get("publicAccessCidrs", ()), "the network"}


def gke_callers(made: Registered) -> set[str]:
    blocks = made.inputs["masterAuthorizedNetworksConfig"]["cidrBlocks"]
    listed = {one["cidrBlock"] for one in blocks}
    private = made.inputs["privateClusterConfig"]["enablePrivateEndpoint"]
    assert private is (gcp.NETWORK_CIDR in listed)
    return {*(listed - {gcp.NETWORK_CIDR}), "the network"}


def entries(recorder: Recorder) -> dict[str, str]:
    """Return what each principal of AWS may do, and check that it may enter first."""
    before = {one.inputs["principalArn"]: one.urn for one in recorder.all("AccessEntry")}
    grants = recorder.all("AccessPolicyAssociation")
    assert before.keys() == {one.inputs["principalArn"] for one in grants}
    for one in grants:
        assert before[one.inputs["principalArn"]] in one.depends_on
        assert one.inputs["accessScope"] == {"type": "cluster"}
    return {one.inputs["principalArn"]: one.inputs["policyArn"] for one in grants}


def members(recorder: Recorder) -> dict[str, str]:
    granted = [one for one in recorder.all("IAMMember") if "admin" in one.name]
    return {one.inputs["member"]: one.inputs["role"] for one in granted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes a control plane, and in which words it says the same."""

    kind: str
    build: Callable[[Access], Recorder]
    callers: Callable[[Registered], set[str]]
    listed: Callable[[tuple[str, ...]], object]
    administrators: Callable[[Recorder], Mapping[str, str]]
    all_rights: str
    admins: tuple[str, ...]
    key_of: Callable[[str], str]
    alike: tuple[str, str]
    is_right: Callable[[Registered], bool]
    logs: tuple[str, str]
    only_way: Mapping[str, object]
    kubeconfig: Callable[[], str]


SIDES = {
    Cloud.AWS: Side(
        kind="aws:eks/cluster:Cluster",
        build=aws.cluster,
        callers=eks_callers,
        listed=lambda ranges: eks.public_ranges(Access.ALLOWLIST, ranges),
        administrators=entries,
        all_rights="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        admins=aws.ADMINS,
        key_of=eks.principal_key,
        alike=("arn:aws:iam::1:role/a/deploy", "arn:aws:iam::2:role/a/deploy"),
        is_right=lambda one: one.type.startswith("aws:iam/rolePolicy"),
        logs=("LogGroup", "retentionInDays"),
        only_way={
            "accessConfig.authenticationMode": "API",
            "accessConfig.bootstrapClusterCreatorAdminPermissions": False,
        },
        kubeconfig=lambda: aws_config.kubeconfig(
            cluster_name="aigw-prod-large",
            endpoint="https://a.example",
            certificate_authority="Q0E=",
            region=REGION,
            role_arn=aws.ADMINS[0],
        ),
    ),
    Cloud.GCP: Side(
        kind="gcp:container/cluster:Cluster",
        build=lambda access: gcp.build_cluster(gcp.gke_args(gcp.cluster_plan(access=access))),
        callers=gke_callers,
        listed=lambda ranges: callers(Access.ALLOWLIST, ranges, gcp.NETWORK_CIDR),
        administrators=members,
        all_rights="roles/container.admin",
        admins=gcp.ADMINS,
        key_of=gke.principal_key,
        alike=("group:platform@example.com", "user:platform@example.com"),
        is_right=lambda one: one.type.endswith(":IAMMember") and "nodes" in one.name,
        logs=("ProjectBucketConfig", "retentionDays"),
        only_way={
            "masterAuth.clientCertificateConfig.issueClientCertificate": False,
            "enableLegacyAbac": False,
            "anonymousAuthenticationConfig.mode": "LIMITED",
            "rbacBindingConfig.enableInsecureBindingSystemAuthenticated": False,
            "rbacBindingConfig.enableInsecureBindingSystemUnauthenticated": False,
        },
        kubeconfig=lambda: gcp_config.kubeconfig(
            cluster_name="aigw-prod-large",
            endpoint="https://a.example",
            certificate_authority="Q0E=",
            own_credentials=True,
        ),
    ),
}


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def recorder(side: Side) -> Recorder:
    return side.build(Access.ALLOWLIST)


def test_the_api_answers_the_listed_networks_and_its_own(side: Side, recorder: Recorder) -> None:
    assert side.callers(recorder.one(side.kind)) == {*LISTED, "the network"}


def test_a_private_api_answers_its_network_alone(side: Side) -> None:
    assert side.callers(side.build(Access.PRIVATE).one(side.kind)) == {"the network"}


@pytest.mark.parametrize("ranges", [(), ("0.0.0.0/0",), ("203.0.113.0/24", "::/0")])
def test_a_public_api_open_to_everyone_is_refused(side: Side, ranges: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="private access"):
        side.listed(ranges)


def test_each_administrator_has_all_rights(side: Side, recorder: Recorder) -> None:
    assert side.administrators(recorder) == dict.fromkeys(side.admins, side.all_rights)


def test_nobody_enters_by_birth_certificate_password_or_not_at_all(
    side: Side, recorder: Recorder
) -> None:
    made = recorder.one(side.kind).inputs
    assert {path: at(made, path) for path in side.only_way} == side.only_way


def test_principals_whose_names_are_alike_are_told_apart(side: Side) -> None:
    assert len(set(map(side.key_of, side.alike))) == len(side.alike)


def test_the_cluster_and_its_nodes_start_with_their_rights(side: Side, recorder: Recorder) -> None:
    needed = {one.urn for one in recorder.resources if side.is_right(one)}
    assert needed
    assert needed <= recorder.before(recorder.one(side.kind))


def test_what_the_cluster_logs_is_kept_from_its_first_line_for_the_planned_days(
    side: Side, recorder: Recorder
) -> None:
    kind, days = side.logs
    kept = recorder.one(kind)
    assert kept.inputs[days] == 90
    assert kept.urn in recorder.before(recorder.one(side.kind))


def test_a_kubeconfig_asks_for_a_token_each_time_and_holds_none(side: Side) -> None:
    document: dict[str, Any] = json.loads(side.kubeconfig())
    (user,) = document["users"]
    assert set(user["user"]) == {"exec"}
    assert at(document, "clusters.0.cluster") == {
        "server": "https://a.example",
        "certificate-authority-data": "Q0E=",
    }
