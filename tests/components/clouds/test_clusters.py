"""The nodes of every plan stand where they should, and wait for what they cannot do without."""

from __future__ import annotations

import pytest

from sizing.words import Cloud, Environment, Tier
from tests.components.clouds import invariants
from tests.components.clouds.made import Made, build
from tests.components.clouds.words import ENCRYPTED, KEYS, at, key_id
from tests.components.support import Registered
from tests.sizing.gcp import requests as gcp

POOLS = ("aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool")
WAY_OUT = ("aws:ec2/natGateway:NatGateway", "gcp:compute/routerNat:RouterNat")
CLUSTERS = ("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster")


DOORS = ("aws:ec2/subnet:Subnet", "gcp:servicenetworking/connection:Connection")
"""What a store stands in: subnets of AWS, Google's own network beside ours."""
STORES = (
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:efs/mountTarget:MountTarget",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:redis/instance:Instance",
    "gcp:filestore/instance:Instance",
)


def of_types(stack: Made, types: tuple[str, ...]) -> list[Registered]:
    return [one for one in stack.recorder.resources if one.type in types]


def places(pool: Registered) -> list[str]:
    """Return where a pool's nodes can stand: subnets of AWS, zones of Google Cloud."""
    found = pool.inputs.get("subnetIds") or pool.inputs.get("nodeLocations")
    assert isinstance(found, list)
    return found


def test_every_pool_stands_in_the_cluster_s_network_and_in_its_own_zones(stack: Made) -> None:
    (cluster,) = of_types(stack, CLUSTERS)
    paths = ("vpcConfig.subnetIds", "nodeLocations")
    whole = next(found for path in paths if (found := at(cluster.inputs, path)))
    pools = {one.name.removeprefix("nodes-"): one for one in of_types(stack, POOLS)}
    assert pools.keys() == {one.name for one in stack.of.node_pools}
    for plan in stack.of.node_pools:
        stands = places(pools[plan.name])
        assert set(stands) <= set(whole)
        assert len(stands) == len(plan.zone_ids)
        assert all(any(zone in place for place in stands) for zone in plan.zone_ids)


def test_some_pool_takes_any_pod(stack: Made) -> None:
    # the cloud's own parts that tolerate nothing must stand somewhere
    marks = ("taints", "nodeConfig.taints")
    pools = of_types(stack, POOLS)
    assert [one for one in pools if not any(at(one.inputs, path) for path in marks)]


def test_nodes_wait_for_the_way_out_and_for_their_cluster(stack: Made) -> None:
    needed = {one.urn for one in of_types(stack, (*WAY_OUT, *CLUSTERS))}
    assert len(needed) >= 2
    for pool in of_types(stack, POOLS):
        assert needed <= stack.recorder.before(pool)


def test_what_uses_a_key_waits_until_it_may(stack: Made) -> None:
    # a key of AWS says itself who may; one of Google Cloud is opened by grants beside it
    grants = stack.recorder.all("CryptoKeyIAMMember")
    assert bool(grants) is (stack.cloud is Cloud.GCP)
    opened: dict[str, set[str]] = {}
    for key in of_types(stack, KEYS):
        mine = [one.urn for one in grants if one.inputs["cryptoKeyId"] == key_id(key)]
        opened[key_id(key)] = {key.urn, *mine}
    users = [
        (one, found)
        for one in stack.recorder.resources
        for path in ENCRYPTED.get(one.type, ())
        if (found := at(one.inputs, path)) is not None
    ]
    assert len(users) > 10
    for one, key_named in users:
        assert opened[key_named] <= stack.recorder.before(one), one.name


def test_stores_wait_for_the_network_that_they_stand_in(stack: Made) -> None:
    doors = {one.urn for one in of_types(stack, DOORS)}
    assert doors
    stores = of_types(stack, STORES)
    assert len(stores) >= 5
    for one in stores:
        assert doors & stack.recorder.before(one), one.name


@pytest.mark.one_cloud("gcp", "the samples of AWS are of one region")
@pytest.mark.parametrize("region", gcp.REGIONS[1:])
def test_nothing_is_refused_in_another_region(region: str) -> None:
    stack = build(gcp.planned(Tier.LARGE, Environment.PROD, region))
    assert list(invariants.refused(stack.recorder.resources)) == []
    assert list(invariants.open_to_the_world(stack.twin("cluster"))) == []
