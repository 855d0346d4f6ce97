"""The control plane: support of its version, and add-ons without one."""

from __future__ import annotations

from sizing.checks.verdicts import Subject, finding
from sizing.plans import Finding
from sizing.versions import VERSIONS, Support
from sizing.words import Verdict


def check_cluster(subject: Subject) -> list[Finding]:
    """Return the findings of the control plane."""
    return [_support(subject), _addons(subject)]


def _support(subject: Subject) -> Finding:
    minor = subject.plan.cluster.kubernetes_version
    return support_finding(subject, VERSIONS.support.get(minor), source=VERSIONS.kubernetes.source)


def support_finding(
    subject: Subject, support: Support | None, *, source: str, said: str = ""
) -> Finding:
    """Return whether the minor is still supported on the day that versions were looked up.

    Args:
        subject: what is checked.
        support: when support of the minor ends, None where no source shows it.
        source: where that stands.
        said: what to say before it.
    """
    minor, today = subject.plan.cluster.kubernetes_version, VERSIONS.looked_up
    if support is None:
        verdict, message = Verdict.UNPROVEN, f"no source shows the end of support of {minor}"
    else:
        message = (
            f"{said}standard support of Kubernetes {minor} ends {support.standard_ends}; versions "
            f"were looked up {today}"
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
        fix="move the pins of sizing/versions to the next minor",
        source=source,
    )


def _addons(subject: Subject) -> Finding:
    unpinned = [addon.name for addon in subject.plan.cluster.addons if not addon.version]
    return finding(
        subject,
        "cluster",
        "addon-versions",
        Verdict.UNPROVEN if unpinned else Verdict.HOLDS,
        f"no source shows a version of {', '.join(unpinned)} for Kubernetes "
        f"{subject.plan.cluster.kubernetes_version}: AWS takes its default"
        if unpinned
        else "every add-on is pinned",
        fix="pin what the first up installs in sizing/versions",
        source="addons-seen",
    )
