"""What GKE alone asks of a pool: bounds over zones, GPUs by their names, images that stream."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gcp.node_pools import accelerator, first_nodes, machine_type, pool_resource_name
from sizing.catalog import instances, region_zone_ids, regions
from sizing.plans import Scale
from sizing.words import CapacityType, Cloud
from tests.components.gcp.cluster_samples import (
    NODES,
    build_pools,
    desired,
    gpu_pool,
    pool,
)
from tests.components.gcp.samples import ZONES
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return build_pools(
        pool(),
        gpu_pool(),
        pool("spot", capacity_type=CapacityType.SPOT),
        pool("r", reservation="r-1"),
    )


def made(recorder: Recorder, name: str = "general") -> dict[str, Any]:
    (found,) = [one for one in recorder.all("NodePool") if one.name == f"nodes-{name}"]
    return found.inputs


def test_bounds_are_those_of_the_whole_pool_and_none_is_a_zones(recorder: Recorder) -> None:
    scaling = made(recorder)["autoscaling"]
    assert (scaling["totalMinNodeCount"], scaling["totalMaxNodeCount"]) == (4, 12)
    assert not {"minNodeCount", "maxNodeCount"} & set(scaling)


def test_zones_are_balanced_except_for_machines_that_are_taken_where_they_are(
    recorder: Recorder,
) -> None:
    policies = {
        name: made(recorder, name)["autoscaling"]["locationPolicy"]
        for name in ("general", "spot", "r")
    }
    assert policies == {"general": "BALANCED", "spot": "ANY", "r": "ANY"}


def test_a_count_set_by_hand_is_applied_in_each_zone() -> None:
    found = build_pools(desired(pool(), 7)).one("NodePool")
    assert found.inputs["nodeCount"] == 3
    # GKE's provider takes one of both when it makes a pool, also when it replaces one
    assert "initialNodeCount" not in found.inputs
    assert found.ignore_changes == ()
    scale = Scale(minimum=4, planned=11, maximum=11)
    most = build_pools(desired(pool(scale=scale), 11)).one("NodePool")
    assert most.inputs["nodeCount"] == 3, "within the maximum"


@given(
    zones=st.integers(1, 3),
    minimum=st.integers(0, 40),
    more=st.integers(0, 40),
)
def test_a_pool_never_begins_above_its_maximum_and_reaches_its_minimum_where_zones_allow(
    zones: int, minimum: int, more: int
) -> None:
    scale = Scale(minimum=minimum, planned=minimum, maximum=minimum + more)
    begun = first_nodes(pool(zone_ids=ZONES[:zones], scale=scale)) * zones
    assert 0 <= begun <= scale.maximum
    rounded_up = -(-minimum // zones) * zones
    assert begun >= minimum or rounded_up > scale.maximum


def test_nodes_run_as_their_own_account(recorder: Recorder) -> None:
    node = made(recorder)["nodeConfig"]
    assert node["serviceAccount"] == NODES
    assert node["oauthScopes"] == ["https://www.googleapis.com/auth/cloud-platform"]


def test_nodes_boot_what_is_signed_and_have_no_address_and_no_open_port(recorder: Recorder) -> None:
    node = made(recorder)["nodeConfig"]
    assert set(node["shieldedInstanceConfig"].values()) == {True}
    assert node["kubeletConfig"] == {"insecureKubeletReadonlyPortEnabled": "FALSE"}
    assert made(recorder)["networkConfig"] == {"enablePrivateNodes": True}
    assert node["tags"] == ["aigw-prod-large-nodes"]


def test_images_stream_over_the_fast_interface(recorder: Recorder) -> None:
    node = made(recorder)["nodeConfig"]
    assert node["imageType"] == "COS_CONTAINERD", "images stream on no other system of ours"
    assert (node["gcfsConfig"], node["gvnic"]) == ({"enabled": True}, {"enabled": True})


def test_a_pool_rolls_with_one_node_more_and_one_with_gpus_with_one_less(
    recorder: Recorder,
) -> None:
    assert made(recorder)["upgradeSettings"] == {
        "strategy": "SURGE",
        "maxSurge": 1,
        "maxUnavailable": 0,
    }
    assert made(recorder, "gpu-a100")["upgradeSettings"] == {
        "strategy": "SURGE",
        "maxSurge": 0,
        "maxUnavailable": 1,
    }


def test_the_channel_upgrades_and_repairs(recorder: Recorder) -> None:
    assert made(recorder)["management"] == {"autoRepair": True, "autoUpgrade": True}
    assert "version" not in made(recorder)


def test_gpus_are_named_counted_and_get_gkes_own_driver(recorder: Recorder) -> None:
    (gpus,) = made(recorder, "gpu-a100")["nodeConfig"]["guestAccelerators"]
    assert gpus == {
        "type": "nvidia-tesla-a100",
        "count": 1,
        "gpuDriverInstallationConfig": {"gpuDriverVersion": "DEFAULT"},
    }
    assert "guestAccelerators" not in made(recorder)["nodeConfig"]


def test_every_gpu_of_the_catalogue_has_the_name_that_compute_engine_gives_it() -> None:
    names = {
        "a2-highgpu-1g": "nvidia-tesla-a100",
        "a2-ultragpu-8g": "nvidia-a100-80gb",
        "a3-highgpu-8g": "nvidia-h100-80gb",
        "g2-standard-48": "nvidia-l4",
        "n1-standard-4+t4": "nvidia-tesla-t4",
    }
    assert {one: accelerator(gpu_pool(machine=one)) for one in names} == names
    for machine in (one.name for one in instances(Cloud.GCP) if one.gpus):
        assert accelerator(gpu_pool(machine=machine)).startswith("nvidia-")
        assert "+" not in machine_type(gpu_pool(machine=machine))
    with pytest.raises(ValueError, match="a9-highgpu"):
        accelerator(gpu_pool(machine="a9-highgpu-1g"))


def test_nodes_pull_from_the_named_repositories_and_no_others(recorder: Recorder) -> None:
    granted = recorder.one("RepositoryIamMember")
    assert granted.inputs["repository"] == "aigw-mirror"
    assert granted.inputs["role"] == "roles/artifactregistry.reader"
    assert granted.inputs["member"] == f"serviceAccount:{NODES}"
    for one in recorder.all("NodePool"):
        assert granted.urn in one.depends_on, "the first pod of a node pulls at once"


def test_names_of_pools_fit_in_every_region_or_are_refused_here() -> None:
    for region in regions(Cloud.GCP):
        for zone in region_zone_ids(Cloud.GCP, region):
            assert pool_resource_name("nodes", f"data-{zone}")
    with pytest.raises(ValueError, match="no room"):
        pool_resource_name("nodes", "data-northamerica-northeast1-a")
