"""Each pool becomes one managed group: encrypted, unreachable by pods, rolled as planned."""

from __future__ import annotations

import base64
import email
import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi_aws import iam

from components.aws.identity import IamSettings, service_trust
from components.aws.node_pools import NodePools, NodePoolsArgs, autoscaler_tags, node_labels
from components.aws.user_data import node_config
from sizing.plans import NodePoolPlan, TaintPlan
from sizing.words import CapacityType
from tests.components.aws.samples import ZONES, pool
from tests.components.support import REGION, TAGS, Recorder, record, untagged

NODES_KEY = "arn:aws:kms:us-east-1:123456789012:key/nodes"
GPU_TAINT = TaintPlan(key="nvidia.com/gpu", value="true", effect="NO_SCHEDULE")


def gpu_pool(*, minimum: int = 1) -> NodePoolPlan:
    return pool(
        "gpu-a10g",
        instance_types=("g5.4xlarge",),
        zone_ids=ZONES[:1],
        minimum=minimum,
        gpus=1,
        ami_type="AL2023_x86_64_NVIDIA",
        taints=(GPU_TAINT,),
    )


def build(*plans: NodePoolPlan) -> Recorder:
    def program() -> None:
        trust = service_trust("ec2.amazonaws.com")
        args = NodePoolsArgs(
            plans=plans,
            cluster_name="aigw-prod-large",
            cluster_security_group_id="sg-cluster",
            kubernetes_version="1.35",
            region=REGION,
            subnet_ids={zone: f"subnet-{zone}" for zone in ZONES},
            ebs_key_arn=NODES_KEY,
            ready=[iam.Role("stand-in-for-add-ons", assume_role_policy=trust)],
            iam=IamSettings(),
            tags=TAGS,
        )
        NodePools("nodes", args)

    return record(program)


def template(plan: NodePoolPlan) -> dict[str, Any]:
    return build(plan).one("LaunchTemplate").inputs


def group(plan: NodePoolPlan) -> dict[str, Any]:
    return build(plan).one("NodeGroup").inputs


def test_an_on_demand_type_stands_in_the_template_where_its_change_rolls() -> None:
    recorder = build(pool())
    assert recorder.one("LaunchTemplate").inputs["instanceType"] == "m5.2xlarge"
    assert "instanceTypes" not in recorder.one("NodeGroup").inputs


def test_spot_types_stand_on_the_group_as_alternatives() -> None:
    types = ("m5.2xlarge", "m5a.2xlarge")
    recorder = build(pool(instance_types=types, capacity_type=CapacityType.SPOT))
    made = recorder.one("NodeGroup").inputs
    assert (made["capacityType"], made["instanceTypes"]) == ("SPOT", list(types))
    assert "instanceType" not in recorder.one("LaunchTemplate").inputs


def test_groups_are_auto_named_so_that_the_new_one_comes_before_the_old_one_goes() -> None:
    recorder = build(pool())
    assert "nodeGroupName" not in recorder.one("NodeGroup").inputs
    assert not recorder.one("NodeGroup").delete_before_replace


def test_a_new_template_version_reaches_the_group() -> None:
    assert group(pool())["launchTemplate"] == {"id": "nodes-general-id", "version": "1"}


def test_roots_are_encrypted_with_the_nodes_key_and_as_large_and_fast_as_planned() -> None:
    plan = pool()
    (disk,) = template(plan)["blockDeviceMappings"]
    assert disk == {
        "deviceName": "/dev/xvda",
        "ebs": {
            "volumeType": "gp3",
            "volumeSize": plan.root_disk_gib,
            "iops": plan.root_disk_iops,
            "throughput": plan.root_disk_throughput,
            "encrypted": "true",
            "kmsKeyId": NODES_KEY,
            "deleteOnTermination": "true",
        },
    }


def test_pods_cannot_reach_the_nodes_credentials() -> None:
    options = template(pool())["metadataOptions"]
    assert (options["httpTokens"], options["httpPutResponseHopLimit"]) == ("required", 1)


def test_nodes_stay_in_the_clusters_own_security_group() -> None:
    assert template(pool())["vpcSecurityGroupIds"] == ["sg-cluster"]


def test_what_a_group_launches_carries_the_tags() -> None:
    recorder = build(pool())
    specifications = recorder.one("LaunchTemplate").inputs["tagSpecifications"]
    assert {one["resourceType"] for one in specifications} == {
        "instance",
        "volume",
        "network-interface",
    }
    for one in specifications:
        assert {**TAGS, "component": "node-pools"}.items() <= one["tags"].items()
    assert not untagged(recorder, "aigw:aws:NodePools", {**TAGS, "component": "node-pools"})


