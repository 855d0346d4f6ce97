"""What marks a pool's nodes, and which types may stand in for the planned one on spot."""

from __future__ import annotations

from sizing.catalog import InstanceType, instances
from sizing.planning.environment import Setting
from sizing.plans import TaintPlan

ROLE_LABEL = "aigw.io/role"
ACCELERATOR_LABEL = "aigw.io/accelerator"
SPOT_ALTERNATIVES = 20  # types that one managed group takes. Source: eks-api, 2026.


def alternatives(setting: Setting, machine: InstanceType) -> tuple[str, ...]:
    """Return types of the same shape for spot, the planned one first, the rest by name."""
    same = [
        one.name
        for one in instances(setting.request.cloud)
        if one.name != machine.name
        and one.offered(setting.request.region)
        and _shape(one) == _shape(machine)
    ]
    return (machine.name, *same)[:SPOT_ALTERNATIVES]


def _shape(machine: InstanceType) -> tuple[int, int, str, str, int]:
    return (
        machine.vcpu,
        machine.memory_bytes,
        machine.architecture,
        machine.gpu_model,
        machine.gpus,
    )


def labels(role: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return the labels of a pool's nodes, by key."""
    by_role = ((ROLE_LABEL, role),)
    if role != "gpu":
        return by_role
    return ((ACCELERATOR_LABEL, name.removeprefix("gpu-")), *by_role)


def taints(role: str) -> tuple[TaintPlan, ...]:
    """Return what keeps other pods off a role's nodes."""
    by_role = {
        # the key that the add-ons' own controllers tolerate
        "system": ("CriticalAddonsOnly", "true"),
        "data": (ROLE_LABEL, "data"),
        "gpu": ("nvidia.com/gpu", "present"),
    }
    if role not in by_role:
        return ()
    key, value = by_role[role]
    return (TaintPlan(key=key, value=value, effect="NO_SCHEDULE"),)
