"""The way from inside the network to Google's APIs and registries, past the internet.

Names and addresses are those of
https://docs.cloud.google.com/vpc/docs/configure-private-google-access (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_gcp import dns

from components.base import PlatformComponent
from components.sequel import Sequel

_LIFETIME: Final = 300
# registries: their images are pulled from here
_REGISTRIES: Final = ("gcr.io", "pkg.dev")


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """One of the two sets of addresses that answer for Google's APIs."""

    host: str
    cidr: str
    addresses: tuple[str, ...]


PRIVATE: Final = Front(
    host="private.googleapis.com",
    cidr="199.36.153.8/30",
    addresses=("199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"),
)
"""Every API of Google's."""
RESTRICTED: Final = Front(
    host="restricted.googleapis.com",
    cidr="199.36.153.4/30",
    addresses=("199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"),
)
"""Only APIs that a perimeter of VPC Service Controls can hold."""


def google_apis(
    owner: PlatformComponent,
    name: str,
    front: Front,
    *,
    project: str,
    network: pulumi.Input[str],
    labels: Mapping[str, str],
) -> Sequence[pulumi.Resource]:
    """Lead the names of Google's APIs and registries to a front; return what comes last."""
    zones = {
        "googleapis.com": [
            (front.host, "A", list(front.addresses)),
            ("*.googleapis.com", "CNAME", [f"{front.host}."]),
        ],
        **{
            domain: [
                (domain, "A", list(front.addresses)),
                (f"*.{domain}", "CNAME", [f"{domain}."]),
            ]
            for domain in _REGISTRIES
        },
    }
    row = Sequel(owner, [])
    for domain, records in zones.items():
        word = domain.replace(".", "-")
        zone = dns.ManagedZone(
            f"{name}-{word}",
            project=project,
            dns_name=f"{domain}.",
            description=f"{domain} by {front.host}",
            visibility="private",
            private_visibility_config=dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network)]
            ),
            labels=labels,
            opts=owner.child,
        )
        for host, kind, values in records:
            row.add(
                dns.RecordSet(
                    f"{name}-{word}-{'every' if kind == 'CNAME' else 'front'}",
                    project=project,
                    managed_zone=zone.name,
                    name=f"{host}.",
                    type=kind,
                    ttl=_LIFETIME,
                    rrdatas=values,
                    opts=row.next,
                )
            )
    return row.last
