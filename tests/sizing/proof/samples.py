"""Plans of random workloads that the proofs share, each made once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count, islice

from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan
from sizing.words import Environment
from tests.both_clouds import here
from tests.sizing.proof.workloads import request


@cache
def plan_of(seed: int) -> PlatformPlan | str:
    """Return the plan of a seed, or why there is none."""
    try:
        return plan(request(seed))
    except ValueError as error:
        return str(error)


def seeds(first: int = 0, last: int | None = None) -> Iterator[int]:
    """Yield the seeds of a range whose requests are of the cloud that the running case is for."""
    return (one for one in islice(count(), first, last) if request(one).cloud is here())


def plans(most: int, *, surviving: bool = False) -> list[PlatformPlan]:
    """Return so many plans of a cloud, from the first seed on; `surviving` leaves out dev.

    What cannot be planned is left out, which the proof of feasibility bounds.
    """
    found: list[PlatformPlan] = []
    for made in map(plan_of, seeds()):
        if len(found) == most:
            break
        if isinstance(made, str):
            continue
        if surviving and made.request.environment is Environment.DEV:
            continue
        found.append(made)
    return found


def findings(plan: PlatformPlan) -> dict[str, Finding]:
    """Return the findings of a plan by id."""
    return {one.id: one for one in check(plan)}
