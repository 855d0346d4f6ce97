"""A certificate for several hosts of one zone, proven by records in that zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pulumi
from pulumi_aws import acm, route53

from components.base import PlatformComponent

_TTL_SECONDS = 300


def certificate(
    owner: PlatformComponent,
    name: str,
    *,
    hosts: Sequence[str],
    zone_id: pulumi.Input[str],
    tags: Mapping[str, str],
) -> acm.CertificateValidation:
    """Create a certificate and its proof; who takes the ARN of the proof waits until it is valid.

    Args:
        hosts: names that the certificate is for, the first of them as its subject.
        zone_id: hosted zone of all of them.

    Raises:
        ValueError: no host.
    """
    if not hosts:
        raise ValueError("a certificate needs a host")
    made = acm.Certificate(
        f"{name}-certificate",
        domain_name=hosts[0],
        subject_alternative_names=list(hosts[1:]),
        validation_method="DNS",
        tags=owner.tags(tags, name),
        opts=owner.child,
    )
    proofs = {host: _proof(owner, name, made, host, zone_id) for host in hosts}
    return acm.CertificateValidation(
        f"{name}-certificate-valid",
        certificate_arn=made.arn,
        validation_record_fqdns=[proof.fqdn for proof in proofs.values()],
        opts=owner.child,
    )


def _proof(
    owner: PlatformComponent,
    name: str,
    made: acm.Certificate,
    host: str,
    zone_id: pulumi.Input[str],
) -> route53.Record:
    options = made.domain_validation_options
    return route53.Record(
        f"{name}-proof-{host.partition('.')[0]}",
        zone_id=zone_id,
        name=options.apply(_of(host, "resource_record_name")),
        type="CNAME",  # ACM asks for no other
        records=[options.apply(_of(host, "resource_record_value"))],
        ttl=_TTL_SECONDS,
        # ACM asks the same record of every certificate for the name, also of one made by hand
        allow_overwrite=True,
        opts=owner.child,
    )


def _of(
    host: str, field: str
) -> Callable[[Sequence[acm.outputs.CertificateDomainValidationOption]], str]:
    """Return what reads one field of a host's proof out of all proofs.

    It gives "" where there is none: a preview may know the hosts and not their proofs yet, and
    an empty record is refused by Route 53, never made.
    """

    def read(options: Sequence[acm.outputs.CertificateDomainValidationOption]) -> str:
        found = (getattr(one, field) for one in options if one.domain_name == host)
        return str(next(found, "") or "")

    return read
