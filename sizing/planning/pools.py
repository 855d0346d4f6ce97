"""The node pools: instance types, counts, disks, labels and taints by role."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import InstanceType, instance
from sizing.model import Figure
from sizing.pack import Item, Packing, pack
from sizing.planning.by_zone import spread_fits
from sizing.planning.engines import GpuPool
from sizing.planning.environment import Setting
from sizing.planning.items import item, needed_item, per_zone
from sizing.planning.machines import documented_machine
from sizing.planning.pool_machines import (
    ROOT_DISK,
    data_machine,
    general_machine,
    machine_of,
)
from sizing.planning.pool_marks import alternatives, labels, taints
from sizing.planning.pool_notes import added, count_notes, gpu_notes, type_notes
from sizing.planning.serving import lost_zone_nodes, on_spot
from sizing.plans import Adjustment, NodePoolPlan, PoolOverride, Scale, ServicePlan
from sizing.reserve import max_pods, room
from sizing.versions import VERSIONS
from sizing.words import CapacityType, Kind

AMI_TYPES = {"amd64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"}
GPU_AMI_TYPE = "AL2023_x86_64_NVIDIA"
# A vLLM image takes up to 25 GB and filled 50 GB disks (vllm-17163); the model lies beside it.
GPU_ROOT_DISK = Figure(
    value=300,
    unit="GiB a GPU node: engine images and model files",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
GP3_IOPS = Figure(
    value=3000, unit="IOPS included with gp3", source="ec2-api", date="2026", kind=Kind.VENDOR
)
GP3_THROUGHPUT = Figure(
    value=125, unit="MiB/s included with gp3", source="ec2-api", date="2026", kind=Kind.VENDOR
)
# Loading an image and a model is what keeps a new GPU node from serving.
GPU_DISK_THROUGHPUT = Figure(
    value=500,
    unit="MiB/s of a GPU node's root disk",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a pool is, before it is counted.

    Attributes:
        floor: nodes that the document and the environment ask for.
        spread: nodes wanted for zones alone.
        survives: the planned nodes carry their pods with one zone lost.
        surge: nodes above all maxima, for rollouts.
        by_hand: what the stack file sets of the role by hand is about this pool.
    """

    name: str
    role: str
    machine: InstanceType
    zone_ids: tuple[str, ...]
    floor: int
    spread: int
    survives: bool
    surge: int
    fixed: bool = False
    by_hand: bool = True

    def override(self, setting: Setting) -> PoolOverride:
        """Return what the stack file sets of the pool by hand."""
        return setting.override(self.role) if self.by_hand else PoolOverride(role=self.role)


def node_pools(
    setting: Setting, services: tuple[ServicePlan, ...], gpus: tuple[GpuPool, ...]
) -> tuple[tuple[NodePoolPlan, ...], tuple[Adjustment, ...]]:
    """Return every node pool, by name, and how they differ from table 3.1."""
    by_role = {
        role: tuple(one for one in services if one.pool_role == role)
        for role in ("system", "general", "data", "gpu")
    }
    general, general_notes = _general(setting, by_role["general"])
    gpu = tuple(_gpu(setting, by_role["gpu"], one) for one in gpus)
    system, data = _system(setting, by_role["system"]), _data(setting, by_role["data"])
    pools = sorted((system, general, *data, *gpu), key=lambda pool: pool.name)
    notes = (
        added(setting, "system", (system,), "controllers apart from what users load"),
        *general_notes,
        added(setting, "data", data, "volumes are zonal: each zone needs its own group"),
        *gpu_notes(setting, gpu, gpus),
    )
    return tuple(pools), notes


def _system(setting: Setting, services: tuple[ServicePlan, ...]) -> NodePoolPlan:
    return _pool(
        setting,
        services,
        Shape(
            name="system",
            role="system",
            machine=machine_of(setting, "system"),
            zone_ids=setting.request.zone_ids,
            floor=1,
            spread=1 if setting.is_dev else setting.zones,
            survives=not setting.is_dev,
            surge=setting.zones,
        ),
    )


def _general(
    setting: Setting, services: tuple[ServicePlan, ...]
) -> tuple[NodePoolPlan, tuple[Adjustment, ...]]:
    documented = setting.tables.cluster.cpu_pool
    floor = _nodes(setting, documented.count) if setting.floored else 1
    shape = Shape(
        name="general",
        role="general",
        machine=general_machine(setting, services),
        zone_ids=setting.request.zone_ids,
        floor=floor,
        spread=1 if setting.is_dev else min(setting.zones, documented.count),
        survives=not setting.is_dev and setting.proven,
        surge=setting.zones,
    )
    pool = _pool(setting, services, shape)
    notes = count_notes(setting, pool, documented.count, shape.machine)
    return pool, notes + type_notes(
        setting, pool, documented_machine(setting, "general"), documented.count, ""
    )


