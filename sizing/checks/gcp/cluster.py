"""GKE's control plane: support of its minor on the release channel."""

from __future__ import annotations

from sizing.checks.cluster import support_finding
from sizing.checks.verdicts import Subject
from sizing.plans import Finding
from sizing.versions import GOOGLE_VERSIONS


def check_cluster(subject: Subject) -> list[Finding]:
    """Return the findings of the control plane."""
    plan, given = subject.plan.cluster, GOOGLE_VERSIONS.kubernetes
    support = GOOGLE_VERSIONS.support.get(plan.kubernetes_version)
    return [
        support_finding(
            subject,
            support,
            source=support.source if support else given.source,
            said=f"channel {plan.support_type} gives {given.value}; ",
        )
    ]