def test_the_kubelet_accepts_the_planned_pods() -> None:
    message = email.message_from_bytes(base64.b64decode(template(pool())["userData"]))
    assert message.is_multipart()
    part = list(message.walk())[1]
    assert part.get_content_type() == "application/node.eks.aws"
    config = json.loads(str(part.get_payload()))
    assert config["spec"]["kubelet"]["config"]["maxPods"] == pool().max_pods
    assert (config["apiVersion"], config["kind"]) == ("node.eks.aws/v1alpha1", "NodeConfig")


def test_the_same_plan_writes_the_same_user_data() -> None:
    assert node_config(110) == node_config(110) != node_config(250)


def test_the_autoscaler_owns_the_count_after_creation() -> None:
    made = build(pool()).one("NodeGroup")
    assert made.inputs["scalingConfig"] == {"minSize": 3, "maxSize": 12, "desiredSize": 5}
    assert made.ignore_changes == ("scalingConfig.desiredSize",)


def test_a_count_set_by_hand_is_applied() -> None:
    made = build(pool(desired=7)).one("NodeGroup")
    assert made.inputs["scalingConfig"]["desiredSize"] == 7
    assert made.ignore_changes == ()


def test_a_gpu_pool_rolls_old_nodes_first_on_its_own_image_behind_its_taint() -> None:
    made = group(gpu_pool())
    assert made["updateConfig"] == {"maxUnavailable": 1, "updateStrategy": "MINIMAL"}
    assert made["amiType"] == "AL2023_x86_64_NVIDIA"
    assert made["taints"] == [{"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}]


def test_a_pool_stands_in_its_own_zones() -> None:
    assert group(gpu_pool())["subnetIds"] == [f"subnet-{ZONES[0]}"]
    assert group(pool())["subnetIds"] == [f"subnet-{zone}" for zone in ZONES]


def test_release_version_and_labels_are_pinned_by_the_plan() -> None:
    made = group(pool())
    assert (made["version"], made["releaseVersion"]) == ("1.35", "1.35.0-20261101")
    assert made["labels"] == {"aigw/role": "general"}


def test_a_reservation_is_targeted_and_its_absence_leaves_nothing() -> None:
    reserved = template(pool(reservation="cr-0123456789abcdef0"))
    assert reserved["capacityReservationSpecification"] == {
        "capacityReservationTarget": {"capacityReservationId": "cr-0123456789abcdef0"}
    }
    assert "capacityReservationSpecification" not in template(pool())


def test_nodes_can_join_pull_and_network_and_do_nothing_else() -> None:
    recorder = build(pool())
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
    recorder = build(pool())
    waits = set(recorder.one("NodeGroup").depends_on)
    assert recorder.one("Role", "stand-in").urn in waits
    assert {a.urn for a in recorder.all("RolePolicyAttachment")} <= waits


def test_a_pool_that_can_be_empty_tells_the_autoscaler_what_its_nodes_would_be() -> None:
    prefix = "k8s.io/cluster-autoscaler/node-template"
    assert autoscaler_tags(gpu_pool(minimum=0)) == {
        f"{prefix}/label/aigw/role": "gpu",
        f"{prefix}/label/k8s.amazonaws.com/accelerator": "a10g",
        f"{prefix}/taint/nvidia.com/gpu": "true:NoSchedule",
        f"{prefix}/resources/nvidia.com/gpu": "1",
    }
    made = build(gpu_pool(minimum=0)).all("aws:autoscaling/tag:Tag")
    assert {t.inputs["tag"]["key"] for t in made} == set(autoscaler_tags(gpu_pool(minimum=0)))
    assert {t.inputs["autoscalingGroupName"] for t in made} == {"nodes-gpu-a10g-asg"}


def test_a_pool_that_always_has_nodes_needs_no_description() -> None:
    assert autoscaler_tags(gpu_pool()) == {}


def test_several_pools_share_one_role_and_have_a_group_each() -> None:
    recorder = build(pool(), gpu_pool())
    assert {g.name for g in recorder.all("NodeGroup")} == {"nodes-general", "nodes-gpu-a10g"}
    assert {g.inputs["nodeRoleArn"] for g in recorder.all("NodeGroup")} == {
        "arn:aws:iam:us-east-1:123456789012:nodes-role"
    }


def test_an_image_family_with_other_user_data_is_refused() -> None:
    with pytest.raises(ValueError, match="BOTTLEROCKET"):
        build(pool(ami_type="BOTTLEROCKET_x86_64"))


def test_the_autoscaler_knows_a_node_with_gpus_by_its_own_label() -> None:
    key = "k8s.amazonaws.com/accelerator"
    bought = replace(gpu_pool(), gpu_model="NVIDIA H100")
    assert node_labels(bought)[key] == "nvidia-h100"
    assert key not in node_labels(pool())
