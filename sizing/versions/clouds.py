"""What the clouds run: Kubernetes, add-ons, engines, node images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One pinned version; `source` is an id of `sizing.sources`, `seen` when it showed it."""

    value: str
    source: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """When EKS' standard support of a minor ends, and the day 120 days before that.

    Dates are ISO 8601 text: they compare as text, and sizing reads no clock.
    """

    standard_ends: str
    warn_from: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A managed engine: the version asked for and the family of its parameter group."""

    version: Pin
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """All pins of one plan.

    Attributes:
        looked_up: the day on which all pins were last compared with their sources.
        addons: EKS add-on -> version; an add-on that no source shows for the minor is missing.
        ami_release: AL2023 release of the minor, shared by its standard and NVIDIA images.
    """

    looked_up: str
    kubernetes: Pin
    support: Mapping[str, Support]
    addons: Mapping[str, Pin]
    ami_release: Pin
    postgres: Engine
    valkey: Engine
    redis: Engine
    opensearch: Pin


def _addon(value: str) -> Pin:
    return Pin(value=value, source="addons-seen", seen="2026-09")


# One set that was seen working together, not the newest of each.
VERSIONS = Versions(
    looked_up="2026-11-21",
    kubernetes=Pin(value="1.35", source="endoflife-2026-08", seen="2026-08-22"),
    support=MappingProxyType(
        {
            "1.34": Support(
                standard_ends="2026-12-02", warn_from="2026-08-04", source="endoflife-2026-08"
            ),
            "1.35": Support(
                standard_ends="2027-03-27", warn_from="2026-11-27", source="endoflife-2026-08"
            ),
            "1.36": Support(
                standard_ends="2027-08-02", warn_from="2027-04-04", source="endoflife-2026-08"
            ),
        }
    ),
    # The EFS driver is missing: no source shows its version for 1.35.
    addons=MappingProxyType(
        {
            "aws-ebs-csi-driver": _addon("v1.66.0-eksbuild.1"),
            "coredns": _addon("v1.14.3-eksbuild.22"),
            "eks-pod-identity-agent": _addon("v1.3.10-eksbuild.3"),
            "kube-proxy": _addon("v1.35.3-eksbuild.29"),
            "metrics-server": _addon("v0.9.0-eksbuild.5"),
            "vpc-cni": _addon("v1.23.1-eksbuild.1"),
        }
    ),
    ami_release=Pin(value="1.35.7-20260911", source="addons-seen", seen="2026-09"),
    postgres=Engine(
        version=Pin(value="17.11", source="cfn-lint", seen="2026-10-20"), family="postgres17"
    ),
    valkey=Engine(version=Pin(value="8.2", source="cfn-lint", seen="2026-10-20"), family="valkey8"),
    redis=Engine(version=Pin(value="7.1", source="cfn-lint", seen="2026-10-20"), family="redis7"),
    opensearch=Pin(value="OpenSearch_3.5", source="opensearch-versions-seen", seen="2026"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleVersions:
    """The pins of a plan on GCP.

    Attributes:
        channel: the release channel; it moves nodes and control plane, so none is pinned beside it.
        kubernetes: the channel's default when it was seen; the plan asks for its minor alone.
        opensearch: what runs in the cluster, there being no managed service.
    """

    channel: str
    kubernetes: Pin
    support: Mapping[str, Support]
    postgres: Pin
    redis: Pin
    opensearch: Pin


GOOGLE_VERSIONS = GoogleVersions(
    channel="REGULAR",
    kubernetes=Pin(value="1.35.7-gke.1222000", source="gke-notes", seen="2026-08-20"),
    support=MappingProxyType(
        {
            "1.34": Support(
                standard_ends="2026-10-01", warn_from="2026-06-03", source="endoflife-2026-08"
            ),
            "1.35": Support(
                standard_ends="2027-04-11", warn_from="2026-12-12", source="endoflife-2026-08"
            ),
            "1.36": Support(
                standard_ends="2027-08-09", warn_from="2027-04-11", source="endoflife-2026-08"
            ),
        }
    ),
    postgres=Pin(value="POSTGRES_17", source="pulumi-gcp", seen="2026"),
    redis=Pin(value="REDIS_7_2", source="memorystore-versions", seen="2026"),
    opensearch=Pin(value="3.5", source="opensearch-versions-seen", seen="2026"),
)
