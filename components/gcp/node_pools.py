"""Node pools of GKE, one per pool of the plan: encrypted, without addresses, rolled as planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import pulumi
from pulumi_gcp import container

from components.base import PlatformComponent
from components.gcp import gke_settings as settings
from components.gcp.node_account import readers
from sizing.plans import NodePoolPlan
from sizing.plans.cluster import ASKED_OF_A_POOL
from sizing.words import CapacityType

# GPU -> its name at Compute Engine, by family of machines: an A100 of 40 GB and one of 80 GB are
# two. Source: the API's acceleratorTypes; a2, a3 and g2 have theirs built in.
_ACCELERATORS = {
    "a2-highgpu": "nvidia-tesla-a100",
    "a2-ultragpu": "nvidia-a100-80gb",
    "a3-highgpu": "nvidia-h100-80gb",
    "g2-standard": "nvidia-l4",
    "n1-standard": "nvidia-tesla-t4",
}
_DISK = "pd-balanced"
_RESERVATION_KEY = "compute.googleapis.com/reservation-name"
_MINIMAL = "MINIMAL"
# Characters of a pool's name (GKE API, nodePools.name), and what Pulumi adds to a logical name.
_NAME_MOST = 40
_SUFFIX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePoolsArgs:
    """What node pools need from cluster and network.

    Attributes:
        service_account_email: the account that nodes run as.
        boot_disk_key_id: key of their disks, which Compute's agent may use.
        repositories: ids of repositories in the region that nodes pull from, by a stable name.
        network_tags: by which firewall rules know the nodes.
        ready: what must exist before a node can join: the cluster, grants, routes out.
    """

    plans: tuple[NodePoolPlan, ...]
    cluster_name: pulumi.Input[str]
    project: str
    region: str
    service_account_email: pulumi.Input[str]
    boot_disk_key_id: pulumi.Input[str]
    repositories: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    network_tags: Sequence[str] = ()
    ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str]


def pool_resource_name(name: str, pool: str) -> str:
    """Return a pool's logical name, of which the engine makes its name at GKE.

    Raises:
        ValueError: GKE would refuse what it comes to.
    """
    whole = f"{name}-{pool}"
    if len(whole) + _SUFFIX > _NAME_MOST:
        raise ValueError(f"{whole!r} leaves no room for a suffix within {_NAME_MOST} characters")
    return whole


def machine_type(plan: NodePoolPlan) -> str:
    """Return the machine as Compute Engine calls it ("n1-standard-4" of "n1-standard-4+t4")."""
    return plan.instance_types[0].partition("+")[0]


def accelerator(plan: NodePoolPlan) -> str:
    """Return what Compute Engine calls the GPUs of a pool.

    Raises:
        ValueError: a machine of which that is not known.
    """
    family = "-".join(machine_type(plan).split("-")[:2])
    if family not in _ACCELERATORS:
        raise ValueError(f"pool {plan.name}: what are the GPUs of {machine_type(plan)} called?")
    return _ACCELERATORS[family]


def first_nodes(plan: NodePoolPlan) -> int:
    """Return how many nodes each zone begins with: never more in all than the maximum.

    Zones begin alike, so that some minimum cannot be met at once: the autoscaler brings the rest
    as soon as pods wait for it.
    """
    return _of_each_zone(plan, plan.scale.minimum)


class NodePools(PlatformComponent):
    """A managed pool for each of the plan.

    Machine type, disk, image, labels and taints roll nodes in place. Spot, account, key of disks,
    GPU, reservation and the pods of a node replace a pool, the new one first: the engine names
    them apart.
    """

    pools: dict[str, container.NodePool]
    """Pools by the plan's names."""
    service_account_email: pulumi.Output[str]
    """The Google service account of every node."""

    def __init__(
        self, name: str, args: NodePoolsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:NodePools", name, args.plans, opts, without=ASKED_OF_A_POOL)
        self._name, self._args = name, args
        self.service_account_email = pulumi.Output.from_input(args.service_account_email)
        self._pulls = readers(
            self, name, args.service_account_email, args.repositories, args.region
        )
        self.pools = {plan.name: self._pool(plan) for plan in args.plans}
        self.register_outputs({"service_account_email": self.service_account_email})

    def _pool(self, plan: NodePoolPlan) -> container.NodePool:
        args = self._args
        by_hand = None if plan.desired is None else _of_each_zone(plan, plan.desired)
        return container.NodePool(
            pool_resource_name(self._name, plan.name),
            cluster=args.cluster_name,
            project=args.project,
            location=args.region,
            node_locations=list(plan.zone_ids),
            # of each zone; GKE takes one of both
            initial_node_count=first_nodes(plan) if by_hand is None else None,
            node_count=by_hand,
            autoscaling=_scaling(plan),
            max_pods_per_node=plan.max_pods,
            # a release channel takes nothing else
            management=container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            upgrade_settings=_rolling(plan),
            network_config=container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
            node_config=self._nodes(plan),
            opts=self.child_with(
                depends_on=[*args.ready, *self._pulls],
                # what a pool began with; its change would replace the pool, its absence does not
                ignore_changes=["initialNodeCount"] if by_hand is None else None,
                # a roll drains node after node and GPU images pull for minutes on each
                custom_timeouts=pulumi.CustomTimeouts(update="4h"),
            ),
        )

    def _nodes(self, plan: NodePoolPlan) -> container.NodePoolNodeConfigArgs:
        args = self._args
        return container.NodePoolNodeConfigArgs(
            machine_type=machine_type(plan),
            image_type=plan.ami_type,
            spot=plan.capacity_type is CapacityType.SPOT,
            disk_type=_DISK,
            disk_size_gb=plan.root_disk_gib,
            boot_disk_kms_key=args.boot_disk_key_id,
            service_account=args.service_account_email,
            oauth_scopes=list(settings.SCOPES),
            metadata=settings.NODE_METADATA,
            tags=list(args.network_tags),
            labels=dict(plan.labels),
            taints=[
                container.NodePoolNodeConfigTaintArgs(
                    key=one.key, value=one.value, effect=one.effect
                )
                for one in plan.taints
            ],
            resource_labels=self.tags(args.labels),
            guest_accelerators=[_gpus(plan)] if plan.gpus_per_node else None,
            reservation_affinity=_reserved(plan),
            shielded_instance_config=container.NodePoolNodeConfigShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_integrity_monitoring=True
            ),
            # pods get identities of their own, and never the node's
            workload_metadata_config=container.NodePoolNodeConfigWorkloadMetadataConfigArgs(
                mode="GKE_METADATA"
            ),
            # images of Artifact Registry start before they are there as a whole
            gcfs_config=container.NodePoolNodeConfigGcfsConfigArgs(enabled=True),
            gvnic=container.NodePoolNodeConfigGvnicArgs(enabled=True),
            kubelet_config=container.NodePoolNodeConfigKubeletConfigArgs(
                insecure_kubelet_readonly_port_enabled="FALSE"
            ),
        )


