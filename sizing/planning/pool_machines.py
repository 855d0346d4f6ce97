"""Which machine each pool gets: the documented one, or the cheapest where that is asked for."""

from __future__ import annotations

from collections.abc import Callable

from sizing.catalog import HOURS_PER_MONTH, InstanceType, instance, instances, price
from sizing.model import Figure
from sizing.pack import Item, fits, pack
from sizing.planning.environment import Setting
from sizing.planning.items import item, needed_item
from sizing.planning.machines import documented_machine, sold
from sizing.planning.serving import hourly, lost_zone_nodes
from sizing.plans import ServicePlan
from sizing.reserve import room
from sizing.words import Cloud, Kind

ROOT_DISK = Figure(
    value=100,
    unit="GiB a node: images, logs, empty volumes",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
DISKS = {Cloud.AWS: "ebs.gp3.gib_month", Cloud.GCP: "pd.balanced.gib_month"}


def machine_of(setting: Setting, role: str) -> InstanceType:
    """Return the machine that the stack sets for a role, else the documented one."""
    by_hand = setting.override(role).instance_type
    if by_hand is None:
        return documented_machine(setting, role)
    return instance(setting.request.cloud, by_hand)


def general_machine(setting: Setting, services: tuple[ServicePlan, ...]) -> InstanceType:
    """Return the documented machine; optimised, the one whose nodes cost least."""
    documented = machine_of(setting, "general")
    if setting.floored or setting.override("general").instance_type is not None:
        return documented
    zones = 1 if setting.is_dev else setting.zones
    planned = tuple(item(one, one.scale.planned) for one in services)
    needed = tuple(needed_item(one) for one in services)

    def nodes(machine: InstanceType) -> int:
        count = max(zones, pack(planned, room(machine)).nodes)
        while zones > 1 and lost_zone_nodes(count, zones) < pack(needed, room(machine)).nodes:
            count += 1
        return count

    return _cheapest(setting, "general", planned, nodes) or documented


def _cheapest(
    setting: Setting,
    role: str,
    items: tuple[Item, ...],
    nodes: Callable[[InstanceType], int],
) -> InstanceType | None:
    """Return the machine without GPU of which the nodes for some pods cost least, few first."""
    disk = price(DISKS[setting.request.cloud], setting.price_region)
    each = 0.0 if disk is None else disk.value * ROOT_DISK.value / HOURS_PER_MONTH.value

    def rank(machine: InstanceType) -> tuple[float, int, str]:
        count = nodes(machine)
        return (((hourly(setting, machine, role) or 0) + each) * count, count, machine.name)

    found = [
        one
        for one in instances(setting.request.cloud)
        if not one.gpus
        and one.architecture == "amd64"
        and sold(setting, one)
        and hourly(setting, one, role) is not None
        and all(fits(each, room(one)) for each in items)
    ]
    return min(found, key=rank, default=None)


def data_machine(setting: Setting, items: tuple[Item, ...]) -> InstanceType:
    """Return the smallest of the documented family that holds a zone's pods on one node.

    Optimised, the cheapest of any family.
    """
    if not setting.floored:
        found = _cheapest(setting, "data", items, lambda one: pack(items, room(one)).nodes)
        if found is not None and pack(items, room(found)).nodes == 1:
            return found
    family = documented_machine(setting, "general").family
    machines = sorted(
        (one for one in instances(setting.request.cloud) if one.family == family),
        key=lambda one: (one.vcpu, one.memory_bytes, one.name),
    )
    for one in machines:
        packing = pack(items, room(one))
        if packing.nodes == 1 and not packing.unplaced:
            return one
    return machines[-1]
