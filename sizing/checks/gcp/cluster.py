"""GKE's control plane: support of its minor on the release channel."""

from __future__ import annotations

from sizing.checks.verdicts import Subject, finding
from sizing.plans import Finding
from sizing.versions import GOOGLE_VERSIONS, VERSIONS
from sizing.words import Verdict


def check_cluster(subject: Subject) -> list[Finding]:
    """Return the findings of the control plane."""
    return [_support(subject)]


def _support(subject: Subject) -> Finding:
    minor, today = subject.plan.cluster.kubernetes_version, VERSIONS.looked_up
    channel = subject.plan.cluster.support_type
    support = GOOGLE_VERSIONS.support.get(minor)
    if support is None:
        verdict, message = Verdict.UNPROVEN, f"no source shows the end of support of {minor}"
    else:
        message = (
            f"channel {channel} gives {GOOGLE_VERSIONS.kubernetes.value}; standard support of "
            f"{minor} ends {support.standard_ends}; versions were looked up {today}"
        )
        # Dates are ISO text: they compare as they stand.
        ended, near = today >= support.standard_ends, today >= support.warn_from
        verdict = Verdict.REFUTED if ended else Verdict.UNPROVEN if near else Verdict.HOLDS
    return finding(
        subject,
        "cluster",
        "support",
        verdict,
        message,
        fix="move the pins of sizing/versions.py to the next minor",
        source=support.source if support else GOOGLE_VERSIONS.kubernetes.source,
    )
