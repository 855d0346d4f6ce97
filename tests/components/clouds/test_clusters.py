"""The nodes of every plan stand where they should, and wait for what they cannot do without."""

from __future__ import annotations

import pytest

from sizing.words import Cloud, Environment, Tier
from tests.components.clouds import invariants
from tests.components.clouds.made import Made, build
from tests.components.clouds.words import KEYS, at
from tests.components.support import Registered
from tests.sizing.gcp import requests as gcp

POOLS = ("aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool")
WAY_OUT = ("aws:ec2/natGateway:NatGateway", "gcp:compute/routerNat:RouterNat")
CLUSTERS = ("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster")


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
    # a key of AWS says itself who may; one of Google Cloud is opened by a grant beside it
    keys = {one.urn for one in of_types(stack, KEYS) if one.name == "keys-nodes"}
    grants = stack.recorder.all("CryptoKeyIAMMember")
    opened = {one.urn for one in grants if one.inputs["cryptoKeyId"] == "keys-nodes-id"}
    assert bool(opened) is (stack.cloud is Cloud.GCP)
    for pool in of_types(stack, POOLS):
        assert keys | opened <= stack.recorder.before(pool)


@pytest.mark.one_cloud("gcp", "the samples of AWS are of one region")
@pytest.mark.parametrize("region", gcp.REGIONS[1:])
def test_nothing_is_refused_in_another_region(region: str) -> None:
    stack = build(gcp.planned(Tier.LARGE, Environment.PROD, region))
    assert list(invariants.refused(stack.recorder.resources)) == []
    assert list(invariants.open_to_the_world(stack.twin("cluster"))) == []
