"""Engines and the GPU pools that they fill: one pool for each kind of machine that serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sizing.catalog import InstanceType
from sizing.pack import Item, pack
from sizing.planning import ollama
from sizing.planning.by_zone import spread_fits
from sizing.planning.environment import Setting
from sizing.planning.homes import ENGINES
from sizing.planning.machines import sold_zone_ids
from sizing.planning.names import slug
from sizing.planning.serving import (
    ENGINE,
    Serving,
    engine_item,
    gpu_floor,
    nodes_for,
    planned_on,
)
from sizing.planning.wanted import Wanted
from sizing.plans.tools import OllamaRequest
from sizing.reserve import room
from sizing.tiers import VLLM_STACK
from sizing.workload import ServedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPool:
    """The machines of one kind and the models that they serve.

    Attributes:
        floor: machines that the document asks for, which stand whatever they are needed for.
        members: one for each model, its engines as they stand in this pool; none where the pool
            is Ollama's alone.
        ollama: Ollama has one of its GPUs.
    """

    name: str
    machine: InstanceType
    zone_ids: tuple[str, ...]
    floor: int
    nodes: int
    members: tuple[Serving, ...]
    ollama: bool = False


def gpu_pools(setting: Setting, served: Iterable[Serving]) -> tuple[GpuPool, ...]:
    """Return the GPU pools, by name; none where nothing is self-hosted, nor Ollama on a GPU.

    Raises:
        ValueError: a count set by hand where several kinds of machines serve, or a GPU for Ollama
            that the cloud does not rent.
    """
    pools, asked = _serving_pools(setting, served), ollama.on_gpu(setting)
    if asked is None:
        return pools
    roomy = next((one for one in pools if _has_room(one, asked)), None)
    if roomy is None:
        return tuple(sorted((*pools, _ollama(setting, asked)), key=lambda one: one.name))
    return tuple(replace(one, ollama=one is roomy) for one in pools)


def _serving_pools(setting: Setting, served: Iterable[Serving]) -> tuple[GpuPool, ...]:
    by_machine: dict[str, list[Serving]] = {}
    for one in served:
        by_machine.setdefault(one.machine.name, []).append(one)
    by_hand = setting.override("gpu")
    if len(by_machine) > 1 and (by_hand.planned, by_hand.desired) != (None, None):
        raise ValueError(
            f"sizing.overrides.pools.gpu counts one pool, and {len(by_machine)} kinds of machines "
            f"serve here ({', '.join(sorted(by_machine))}); leave planned and desired out, or set "
            "instance_type too"
        )
    names = _names([members[0].machine for members in by_machine.values()])
    documented = gpu_floor(setting)
    pools = []
    # the documented count is the floor of all pools together: it stands in the first
    for machine_name in sorted(by_machine, key=lambda name: names[name]):
        members = tuple(by_machine[machine_name])
        pools.append(_pool(setting, names[machine_name], members, documented))
        documented = max(0, documented - pools[-1].nodes)
    return tuple(pools)


def engines(pools: Iterable[GpuPool]) -> tuple[Wanted, ...]:
    """Return the engines of every model, as pods."""
    return tuple(_engine(pool, member) for pool in pools for member in pool.members)


def engine_name(model: ServedModel) -> str:
    """Return the name of a model's engine, as a service and in the cluster."""
    return f"{ENGINES}{slug(model.name)}"


def _names(machines: list[InstanceType]) -> dict[str, str]:
    """Return a name for each machine's pool: its GPU, and its type where two have the same."""
    plain = {one.name: _plain(one) for one in machines}
    several = {name for name in plain.values() if list(plain.values()).count(name) > 1}
    return {
        machine: f"{name}-{slug(machine)}" if name in several else name
        for machine, name in plain.items()
    }


def _plain(machine: InstanceType) -> str:
    return f"gpu-{slug(machine.gpu_model.removeprefix('NVIDIA '))}"


