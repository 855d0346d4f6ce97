"""What Vault's servers are told, in its own language (HCL of Vault 2.0). Pure.

One configuration for one member and for five: all keep their data by Raft, so that a snapshot is
the same thing everywhere, and a server that is alone grows into a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

NAME = "vault"
"""Of the release, the Service, the StatefulSet and the account of its pods."""
PORT = 8200
MEMBERS_PORT = 8201
DATA_FOLDER = "/vault/data"
AUDIT_FOLDER = "/vault/audit"
AUDIT_FILE = f"{AUDIT_FOLDER}/audit.log"
TLS_SECRET = "vault-tls"
TLS_FOLDER = f"/vault/userconfig/{TLS_SECRET}"
AUTHORITY_KEY = "ca.crt"
HEADLESS = "vault-internal"
"""Service whose names are those of single members."""
ACTIVE = "vault-active"
"""Service of the member that leads."""
# Vault's Prometheus endpoint forgets what nobody has asked for in so long; asked every 15 s.
_METRICS_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The key of the cloud that opens it at each start.

    Attributes:
        kind: Vault's word for it ("awskms").
        settings: of that kind, by Vault's names.
        environment: variables that Vault reads for what is known only once the key exists.
    """

    kind: str
    settings: Mapping[str, str]
    environment: Mapping[str, object] = field(default_factory=dict)


def aws_seal(region: str, key: str) -> Seal:
    """Return the seal by a key of AWS; its alias will do."""
    return Seal(kind="awskms", settings={"region": region, "kms_key_id": key})


def gcp_seal(project: str, region: str, ring: object, key: object) -> Seal:
    """Return the seal by a key of Google Cloud, opened as the account that the servers run as.

    Args:
        ring: the key ring's name, or an output that will say it; `key` likewise, within the ring.
    """
    return Seal(
        kind="gcpckms",
        settings={"project": project, "region": region},
        environment={
            "VAULT_GCPCKMS_SEAL_KEY_RING": ring,
            "VAULT_GCPCKMS_SEAL_CRYPTO_KEY": key,
        },
    )


def member_host(namespace: str, member: str) -> str:
    """Return the name under which one member is reached."""
    return f"{member}.{HEADLESS}.{namespace}.svc.cluster.local"


def host(namespace: str, service: str = ACTIVE) -> str:
    """Return the name of one of its Services."""
    return f"{service}.{namespace}.svc.cluster.local"


def names(namespace: str) -> tuple[str, ...]:
    """Return every name that a server is called by, for its certificate."""
    services = (NAME, ACTIVE, "vault-standby")
    whole = [host(namespace, one) for one in services]
    short = [f"{one}.{namespace}.svc" for one in services]
    members = (member_host(namespace, "*"), f"*.{HEADLESS}")
    return (*whole, *short, *services, *members, "localhost", "127.0.0.1")


def configuration(namespace: str, members: int, seal: Seal) -> str:
    """Return the configuration of each server.

    Args:
        namespace: where they live.
        members: how many of them vote.
        seal: what opens them.

    Raises:
        ValueError: no member, or a number that a vote can tie.
    """
    if members < 1 or not members & 1:
        raise ValueError(f"{members} members: an odd number votes")
    return "\n".join(
        [
            "ui = false",
            f'cluster_name = "{namespace}"',
            'log_format = "json"',
            # Raft maps its file into memory: locked, it would have to fit as a whole
            "disable_mlock = true",
            "",
            *_block('listener "tcp"', _listener()),
            *_block('storage "raft"', _raft(namespace, members)),
            *_block(f'seal "{seal.kind}"', _settings(seal.settings)),
            'service_registration "kubernetes" {}',
            "",
            *_block(
                "telemetry",
                [
                    f'prometheus_retention_time = "{_METRICS_SECONDS}s"',
                    "disable_hostname = true",
                ],
            ),
        ]
    )


def _listener() -> Iterator[str]:
    yield f'address = "[::]:{PORT}"'
    yield f'cluster_address = "[::]:{MEMBERS_PORT}"'
    yield f'tls_cert_file = "{TLS_FOLDER}/tls.crt"'
    yield f'tls_key_file = "{TLS_FOLDER}/tls.key"'
    yield 'tls_min_version = "tls12"'
    # who reaches the port is ruled by the network; standbys answer no token
    yield from _block("telemetry", ["unauthenticated_metrics_access = true"], end=False)


def _raft(namespace: str, members: int) -> Iterator[str]:
    yield f'path = "{DATA_FOLDER}"'
    # a single one founds; several find each other, whichever of them was there first
    for index in range(members if members > 1 else 0):
        yield from _block(
            "retry_join",
            [
                f'leader_api_addr = "https://{member_host(namespace, f"{NAME}-{index}")}:{PORT}"',
                f'leader_ca_cert_file = "{TLS_FOLDER}/{AUTHORITY_KEY}"',
            ],
            end=False,
        )


def _settings(settings: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(settings.items()):
        yield f'{name} = "{value}"'


def _block(head: str, lines: list[str] | Iterator[str], *, end: bool = True) -> Iterator[str]:
    yield f"{head} {{"
    yield from (f"  {line}" for line in lines)
    yield "}"
    if end:
        yield ""
