"""What a plan never chooses by itself, priced: each option is planned and checked like the stack.

Precision, context, parallelism, objectives, architecture and spot change what users get or what an
operator must see to, so they are offered and never taken. Offered is what holds no worse than the
plan does and saves money, or what is not refuted where the plan is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.check import check
from sizing.choices import undone
from sizing.cost import cost
from sizing.options import GPU, Option, options, with_pool
from sizing.plan import plan
from sizing.planning.engines import gpu_pools
from sizing.planning.environment import setting
from sizing.planning.serving import servings
from sizing.plans import Bill, Finding, NodePoolPlan, PlanRequest, PlatformPlan, PoolOverride
from sizing.words import CapacityType, Verdict

SERVICES, QUOTAS = "services", "quotas"
WIDER, NARROWEST = ".precision-fp8", ".precision-int4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One option with what it comes to.

    Attributes:
        change: what to write into the stack file.
        monthly_usd: the bill with it; "at least" where an item has no known price.
        saved_usd: less than the plan as it stands, a month; None where a price is unknown.
        verdict: holds where nothing is refuted and nothing less sure than in the plan as it
            stands; unproven where something is less sure. Quotas do not count: any plan's must be
            asked for, and another machine's is another quota.
        gives_up: what is lost or to be proven for it.
    """

    id: str
    what: str
    change: str
    monthly_usd: float
    saved_usd: float | None
    verdict: Verdict
    holds: bool
    gives_up: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Constraints that do not surely hold, by component and name."""

    refuted: frozenset[tuple[str, str]]
    unproven: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The plan as it stands, which every option is held against.

    Attributes:
        gpu_machine: the only one that serves, "" where none or several do.
        gpu_usd: what the GPU machines cost, None where a price is unknown.
    """

    bill: Bill
    verdicts: Verdicts
    gpu_machine: str
    gpu_usd: float | None

    @property
    def wanting(self) -> bool:
        """Say whether what holds is worth its price, since this does not."""
        return bool(self.verdicts.refuted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What else could be chosen, and what the stack's own choices are worth.

    Attributes:
        alternatives: what would cost less and hold, the largest saving first.
        forgone: the stack without each of its own choices, the dearest first; `saved_usd` is below
            zero where the choice saves money, and `holds` tells whether it could be done without.
    """

    alternatives: tuple[Alternative, ...]
    forgone: tuple[Alternative, ...]


def offers(request: PlanRequest) -> Offers:
    """Return what else could be chosen, and what the stack's own choices are worth.

    Raises:
        ValueError: no plan can be made of the request itself.
    """
    standing = _standing(request)
    return Offers(
        alternatives=_alternatives(standing, request), forgone=_forgone(standing, request)
    )


def alternatives(request: PlanRequest) -> tuple[Alternative, ...]:
    """Return what would cost less and hold, the largest saving first; ties by id.

    Where the plan as it stands is refuted, what is not is returned at any price.

    Raises:
        ValueError: no plan can be made of the request itself.
    """
    return _alternatives(_standing(request), request)


def _alternatives(standing: Standing, request: PlanRequest) -> tuple[Alternative, ...]:
    found = (_best(standing, option) for option in options(request))
    offered = sorted(
        (one for one in found if one is not None), key=lambda one: (-(one.saved_usd or 0), one.id)
    )
    return tuple(one for one in offered if not _dominated(one, offered))


def _forgone(standing: Standing, request: PlanRequest) -> tuple[Alternative, ...]:
    found = (_priced(standing, one, whatever_it_costs=True) for one in undone(request))
    kept = [one for one in found if one is not None]
    return tuple(sorted(kept, key=lambda one: (one.saved_usd or 0, one.id)))


def _standing(request: PlanRequest) -> Standing:
    made = plan(request)
    serving = {one.pool for one in made.services if one.model}
    pools = [one for one in made.node_pools if one.name in serving]
    machines = {one.instance_types[0] for one in pools}
    paid = [_paid(request, one) for one in pools]
    known = [usd for usd in paid if usd is not None]
    return Standing(
        bill=cost(made),
        verdicts=_verdicts(made),
        gpu_machine=machines.pop() if len(machines) == 1 else "",
        gpu_usd=round(sum(known), 2) if len(known) == len(paid) else None,
    )


def _paid(request: PlanRequest, pool: NodePoolPlan) -> float | None:
    """Return what a pool's machines cost, as they are bought."""
    machine = instance(request.cloud, pool.instance_types[0])
    spot = pool.capacity_type is CapacityType.SPOT
    hourly = machine.spot_price(request.region) if spot else machine.price(request.region)
    return None if hourly is None else hourly * pool.scale.planned * HOURS_PER_MONTH.value


def _best(standing: Standing, option: Option) -> Alternative | None:
    """Return the cheaper way to an option that holds; without a plan that does, one not refuted.

    A plan takes the documented GPU again as soon as some number of it would do, which may cost
    more than a few of the machine that serves now. So that one is tried as well.
    """
    ways = (option, *_on_own_machine(standing, option)) if option.serves else (option,)
    ranked = sorted(((_gpu_usd(one.request), index) for index, one in enumerate(ways)))
    for usd, index in ranked:
        if option.serves and not standing.wanting and usd >= (standing.gpu_usd or float("inf")):
            continue
        one = _priced(standing, ways[index], whatever_it_costs=standing.wanting)
        if one is not None and (
            one.holds or (standing.wanting and one.verdict is not Verdict.REFUTED)
        ):
            return one
    return None


def _dominated(one: Alternative, offered: Iterable[Alternative]) -> bool:
    """Say whether narrower weights save no more than wider ones do."""
    wider = one.id.removesuffix(NARROWEST) + WIDER
    return one.id.endswith(NARROWEST) and any(
        other.id == wider and (other.saved_usd or 0) >= (one.saved_usd or 0) for other in offered
    )


def _on_own_machine(standing: Standing, option: Option) -> tuple[Option, ...]:
    by_hand = next((one for one in option.request.overrides.pools if one.role == GPU), None)
    if not standing.gpu_machine or (by_hand and by_hand.instance_type):
        return ()
    kept = replace(by_hand or PoolOverride(role=GPU), instance_type=standing.gpu_machine)
    return (
        replace(
            option,
            what=f"{option.what}, still on {standing.gpu_machine}",
            change=f"{option.change} and sizing.overrides.pools.gpu.instance_type: "
            f"{standing.gpu_machine}",
            request=with_pool(option.request, kept),
        ),
    )


def _gpu_usd(request: PlanRequest) -> float:
    """Return what GPU machines cost at least, without planning the rest."""
    given = setting(request)
    paid = 0.0
    for pool in (one for one in gpu_pools(given, servings(given)) if one.members):
        prices = (pool.machine.price(request.region), pool.machine.spot_price(request.region))
        known = [one for one in (prices[:1] if given.is_prod else prices) if one is not None]
        paid += min(known, default=0) * pool.nodes * HOURS_PER_MONTH.value
    return round(paid, 2)


def _priced(standing: Standing, option: Option, *, whatever_it_costs: bool) -> Alternative | None:
    """Return an option's plan in figures; None where none can be made, or where it saves nothing.

    Checking takes as long as planning, so that what is of no use is not checked.
    """
    try:
        made = plan(option.request)
    except ValueError:  # such as a network that is too small for it
        return None
    bill = cost(made)
    saved = _saved(standing.bill, bill)
    if not whatever_it_costs and (saved is None or saved <= 0):
        return None
    found = _verdicts(made)
    verdict = _verdict(standing, found)
    return Alternative(
        id=option.id,
        what=option.what,
        change=option.change,
        monthly_usd=bill.monthly_usd,
        saved_usd=saved,
        verdict=verdict,
        holds=verdict is Verdict.HOLDS,
        gives_up=option.gives_up,
    )


def _verdict(standing: Standing, found: Verdicts) -> Verdict:
    if found.refuted:
        return Verdict.REFUTED
    less_sure = found.unproven - standing.verdicts.unproven - standing.verdicts.refuted
    return Verdict.UNPROVEN if less_sure else Verdict.HOLDS


def _saved(before: Bill, after: Bill) -> float | None:
    """Return the difference of two bills; None where the second leaves out more than the first."""
    if set(after.unpriced) - set(before.unpriced):
        return None
    return round(before.monthly_usd - after.monthly_usd, 2)


def _verdicts(made: PlatformPlan) -> Verdicts:
    found = check(made)

    def of(verdict: Verdict) -> frozenset[tuple[str, str]]:
        return frozenset(
            _key(one) for one in found if one.verdict is verdict and one.component != QUOTAS
        )

    return Verdicts(of(Verdict.REFUTED), of(Verdict.UNPROVEN))


def _key(one: Finding) -> tuple[str, str]:
    """Return a constraint's name; another machine gives its pool another name, not another task."""
    whole = one.component.startswith(SERVICES)
    return (one.component if whole else one.component.partition(".")[0], one.constraint)