def _pool(setting: Setting, name: str, members: tuple[Serving, ...], floor: int) -> GpuPool:
    machine = members[0].machine
    zone_ids = sold_zone_ids(setting, machine) or setting.request.zone_ids
    # 0: nothing needs to survive; 1: a machine away while it is updated; more: a zone lost
    zones = 0 if setting.is_dev or not setting.proven else len(zone_ids)
    by_hand = setting.override("gpu").planned
    nodes = max(floor, _nodes(members, zones)) if setting.proven else floor
    if by_hand is not None:
        nodes = by_hand
    placed = _placed(members, nodes, zones)
    return GpuPool(
        name=name, machine=machine, zone_ids=zone_ids, floor=floor, nodes=nodes, members=placed
    )


def _nodes(members: tuple[Serving, ...], zones: int) -> int:
    """Return the machines on which every model keeps its needed engines, whatever is lost."""
    node = room(members[0].machine)
    nodes = max(1, pack([engine_item(one, one.needed) for one in members], node).nodes)
    if zones:
        nodes = nodes_for(nodes, zones)
    if len(members) == 1:  # a model alone takes every GPU, in every zone
        return nodes
    while not spread_fits(_items(members, nodes, zones), nodes, max(1, zones), node):
        nodes += 1
    return nodes


def _has_room(pool: GpuPool, asked: OllamaRequest) -> bool:
    """Say whether a pool has the GPU that is asked for, and one of them free where engines stand.

    A model alone takes every GPU of its pool; several leave what none of them needs.
    """
    if not ollama.fits(asked, pool.machine):
        return False
    node = room(pool.machine)
    everyone = (*(engine_item(one, one.planned) for one in pool.members), ollama.ITEM)
    # what fits no such node at all takes none of them, and would be given room when it does
    return not pack(everyone, node).unplaced and spread_fits(
        everyone, pool.nodes, len(pool.zone_ids), node
    )


def _ollama(setting: Setting, asked: OllamaRequest) -> GpuPool:
    """Return a pool of one machine, in whichever of the zones that sell it has one."""
    machine = ollama.machine(setting, asked)
    return GpuPool(
        name=f"{_plain(machine)}-{ollama.NAME}",
        machine=machine,
        zone_ids=sold_zone_ids(setting, machine) or setting.request.zone_ids,
        floor=1,
        nodes=1,
        members=(),
        ollama=True,
    )


def _items(members: tuple[Serving, ...], nodes: int, zones: int) -> list[Item]:
    return [engine_item(one, _planned(one, nodes, zones)) for one in members]


def _planned(serving: Serving, nodes: int, zones: int) -> int:
    return planned_on(serving.needed, nodes, zones, serving.each) if zones else serving.needed


def _placed(members: tuple[Serving, ...], nodes: int, zones: int) -> tuple[Serving, ...]:
    """Return the members with the engines that stand: a model alone takes every GPU there is."""
    if len(members) == 1:
        alone = members[0]
        return (replace(alone, planned=nodes * alone.each, nodes=nodes),)
    return tuple(replace(one, planned=_planned(one, nodes, zones)) for one in members)


def _engine(pool: GpuPool, serving: Serving) -> Wanted:
    ability = serving.carried
    return Wanted(
        name=engine_name(serving.model),
        pool_role="gpu",
        pool=pool.name,
        minimum=VLLM_STACK.engine_minimum,
        fixed=serving.planned,
        needed=serving.needed,
        maximum=VLLM_STACK.engine_maximum,
        size=ENGINE,
        gpus=serving.model.tensor_parallel,
        model=serving.model.name,
        slots=ability.slots,
        startup_seconds=ability.startup_seconds,
        cold_start_seconds=ability.cold_start_seconds,
        reason=f"block of chapter 2.3; {serving.needed} engines carry the peak on "
        f"{pool.machine.gpu_model}, bound by {ability.binding}",
    )
