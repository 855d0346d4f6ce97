"""Plan, check and price random workloads on one core, and print what became of them.

    python -m benchmarks.workloads --count 10000

Exits with 1 where one crashes, fewer than 95 % are feasible, or a workload takes over 20 ms on
average. A workload is feasible where a plan is made and no constraint of it is refuted; each other
one is counted under the constraint that refuses it. Times are of the process, not of the wall.
"""

from __future__ import annotations

import argparse
import re
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field
from time import process_time

from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import PlanRequest
from sizing.words import Verdict
from tests.sizing.proof.workloads import request

LEAST_FEASIBLE = 0.95
MOST_MS = 20.0
PARTS = ("plan", "check", "cost")
WORST = 8
AMOUNTS = re.compile(r"\d[\d.,/]*")


@dataclass(slots=True)
class Outcome:
    """What became of one workload; milliseconds by part, those not reached left out."""

    seed: int
    asked: PlanRequest
    refused: tuple[str, ...] = ()
    crash: str = ""
    ms: list[float] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return what was asked, in short."""
        load, one = self.asked.whole_load, self.asked
        return (
            f"seed {self.seed}: {one.environment} on {one.cloud}, "
            f"{load.requests_per_second_peak:,.2f} requests/s, {len(load.models)} models"
        )


def outcome(seed: int) -> Outcome:
    """Plan, check and price the workload of a seed."""
    found = Outcome(seed=seed, asked=request(seed))
    began = process_time()

    def lap() -> None:
        nonlocal began
        now = process_time()
        found.ms.append((now - began) * 1000)
        began = now

    try:
        made = plan(found.asked)
        lap()
        findings = check(made)
        lap()
        cost(made)
        lap()
    except ValueError as error:
        found.refused = (AMOUNTS.sub("N", str(error)),)
    except Exception:
        found.crash = traceback.format_exc(limit=-2)
    else:
        refuted = {rule(one.id) for one in findings if one.verdict is Verdict.REFUTED}
        found.refused = tuple(sorted(refuted))
    return found


def rule(name: str) -> str:
    """Return a finding's id without what a workload alone names: its models and pools."""
    component, _, constraint = name.rpartition(".")
    part = component.partition("vllm-")[0] or component
    return f"{part.rstrip('.')}.{constraint}"


def report(outcomes: list[Outcome]) -> bool:
    """Print the figures, and return whether all limits are kept."""
    write, count = sys.stdout.write, len(outcomes)
    crashes = [one for one in outcomes if one.crash]
    feasible = sum(1 for one in outcomes if not one.refused and not one.crash)
    totals = sorted((sum(one.ms) for one in outcomes), reverse=True)
    mean = sum(totals) / count
    write(f"{count:,} workloads: {len(crashes)} crash, {feasible / count:.2%} feasible\n")
    reasons = Counter(reason for one in outcomes for reason in one.refused)
    for reason, times in reasons.most_common():
        write(f"  {times:6,} refused: {reason}\n")
    by_part = ", ".join(
        f"{name} {sum(one.ms[place] for one in outcomes if len(one.ms) > place) / count:.1f}"
        for place, name in enumerate(PARTS)
    )
    write(
        f"{sum(totals) / 1000:.1f} s in all; a workload takes {mean:.1f} ms on average ({by_part}),"
        f" {totals[count // 2]:.1f} at the median, {totals[count // 100]:.1f} at P99\n"
    )
    for one in sorted(outcomes, key=lambda one: -sum(one.ms))[:WORST]:
        write(f"  {sum(one.ms):6.1f} ms: {one.words}\n")
    for one in crashes[:WORST]:
        write(f"{one.words}\n{one.crash}\n")
    return not crashes and feasible >= count * LEAST_FEASIBLE and mean <= MOST_MS


def main() -> int:
    """Run the workloads of so many seeds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=1000, help="workloads (1000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    given = parser.parse_args()
    if given.count < 1:
        parser.error("--count is 1 or more")
    outcomes = [outcome(seed) for seed in range(given.first, given.first + given.count)]
    return 0 if report(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
