"""A plan's node pools beside the cheapest mix of machines, and how far each is from the bound.

Pods are bound to roles by taints and labels, so each pool is a question of its own. The mix may
take any machine of the catalogue that the plan could: same architecture, same GPU, sold and priced
on demand in the region. Documented families and counts are no part of the question: what they cost
above the cheapest mix is what the comparison is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.catalog import HOURS_PER_MONTH, InstanceType, instance, instances
from sizing.placement.model import MixNodes, MixProblem, NoMixError, Offer, distance
from sizing.placement.pods import Pod
from sizing.placement.solve import cheapest
from sizing.planning.items import item
from sizing.plans import NodePoolPlan, PlatformPlan, ServicePlan
from sizing.reserve import room
from sizing.words import Environment, Mode

# Roles whose nodes stand in every zone, whatever their pods need. Source: sizing-decisions.
IN_EVERY_ZONE = ("general", "system")
# Roles whose pods move to the other zones when one is lost; volumes of "data" cannot.
SURVIVING: Mapping[Mode, tuple[str, ...]] = MappingProxyType(
    {Mode.PROVEN: ("general", "gpu", "system"), Mode.DOCUMENTED: ("gpu", "system")}
)
CENTS = 2  # digits of a sum of money


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolComparison:
    """One pool: the plan's machines, the cheapest mix, and the bound.

    Attributes:
        plan: the plan's machines, by type and zone; zones as the group spreads them.
        mix: the cheapest mix found; () where there is none, then `obstacle` says why.
        first_fit: the cheapest mix found that plain first fit fills, too.
        gap: what the mix is above the proven bound, as a share of it.
        distance: what the plan is above the proven bound; None where its price is unknown.
    """

    pool: str
    role: str
    plan: tuple[MixNodes, ...]
    plan_monthly_usd: float | None
    mix: tuple[MixNodes, ...]
    mix_monthly_usd: float | None
    first_fit: tuple[MixNodes, ...]
    first_fit_monthly_usd: float | None
    bound_monthly_usd: float | None
    gap: float | None
    distance: float | None
    obstacle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementReport:
    """All pools by name, and their sums; None where a summand is unknown."""

    region: str
    pools: tuple[PoolComparison, ...]
    plan_monthly_usd: float | None
    mix_monthly_usd: float | None
    bound_monthly_usd: float | None
    gap: float | None
    distance: float | None


def compare(plan: PlatformPlan) -> PlacementReport:
    """Return the cheapest mix beside every pool of a plan, on demand."""
    pools = tuple(_compare(plan, pool) for pool in plan.node_pools)
    planned = _sum([one.plan_monthly_usd for one in pools])
    mix = _sum([one.mix_monthly_usd for one in pools])
    bound = _sum([one.bound_monthly_usd for one in pools])
    return PlacementReport(
        region=plan.request.region,
        pools=pools,
        plan_monthly_usd=planned,
        mix_monthly_usd=mix,
        bound_monthly_usd=bound,
        gap=_distance(mix, bound),
        distance=_distance(planned, bound),
    )


def problem(plan: PlatformPlan, pool: NodePoolPlan) -> MixProblem:
    """Return a pool's question: its pods, the machines on offer, zones and minimum counts."""
    request = plan.request
    is_dev = request.environment is Environment.DEV
    services = [one for one in plan.services if _runs_on(one, pool)]
    needed = tuple(Pod(item=item(one, one.needed)) for one in services)
    survives = not is_dev and pool.role in SURVIVING[request.mode]
    in_every_zone = not is_dev and pool.role in IN_EVERY_ZONE
    return MixProblem(
        role=pool.role,
        pods=tuple(Pod(item=item(one, _standing(plan, pool, one))) for one in services),
        after_loss=needed if survives else (),
        offers=_offers(plan, pool),
        zones=pool.zone_ids,
        minimum_nodes=len(pool.zone_ids) if in_every_zone else 1,
        minimum_per_zone=1 if in_every_zone else 0,
    )


