"""Two plans beside each other: what each constraint comes to, and what each part costs.

Pools are told apart by their role, not by their name, which has the zone or the GPU in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sizing.plans import Bill, Finding, NodePoolPlan, PlatformPlan
from sizing.words import Verdict

POOLS = "node_pools"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How full something is; `capacity` and `demand` are in `unit`."""

    demand: float | None
    capacity: float | None
    unit: str
    utilisation: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint on either side; None where a side has no such thing.

    Attributes:
        name: id of the finding, with a pool's role for its name.
    """

    name: str
    one: Used | None
    other: Used | None

    @property
    def differs(self) -> bool:
        """Say whether the sides differ by a percent of the capacity or in what it came to."""
        if self.one is None or self.other is None:
            return True
        same = self.one.verdict is self.other.verdict
        return not same or round(self.one.utilisation, 2) != round(self.other.utilisation, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """USD a month of a part on either side; None where a side has no such part.

    Attributes:
        open_one: lines of the one side whose price nobody knows; the sum is at least this.
        open_other: the same of the other.
    """

    component: str
    one: float | None
    other: float | None
    open_one: int
    open_other: int


def pools(plan: PlatformPlan) -> dict[str, list[NodePoolPlan]]:
    """Return a plan's pools by role."""
    found: dict[str, list[NodePoolPlan]] = {}
    for pool in plan.node_pools:
        found.setdefault(pool.role, []).append(pool)
    return found


def capacity(
    one: tuple[PlatformPlan, Sequence[Finding]], other: tuple[PlatformPlan, Sequence[Finding]]
) -> tuple[Constraint, ...]:
    """Return every constraint that one of two plans is measured by, by name.

    Args:
        one: a plan and its findings.
        other: the plan beside it, and its findings.
    """
    first, second = _fullest(*one), _fullest(*other)
    return tuple(
        Constraint(name=name, one=first.get(name), other=second.get(name))
        for name in sorted(first.keys() | second.keys())
    )


def money(one: Bill, other: Bill) -> tuple[Money, ...]:
    """Return what each part costs, in the order of the bills."""
    first, second = _sums(one), _sums(other)
    rows = []
    for component in dict.fromkeys((*first, *second)):
        own, theirs = first.get(component), second.get(component)
        rows.append(
            Money(
                component=component,
                one=None if own is None else own[0],
                other=None if theirs is None else theirs[0],
                open_one=0 if own is None else own[1],
                open_other=0 if theirs is None else theirs[1],
            )
        )
    return tuple(rows)


def _fullest(plan: PlatformPlan, findings: Sequence[Finding]) -> dict[str, Used]:
    """Return the fullest of what has one name: the pools of a role are many."""
    roles = {pool.name: pool.role for pool in plan.node_pools}
    found: dict[str, Used] = {}
    for finding in findings:
        if finding.utilisation is None:
            continue
        name = _named(finding.id, roles)
        used = Used(
            demand=finding.demand,
            capacity=finding.capacity,
            unit=finding.unit,
            utilisation=finding.utilisation,
            verdict=finding.verdict,
        )
        if name not in found or found[name].utilisation < used.utilisation:
            found[name] = used
    return found


def _named(identity: str, roles: Mapping[str, str]) -> str:
    first, _, rest = identity.partition(".")
    pool, _, constraint = rest.rpartition(".")
    return f"{first}.{roles[pool]}.{constraint}" if first == POOLS and pool in roles else identity


def _sums(bill: Bill) -> dict[str, tuple[float, int]]:
    sums: dict[str, tuple[float, int]] = {}
    for item in bill.items:
        known, open_ = sums.get(item.component, (0.0, 0))
        if item.planned_usd is None:
            sums[item.component] = known, open_ + 1
        else:
            sums[item.component] = round(known + item.planned_usd, 2), open_
    return sums
