"""Managed node groups, one per pool of the plan, rolled and never edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import autoscaling, ec2, eks

from components.aws.identity import Granted, IamSettings, managed_policy_arn, service_role
from components.aws.user_data import node_config
from components.base import PlatformComponent
from sizing.plans import NodePoolPlan
from sizing.plans.cluster import ASKED_OF_A_POOL
from sizing.words import CapacityType

# joining, pulling images, and the CNI's rights: at first join a node has no other credential
_NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
)
_AL2023 = "AL2023_"
_ROOT_DEVICE = "/dev/xvda"  # of every AL2023 image
_TEMPLATE_TAG = "k8s.io/cluster-autoscaler/node-template"
_GPU_RESOURCE = "nvidia.com/gpu"
# By it the autoscaler waits for the GPUs of a node that is up before they are; without it, it would
# bring another one meanwhile: GPULabel of kubernetes/autoscaler, cloudprovider/aws.
_GPU_LABEL = "k8s.amazonaws.com/accelerator"
# in Kubernetes' spelling, which the autoscaler's tags use
_EFFECTS = {
    "NO_EXECUTE": "NoExecute",
    "NO_SCHEDULE": "NoSchedule",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePoolsArgs:
    """What node groups need from cluster and network.

    Attributes:
        subnet_ids: private subnets by zone id; a pool uses those of its own zones.
        ready: what must exist before a node can join: add-ons, routes, endpoints.
    """

    plans: tuple[NodePoolPlan, ...]
    cluster_name: pulumi.Input[str]
    cluster_security_group_id: pulumi.Input[str]
    kubernetes_version: str
    region: str
    subnet_ids: Mapping[str, pulumi.Input[str]]
    ebs_key_arn: pulumi.Input[str]
    ready: Sequence[pulumi.Resource]
    iam: IamSettings
    tags: Mapping[str, str]


def node_labels(plan: NodePoolPlan) -> dict[str, str]:
    """Return the labels of a pool's nodes: the plan's, and what EKS' autoscaler knows GPUs by."""
    gpus = {_GPU_LABEL: plan.gpu_model.lower().replace(" ", "-")} if plan.gpus_per_node else {}
    return {**dict(plan.labels), **gpus}


def autoscaler_tags(plan: NodePoolPlan) -> dict[str, str]:
    """Return what the autoscaler must know of a pool that has no node to look at.

    Empty for pools that never shrink to zero.
    """
    if plan.scale.minimum > 0:
        return {}
    labels = {f"{_TEMPLATE_TAG}/label/{key}": value for key, value in node_labels(plan).items()}
    taints = {
        f"{_TEMPLATE_TAG}/taint/{one.key}": f"{one.value}:{_EFFECTS[one.effect]}"
        for one in plan.taints
    }
    gpus = {f"{_TEMPLATE_TAG}/resources/{_GPU_RESOURCE}": str(plan.gpus_per_node)}
    return {**labels, **taints, **(gpus if plan.gpus_per_node else {})}


