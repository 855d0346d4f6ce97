"""Addresses, ranges and zones."""

from __future__ import annotations

from sizing.addresses import overlap
from sizing.capacity import addresses
from sizing.catalog import UnknownNameError, control_plane_refused_zone_ids, region_zone_ids
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm, Verdict

CONTROL_PLANE_ZONES = 2  # eks-network-requirements, 2026
CLUSTER_ZONES = 3  # a Multi-AZ DB cluster's subnet group. Source: rds-user-guide, 2026.


def check_network(subject: Subject) -> list[Finding]:
    """Return the findings of the network."""
    return [
        _pod_addresses(subject),
        ranges(subject, called="VPC", source="eks-api"),
        _zone_count(subject),
        _refused_zones(subject),
        known_zones(subject, source="skypilot-aws-v9"),
    ]


def _pod_addresses(subject: Subject) -> Finding:
    network = subject.plan.network
    return constrained(
        subject,
        "network",
        addresses.pod_addresses(network.pod_addresses_needed, network.pod_addresses_reserved),
        said="at pool maximum" + ("" if subject.setting.is_dev else ", one zone lost"),
        fix="set network.vpc_cidr to a larger range",
        blocking=True,
    )


def ranges(subject: Subject, *, called: str, source: str) -> Finding:
    """Return whether services' addresses lie outside those of the network, as a cloud calls it."""
    own, service = subject.plan.network.vpc_cidr, subject.plan.cluster.service_cidr
    both = overlap(own, service)
    return finding(
        subject,
        "network",
        "service-range",
        Verdict.REFUTED if both else Verdict.HOLDS,
        f"the service range {service} {'overlaps' if both else 'lies outside'} the {called}'s "
        f"{own}",
        fix=f"set cluster.service_cidr to a private range outside the {called}'s",
        source=source,
        blocking=True,
    )


def _zone_count(subject: Subject) -> Finding:
    clustered = subject.plan.postgres.form is PostgresForm.MULTI_AZ_CLUSTER
    if clustered:
        return zone_count(
            subject, CLUSTER_ZONES, by="the Multi-AZ DB cluster", source="rds-user-guide"
        )
    return zone_count(
        subject, CONTROL_PLANE_ZONES, by="the control plane", source="eks-network-requirements"
    )


def zone_count(subject: Subject, need: int, *, by: str, source: str) -> Finding:
    """Return whether there are as many zones as something needs."""
    zones = len(set(subject.plan.network.zone_ids))
    return finding(
        subject,
        "network",
        "zones",
        limit(need, zones),
        f"{zones} zones where {need} are needed by {by}",
        amount=Amount(demand=need, capacity=zones, unit="zones"),
        fix=f"give zone_ids {need} different zones",
        source=source,
        blocking=True,
    )


def _refused_zones(subject: Subject) -> Finding:
    refused = [
        zone for zone in subject.plan.network.zone_ids if zone in control_plane_refused_zone_ids()
    ]
    return finding(
        subject,
        "network",
        "control-plane-zones",
        Verdict.REFUTED if refused else Verdict.HOLDS,
        f"EKS takes no control-plane subnet in {', '.join(refused)}"
        if refused
        else "EKS takes a control-plane subnet in every zone",
        fix="replace the zone in zone_ids by another of the region",
        source="eks-network-requirements",
        blocking=True,
    )


def known_zones(subject: Subject, *, source: str) -> Finding:
    """Return whether every zone that the request names was seen in its region."""
    request = subject.plan.request
    try:
        known = region_zone_ids(request.cloud, request.region)
    except UnknownNameError:
        known = ()
    strange = [zone for zone in request.zone_ids if zone not in known]
    return finding(
        subject,
        "network",
        "known-zones",
        Verdict.UNPROVEN if strange else Verdict.HOLDS,
        f"no source shows {', '.join(strange)} in {request.region}"
        if strange
        else f"every zone was seen in {request.region}",
        fix=f"compare zone_ids with the zones of {request.region}: {', '.join(known) or 'unknown'}",
        source=source,
    )
