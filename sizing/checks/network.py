"""Addresses, ranges and zones."""

from __future__ import annotations

from sizing.addresses import overlap
from sizing.catalog import UnknownNameError, control_plane_refused_zone_ids, region_zone_ids
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm, Verdict

CONTROL_PLANE_ZONES = 2  # eks-network-requirements, 2026
CLUSTER_ZONES = 3  # a Multi-AZ DB cluster's subnet group. Source: rds-user-guide, 2026.


def check_network(subject: Subject) -> list[Finding]:
    """Return the findings of the network."""
    return [
        _pod_addresses(subject),
        _ranges(subject),
        _zone_count(subject),
        _refused_zones(subject),
        _known_zones(subject),
    ]


def _pod_addresses(subject: Subject) -> Finding:
    network = subject.plan.network
    need, have = network.pod_addresses_needed, network.pod_addresses_reserved
    return finding(
        subject,
        "network",
        "pod-addresses",
        limit(need, have),
        f"pods take {need} of {have} reserved addresses a zone at pool maximum"
        + ("" if subject.setting.is_dev else ", one zone lost"),
        amount=Amount(demand=need, capacity=have, unit="addresses a zone"),
        fix="set network.vpc_cidr to a larger range",
        source="eks-networking-add-ons",
        blocking=True,
    )


def _ranges(subject: Subject) -> Finding:
    vpc, service = subject.plan.network.vpc_cidr, subject.plan.cluster.service_cidr
    both = overlap(vpc, service)
    return finding(
        subject,
        "network",
        "service-range",
        Verdict.REFUTED if both else Verdict.HOLDS,
        f"the service range {service} {'overlaps' if both else 'lies outside'} the VPC's {vpc}",
        fix="set cluster.service_cidr to a private range outside the VPC's",
        source="eks-api",
        blocking=True,
    )


def _zone_count(subject: Subject) -> Finding:
    zones = len(set(subject.plan.network.zone_ids))
    clustered = subject.plan.postgres.form is PostgresForm.MULTI_AZ_CLUSTER
    need = CLUSTER_ZONES if clustered else CONTROL_PLANE_ZONES
    return finding(
        subject,
        "network",
        "zones",
        limit(need, zones),
        f"{zones} zones where {need} are needed "
        + ("by the Multi-AZ DB cluster" if clustered else "by the control plane"),
        amount=Amount(demand=need, capacity=zones, unit="zones"),
        fix=f"give zone_ids {need} different zones",
        source="rds-user-guide" if clustered else "eks-network-requirements",
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


def _known_zones(subject: Subject) -> Finding:
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
        source="skypilot-aws-v9",
    )
