"""All that is known of one stack before it is built: what every output of `aigw plan` shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sizing.check import check
from sizing.cost import cost
from sizing.external import ExternalCost, external_cost, usd_per_million_self_hosted
from sizing.plan import plan
from sizing.plans import Bill, Finding, PlanRequest, PlatformPlan, QuotaRequest
from sizing.quotas import quotas
from sizing.words import Mode, Severity

if TYPE_CHECKING:
    from preview.offline import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A plan with what is said of it; nothing here is registered with anyone."""

    plan: PlatformPlan
    findings: tuple[Finding, ...]
    bill: Bill

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
    """

    stack: str
    sized: Sized
    external: ExternalCost
    own_usd_per_million: float | None
    quotas: tuple[QuotaRequest, ...]
    recording: Recording | None
    documented: Sized | None


def sized(request: PlanRequest) -> Sized:
    """Plan, check and price a request."""
    planned = plan(request)
    return Sized(plan=planned, findings=check(planned), bill=cost(planned))


def gather(stack: str, stack_file: Path, *, documented: bool) -> Facts:
    """Plan a stack and run its program, unless an error finding stops it.

    Raises:
        stacks.config.ConfigError: the stack file is refused.
        preview.offline.ProgramError: the program failed.
    """
    from stacks.config import load

    request = load(stack_file).request()
    own = sized(request)
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
        documented=sized(replace(request, mode=Mode.DOCUMENTED)) if documented else None,
    )