class NodePools(PlatformComponent):
    """One node role, and a launch template and a managed group per pool.

    Image release, template and labels roll nodes in place. Instance types of spot pools, AMI
    type and subnets replace the group, the new one first: groups are auto-named for that.
    """

    groups: dict[str, eks.NodeGroup]
    """Node groups by the plan's pool names."""
    role_arn: pulumi.Output[str]
    """The role of every node."""
    role_name: pulumi.Output[str]
    """Its name, for whoever grants nodes more."""

    def __init__(
        self, name: str, args: NodePoolsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:NodePools", name, args.plans, opts, without=ASKED_OF_A_POOL)
        self._name, self._args = name, args
        nodes = service_role(
            self,
            f"{name}-role",
            service="ec2.amazonaws.com",
            iam_settings=args.iam,
            tags=args.tags,
            managed_policy_arns=[managed_policy_arn(args.region, one) for one in _NODE_POLICIES],
        )
        self.role_arn, self.role_name = nodes.arn, nodes.role.name
        self.groups = {plan.name: self._group(plan, nodes) for plan in args.plans}
        for plan in args.plans:
            self._describe_to_autoscaler(plan, self.groups[plan.name])
        self.register_outputs({"role_arn": self.role_arn, "role_name": self.role_name})

    def _tags(self, plan: NodePoolPlan) -> dict[str, str]:
        return self.tags(self._args.tags, f"{self._args.tags['stack']}-{plan.name}")

    def _template(self, plan: NodePoolPlan) -> ec2.LaunchTemplate:
        if not plan.ami_type.startswith(_AL2023):
            raise ValueError(f"pool {plan.name}: {plan.ami_type} needs other user data than AL2023")
        reserved = plan.capacity_reservation_id
        on_demand = plan.capacity_type is CapacityType.ON_DEMAND
        return ec2.LaunchTemplate(
            f"{self._name}-{plan.name}",
            description=f"nodes of pool {plan.name}",
            # in the template a change of type rolls; on the group it would replace
            instance_type=plan.instance_types[0] if on_demand else None,
            user_data=node_config(plan.max_pods),
            # names in a template replace the cluster's own group on nodes, hence itself
            vpc_security_group_ids=[self._args.cluster_security_group_id],
            block_device_mappings=[self._root_disk(plan)],
            metadata_options=ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # pods get credentials by Pod Identity; one hop keeps the node's out of reach
                http_put_response_hop_limit=1,
                instance_metadata_tags="disabled",
            ),
            capacity_reservation_specification=_reservation(reserved) if reserved else None,
            # default tags of the provider do not reach what the group launches
            tag_specifications=[
                ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=self._tags(plan))
                for kind in ("instance", "volume", "network-interface")
            ],
            update_default_version=True,
            tags=self._tags(plan),
            opts=self.child,
        )

    def _root_disk(self, plan: NodePoolPlan) -> ec2.LaunchTemplateBlockDeviceMappingArgs:
        return ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=_ROOT_DEVICE,
            ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                volume_type="gp3",
                volume_size=plan.root_disk_gib,
                iops=plan.root_disk_iops,
                throughput=plan.root_disk_throughput,
                encrypted="true",
                kms_key_id=self._args.ebs_key_arn,
                delete_on_termination="true",
            ),
        )

    def _group(self, plan: NodePoolPlan, nodes: Granted) -> eks.NodeGroup:
        args, template = self._args, self._template(plan)
        spot = plan.capacity_type is CapacityType.SPOT
        desired = plan.scale.planned if plan.desired is None else plan.desired
        return eks.NodeGroup(
            f"{self._name}-{plan.name}",
            cluster_name=args.cluster_name,
            node_role_arn=nodes.arn,
            subnet_ids=[args.subnet_ids[zone] for zone in plan.zone_ids],
            version=args.kubernetes_version,
            ami_type=plan.ami_type,
            release_version=plan.ami_release or None,
            capacity_type=plan.capacity_type.value,
            instance_types=list(plan.instance_types) if spot else None,
            launch_template=eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            scaling_config=eks.NodeGroupScalingConfigArgs(
                min_size=plan.scale.minimum, max_size=plan.scale.maximum, desired_size=desired
            ),
            update_config=eks.NodeGroupUpdateConfigArgs(
                max_unavailable=plan.max_unavailable, update_strategy=plan.rolling
            ),
            labels=node_labels(plan),
            taints=[
                eks.NodeGroupTaintArgs(key=one.key, value=one.value or None, effect=one.effect)
                for one in plan.taints
            ],
            tags=self._tags(plan),
            opts=self.child_with(
                depends_on=[*nodes.grants, *args.ready],
                # the autoscaler owns the count, except in the update that sets it by hand
                ignore_changes=None if plan.desired is not None else ["scalingConfig.desiredSize"],
                # a roll drains node after node and GPU images pull for minutes on each
                custom_timeouts=pulumi.CustomTimeouts(update="4h"),
            ),
        )

    def _describe_to_autoscaler(self, plan: NodePoolPlan, group: eks.NodeGroup) -> None:
        for key, value in autoscaler_tags(plan).items():
            role = key.removeprefix(f"{_TEMPLATE_TAG}/").replace("/", "-")
            autoscaling.Tag(
                f"{self._name}-{plan.name}-{role}",
                # a group's tags stay on the group: the autoscaler reads the scaling group's
                autoscaling_group_name=group.resources[0].autoscaling_groups[0].name,
                tag=autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=False),
                opts=self.child,
            )


def _reservation(reservation_id: str) -> ec2.LaunchTemplateCapacityReservationSpecificationArgs:
    return ec2.LaunchTemplateCapacityReservationSpecificationArgs(
        capacity_reservation_target=(
            ec2.LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgs(
                capacity_reservation_id=reservation_id
            )
        )
    )
