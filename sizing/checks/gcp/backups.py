"""What backups on Google Cloud leave open: whose keys copies are under, and what opens them."""

from __future__ import annotations

from sizing.checks.verdicts import Subject, finding
from sizing.plans import Finding
from sizing.words import Verdict

COMPONENT = "backups"


def check_backups(subject: Subject) -> list[Finding]:
    """Return one finding for each mechanism that is not proven by what makes it."""
    if not subject.plan.backups.enabled:
        return []
    return [_files(subject), _search(subject), _caches(subject)]


def _files(subject: Subject) -> Finding:
    return finding(
        subject,
        COMPONENT,
        "files",
        Verdict.UNPROVEN,
        "Backup and DR keeps copies of shared files under Google's own key: one of a customer's is "
        "planned, and whether a share under such a key is copied at all is not said",
        fix="look at the first copy's job before the first release; where it fails, copy on demand "
        "by `gcloud filestore backups create --kms-key`",
        source="filestore-backups",
    )


def _search(subject: Subject) -> Finding:
    return finding(
        subject,
        COMPONENT,
        "search",
        Verdict.UNPROVEN,
        "the search members' volumes are copied one by one and not as one snapshot of OpenSearch; "
        "that they start from such copies is not measured",
        fix="restore them into a second namespace before the first release",
        source="sizing-decisions",
    )


def _caches(subject: Subject) -> Finding:
    return finding(
        subject,
        COMPONENT,
        "caches",
        Verdict.NOT_APPLICABLE,
        "Memorystore keeps its last snapshot alone, for a node that is lost: nothing is undone by "
        "it, and what stands in a cache is made again",
        source="pulumi-gcp",
    )
