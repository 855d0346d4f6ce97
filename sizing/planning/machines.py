"""The machine that a role gets before anything raises it: table 3.1's, or its twin on GCE.

Document 001 names EC2 types alone. On GCE each has a twin with the same vCPU and the nearest GPU;
where a region does not sell the first twin, the next one that gives at least as much stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.catalog import InstanceType, instance
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import Adjustment
from sizing.words import Cloud, Direction

SYSTEM_TYPE = "m5.large"  # smallest of the documented family. Source: sizing-decisions.
# EC2 type -> GCE types, best first. m5 and n2 have 4 GiB a vCPU each. g2 has the L4 with 24 GB,
# as many as the A10G, which GCE does not sell. a2-highgpu has the A100 with 40 GB as p4d; in a
# region without it, the H100 of a3-highgpu is the next with eight GPUs that hold as much.
# Source: sizing-decisions; shapes: karpenter-types, cyclenerd-types.
TWINS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "g4dn.2xlarge": ("n1-standard-8+t4", "g2-standard-8"),
        "g4dn.xlarge": ("n1-standard-4+t4", "g2-standard-4"),
        "g5.4xlarge": ("g2-standard-16",),
        "m5.2xlarge": ("n2-standard-8",),
        "m5.4xlarge": ("n2-standard-16",),
        "m5.8xlarge": ("n2-standard-32",),
        "m5.large": ("n2-standard-2",),
        "m5.xlarge": ("n2-standard-4",),
        "p4d.24xlarge": ("a2-highgpu-8g", "a3-highgpu-8g"),
    }
)


def documented_name(setting: Setting, role: str) -> str:
    """Return the type that document 001 names for a role, whatever the cloud.

    Raises:
        ValueError: a role that the document has no machine for.
    """
    cluster = setting.tables.cluster
    names = {
        "general": cluster.cpu_pool.instance_type,
        "gpu": cluster.gpu_pool.instance_type,
        "system": SYSTEM_TYPE,
    }
    if role not in names:
        raise ValueError(f"role {role!r} has no documented machine; those that do: {sorted(names)}")
    return names[role]


def documented_machine(setting: Setting, role: str) -> InstanceType:
    """Return the machine that stands for the documented one on the stack's cloud.

    Raises:
        ValueError: a role that the document has no machine for ("general", "gpu", "system" do).
    """
    return twin(setting, documented_name(setting, role))


def twin(setting: Setting, name: str) -> InstanceType:
    """Return the machine for a documented type: itself on AWS, the first twin sold on GCP.

    Where the region sells none of them, the first: that it cannot be had is the checks' to say.
    """
    cloud = setting.request.cloud
    if cloud is Cloud.AWS:
        return instance(cloud, name)
    machines = [instance(cloud, one) for one in TWINS[name]]
    return next((one for one in machines if sold(setting, one)), machines[0])


def sold(setting: Setting, machine: InstanceType) -> bool:
    """Say whether the region sells a machine in one of the stack's zones, as far as is known."""
    zones = machine.zone_ids(setting.request.region)
    here = zones is None or bool(set(zones) & set(setting.request.zone_ids))
    return machine.offered(setting.request.region) and here


def sold_zone_ids(setting: Setting, machine: InstanceType) -> tuple[str, ...]:
    """Return the stack's zones that sell a machine; all of them where that is not known."""
    zones = machine.zone_ids(setting.request.region)
    return tuple(one for one in setting.request.zone_ids if zones is None or one in zones)


def twin_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return how the machines differ by name alone: on GCP every documented type does."""
    if setting.request.cloud is Cloud.AWS:
        return ()
    return tuple(_twin_note(setting, role) for role in ("general", "gpu"))


def _twin_note(setting: Setting, role: str) -> Adjustment:
    documented, machine = documented_name(setting, role), documented_machine(setting, role)
    gpu = (
        f" with {machine.gpus} x {machine.gpu_model} of {machine.gpu_memory_gib} GB"
        if machine.gpus
        else ""
    )
    first = TWINS[documented][0]
    instead = (
        "" if machine.name == first else f"; {setting.request.region} does not sell {first} here"
    )
    return note(
        f"node_pools.{role}.machine",
        documented,
        machine.name,
        direction=Direction.REPLACED,
        rule="gcp-machine",
        reason=f"the document names another cloud's types; this one has {machine.vcpu} vCPU{gpu}"
        + instead,
        # The two clouds' bills are compared as wholes, never type by type.
        monthly_usd=None,
    )
