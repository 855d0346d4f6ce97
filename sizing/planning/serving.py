"""Which GPU machine serves each model, and with how many engines.

The documented machine stays as long as some number of it holds; else the cheapest of the catalogue
that holds, one of the same family where it costs hardly more. Model, precision, context and
objectives are never changed: where nothing holds them, the nearest machine stays and the checks
say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sizing.capacity.serving import Carried, Level, carried
from sizing.catalog import InstanceType, instance, instances
from sizing.model import Figure
from sizing.pack import Item, most_of
from sizing.planning.environment import Setting, next_setting
from sizing.planning.machines import documented_machine, sold, sold_zone_ids
from sizing.planning.sizes import Size
from sizing.queueing.staffing import with_zone_lost
from sizing.reserve import room
from sizing.tiers import VLLM_STACK
from sizing.words import Kind
from sizing.workload import ServedModel

# A plan stays with the documented family for so much, and no plan is further above the cheapest.
HARDLY_MORE = Figure(
    value=1.03,
    unit="times the cheapest machines that hold",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
ENGINE = Size(
    cpu_millis=VLLM_STACK.requests.cpu_millis,
    cpu_limit_millis=VLLM_STACK.limits.cpu_millis,
    memory_bytes=VLLM_STACK.requests.memory_bytes,
    memory_limit_bytes=VLLM_STACK.limits.memory_bytes,
)

SPOT_ROLES = ("general", "gpu")  # what may go at any moment: no volumes, no controllers
OPTIMISED = "placement is optimised: it costs less than the documented machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One model on one machine.

    Attributes:
        needed: engines that carry the peak.
        planned: engines that stand in its pool, so that as many as needed do with a zone lost.
        nodes: machines for the planned ones, if they had them for themselves.
        each: engines that a machine holds; 1 where it holds none.
        reason: why it is not the documented machine, "" where it is.
    """

    model: ServedModel
    machine: InstanceType
    carried: Carried
    needed: int
    planned: int
    nodes: int
    each: int
    reason: str

    def zones(self, setting: Setting) -> int:
        """Return the stack's zones that sell the machine, as far as is known."""
        return len(sold_zone_ids(setting, self.machine))

    @property
    def holds(self) -> bool:
        """Say whether an engine there runs and keeps the objectives."""
        return self.carried.level is Level.HOLDS


@dataclass(frozen=True, slots=True)
class Above:
    """What serves in the environment that follows, which a smaller one may not exceed.

    What is cheapest for a part of a load can be more machines, of a smaller kind, than the whole
    load takes; an environment that follows another is never the smaller one.
    """

    machine: InstanceType
    size: tuple[int, int, int, int]


def servings(setting: Setting) -> tuple[Serving, ...]:
    """Return where each self-hosted model of the load runs, in the load's order."""
    load = setting.load
    if not load.self_hosted_share:
        return ()
    return tuple(_serve(setting, model) for model in load.models)


