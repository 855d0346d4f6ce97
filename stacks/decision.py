"""From a stack's config to what will be built and what is to be said of it; no engine needed."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import UnknownNameError
from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan
from sizing.words import Severity
from sizing.workload.findings import findings as workload_findings
from sizing.workload.questions import OpenQuestion, unanswered, unanswered_of_reference
from stacks.config import StackConfig, refused
from stacks.config_findings import findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A finished plan with every finding: the config's own first, then the plan's.

    Attributes:
        questions: what document 004 asks of a workload and nobody has answered.
    """

    plan: PlatformPlan
    findings: tuple[Finding, ...]
    questions: tuple[OpenQuestion, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that nothing may be built with."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


def decide(config: StackConfig) -> Decision:
    """Plan a stack and check the plan.

    Raises:
        ConfigError: no plan can be made of this config, such as a VPC too small for its pods.
    """
    try:
        made = plan(config.request())
    except (ValueError, UnknownNameError) as error:
        raise refused(config, str(error)) from error
    stated = config.resolved()
    return Decision(
        plan=made,
        findings=(
            # whose weights a guest's requests are answered from is its host's matter
            *findings(
                config,
                () if config.in_hosts_cluster else made.models,
                {one.name for one in made.services} | {one.name for one in made.helpers},
            ),
            *(() if stated is None else workload_findings(stated)),
            *check(made),
        ),
        questions=unanswered_of_reference(config.tier) if stated is None else unanswered(stated),
    )
