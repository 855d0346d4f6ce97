"""Which GPU machine serves: the documented one, or the cheapest that can serve at all."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import InstanceType, instance, instances
from sizing.fit import fit
from sizing.pack import Item, fits
from sizing.planning.environment import Setting
from sizing.planning.services import ENGINE
from sizing.plans import ServicePlan
from sizing.reserve import room
from sizing.words import Cloud, Verdict
from sizing.workload import SELF_HOSTED_MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The machine, and why it is not the documented one ("" where it is)."""

    machine: InstanceType
    reason: str


def item(service: ServicePlan, replicas: int) -> Item:
    """Return a service as pods to pack."""
    return Item(
        name=service.name,
        replicas=replicas,
        millis=service.cpu_request_millis,
        memory_bytes=service.memory_request_bytes,
        gpus=service.gpus,
    )


def obstacles(machine: InstanceType, engine: ServicePlan) -> tuple[str, ...]:
    """Return why an engine cannot run on a machine: hard limits, not speed."""
    found = []
    if not fits(item(engine, 1), room(machine)):
        found.append("the engine's pod fits no such node")
    if fit(SELF_HOSTED_MODEL, machine).verdict is Verdict.REFUTED:
        found.append(
            f"{SELF_HOSTED_MODEL.name} in {SELF_HOSTED_MODEL.precision} with a context of "
            f"{SELF_HOSTED_MODEL.context_tokens} tokens does not fit its GPU"
        )
    return tuple(found)


def choose(setting: Setting, services: tuple[ServicePlan, ...]) -> Choice:
    """Return the machine of the GPU pool.

    The documented type is a floor. Where an engine cannot run on it at all, the cheapest type of
    the catalogue replaces it that schedules the documented request and holds the model; neither
    model, precision, context nor request is changed.
    """
    request, documented = setting.request, setting.tables.cluster.gpu_pool
    engine = next(service for service in services if service.name == ENGINE)
    wanted = setting.override("gpu").instance_type
    machine = instance(request.cloud, wanted or documented.instance_type)
    found = obstacles(machine, engine)
    if wanted or not found or not setting.proven:
        return Choice(machine=machine, reason="")
    candidates = [one for one in instances(Cloud.AWS) if _usable(setting, one, engine)]
    if not candidates:
        return Choice(machine=machine, reason="")
    # One node more never makes a type cheaper: the price of all nodes decides, ties by name.
    cheapest = min(
        candidates, key=lambda one: (_usd(setting, one, engine, documented.count), one.name)
    )
    return Choice(machine=cheapest, reason="; ".join(found))


def _usable(setting: Setting, machine: InstanceType, engine: ServicePlan) -> bool:
    request = setting.request
    zones = machine.zone_ids(request.region)
    return (
        machine.gpus >= engine.gpus > 0
        and machine.architecture == "amd64"
        and machine.offered(request.region)
        and (zones is None or bool(set(zones) & set(request.zone_ids)))
        and _hourly(setting, machine) is not None
        and not obstacles(machine, engine)
    )


def _hourly(setting: Setting, machine: InstanceType) -> float | None:
    own = machine.price(setting.request.region)
    return machine.price(setting.price_region) if own is None else own


def _usd(setting: Setting, machine: InstanceType, engine: ServicePlan, floor: int) -> float:
    nodes = max(floor, -(-engine.scale.planned * engine.gpus // machine.gpus))
    return (_hourly(setting, machine) or 0) * nodes
