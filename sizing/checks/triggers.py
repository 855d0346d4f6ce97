"""Scaling triggers: what the autoscaler steers to, below the lines at which alerts begin."""

from __future__ import annotations

from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Subject
from sizing.planning.gateways import PROXY
from sizing.plans import Finding
from sizing.triggers import documented_targets, litellm_target, ruling, steering


def check_triggers(subject: Subject) -> list[Finding]:
    """Return the findings of the proxy's autoscaler, the only one that steers by a share of CPU."""
    target = litellm_target() if subject.setting.proven else documented_targets()[0]
    found = [
        constrained(
            subject,
            f"services.{PROXY}",
            steering(target.cpu_percent, ruling("cpu")),
            said=f"CPU target {target.cpu_percent} %",
            fix="plan in proven mode, whose target stays below the warning line",
        )
    ]
    if target.memory_percent is not None:
        found.append(
            constrained(
                subject,
                f"services.{PROXY}.memory",
                steering(target.memory_percent, ruling("memory")),
                said=f"memory target {target.memory_percent} %",
                fix="plan in proven mode, which scales by CPU alone",
            )
        )
    return found