def _of_each_zone(plan: NodePoolPlan, nodes: int) -> int:
    zones = len(plan.zone_ids)
    return min(ceil(nodes / zones), plan.scale.maximum // zones)


def _scaling(plan: NodePoolPlan) -> container.NodePoolAutoscalingArgs:
    """Return the bounds of the whole pool: those of a zone would round up in each."""
    anywhere = plan.capacity_type is CapacityType.SPOT or plan.capacity_reservation_id
    return container.NodePoolAutoscalingArgs(
        total_min_node_count=plan.scale.minimum,
        total_max_node_count=plan.scale.maximum,
        # spot and reserved machines are taken where there are any
        location_policy="ANY" if anywhere else "BALANCED",
    )


def _rolling(plan: NodePoolPlan) -> container.NodePoolUpgradeSettingsArgs:
    """Return how nodes are replaced: the old one first where no further one can be had."""
    if plan.rolling == _MINIMAL:
        return container.NodePoolUpgradeSettingsArgs(
            strategy="SURGE", max_surge=0, max_unavailable=plan.max_unavailable
        )
    return container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0)


def _gpus(plan: NodePoolPlan) -> container.NodePoolNodeConfigGuestAcceleratorArgs:
    return container.NodePoolNodeConfigGuestAcceleratorArgs(
        type=accelerator(plan),
        count=plan.gpus_per_node,
        # GKE installs the driver that it has tested with its version; nobody else does
        gpu_driver_installation_config=(
            container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
                gpu_driver_version="DEFAULT"
            )
        ),
    )


def _reserved(plan: NodePoolPlan) -> container.NodePoolNodeConfigReservationAffinityArgs | None:
    if not plan.capacity_reservation_id:
        return None
    return container.NodePoolNodeConfigReservationAffinityArgs(
        consume_reservation_type="SPECIFIC_RESERVATION",
        key=_RESERVATION_KEY,
        values=[plan.capacity_reservation_id],
    )
