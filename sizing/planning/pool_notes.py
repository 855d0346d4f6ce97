"""How node pools differ from table 3.1, and what that costs."""

from __future__ import annotations

from sizing.catalog import InstanceType, instance
from sizing.planning.engines import GpuPool
from sizing.planning.environment import Setting
from sizing.planning.machines import documented_machine
from sizing.planning.notes import difference, monthly, note, share_note
from sizing.plans import Adjustment, NodePoolPlan
from sizing.words import Direction


def _usd(setting: Setting, machine: InstanceType, nodes: int) -> float | None:
    return monthly(machine.price(setting.request.region), nodes)


def added(setting: Setting, role: str, pools: tuple[NodePoolPlan, ...], reason: str) -> Adjustment:
    """Return the note of pools that the document does not have."""
    machine = instance(setting.request.cloud, pools[0].instance_types[0])
    nodes = sum(pool.scale.planned for pool in pools)
    return note(
        f"node_pools.{role}",
        "none",
        f"{nodes} x {machine.name}",
        direction=Direction.RAISED,
        rule=f"{role}-pool",
        reason=reason,
        monthly_usd=_usd(setting, machine, nodes),
    )


def count_notes(
    setting: Setting, pool: NodePoolPlan, documented: int, machine: InstanceType
) -> tuple[Adjustment, ...]:
    """Return the note of a node count that is not the documented one."""
    field, planned = f"node_pools.{pool.name}.scale.planned", pool.scale.planned
    usd = _usd(setting, machine, planned - documented)
    if planned < documented and not setting.floored:
        return (_optimised(field, documented, planned, usd),)
    by_hand = setting.override(pool.role).planned is not None
    if planned == documented or (planned < documented and not by_hand):
        return share_note(setting, field, documented, planned, usd)
    return (
        note(
            field,
            documented,
            planned,
            direction=Direction.RAISED if planned > documented else Direction.LOWERED,
            rule="stack-override" if by_hand else "pool-holds-planned",
            reason=(
                "set in the stack file"
                if by_hand
                else f"planned pods bind on {pool.binding}, with one zone lost where zones count"
            ),
            monthly_usd=usd,
        ),
    )


def _optimised(field: str, documented: object, planned: object, usd: float | None) -> Adjustment:
    return note(
        field,
        documented,
        planned,
        direction=Direction.REPLACED if isinstance(planned, str) else Direction.LOWERED,
        rule="placement-optimised",
        reason="the stack asks for the cheapest machines that hold, not for the documented ones",
        monthly_usd=usd,
    )


def type_notes(
    setting: Setting, pool: NodePoolPlan, documented: InstanceType, count: int, reason: str
) -> tuple[Adjustment, ...]:
    """Return the note of an instance type that is not the documented one.

    Args:
        setting: the request's setting.
        pool: the pool as planned.
        documented: the type of table 3.1, or its twin on this cloud.
        count: its nodes there.
        reason: why the plan replaced it, "" where a stack did.
    """
    name = pool.instance_types[0]
    if name == documented.name:
        return ()
    new = instance(setting.request.cloud, name)
    nodes = min(count, pool.scale.planned)
    usd = difference(_usd(setting, new, nodes), _usd(setting, documented, nodes))
    if not setting.floored and setting.override(pool.role).instance_type is None:
        field = f"node_pools.{pool.name}.instance_types"
        return (_optimised(field, documented.name, name, usd),)
    return (
        note(
            f"node_pools.{pool.name}.instance_types",
            documented.name,
            name,
            direction=Direction.RAISED if reason else Direction.REPLACED,
            rule="gpu-holds-engine" if reason else "stack-override",
            reason=reason or "set in the stack file",
            monthly_usd=usd,
        ),
    )


def gpu_notes(
    setting: Setting, pools: tuple[NodePoolPlan, ...], gpus: tuple[GpuPool, ...]
) -> tuple[Adjustment, ...]:
    """Return how the GPU pools differ from the one of table 3.1."""
    documented, count = documented_machine(setting, "gpu"), setting.tables.cluster.gpu_pool.count
    by_name = {one.name: one for one in pools}
    notes = tuple(_ollama(setting, by_name[one.name]) for one in gpus if not one.members)
    serving = [one for one in gpus if one.members]
    if not serving:
        usd = _usd(setting, documented, count)
        return (
            *notes,
            note(
                "node_pools.gpu",
                f"{count} x {documented.name}",
                "none",
                direction=Direction.LOWERED,
                rule="nothing-self-hosted",
                reason="the workload sends every request to an outside model",
                monthly_usd=None if usd is None else -usd,
            ),
        )
    for gpu in serving:
        pool = by_name[gpu.name]
        reason = next((one.reason for one in gpu.members if one.reason), "")
        notes += count_notes(setting, pool, count, gpu.machine)
        notes += type_notes(setting, pool, documented, count, reason)
        count = 0  # what further pools have stands in no table
    return notes


def _ollama(setting: Setting, pool: NodePoolPlan) -> Adjustment:
    machine, nodes = instance(setting.request.cloud, pool.instance_types[0]), pool.scale.planned
    return note(
        f"node_pools.{pool.name}",
        "none",
        f"{nodes} x {machine.name}",
        direction=Direction.RAISED,
        rule="ollama-pool",
        reason="services.ollama.gpu: no pool of engines has such a GPU left",
        monthly_usd=_usd(setting, machine, nodes),
    )
