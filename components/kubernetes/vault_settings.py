"""What Vault is made to hold: who logs in, what each may do, which logins it makes. Pure.

Policies are Vault's own language. A role of Kubernetes' login is bound to one service account of
one namespace and to tokens that are made out to Vault, so that a token for the API opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from components.kubernetes.database_issuer import ISSUER, created, dropped, offered
from components.kubernetes.database_sql import DatabaseNeed
from components.kubernetes.scripts.vault_setup import HOST_MARK
from components.kubernetes.scripts.vault_setup import ROLE as SETUP
from components.kubernetes.scripts.vault_snapshot import ROLE as SNAPSHOTS
from components.kubernetes.vault_config import AUDIT_FILE

AUDIENCE = "vault"
"""Whom tokens are made out to that log in here."""
MOUNT = "database"
CONNECTION = "platform"
_LOGIN_SECONDS = 600
# A snapshot of a large store takes long to send.
_SNAPSHOT_SECONDS = 3600
# The leader opens these and no other member; nobody waits behind them for long.
_CONNECTIONS = 2

_SETUP_POLICY = """\
path "sys/auth" { capabilities = ["read"] }
path "sys/auth/kubernetes" { capabilities = ["create", "update", "sudo"] }
path "auth/kubernetes/config" { capabilities = ["create", "read", "update"] }
path "auth/kubernetes/role/*" { capabilities = ["create", "read", "update"] }
path "sys/policies/acl/platform-*" { capabilities = ["create", "read", "update"] }
path "sys/audit" { capabilities = ["read", "sudo"] }
path "sys/audit/*" { capabilities = ["create", "update", "sudo"] }
path "sys/mounts" { capabilities = ["read"] }
path "sys/mounts/database" { capabilities = ["create", "update"] }
path "database/config/platform" { capabilities = ["create", "read", "update"] }
path "database/roles/*" { capabilities = ["create", "read", "update"] }
"""
_SNAPSHOT_POLICY = 'path "sys/storage/raft/snapshot" { capabilities = ["read"] }\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The database server that gets short-lived logins; its name is filled in by the job.

    Attributes:
        authority: certificates that its own chains to, as PEM: text, or what will be.
        database: where the issuer works.
    """

    port: int
    authority: object
    database: str = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A service account that may ask for logins of some databases."""

    account: str
    namespace: str
    databases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is laid down.

    Attributes:
        namespace: of Vault and of its jobs.
        server: None where it makes no logins.
        needs: the databases with their users.
        readers: who may ask for logins.
        login_seconds: life of a login, `login_maximum_seconds` where it is renewed.
    """

    namespace: str
    server: Server | None
    needs: Sequence[DatabaseNeed] = field(default=())
    readers: Sequence[Reader] = field(default=())
    login_seconds: int
    login_maximum_seconds: int


def settings(wanted: Wanted) -> dict[str, object]:
    """Return what the job lays down, as its script reads it; no secret is in it.

    Raises:
        ValueError: a reader of a database that has no such logins.
    """
    return {
        "kubernetes": {"kubernetes_host": "https://kubernetes.default.svc"},
        "policies": dict(sorted(_policies(wanted))),
        "roles": dict(sorted(_roles(wanted))),
        "audit": _audit(),
        "database": _database(wanted),
    }


def database_policy(database: str) -> str:
    """Return the name of the policy that lets ask for logins of a database."""
    return f"platform-database-{database.replace('_', '-')}"


def _policies(wanted: Wanted) -> Iterator[tuple[str, str]]:
    yield SETUP, _SETUP_POLICY
    yield SNAPSHOTS, _SNAPSHOT_POLICY
    if wanted.server is None:
        return
    for need in offered(wanted.needs):
        path = f"{MOUNT}/creds/{need.name}"
        yield database_policy(need.name), f'path "{path}" {{ capabilities = ["read"] }}\n'


def _roles(wanted: Wanted) -> Iterator[tuple[str, Mapping[str, object]]]:
    yield SETUP, _role("vault-setup", wanted.namespace, (SETUP,), _LOGIN_SECONDS)
    yield SNAPSHOTS, _role("vault-snapshots", wanted.namespace, (SNAPSHOTS,), _SNAPSHOT_SECONDS)
    known = {need.name for need in offered(wanted.needs)} if wanted.server else set()
    for reader in wanted.readers:
        unknown = sorted({*reader.databases} - known)
        if unknown:
            raise ValueError(f"{reader.account}: no logins are made of {', '.join(unknown)}")
        policies = tuple(database_policy(one) for one in reader.databases)
        yield (
            reader.account,
            _role(reader.account, reader.namespace, policies, wanted.login_maximum_seconds),
        )


def _role(
    account: str, namespace: str, policies: tuple[str, ...], seconds: int
) -> Mapping[str, object]:
    return {
        "bound_service_account_names": [account],
        "bound_service_account_namespaces": [namespace],
        "audience": AUDIENCE,
        "token_policies": list(policies),
        # "default" lets a token look at itself, renew itself, and end itself
        "token_ttl": seconds,
        "token_max_ttl": seconds,
    }


def _audit() -> dict[str, object]:
    # Vault answers nobody whose request it can record nowhere: two places, one of which may fail
    return {
        "file": {"type": "file", "options": {"file_path": AUDIT_FILE, "mode": "0600"}},
        "stdout": {"type": "file", "options": {"file_path": "stdout"}},
    }


def _database(wanted: Wanted) -> dict[str, object] | None:
    server, needs = wanted.server, offered(wanted.needs)
    if server is None:
        return None
    place = f"{HOST_MARK}:{server.port}/{server.database}"
    return {
        "mount": MOUNT,
        "connections": {
            CONNECTION: {
                "plugin_name": "postgresql-database-plugin",
                "connection_url": "postgresql://{{username}}:{{password}}@"
                f"{place}?sslmode=verify-full",
                "username": ISSUER,
                "tls_ca": server.authority,
                "allowed_roles": [need.name for need in needs],
                # the server is told a proof alone, its log of statements likewise
                "password_authentication": "scram-sha-256",
                "max_open_connections": _CONNECTIONS,
                "max_idle_connections": 1,
                "max_connection_lifetime": "300s",
            }
        },
        "roles": {
            need.name: {
                "db_name": CONNECTION,
                "creation_statements": created(need),
                "revocation_statements": dropped(need),
                "default_ttl": wanted.login_seconds,
                "max_ttl": wanted.login_maximum_seconds,
            }
            for need in needs
        },
    }
