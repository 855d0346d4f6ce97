"""Each invariant can fail: a stack that breaks it on purpose is caught, on either cloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.words import Cloud
from tests.components.clouds import invariants
from tests.components.clouds.breaking import GONE, PROD, altered, broken, some
from tests.components.clouds.common import PROVIDER_KEY
from tests.components.clouds.made import made
from tests.components.clouds.words import ENCRYPTED

OPEN: list[tuple[Cloud, str, str, object]] = [
    (Cloud.AWS, "aws:rds/cluster:Cluster", "publiclyAccessible", True),
    (Cloud.AWS, "Subnet", "mapPublicIpOnLaunch", True),
    (Cloud.AWS, "aws:eks/cluster:Cluster", "vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]),
    (Cloud.AWS, "aws:eks/cluster:Cluster", "vpcConfig.publicAccessCidrs", GONE),
    (Cloud.AWS, "DefaultSecurityGroup", "ingress", [{"protocol": "-1"}]),
    (Cloud.AWS, "SecurityGroupIngressRule", "cidrIpv4", "0.0.0.0/0"),
    (Cloud.AWS, "SecurityGroupIngressRule", "cidrIpv6", "::/0"),
    (Cloud.AWS, "Bucket", "bucketPrefix", "left-without-its-block"),
    (Cloud.GCP, "DatabaseInstance", "settings.ipConfiguration.ipv4Enabled", True),
    (Cloud.GCP, "gcp:redis/instance:Instance", "connectMode", "DIRECT_PEERING"),
    (Cloud.GCP, "gcp:filestore/instance:Instance", "networks.0.connectMode", "DIRECT_PEERING"),
    (Cloud.GCP, "gcp:storage/bucket:Bucket", "publicAccessPrevention", "inherited"),
    (Cloud.GCP, "gcp:storage/bucket:Bucket", "uniformBucketLevelAccess", False),
    (Cloud.GCP, "BucketIAMMember", "member", "allUsers"),
    (Cloud.GCP, "NodePool", "networkConfig.enablePrivateNodes", False),
    (Cloud.GCP, "gcp:container/cluster:Cluster", "masterAuthorizedNetworksConfig", GONE),
    (
        Cloud.GCP,
        "gcp:container/cluster:Cluster",
        "masterAuthorizedNetworksConfig.cidrBlocks",
        [{"cidrBlock": "0.0.0.0/0"}],
    ),
    (Cloud.GCP, "ForwardingRule", "loadBalancingScheme", "EXTERNAL_MANAGED"),
]


def test_every_open_door_is_seen(cloud: Cloud) -> None:
    doors = [(kind, path, value) for of, kind, path, value in OPEN if of is cloud]
    assert len(doors) > 7
    for kind, path, value in doors:
        one = broken(cloud, kind, path, value)
        assert list(invariants.open_to_the_world([one])), (kind, path, value)


def test_a_firewall_rule_that_names_nobody_lets_everybody_in() -> None:
    rule = replace(
        some(made(*PROD[Cloud.GCP]), "gcp:compute/firewall:Firewall"),
        inputs={"direction": "INGRESS", "allows": [{"protocol": "tcp", "ports": ["5432"]}]},
    )
    assert list(invariants.open_to_the_world([rule]))
    assert list(invariants.open_to_the_world([rule], way_in=True))
    inside = altered(rule, "sourceRanges", ["10.0.0.0/8"])
    assert list(invariants.open_to_the_world([inside])) == []


def test_a_way_in_is_open_at_its_own_ports_alone(cloud: Cloud) -> None:
    ingress = made(*PROD[cloud]).twin("ingress")
    assert list(invariants.open_to_the_world(ingress))
    assert list(invariants.open_to_the_world(ingress, way_in=True)) == []


def paths() -> list[tuple[Cloud, str, str]]:
    """Return each place where a key stands, of the types that the large stacks have."""
    found = []
    for cloud in Cloud:
        kinds = {one.type for one in made(*PROD[cloud]).recorder.resources}
        found += [(cloud, kind, path) for kind in sorted(kinds) for path in ENCRYPTED.get(kind, ())]
    return found


@pytest.mark.parametrize("value", [GONE, "another's-key"], ids=["none", "another"])
def test_a_store_without_a_key_of_the_plan_is_seen(cloud: Cloud, value: object) -> None:
    keys = made(*PROD[cloud]).twin("keys")
    mine = [(kind, path) for of, kind, path in paths() if of is cloud]
    assert len(mine) > 8
    for kind, path in mine:
        one = broken(cloud, kind, path, value)
        assert list(invariants.unencrypted([one], keys)), (kind, path)


def test_volumes_without_a_key_and_keys_that_are_not_the_plan_s_are_seen(cloud: Cloud) -> None:
    stack = made(*PROD[cloud])
    volumes = altered(some(stack, "StorageClass"), "parameters", {})
    assert list(invariants.unencrypted([volumes], stack.twin("keys")))
    assert list(invariants.unencrypted(stack.twin("postgres"), []))


def test_a_bucket_and_a_road_without_encryption_are_seen() -> None:
    stack = made(*PROD[Cloud.AWS])
    kind = "BucketServerSideEncryptionConfiguration"
    bare = altered(some(stack, kind), "rules", [])
    clear = altered(some(stack, "ReplicationGroup"), "transitEncryptionEnabled", False)
    for one in (bare, clear):
        assert list(invariants.unencrypted([one], stack.twin("keys")))


def test_a_new_type_that_could_have_a_key_must_be_looked_at() -> None:
    queue = replace(some(made(*PROD[Cloud.AWS]), "Bucket"), type="aws:sqs/queue:Queue")
    (said,) = invariants.unencrypted([queue], [])
    assert "could have a key" in said


def test_what_could_be_deleted_and_what_is_kept_in_vain_are_seen(cloud: Cloud) -> None:
    stack = made(*PROD[cloud])
    flag, path = {
        Cloud.AWS: ("aws:rds/cluster:Cluster", "deletionProtection"),
        Cloud.GCP: ("DatabaseInstance", "settings.deletionProtectionEnabled"),
    }[cloud]
    server = some(stack, flag)
    for one in (
        replace(server, protect=False),
        altered(server, path, False),
        altered(some(stack, "Bucket"), "forceDestroy", True),
        altered(server, "skipFinalSnapshot", True),
    ):
        assert list(invariants.wrongly_protected([one], protect=True))
    assert list(invariants.wrongly_protected([server], protect=False))


@pytest.mark.parametrize("lacking", ["environment", "component", "cost-centre"])
def test_a_label_that_lacks_is_seen(cloud: Cloud, lacking: str) -> None:
    stack = made(*PROD[cloud])
    word = "tags" if cloud is Cloud.AWS else "labels"
    one = altered(some(stack, "Secret", "secrets-"), f"{word}.{lacking}", GONE)
    assert list(invariants.unlabelled([one], stack.tags, "secrets"))
    assert list(invariants.unlabelled([altered(one, word, GONE)], stack.tags, "secrets"))


def test_a_secret_in_clear_is_seen(cloud: Cloud) -> None:
    one = some(made(*PROD[cloud]), "SecretVersion", "secrets-")
    assert one.secrets
    assert list(invariants.in_clear([replace(one, secrets=())]))
    told = altered(one, "description", f"it is {PROVIDER_KEY}")
    assert list(invariants.in_clear([told]))


def test_what_the_cloud_refuses_is_seen(cloud: Cloud) -> None:
    kind, path, value = {
        Cloud.AWS: ("aws:kms/key:Key", "rotationPeriodInDays", 5),
        Cloud.GCP: ("CryptoKey", "rotationPeriod", "1s"),
    }[cloud]
    assert list(invariants.refused([broken(cloud, kind, path, value)]))


def test_what_belongs_to_nobody_is_seen(cloud: Cloud) -> None:
    resources = made(*PROD[cloud]).recorder.resources
    stray = replace(some(made(*PROD[cloud]), "Bucket"), parent="urn:pulumi:x::y::pulumi:Stack::z")
    assert list(invariants.orphans([stray], resources)) == [stray.name]


@pytest.mark.parametrize("name", ["postgres-large", "cache-prod-group", "db-4xlarge"])
def test_a_name_that_says_a_size_or_comes_twice_is_seen(cloud: Cloud, name: str) -> None:
    one = some(made(*PROD[cloud]), "Bucket")
    assert list(invariants.unstable_names([replace(one, name=name)]))
    assert list(invariants.unstable_names([one, one]))
    assert list(invariants.unstable_names([one])) == []


def test_a_name_that_no_service_takes_is_seen(cloud: Cloud) -> None:
    path = "bucketPrefix" if cloud is Cloud.AWS else "name"
    for name in ("a" * 70, "With-Capitals", "under_scores"):
        assert list(invariants.too_long([broken(cloud, "Bucket", path, name)]))
