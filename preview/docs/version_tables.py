"""Tables of what is pinned: Kubernetes and engines of the clouds, charts, images."""

from __future__ import annotations

from preview.docs.stack_tables import table
from sizing.versions import GOOGLE_VERSIONS, VERSIONS
from sizing.versions.charts import CHARTS
from sizing.versions.images import IMAGES

NONE = "-"


def clouds() -> str:
    """Return what the clouds run themselves, with the day on which each was seen."""
    aws, google = VERSIONS, GOOGLE_VERSIONS
    pairs = (
        ("Kubernetes", aws.kubernetes, google.kubernetes),
        ("PostgreSQL", aws.postgres.version, google.postgres),
        ("Valkey", aws.valkey.version, None),
        ("Redis", aws.redis.version, google.redis),
        ("OpenSearch", aws.opensearch, google.opensearch),
        ("images of nodes", aws.ami_release, None),
        *((name, pin, None) for name, pin in aws.addons.items()),
    )
    columns = ("what", "AWS", "seen", "Google Cloud", "seen")
    return table(
        columns,
        (
            (
                what,
                own.value,
                own.seen,
                other.value if other else NONE,
                other.seen if other else NONE,
            )
            for what, own, other in pairs
        ),
    )


def support() -> str:
    """Return until when each cloud supports a Kubernetes version, and from when that is told."""
    google = GOOGLE_VERSIONS.support
    rows = (
        (
            minor,
            one.warn_from,
            one.standard_ends,
            google[minor].warn_from if minor in google else NONE,
            google[minor].standard_ends if minor in google else NONE,
        )
        for minor, one in VERSIONS.support.items()
    )
    return table(("Kubernetes", "EKS: told from", "ends", "GKE: told from", "ends"), rows)


def charts() -> str:
    """Return the pinned charts."""
    rows = ((f"`{name}`", one.version, one.repository, one.seen) for name, one in CHARTS.items())
    return table(("chart", "version", "repository", "seen"), rows)


def images() -> str:
    """Return the pinned images, and whether their content is pinned by a digest."""
    rows = (
        (f"`{one.repository}`", one.tag, "yes" if one.digest else "no source shows one", one.seen)
        for one in sorted(IMAGES.values(), key=lambda one: one.repository)
    )
    return table(("image", "tag", "digest", "seen"), dict.fromkeys(rows))
