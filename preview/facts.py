"""All that is known of one stack before it is built: what every output of `aigw plan` shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sizing.alternatives import Offers, offers
from sizing.cost import cost
from sizing.costs import Costs, costs
from sizing.external import ExternalCost, external_cost, usd_per_million_self_hosted
from sizing.part_costs import PartCost, part_costs
from sizing.plans import Bill, Finding, PlatformPlan, QuotaRequest
from sizing.quotas import quotas
from sizing.words import Mode, Severity

if TYPE_CHECKING:
    from preview.offline import Recording
    from sizing.workload.questions import OpenQuestion
    from stacks.config import StackConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A plan with what is said of it; nothing here is registered with anyone."""

    plan: PlatformPlan
    findings: tuple[Finding, ...]
    bill: Bill
    questions: tuple[OpenQuestion, ...] = ()

    @property
    def refused(self) -> bool:
        """Say whether a finding stops `pulumi up`."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A stack as it would be built.

    Attributes:
        own_usd_per_million: USD per million tokens that the stack's own models answer, if known.
        recording: what the program registers; None where an error finding stops it.
        documented: the same stack with the tables as written, where that was asked for.
        costs: what the bill's sum means.
        offers: what the plan does not choose by itself, priced.
        parts: what each part that may be switched adds.
    """

    stack: str
    sized: Sized
    external: ExternalCost
    own_usd_per_million: float | None
    quotas: tuple[QuotaRequest, ...]
    recording: Recording | None
    documented: Sized | None
    costs: Costs | None = None
    offers: Offers | None = None
    parts: tuple[PartCost, ...] = ()


def sized(config: StackConfig) -> Sized:
    """Plan, check and price a stack, as its own program does.

    Raises:
        stacks.config.ConfigError: no plan can be made of the config.
    """
    from stacks.decision import decide

    decision = decide(config)
    return Sized(
        plan=decision.plan,
        findings=decision.findings,
        bill=cost(decision.plan),
        questions=decision.questions,
    )


def as_documented(config: StackConfig) -> StackConfig:
    """Return the same stack with the documented tables as they are written."""
    written = config.sizing.model_copy(update={"mode": Mode.DOCUMENTED})
    return config.model_copy(update={"sizing": written})


def gather(stack: str, stack_file: Path, *, documented: bool) -> Facts:
    """Plan a stack and run its program, unless an error finding stops it.

    Raises:
        stacks.config.ConfigError: the stack file is refused, or no plan can be made of it.
        preview.offline.ProgramError: the program failed.
    """
    from stacks.config import load

    config = load(stack_file)
    own = sized(config)
    recording = None
    if not own.refused:
        from preview.offline import run

        recording = run(stack_file)
    return Facts(
        stack=stack,
        sized=own,
        external=external_cost(own.plan),
        own_usd_per_million=usd_per_million_self_hosted(own.plan, own.bill),
        quotas=quotas(own.plan),
        recording=recording,
        documented=sized(as_documented(config)) if documented else None,
        costs=costs(own.plan, own.bill),
        offers=offers(own.plan.request),
        parts=part_costs(own.plan, own.bill),
    )
