"""What EKS alone asks of a pool: a template, an image, and words for an autoscaler."""

from __future__ import annotations

import base64
import email
import json
from dataclasses import replace
from typing import Any

import pytest

from components.aws.node_pools import autoscaler_tags, node_labels
from components.aws.user_data import node_config
from sizing.plans import NodePoolPlan
from sizing.words import CapacityType
from tests.components.aws.make_ground import gpu_pool, pools
from tests.components.aws.samples import pool
from tests.components.support import TAGS, untagged


def template(plan: NodePoolPlan) -> dict[str, Any]:
    return pools(plan).one("LaunchTemplate").inputs


def group(plan: NodePoolPlan) -> dict[str, Any]:
    return pools(plan).one("NodeGroup").inputs


def test_an_on_demand_type_stands_in_the_template_where_its_change_rolls() -> None:
    recorder = pools(pool())
    assert recorder.one("LaunchTemplate").inputs["instanceType"] == "m5.2xlarge"
    assert "instanceTypes" not in recorder.one("NodeGroup").inputs


def test_spot_types_stand_on_the_group_as_alternatives() -> None:
    types = ("m5.2xlarge", "m5a.2xlarge")
    recorder = pools(pool(instance_types=types, capacity_type=CapacityType.SPOT))
    made = recorder.one("NodeGroup").inputs
    assert (made["capacityType"], made["instanceTypes"]) == ("SPOT", list(types))
    assert "instanceType" not in recorder.one("LaunchTemplate").inputs


def test_a_new_template_version_reaches_the_group() -> None:
    assert group(pool())["launchTemplate"] == {"id": "nodes-general-id", "version": "1"}


def test_nodes_stay_in_the_clusters_own_security_group() -> None:
    assert template(pool())["vpcSecurityGroupIds"] == ["sg-cluster"]


def test_what_a_group_launches_carries_the_tags() -> None:
    recorder = pools(pool())
    specifications = recorder.one("LaunchTemplate").inputs["tagSpecifications"]
    assert {one["resourceType"] for one in specifications} == {
        "instance",
        "volume",
        "network-interface",
    }
    for one in specifications:
        assert {**TAGS, "component": "node-pools"}.items() <= one["tags"].items()
    assert not untagged(recorder, "aigw:aws:NodePools", {**TAGS, "component": "node-pools"})


def test_the_same_plan_writes_the_same_user_data() -> None:
    message = email.message_from_bytes(base64.b64decode(template(pool())["userData"]))
    assert message.is_multipart()
    config = json.loads(str(list(message.walk())[1].get_payload()))
    assert (config["apiVersion"], config["kind"]) == ("node.eks.aws/v1alpha1", "NodeConfig")
    assert node_config(110) == node_config(110) != node_config(250)


def test_image_and_release_version_are_pinned_by_the_plan() -> None:
    made = group(pool())
    assert group(gpu_pool())["amiType"] == "AL2023_x86_64_NVIDIA"
    assert (made["version"], made["releaseVersion"]) == ("1.35", "1.35.0-20261101")


def test_nodes_can_join_pull_and_network_and_do_nothing_else() -> None:
    recorder = pools(pool())
    attached = {
        a.inputs["policyArn"].rsplit("/", 1)[-1] for a in recorder.all("RolePolicyAttachment")
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKS_CNI_Policy",
    }
    assert not recorder.all("RolePolicy")


def test_groups_wait_for_their_rights_and_for_what_nodes_need_to_join() -> None:
    recorder = pools(pool())
    waits = set(recorder.one("NodeGroup").depends_on)
    assert recorder.one("Role", "stand-in").urn in waits
    assert {a.urn for a in recorder.all("RolePolicyAttachment")} <= waits
    several = pools(pool(), gpu_pool()).all("NodeGroup")
    assert {g.inputs["nodeRoleArn"] for g in several} == {
        "arn:aws:iam:us-east-1:123456789012:nodes-role"
    }


def test_a_pool_that_can_be_empty_tells_the_autoscaler_what_its_nodes_would_be() -> None:
    prefix = "k8s.io/cluster-autoscaler/node-template"
    assert autoscaler_tags(gpu_pool(minimum=0)) == {
        f"{prefix}/label/aigw/role": "gpu",
        f"{prefix}/label/k8s.amazonaws.com/accelerator": "a10g",
        f"{prefix}/taint/nvidia.com/gpu": "true:NoSchedule",
        f"{prefix}/resources/nvidia.com/gpu": "1",
    }
    made = pools(gpu_pool(minimum=0)).all("aws:autoscaling/tag:Tag")
    assert {t.inputs["tag"]["key"] for t in made} == set(autoscaler_tags(gpu_pool(minimum=0)))
    assert {t.inputs["autoscalingGroupName"] for t in made} == {"nodes-gpu-a10g-asg"}
    assert autoscaler_tags(gpu_pool()) == {}, "a pool that always has nodes needs no description"


def test_an_image_family_with_other_user_data_is_refused() -> None:
    with pytest.raises(ValueError, match="BOTTLEROCKET"):
        pools(pool(ami_type="BOTTLEROCKET_x86_64"))


def test_the_autoscaler_knows_a_node_with_gpus_by_its_own_label() -> None:
    key = "k8s.amazonaws.com/accelerator"
    bought = replace(gpu_pool(), gpu_model="NVIDIA H100")
    assert node_labels(bought)[key] == "nvidia-h100"
    assert key not in node_labels(pool())