def _data(setting: Setting, services: tuple[ServicePlan, ...]) -> tuple[NodePoolPlan, ...]:
    """Return one group per zone, each able to hold any zone's part of every service."""
    zones = len(setting.store_zone_ids)
    items = tuple(item(one, per_zone(one, zones)) for one in services)
    by_hand = setting.override("data").instance_type
    machine = instance(setting.request.cloud, by_hand) if by_hand else data_machine(setting, items)
    return tuple(
        _pool(
            setting,
            services,
            Shape(
                name=f"data-{zone_id}",
                role="data",
                machine=machine,
                zone_ids=(zone_id,),
                floor=1,
                spread=1,
                survives=False,
                surge=1,
                fixed=True,
            ),
            items=items,
        )
        for zone_id in setting.store_zone_ids
    )


def _gpu(setting: Setting, services: tuple[ServicePlan, ...], gpu: GpuPool) -> NodePoolPlan:
    return _pool(
        setting,
        tuple(one for one in services if one.pool == gpu.name),
        Shape(
            name=gpu.name,
            role="gpu",
            machine=gpu.machine,
            zone_ids=gpu.zone_ids,
            floor=gpu.nodes,
            spread=1,
            survives=False,
            surge=0,  # GPU pools roll without surge (cloud rule 14)
            fixed=True,
            by_hand=bool(gpu.members),  # what is set of GPUs counts engines
        ),
    )


def _nodes(setting: Setting, documented: int) -> int:
    """Return the environment's share of the documented nodes, in staging one per zone."""
    if setting.is_prod:
        return documented
    floor = 1 if setting.is_dev else setting.zones
    return min(documented, max(floor, setting.quantity(documented)))


def _pool(
    setting: Setting,
    services: tuple[ServicePlan, ...],
    shape: Shape,
    items: tuple[Item, ...] | None = None,
) -> NodePoolPlan:
    machine, override = shape.machine, shape.override(setting)
    node = room(machine)
    planned_items = items or tuple(item(one, one.scale.planned) for one in services)
    planned = pack(planned_items, node, spread=shape.spread)
    scale = _scale(setting, services, shape, planned, items)
    gpu = machine.gpus > 0
    spot = on_spot(setting, machine, shape.role)
    return NodePoolPlan(
        name=shape.name,
        role=shape.role,
        instance_types=alternatives(setting, machine) if spot else (machine.name,),
        architecture=machine.architecture,
        zone_ids=shape.zone_ids,
        capacity_type=CapacityType.SPOT if spot else CapacityType.ON_DEMAND,
        scale=scale,
        desired=override.desired,
        gpu_model=machine.gpu_model,
        gpus_per_node=machine.gpus,
        ami_type=GPU_AMI_TYPE if gpu else AMI_TYPES[machine.architecture],
        ami_release=VERSIONS.ami_release.value,
        root_disk_gib=int(GPU_ROOT_DISK if gpu else ROOT_DISK),
        root_disk_iops=int(GP3_IOPS),
        root_disk_throughput=int(GPU_DISK_THROUGHPUT if gpu else GP3_THROUGHPUT),
        max_pods=max_pods(machine),
        labels=labels(shape.role, shape.name),
        taints=taints(shape.role),
        rolling="MINIMAL" if gpu else "DEFAULT",
        max_unavailable=1,
        capacity_reservation_id=override.capacity_reservation_id or "",
        requested_millis=sum(one.millis * one.replicas for one in planned_items),
        requested_bytes=sum(one.memory_bytes * one.replicas for one in planned_items),
        requested_pods=sum(one.replicas for one in planned_items),
        requested_gpus=sum(one.gpus * one.replicas for one in planned_items),
        allocatable_millis=node.millis,
        allocatable_bytes=node.memory_bytes,
        binding=planned.binding,
    )


def _scale(
    setting: Setting,
    services: tuple[ServicePlan, ...],
    shape: Shape,
    packing: Packing,
    items: tuple[Item, ...] | None,
) -> Scale:
    node, zones = room(shape.machine), len(shape.zone_ids)
    override = shape.override(setting)
    planned = max(shape.floor, packing.nodes)
    if shape.survives and zones > 1:
        least = pack(tuple(needed_item(one) for one in services), node).nodes
        while lost_zone_nodes(planned, zones) < least:
            planned += 1
        # what a zone takes along is its even share only where every zone has room for it
        standing = tuple(item(one, one.scale.planned) for one in services)
        while not spread_fits(standing, planned, zones, node):
            planned += 1
    if override.planned is not None:
        planned = override.planned
    lowest = tuple(item(one, one.scale.minimum) for one in services)
    highest = items or tuple(item(one, one.scale.maximum) for one in services)
    # A new node takes minutes: where that is too late, the planned ones stand at all times.
    minimum = (
        planned if shape.fixed else min(planned, pack(lowest, node, spread=shape.spread).nodes)
    )
    most = max(planned, pack(highest, node).nodes)
    return Scale(minimum=minimum, planned=planned, maximum=most + shape.surge)
