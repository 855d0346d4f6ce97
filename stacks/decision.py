"""From a stack's config to what will be built and what is to be said of it; no engine needed."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import UnknownNameError
from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan
from sizing.words import Severity
from stacks.config import StackConfig, refused
from stacks.config_findings import findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A finished plan with every finding: the config's own first, then the plan's."""

    plan: PlatformPlan
    findings: tuple[Finding, ...]

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
    return Decision(plan=made, findings=(*findings(config), *check(made)))
