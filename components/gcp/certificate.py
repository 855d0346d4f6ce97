"""A regional certificate for several hosts of one zone, proven by records in that zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import certificatemanager, dns

from components.base import PlatformComponent

TTL_SECONDS = 300


def certificate(
    owner: PlatformComponent,
    name: str,
    *,
    hosts: Sequence[str],
    project: str,
    region: str,
    zone: pulumi.Input[str],
    labels: Mapping[str, str],
) -> certificatemanager.Certificate:
    """Create a certificate and its proofs; Google renews it as long as the proofs stand.

    It is there at once and valid later: some minutes after the world sees the proofs.

    Args:
        owner: whose children they are.
        name: first part of their logical names.
        hosts: names that the certificate is for.
        project: of the certificate and of the zone.
        region: of the balancer that shows it.
        zone: name of the managed zone of all hosts.
        labels: of the stack.

    Raises:
        ValueError: no host.
    """
    if not hosts:
        raise ValueError("a certificate needs a host")
    allowed = {
        host: certificatemanager.DnsAuthorization(
            f"{name}-{_word(host)}-authorization",
            project=project,
            location=region,
            domain=host,
            # one of each project, beside those of other projects for the same name
            type="PER_PROJECT_RECORD",
            labels=owner.tags(labels),
            opts=owner.child,
        )
        for host in hosts
    }
    proofs = [
        _proof(owner, f"{name}-{_word(host)}-proof", project, zone, one)
        for host, one in allowed.items()
    ]
    return certificatemanager.Certificate(
        f"{name}-certificate",
        project=project,
        location=region,
        description=f"Hosts of {name}",
        managed=certificatemanager.CertificateManagedArgs(
            domains=list(hosts), dns_authorizations=[one.id for one in allowed.values()]
        ),
        labels=owner.tags(labels),
        # an attempt without its proof fails, and the next one comes late
        opts=owner.child_with(depends_on=proofs),
    )


def _proof(
    owner: PlatformComponent,
    name: str,
    project: str,
    zone: pulumi.Input[str],
    allowed: certificatemanager.DnsAuthorization,
) -> dns.RecordSet:
    asked = allowed.dns_resource_records[0]
    return dns.RecordSet(
        name,
        project=project,
        managed_zone=zone,
        name=asked.name,
        type="CNAME",  # Certificate Manager asks for no other
        ttl=TTL_SECONDS,
        rrdatas=[asked.data],
        opts=owner.child,
    )


def _word(host: str) -> str:
    return host.partition(".")[0]
