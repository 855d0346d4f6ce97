"""Each pool is as planned: its disks, its places, its count, its taints, and how it rolls."""

from __future__ import annotations

import base64
import email
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sizing.plans import NodePoolPlan
from sizing.words import Cloud
from tests.components.aws import make_ground as aws
from tests.components.aws import samples as aws_samples
from tests.components.clouds.words import at
from tests.components.gcp import cluster_samples as gcp
from tests.components.gcp import samples as gcp_samples
from tests.components.support import Recorder


def kubelet_of_eks(recorder: Recorder) -> object:
    """Return how many pods a node of AWS takes: its user data says it."""
    text = base64.b64decode(recorder.one("LaunchTemplate").inputs["userData"])
    part = list(email.message_from_bytes(text).walk())[1]
    assert part.get_content_type() == "application/node.eks.aws"
    return at(json.loads(str(part.get_payload())), "spec.kubelet.config.maxPods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes pools, and what stands where in them.

    `template` and `group` are the types that say what a node is, and how many there are; `in_*` is
    what one of them holds. `count` is what 7 nodes by hand come to.
    """

    build: Callable[..., Recorder]
    pool: Callable[..., NodePoolPlan]
    gpu_pool: Callable[[], NodePoolPlan]
    template: str
    group: str
    reserved: tuple[str, str]
    places: tuple[str, Mapping[int, list[str]]]
    names: tuple[str, ...]
    disk: tuple[str, Mapping[str, object]]
    guards: Mapping[str, object]
    pods: Callable[[Recorder], object]
    labels: tuple[str, Mapping[str, str]]
    taints: str
    rolls: tuple[str, Mapping[str, object]]
    begins: tuple[str, int]
    by_hand: tuple[str, int]


SIDES = {
    Cloud.AWS: Side(
        build=aws.pools,
        pool=aws_samples.pool,
        gpu_pool=aws.gpu_pool,
        template="LaunchTemplate",
        group="NodeGroup",
        reserved=(
            "capacityReservationSpecification.capacityReservationTarget.capacityReservationId",
            "cr-0123456789abcdef0",
        ),
        places=(
            "subnetIds",
            {
                1: [f"subnet-{aws_samples.ZONES[0]}"],
                3: [f"subnet-{zone}" for zone in aws_samples.ZONES],
            },
        ),
        names=("nodeGroupName",),
        disk=(
            "blockDeviceMappings.0.ebs",
            {
                "volumeType": "gp3",
                "volumeSize": 100,
                "iops": 3000,
                "throughput": 125,
                "encrypted": "true",
                "kmsKeyId": aws.NODES_KEY,
                "deleteOnTermination": "true",
            },
        ),
        guards={
            "metadataOptions.httpTokens": "required",
            "metadataOptions.httpPutResponseHopLimit": 1,
        },
        pods=kubelet_of_eks,
        labels=("labels", {"aigw/role": "general"}),
        taints="taints",
        rolls=("updateConfig", {"maxUnavailable": 1, "updateStrategy": "MINIMAL"}),
        begins=("scalingConfig.desiredSize", 5),
        by_hand=("scalingConfig.desiredSize", 7),
    ),
    Cloud.GCP: Side(
        build=gcp.build_pools,
        pool=gcp.pool,
        gpu_pool=gcp.gpu_pool,
        template="NodePool",
        group="NodePool",
        reserved=("nodeConfig.reservationAffinity.values.0", "r-1"),
        places=(
            "nodeLocations",
            {1: [gcp_samples.ZONES[0]], 3: list(gcp_samples.ZONES)},
        ),
        names=("name", "namePrefix"),
        disk=(
            "nodeConfig",
            {"diskType": "pd-balanced", "diskSizeGb": 100, "bootDiskKmsKey": gcp.NODES_KEY},
        ),
        guards={
            "nodeConfig.workloadMetadataConfig.mode": "GKE_METADATA",
            "nodeConfig.metadata.disable-legacy-endpoints": "true",
        },
        pods=lambda recorder: recorder.one("NodePool").inputs["maxPodsPerNode"],
        labels=("nodeConfig.labels", {"aigw.io/role": "general"}),
        taints="nodeConfig.taints",
        rolls=("upgradeSettings", {"strategy": "SURGE", "maxSurge": 0, "maxUnavailable": 1}),
        begins=("initialNodeCount", 2),
        by_hand=("nodeCount", 3),
    ),
}


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def plain(side: Side) -> Recorder:
    return side.build(side.pool())


@pytest.fixture(scope="module")
def with_gpus(side: Side) -> Recorder:
    return side.build(side.gpu_pool())


def found(recorder: Recorder, kind: str, path: str) -> Any:  # noqa: ANN401  (whatever stands there)
    return at(recorder.one(kind).inputs, path)


def test_disks_are_as_large_and_fast_as_planned_and_encrypted(side: Side, plain: Recorder) -> None:
    path, disk = side.disk
    assert disk.items() <= found(plain, side.template, path).items()


def test_pods_cannot_reach_the_nodes_credentials(side: Side, plain: Recorder) -> None:
    assert {path: found(plain, side.template, path) for path in side.guards} == side.guards


def test_a_node_takes_the_planned_pods(side: Side, plain: Recorder) -> None:
    assert side.pods(plain) == side.pool().max_pods


def test_a_node_carries_the_plans_labels(side: Side, plain: Recorder) -> None:
    path, labels = side.labels
    assert found(plain, side.group, path) == labels


def test_a_pool_stands_in_its_own_zones(side: Side, plain: Recorder, with_gpus: Recorder) -> None:
    path, places = side.places
    assert found(plain, side.group, path) == places[3]
    assert found(with_gpus, side.group, path) == places[1]


def test_gpus_keep_other_pods_off_and_nodes_with_them_roll_without_one_more(
    side: Side, plain: Recorder, with_gpus: Recorder
) -> None:
    (taint,) = side.gpu_pool().taints
    assert found(with_gpus, side.group, side.taints) == [
        {"key": "nvidia.com/gpu", "value": taint.value, "effect": "NO_SCHEDULE"}
    ]
    assert not found(plain, side.group, side.taints)
    path, rolls = side.rolls
    assert found(with_gpus, side.group, path) == rolls
    assert found(plain, side.group, path) != rolls


def test_the_autoscaler_owns_the_count_after_creation(side: Side, plain: Recorder) -> None:
    path, count = side.begins
    assert found(plain, side.group, path) == count
    assert plain.one(side.group).ignore_changes == (path,)


def test_a_count_set_by_hand_is_applied(side: Side) -> None:
    path, count = side.by_hand
    recorder = side.build(replace(side.pool(), desired=7))
    assert found(recorder, side.group, path) == count
    assert recorder.one(side.group).ignore_changes == ()


def test_a_reservation_is_the_one_that_is_named(side: Side, plain: Recorder) -> None:
    path, name = side.reserved
    recorder = side.build(side.pool(reservation=name))
    assert found(recorder, side.template, path) == name
    assert found(plain, side.template, path.partition(".values")[0]) is None
    assert found(plain, side.template, path) is None


def test_pools_are_auto_named_so_that_the_new_one_comes_before_the_old_one_goes(
    side: Side, plain: Recorder
) -> None:
    made = plain.one(side.group)
    assert not {*side.names} & made.inputs.keys()
    assert not made.delete_before_replace


def test_each_pool_is_one_of_its_own(side: Side) -> None:
    recorder = side.build(side.pool(), side.gpu_pool())
    assert {one.name for one in recorder.all(side.group)} == {
        f"nodes-{side.pool().name}",
        f"nodes-{side.gpu_pool().name}",
    }
