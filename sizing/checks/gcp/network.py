"""Addresses, ranges and zones on Google Cloud."""

from __future__ import annotations

from sizing.checks.network import known_zones, ranges, zone_count
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm

STANDBY_ZONES = 2  # a regional Cloud SQL server's. Source: pulumi-gcp.


def check_network(subject: Subject) -> list[Finding]:
    """Return the findings of the network."""
    return [
        _pod_addresses(subject),
        ranges(subject, called="network", source="pulumi-gcp"),
        _zone_count(subject),
        known_zones(subject, source="cyclenerd-zones-2023"),
    ]


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


def _zone_count(subject: Subject) -> Finding:
    if subject.plan.postgres.form is PostgresForm.SINGLE:
        return zone_count(subject, 1, by="the nodes", source="pulumi-gcp")
    return zone_count(subject, STANDBY_ZONES, by="primary and standby", source="pulumi-gcp")
