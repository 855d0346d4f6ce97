"""A node pool with its machine and its pods: what all checks of pools look at."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import InstanceType, instance
from sizing.checks.verdicts import Subject
from sizing.pack import Item, Packing, pack
from sizing.planning.items import item, needed_item, per_zone, surged_item
from sizing.plans import NodePoolPlan
from sizing.reserve import room


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool with its machine and the pods that it is planned and allowed to hold.

    Attributes:
        surged: the planned pods and those that stand beside them while all are rolled out.
        need: the packing of the planned pods, without regard to zones.
        after_loss: nodes that hold the pods which carry the peak; 0 where none of them does.
        serves: engines of the load's models stand in it.
    """

    plan: NodePoolPlan
    machine: InstanceType
    planned: tuple[Item, ...]
    surged: tuple[Item, ...]
    maxima: tuple[Item, ...]
    need: Packing
    after_loss: int
    serves: bool

    @property
    def path(self) -> str:
        """Return the dotted path of the pool in the plan."""
        return f"node_pools.{self.plan.name}"

    @property
    def override(self) -> str:
        """Return the dotted path of the pool's overrides in the stack file."""
        return f"sizing.overrides.pools.{self.plan.role}"


def pool_of(subject: Subject, plan: NodePoolPlan) -> Pool:
    """Return a pool of the plan that is checked."""
    services = [
        one
        for one in subject.plan.services
        if one.pool_role == plan.role and one.pool in ("", plan.name)
    ]
    machine = instance(subject.plan.request.cloud, plan.instance_types[0])
    if plan.role == "data":
        zones = len(subject.setting.store_zone_ids)
        items = tuple(item(one, per_zone(one, zones)) for one in services)
        planned, surged, maxima, needed = items, items, items, items
    else:
        needed = tuple(needed_item(one) for one in services)
        planned = tuple(item(one, one.scale.planned) for one in services)
        surged = tuple(surged_item(one) for one in services)
        maxima = tuple(item(one, one.scale.maximum) for one in services)
    return Pool(
        plan=plan,
        machine=machine,
        planned=planned,
        surged=surged,
        maxima=maxima,
        need=pack(planned, room(machine)),
        after_loss=_nodes(needed, machine),
        serves=any(one.model for one in services),
    )


def _nodes(needed: tuple[Item, ...], machine: InstanceType) -> int:
    some = not needed or any(one.replicas for one in needed)
    return pack(needed, room(machine)).nodes if some else 0