def fullest_zone(planned: int, nodes: int, zones: int, each: int) -> int:
    """Return the engines of the zone that has most, spread as evenly as the machines allow.

    Args:
        planned: engines in all.
        nodes: machines, spread evenly over the zones.
        zones: zones that have machines, as far as there are as many.
        each: engines that a machine holds.
    """
    fewest, fuller = divmod(nodes, zones)
    small = fewest * each  # what a zone holds that has a machine fewer than the fullest
    if not fuller or planned <= small * zones:
        return -(-planned // zones)
    return -(-(planned - small * (zones - fuller)) // fuller)


def survivors(planned: int, nodes: int, zones: int, each: int) -> int:
    """Return the engines that stand after the fullest zone is lost; 0 where there is but one."""
    running = min(planned, nodes * each)
    return running - fullest_zone(running, nodes, zones, each) if min(nodes, zones) > 1 else 0


def standing_in_update(planned: int, nodes: int, zones: int, each: int, away: int) -> int:
    """Return the engines that stand while an update takes machines away, all of one zone."""
    running = min(planned, nodes * each)
    return running - min(each * away, fullest_zone(running, nodes, zones, each))


def planned_on(needed: int, nodes: int, zones: int, each: int) -> int:
    """Return the fewest engines of which the needed stand with a zone lost, a machine in one zone.

    Where so few machines cannot keep them, as many as they hold, at least the needed.
    """
    most, used = nodes * each, min(nodes, zones)
    if used == 1:
        return max(needed, min(needed + each, most))
    planned = with_zone_lost(needed, used)  # more where the machines allow no even spread
    while planned < most and survivors(planned, nodes, zones, each) < needed:
        planned += 1
    return max(needed, min(planned, most))


def nodes_for(least: int, zones: int) -> int:
    """Return the fewest machines of which so many stand with a zone lost; in one zone, one away."""
    return with_zone_lost(least, zones) if zones > 1 else least + 1


def lost_zone_nodes(nodes: int, zones: int) -> int:
    """Return the nodes that stand after the fullest of so many zones is lost."""
    return nodes - -(-nodes // zones) if zones > 1 else 0


def engine_item(serving: Serving, replicas: int) -> Item:
    """Return the engines of a model as pods to pack."""
    return _item(serving.model, replicas)


def _item(model: ServedModel, replicas: int) -> Item:
    return Item(
        name=model.name,
        replicas=replicas,
        millis=ENGINE.cpu_millis,
        memory_bytes=ENGINE.memory_bytes,
        gpus=model.tensor_parallel,
    )


def _serve(setting: Setting, model: ServedModel) -> Serving:
    by_hand = setting.override("gpu").instance_type
    if by_hand is not None:
        return _on(setting, model, instance(setting.request.cloud, by_hand), "")
    if setting.is_prod or not setting.proven:
        return _chosen(setting, model, None)
    following = next_setting(setting)
    above = _serve(following, model)
    return _chosen(setting, model, Above(machine=above.machine, size=_size(following, above)))


def _chosen(setting: Setting, model: ServedModel, above: Above | None) -> Serving:
    """Return the machine of a model, in no size above that of the environment that follows."""
    documented = documented_machine(setting, "gpu")
    known: dict[tuple[str, int], Carried] = {}
    first = _on(setting, model, documented, "", known)
    if not setting.proven or (first.holds and setting.floored):
        return first
    reason = first.carried.obstacle or OPTIMISED
    tried = [
        _on(setting, model, one, reason, known)
        for one in instances(setting.request.cloud)
        if one.name != documented.name and _usable(setting, one, model)
    ]
    found = [
        serving
        for serving in (*tried, *(() if setting.floored else (first,)))
        if serving.holds and _within(_size(setting, serving), above)
    ]
    if found:
        # no number of machines survives the loss of the only zone that sells them
        apart = [one for one in found if setting.is_dev or one.zones(setting) > 1]
        return _least(setting, documented.family, apart or found)
    if above is not None:
        return _on(setting, model, above.machine, reason)
    return _nearest(setting, first, tried)


def _size(setting: Setting, serving: Serving) -> tuple[int, int, int, int]:
    """Return nodes, vCPU, memory and GPUs, the documented count included."""
    machine, nodes = serving.machine, max(gpu_floor(setting), serving.nodes)
    return (nodes, nodes * machine.vcpu, nodes * machine.memory_bytes, nodes * machine.gpus)


def _within(size: tuple[int, ...], above: Above | None) -> bool:
    return above is None or all(own <= most for own, most in zip(size, above.size, strict=True))


def _nearest(setting: Setting, first: Serving, tried: Iterable[Serving]) -> Serving:
    """Return the cheapest that is not refuted, the documented one where all are."""
    open_ones = [one for one in tried if one.carried.level is Level.UNPROVEN]
    if first.carried.level is not Level.REFUTED or not open_ones:
        return first
    return _least(setting, first.machine.family, open_ones)


def _usable(setting: Setting, machine: InstanceType, model: ServedModel) -> bool:
    return (
        machine.gpus >= model.tensor_parallel
        and machine.architecture == "amd64"
        and sold(setting, machine)
        and hourly(setting, machine, "gpu") is not None
    )


def on_spot(setting: Setting, machine: InstanceType, role: str) -> bool:
    """Say whether a pool is bought on spot: outside prod, where what it costs is known."""
    by_hand = setting.override(role).spot
    if by_hand is not None:
        return by_hand
    known = machine.spot_price(setting.request.region) is not None
    return not setting.is_prod and role in SPOT_ROLES and known


def hourly(setting: Setting, machine: InstanceType, role: str) -> float | None:
    """Return what ranks a machine: its price here, else in the cloud's reference region."""
    region = setting.request.region
    spot = machine.spot_price(region) if on_spot(setting, machine, role) else None
    own = machine.price(region) if spot is None else spot
    return machine.price(setting.price_region) if own is None else own


def _least(setting: Setting, family: str, found: Iterable[Serving]) -> Serving:
    """Return the cheapest; where the documented family costs hardly more, the cheapest of it."""
    ranked = sorted(found, key=lambda one: (_usd(setting, one), one.machine.name))
    most = _usd(setting, ranked[0]) * HARDLY_MORE.value
    near = (one for one in ranked if one.machine.family == family and _usd(setting, one) <= most)
    return next(near, ranked[0])


def gpu_floor(setting: Setting) -> int:
    """Return the machines that the document asks for; none where the cheapest may stand."""
    return setting.count(setting.tables.cluster.gpu_pool.count) if setting.floored else 0


def _usd(setting: Setting, serving: Serving) -> float:
    """Return what ranks a serving; the documented count is paid for in any case."""
    alone = len(setting.load.models) == 1
    floor = gpu_floor(setting) if alone else 1
    return (hourly(setting, serving.machine, "gpu") or 0) * max(floor, serving.nodes)


def _on(
    setting: Setting,
    model: ServedModel,
    machine: InstanceType,
    reason: str,
    known: dict[tuple[str, int], Carried] | None = None,
) -> Serving:
    """Return a model on a machine; `known` keeps what each GPU carries from call to call."""
    gpu, kept = (machine.gpu_model, machine.gpu_memory_gib), {} if known is None else known
    if gpu not in kept:
        kept[gpu] = carried(setting.load, model, machine)
    ability, each = kept[gpu], most_of(_item(model, 1), room(machine))
    if not each:
        ability = replace(
            ability, level=Level.REFUTED, obstacle="the engine's pod fits no such node"
        )
    least = -(-ability.engines // max(1, each))
    zones = len(sold_zone_ids(setting, machine)) if setting.proven and not setting.is_dev else 0
    nodes = nodes_for(least, zones) if zones else least
    return Serving(
        model=model,
        machine=machine,
        carried=ability,
        needed=ability.engines,
        planned=ability.engines,  # its pool says how many stand
        nodes=nodes,
        each=max(1, each),
        reason=reason,
    )
