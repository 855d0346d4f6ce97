"""Plans of random workloads that the proofs share, each made once."""

from __future__ import annotations

from functools import cache

from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan
from sizing.words import Environment
from tests.sizing.proof.workloads import request


@cache
def plan_of(seed: int) -> PlatformPlan | str:
    """Return the plan of a seed, or why there is none."""
    try:
        return plan(request(seed))
    except ValueError as error:
        return str(error)


def plans(count: int, *, surviving: bool = False) -> list[PlatformPlan]:
    """Return so many plans, from the first seed on; `surviving` leaves out dev.

    What cannot be planned is left out, which the proof of feasibility bounds.
    """
    found: list[PlatformPlan] = []
    seed = 0
    while len(found) < count:
        made = plan_of(seed)
        seed += 1
        if isinstance(made, str):
            continue
        if surviving and made.request.environment is Environment.DEV:
            continue
        found.append(made)
    return found


def findings(plan: PlatformPlan) -> dict[str, Finding]:
    """Return the findings of a plan by id."""
    return {one.id: one for one in check(plan)}