def _runs_on(service: ServicePlan, pool: NodePoolPlan) -> bool:
    return service.pool_role == pool.role and service.pool in ("", pool.name)


def _standing(plan: PlatformPlan, pool: NodePoolPlan, service: ServicePlan) -> int:
    """Return the replicas that a pool must hold while all zones stand."""
    if pool.role == "data":
        # volumes are zonal: a zone holds its part of each service, rounded up
        zones = sum(1 for one in plan.node_pools if one.role == pool.role)
        return -(-service.scale.planned // zones)
    # engines above those needed fill the machines that stand in for a lost zone
    return service.needed if pool.role == "gpu" and service.model else service.scale.planned


def _offers(plan: PlatformPlan, pool: NodePoolPlan) -> tuple[Offer, ...]:
    request = plan.request
    planned = instance(request.cloud, pool.instance_types[0])
    offers = []
    for machine in instances(request.cloud):
        hourly = machine.price(request.region)
        sold = machine.zone_ids(request.region)
        zones = tuple(zone for zone in pool.zone_ids if sold is None or zone in sold)
        if hourly and zones and machine.offered(request.region) and _like(machine, planned):
            offers.append(
                Offer(name=machine.name, hourly_usd=hourly, room=room(machine), zones=zones)
            )
    return tuple(offers)


def _like(machine: InstanceType, planned: InstanceType) -> bool:
    """Say whether pods run on a machine as on the planned one: an engine's speed is its GPU's."""
    return (machine.architecture, machine.gpu_model, machine.gpu_memory_gib) == (
        planned.architecture,
        planned.gpu_model,
        planned.gpu_memory_gib,
    )


def _compare(plan: PlatformPlan, pool: NodePoolPlan) -> PoolComparison:
    hourly = instance(plan.request.cloud, pool.instance_types[0]).price(plan.request.region)
    planned = None if hourly is None else _monthly(hourly * pool.scale.planned)
    try:
        found = cheapest(problem(plan, pool))
    except NoMixError as error:
        return _without(pool, planned, str(error))
    bound = _monthly(found.bound_hourly_usd)
    return PoolComparison(
        pool=pool.name,
        role=pool.role,
        plan=_nodes(pool),
        plan_monthly_usd=planned,
        mix=found.nodes,
        mix_monthly_usd=_monthly(found.hourly_usd),
        first_fit=found.first_fit,
        first_fit_monthly_usd=_monthly(found.first_fit_hourly_usd) if found.first_fit else None,
        bound_monthly_usd=bound,
        gap=found.gap,
        distance=_distance(planned, bound),
        obstacle="",
    )


def _without(pool: NodePoolPlan, planned: float | None, obstacle: str) -> PoolComparison:
    return PoolComparison(
        pool=pool.name,
        role=pool.role,
        plan=_nodes(pool),
        plan_monthly_usd=planned,
        mix=(),
        mix_monthly_usd=None,
        first_fit=(),
        first_fit_monthly_usd=None,
        bound_monthly_usd=None,
        gap=None,
        distance=None,
        obstacle=obstacle,
    )


def _nodes(pool: NodePoolPlan) -> tuple[MixNodes, ...]:
    """Return a pool's planned nodes, evenly over its zones as the group keeps them."""
    each, rest = divmod(pool.scale.planned, len(pool.zone_ids))
    found = [
        MixNodes(offer=pool.instance_types[0], zone=zone, nodes=each + 1 if place < rest else each)
        for place, zone in enumerate(pool.zone_ids)
    ]
    return tuple(one for one in found if one.nodes)


def _monthly(hourly: float) -> float:
    return round(hourly * HOURS_PER_MONTH.value, CENTS)


def _sum(amounts: list[float | None]) -> float | None:
    known = [one for one in amounts if one is not None]
    return round(sum(known), CENTS) if len(known) == len(amounts) else None


def _distance(usd: float | None, bound: float | None) -> float | None:
    return None if usd is None or bound is None else distance(usd, bound)
