"""The clusters of real plans, with their networks and keys, are accepted and stand as planned."""

from __future__ import annotations

from itertools import product

import pytest

from components.gcp.gke import Gke, GkeArgs
from components.gcp.keys import Keys, KeysArgs
from components.gcp.network import Network, NetworkArgs
from components.gcp.node_pools import NodePools, NodePoolsArgs
from components.naming import gke_cluster_name, stack_tags
from sizing.plans import PlatformPlan
from sizing.rules import REPLACES, refusals
from sizing.words import CapacityType, Environment, Tier
from tests.components.gcp.samples import PROJECT, PROJECT_NUMBER
from tests.components.support import Recorder, record
from tests.sizing.gcp.requests import REGIONS, planned

PLANS = [
    *((tier, environment, REGIONS[0]) for tier, environment in product(Tier, Environment)),
    *((Tier.LARGE, Environment.PROD, region) for region in REGIONS[1:]),
]

USED_KEYS = {f"keys-{one}-id" for one in ("cluster", "logs", "nodes")}
"""Ids that the recorder gives to the keys that a cluster is made with."""


def build(of: PlatformPlan) -> Recorder:
    request = of.request
    stack = f"{request.environment}-{request.tier}-gcp"
    labels = stack_tags(
        environment=request.environment, tier=str(request.tier), cost_centre="p", stack=stack
    )
    backed_up = dict(of.backups.mechanisms)["volumes"] != "none"

    def program() -> None:
        keys = Keys(
            "keys",
            KeysArgs(
                plans=of.keys,
                project=PROJECT,
                project_number=PROJECT_NUMBER,
                region=request.region,
                labels=labels,
                protect=of.protect,
            ),
        )
        network = Network(
            "network",
            NetworkArgs(
                plan=of.network,
                service_cidr=of.cluster.service_cidr,
                project=PROJECT,
                region=request.region,
                logs_key_id=keys.ids["logs"],
                labels=labels,
                protect=of.protect,
            ),
        )
        cluster = Gke(
            "cluster",
            GkeArgs(
                plan=of.cluster,
                cluster_name=gke_cluster_name(stack),
                project=PROJECT,
                stack=stack,
                region=request.region,
                zone_ids=of.network.zone_ids,
                network=network.network_id,
                subnet=network.nodes_subnet_id,
                network_cidr=network.network_cidr,
                pod_range=network.pod_range,
                service_range=network.service_range,
                secrets_key_id=keys.ids["cluster"],
                nodes_key_id=keys.ids["nodes"],
                logs_key_id=keys.ids["logs"],
                allow_list=("203.0.113.0/24",),
                admin_principals=("group:platform@example.com",),
                volume_backups=backed_up,
                labels=labels,
                protect=of.protect,
            ),
        )
        NodePools(
            "nodes",
            NodePoolsArgs(
                plans=of.node_pools,
                cluster_name=cluster.cluster_name,
                project=PROJECT,
                region=request.region,
                service_account_email=cluster.node_account_email,
                boot_disk_key_id=keys.ids["nodes"],
                ready=[*network.egress, *cluster.ready],
                labels=labels,
            ),
        )

    return record(program)


@pytest.fixture(scope="module", params=PLANS, ids=lambda one: "-".join(one))
def built(request: pytest.FixtureRequest) -> tuple[PlatformPlan, Recorder]:
    of = planned(*request.param)
    return of, build(of)


def test_nothing_planned_is_refused(built: tuple[PlatformPlan, Recorder]) -> None:
    found = {r.name: refusals(r.type, r.inputs) for r in built[1].resources if r.custom}
    assert {name: [str(one) for one in said] for name, said in found.items() if said} == {}


def test_it_is_known_of_every_type_what_replaces_it(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    assert {one.type for one in built[1].resources if one.custom} <= REPLACES.keys()


def test_every_planned_pool_stands_in_its_zones_with_its_bounds_and_machine(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    of, recorder = built
    made = {one.name.removeprefix("nodes-"): one.inputs for one in recorder.all("NodePool")}
    assert made.keys() == {one.name for one in of.node_pools}
    zones = set(recorder.one("gcp:container/cluster:Cluster").inputs["nodeLocations"])
    for plan in of.node_pools:
        pool = made[plan.name]
        assert pool["nodeLocations"] == list(plan.zone_ids)
        assert zones >= set(plan.zone_ids)
        assert pool["autoscaling"]["totalMinNodeCount"] == plan.scale.minimum
        assert pool["autoscaling"]["totalMaxNodeCount"] == plan.scale.maximum
        assert pool["nodeConfig"]["spot"] == (plan.capacity_type is CapacityType.SPOT)
        assert pool["nodeConfig"]["machineType"] == plan.instance_types[0]


def test_some_pool_takes_any_pod(built: tuple[PlatformPlan, Recorder]) -> None:
    # GKE's own parts that tolerate nothing must stand somewhere
    assert [one.name for one in built[1].all("NodePool") if not one.inputs["nodeConfig"]["taints"]]


def test_nodes_wait_for_their_rights_their_keys_and_the_way_out(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    recorder = built[1]
    assert {one.inputs["cryptoKeyId"] for one in recorder.all("CryptoKeyIAMMember")} >= USED_KEYS
    needed = {
        recorder.one("IAMMember", "cluster-nodes-role").urn,
        recorder.one("RouterNat").urn,
        *(
            one.urn
            for one in recorder.all("CryptoKeyIAMMember")
            if one.inputs["cryptoKeyId"] in USED_KEYS
        ),
    }
    for pool in recorder.all("NodePool"):
        assert needed <= recorder.before(pool)


def test_what_holds_data_is_protected_exactly_where_the_plan_says_so(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    of, recorder = built
    cluster = recorder.one("gcp:container/cluster:Cluster")
    assert (cluster.protect, cluster.inputs["deletionProtection"]) == (of.protect, of.protect)


def test_all_nodes_are_encrypted_with_the_key_of_nodes(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    recorder = built[1]
    keys = {one.inputs["nodeConfig"]["bootDiskKmsKey"] for one in recorder.all("NodePool")}
    first = recorder.one("gcp:container/cluster:Cluster").inputs["nodeConfig"]
    assert keys == {first["bootDiskKmsKey"]}
    (key,) = keys
    assert "nodes" in key
