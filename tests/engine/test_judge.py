"""What the stand-in refuses and replaces, without an engine: its own judgement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sizing.model import Json
from sizing.rules.values import SECRET, SIGNATURE, UNKNOWN_TEXT
from tests.engine.provider import google
from tests.engine.provider.judge import differences, failures
from tests.engine.provider.outputs import Place, identity, outputs, password, previewed
from tests.engine.provider.schema import Schemas

pytestmark = pytest.mark.cloud_free("its tables have rows of both providers")

PLACE = Place(account="111122223333", region="eu-west-1")
VPC = "aws:ec2/vpc:Vpc"
GROUP = "aws:eks/nodeGroup:NodeGroup"
CLUSTER = "aws:eks/cluster:Cluster"
POOL = "gcp:container/nodePool:NodePool"
SCALING: dict[str, Json] = {"minSize": 1, "desiredSize": 1, "maxSize": 2}
SCALED: Json = dict(SCALING)
NODES: dict[str, Json] = {
    "clusterName": "main",
    "nodeRoleArn": UNKNOWN_TEXT,
    "subnetIds": ["subnet-a"],
    "scalingConfig": SCALED,
}


@pytest.fixture(scope="module")
def schemas(shapes: Path) -> Schemas:
    return Schemas(shapes)


@pytest.mark.parametrize(
    ("token", "inputs", "said"),
    [
        ("aws:ec2/moon:Moon", {}, "no resource has the type aws:ec2/moon:Moon"),
        ("aws:ec2/vpc:VPC", {}, "no resource has the type aws:ec2/vpc:VPC"),
        ("azure:sql/server:Server", {}, "no resource has the type"),
        (VPC, {"cidr_block": "10.0.0.0/16", "enableDnsHostnames": True}, "no such property"),
        (VPC, {"enableDnsHostnames": "yes"}, "expected boolean, got str"),
        (VPC, {"cidrBlock": "10.0.0.0/16"}, "network.vpc-dns"),
        (GROUP, {"clusterName": "main"}, "missing"),
        (GROUP, {**NODES, "instanceTypes": "m5.large"}, "expected a list"),
        (GROUP, {**NODES, "scalingConfig": ["small"]}, "expected an object"),
        (GROUP, {**NODES, "scalingConfig": {"minSize": 1, "desiredSize": 1}}, "missing"),
        (GROUP, {**NODES, "diskSize": 100.5}, "expected integer"),
        (GROUP, {**NODES, "labels": {"role": 1}}, "expected string"),
        (GROUP, {**NODES, "taints": [{"key": "gpu", "effect": "NoSchedule"}]}, "taint-effect"),
        ("random:index/randomPassword:RandomPassword", {"length": {}}, "expected integer"),
    ],
)
def test_a_wrong_resource_is_refused(
    schemas: Schemas, token: str, inputs: dict[str, Json], said: str
) -> None:
    assert said in str(failures(schemas, token, inputs))


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True}),
        (VPC, {"cidrBlock": UNKNOWN_TEXT, "enableDnsHostnames": UNKNOWN_TEXT}),
        (GROUP, NODES),
        (GROUP, {**NODES, "scalingConfig": {SIGNATURE: SECRET, "value": SCALED}}),
        ("random:index/randomPassword:RandomPassword", {"length": 32.0}),
    ],
)
def test_a_right_resource_is_not(schemas: Schemas, token: str, inputs: dict[str, Json]) -> None:
    assert failures(schemas, token, inputs) == []


def test_a_change_that_the_cloud_does_not_make_is_refused(schemas: Schemas) -> None:
    token = "aws:elasticache/replicationGroup:ReplicationGroup"
    group: dict[str, Json] = {"description": "cache", "nodeType": "cache.r7g.large"}
    news: dict[str, Json] = {**group, "clusterMode": "enabled"}
    assert failures(schemas, token, news) == []
    said = failures(schemas, token, news, {**group, "clusterMode": "disabled"})
    assert "one step per update" in str(said)


@pytest.mark.parametrize(
    ("token", "olds", "news", "changed"),
    [
        (GROUP, NODES, NODES, {}),
        (
            GROUP,
            NODES,
            {**NODES, "scalingConfig": {**SCALING, "maxSize": 9}},
            {"scalingConfig.maxSize": False},
        ),
        (GROUP, NODES, {**NODES, "nodeRoleArn": "arn"}, {"nodeRoleArn": True}),
        (
            GROUP,
            {"launchTemplate": {"id": "lt-1", "version": "1"}},
            {"launchTemplate": {"id": "lt-1", "version": "2"}},
            {"launchTemplate.version": False},
        ),
        (
            GROUP,
            {"launchTemplate": {"id": "lt-1", "version": "1"}},
            {"launchTemplate": {"id": "lt-2", "version": "1"}},
            {"launchTemplate.id": True},
        ),
        (GROUP, {}, {"launchTemplate": {"id": "lt-2"}}, {"launchTemplate": True}),
        (POOL, {"initialNodeCount": 1}, {"initialNodeCount": 2}, {"initialNodeCount": True}),
        (POOL, {"initialNodeCount": 1}, {"nodeCount": 2}, {"nodeCount": False}),
        (CLUSTER, {"tags": {"tier": "a"}}, {"tags": {}}, {"tags.tier": False}),
        (CLUSTER, {"name": "main"}, {"name": UNKNOWN_TEXT}, {"name": True}),
        (
            CLUSTER,
            {"vpcConfig": {"subnetIds": ["a"]}},
            {"vpcConfig": {}},
            {"vpcConfig.subnetIds": False},
        ),
    ],
)
def test_a_change_replaces_exactly_where_the_provider_says_so(
    token: str, olds: dict[str, Json], news: dict[str, Json], changed: dict[str, bool]
) -> None:
    assert {one.path: one.replaces for one in differences(token, olds, news)} == changed


def test_a_made_cluster_has_what_programs_read_of_it(schemas: Schemas) -> None:
    made = outputs(
        CLUSTER,
        schemas.of(CLUSTER)["outputs"],
        "urn:pulumi:test::aigw::aws:eks/cluster:Cluster::main",
        PLACE,
        "main",
        {"name": "main", "vpcConfig": {"subnetIds": ["subnet-a"]}},
    )
    assert made["arn"] == "arn:aws:eks:eu-west-1:111122223333:cluster/main"
    assert made["certificateAuthority"]["data"]
    assert made["identities"][0]["oidcs"][0]["issuer"].startswith("https://oidc.eks.eu-west-1.")
    assert made["vpcConfig"].keys() >= {"subnetIds", "clusterSecurityGroupId", "vpcId"}


def test_a_new_resource_has_an_id_of_its_own_and_a_named_one_its_name() -> None:
    urn = "urn:pulumi:test::aigw::aws:ec2/vpc:Vpc::network"
    assert identity(VPC, urn, PLACE, {}, "one") != identity(VPC, urn, PLACE, {}, "two")
    assert identity(CLUSTER, urn, PLACE, {"name": "main"}, "one") == "main"


def test_googles_resources_are_named_in_full_where_others_say_so() -> None:
    place, urn = Place(account="aigw-one", region="us-central1"), "urn:pulumi:t::aigw::x::keys-ring"
    network = identity("gcp:compute/network:Network", urn, place, {}, "one")
    ring = identity("gcp:kms/keyRing:KeyRing", urn, place, {"location": "europe-west1"}, "one")
    assert re.fullmatch("projects/aigw-one/global/networks/keys-ring-[0-9a-f]{7}", network)
    assert ring.startswith("projects/aigw-one/locations/europe-west1/keyRings/keys-ring-")
    account = identity(google.ACCOUNT, urn, place, {"accountId": "nodes", "project": "other"}, "")
    assert account == "projects/other/serviceAccounts/nodes@other.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("token", "properties", "kept"),
    [
        (google.DATABASE, {}, True),
        (google.DATABASE, {"deletionProtection": False}, False),
        ("gcp:filestore/instance:Instance", {}, False),
        ("gcp:filestore/instance:Instance", {"deletionProtectionEnabled": True}, True),
        ("gcp:redis/cluster:Cluster", {"deletionProtection": False}, True),
        (CLUSTER, {}, False),
        (CLUSTER, {"deletionProtection": True}, True),
    ],
)
def test_what_may_be_deleted_is_as_the_provider_has_it(
    token: str, properties: dict[str, Json], kept: bool
) -> None:
    assert google.protected(token, properties) is kept


def test_a_preview_knows_what_is_asked_of_google_and_not_what_it_answers(
    schemas: Schemas,
) -> None:
    token, asked = "gcp:redis/instance:Instance", {"name": "cache", "memorySizeGb": 5}
    seen = previewed(token, schemas.of(token)["outputs"], asked)
    assert seen["name"] == "cache"
    assert seen["host"] == UNKNOWN_TEXT
    assert seen["authString"] == {SIGNATURE: SECRET, "value": UNKNOWN_TEXT}


def test_a_password_is_as_asked_and_the_same_for_the_same_resource() -> None:
    asked: dict[str, Json] = {"length": 40, "overrideSpecial": "!-", "special": True}
    one = password("urn:a", asked)
    assert one == password("urn:a", asked) != password("urn:b", asked)
    assert len(one) == 40
    assert all(letter.isalnum() or letter in "!-" for letter in one)
    assert password("urn:a", {"length": 40, "special": False}).isalnum()
