"""Addresses, ranges and zones on Google Cloud."""

from __future__ import annotations

from sizing.addresses import overlap
from sizing.catalog import UnknownNameError, region_zone_ids
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm, Verdict

STANDBY_ZONES = 2  # a regional Cloud SQL server's. Source: pulumi-gcp.


def check_network(subject: Subject) -> list[Finding]:
    """Return the findings of the network."""
    return [_pod_addresses(subject), _ranges(subject), _zone_count(subject), _known_zones(subject)]


def _pod_addresses(subject: Subject) -> Finding:
    network = subject.plan.network
    need, have = network.pod_addresses_needed, network.pod_addresses_reserved
    return finding(
        subject,
        "network",
        "pod-addresses",
        limit(need, have),
        f"nodes take {need} of {have} addresses for pods at pool maximum, a block each",
        amount=Amount(demand=need, capacity=have, unit="addresses"),
        fix="set network.vpc_cidr to a larger range",
        source="gke-pod-cidr",
        blocking=True,
    )


def _ranges(subject: Subject) -> Finding:
    own, service = subject.plan.network.vpc_cidr, subject.plan.cluster.service_cidr
    both = overlap(own, service)
    return finding(
        subject,
        "network",
        "service-range",
        Verdict.REFUTED if both else Verdict.HOLDS,
        f"the service range {service} {'overlaps' if both else 'lies outside'} the network's {own}",
        fix="set cluster.service_cidr to a private range outside the network's",
        source="pulumi-gcp",
        blocking=True,
    )


def _zone_count(subject: Subject) -> Finding:
    zones = len(set(subject.plan.network.zone_ids))
    regional = subject.plan.postgres.form is not PostgresForm.SINGLE
    need = STANDBY_ZONES if regional else 1
    return finding(
        subject,
        "network",
        "zones",
        limit(need, zones),
        f"{zones} zones where {need} are needed "
        + ("by primary and standby" if regional else "by the nodes"),
        amount=Amount(demand=need, capacity=zones, unit="zones"),
        fix=f"give zone_ids {need} different zones",
        source="pulumi-gcp",
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
        source="cyclenerd-zones-2023",
    )
