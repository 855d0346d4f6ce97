"""What `pulumi up` runs: read, plan, check, and only then register anything."""

from __future__ import annotations

import pulumi

from components.naming import PROJECT
from sizing.plans import PlatformPlan
from stacks.config import ConfigError, StackConfig, parse_platform
from stacks.config_aws import AwsConfig
from stacks.config_gcp import GcpConfig
from stacks.decision import Decision, decide


def main() -> None:
    """Build the stack that the engine runs.

    Raises:
        pulumi.RunError: the config is refused or a finding is an error; nothing is registered.
    """
    try:
        config = parse_platform(pulumi.Config(PROJECT).require("platform"), pulumi.get_stack())
        decision = decide(config)
    except ConfigError as error:
        raise pulumi.RunError(f"this stack's config is refused:\n{error}") from error
    if decision.errors:
        lines = (f"{one.id}: {one.message}; {one.fix}" for one in decision.errors)
        raise pulumi.RunError("the plan does not hold:\n" + "\n".join(lines))
    _deploy(config, decision)


def _deploy(config: StackConfig, decision: Decision) -> None:
    for finding in decision.findings:
        if finding.component == "config":
            pulumi.log.warn(f"{finding.message}; {finding.fix}")
    for name, value in _built(config, decision.plan).items():
        pulumi.export(name, value)


def _built(config: StackConfig, plan: PlatformPlan) -> dict[str, pulumi.Input[object]]:
    """Register everything of the plan on its cloud and return the stack's exports."""
    # a cloud's SDK takes seconds to import: a refused config must not wait, nor the other cloud
    if isinstance(config, AwsConfig):
        from stacks import aws

        return aws.build(config, plan)
    if isinstance(config, GcpConfig):
        from stacks import gcp

        return gcp.build(config, plan)
    raise pulumi.RunError(f"{config.stack}: {config.cloud} is no cloud that is built on")
