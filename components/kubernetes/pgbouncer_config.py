"""PgBouncer's configuration: which databases, how many connections, who may log in, with what TLS.

Pure text from typed values; keys and defaults are those of PgBouncer 1.25 (doc/config.md). Users
and secrets come as a file that External Secrets renders: RDS lets nobody read pg_authid, its master
neither (doc/config.md, "Note on managed servers"), so auth_query has nothing to ask.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sizing.plans.workloads import PoolerPlan

PORT = 5432
SERVER_PORT = 5432
FOLDER = "/etc/pgbouncer"
CONFIG_KEY = "pgbouncer.ini"
CONFIG_FILE = f"{FOLDER}/{CONFIG_KEY}"
USERS_FOLDER = "/etc/pgbouncer-users"
USERS_KEY = "userlist.txt"
USERS_FILE = f"{USERS_FOLDER}/{USERS_KEY}"
STATS_USER = "pgbouncer_stats"
"""Reads SHOW commands for the exporter; nobody may pause, kill or reload over the network."""

# Longer than PostgreSQL lets a transaction idle (see database_sql), so that a queue behind one is
# served and not sent away; a client that waits longer is told so instead of hanging.
QUERY_WAIT_SECONDS = 60
# A failover's refusals end soon; the default waits 15 s before it tries the new primary.
LOGIN_RETRY_SECONDS = 1
# Drivers ask for these when they connect. Dropped, each keeps what PostgreSQL does anyway: floats
# in full (since 12), and the role's own time limits. `options` and `search_path` stay refused: to
# drop those would read another schema than was asked for.
IGNORED_PARAMETERS = (
    "extra_float_digits",  # JDBC, lib/pq
    "idle_in_transaction_session_timeout",  # node-postgres, as the next two
    "lock_timeout",
    "statement_timeout",
)
# SIGTERM waits until all clients have gone (since 1.23), which pools never do, and a second signal
# ends transactions. SIGINT serves what is under way and then goes; the hook stays until it has,
# since Kubernetes sends SIGTERM when the hook returns. The sleep outlasts the Service's update.
DRAIN_COMMAND = (
    "/bin/sh",
    "-c",
    "sleep 5; kill -INT 1; while kill -0 1; do sleep 1; done",
)

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")


class PreparedStatements(IntEnum):
    """How many named statements the pooler keeps on a server connection (one number for all).

    Tracked is for drivers that prepare by themselves (asyncpg, psycopg, pgx, JDBC).
    LiteLLM's Prisma is told of the pooler beside it and sends DEALLOCATE ALL with each transaction;
    PgBouncer follows that since 1.22 (before, the two together failed: prisma/orm 21635), and a
    statement never outlives a migration of its table.
    """

    TRACKED = 200
    UNTRACKED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTls:
    """The server proves its name by this authority's certificate; RDS' bundle for a region."""

    authority_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTls:
    """Clients must use TLS; the certificate names the pooler's Service."""

    certificate_file: str
    key_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolerConfig:
    """What one PgBouncer is told.

    Attributes:
        host: of the server, as its certificate names it.
        databases: those that are pooled; any other name is refused.
        pool_size: server connections of one database, whoever its users are.
        reserve: further ones, for clients that have waited.
        max_clients: connections that it takes.
        server_tls: None only for a server on loopback.
        client_tls: None where network policies alone guard the way from the clients.
    """

    host: str
    port: int = SERVER_PORT
    databases: tuple[str, ...]
    pool_size: int
    reserve: int
    max_clients: int
    server_tls: ServerTls | None
    client_tls: ClientTls | None = None
    prepared_statements: PreparedStatements = PreparedStatements.TRACKED
    listen_address: str = "*"
    listen_port: int = PORT
    users_file: str = USERS_FILE

    def __post_init__(self) -> None:
        """Refuse what PgBouncer would misread or what would not be safe.

        Raises:
            ValueError: a name that needs quoting, an empty pool, a server without TLS elsewhere.
        """
        _legal(self.databases, "database")
        if "pgbouncer" in self.databases:
            raise ValueError("pgbouncer is the console's name")
        if not self.databases or self.pool_size < 1 or self.reserve < 0 or self.max_clients < 1:
            raise ValueError("a pooler has databases, connections and clients")
        if not _HOST.fullmatch(self.host):
            raise ValueError(f"{self.host!r} is no host")
        if self.server_tls is None and not _is_loopback(self.host):
            raise ValueError(f"{self.host} is not on loopback: it must prove itself by TLS")

    @property
    def server_connections(self) -> int:
        """Return the connections that this pooler opens at most."""
        return (self.pool_size + self.reserve) * len(self.databases)


def from_plan(
    plan: PoolerPlan,
    *,
    host: str,
    port: int = SERVER_PORT,
    server_tls: ServerTls | None,
    client_tls: ClientTls | None = None,
) -> PoolerConfig:
    """Return the configuration of each of the planned poolers.

    Raises:
        ValueError: together they would open more connections than the plan counts.
    """
    config = PoolerConfig(
        host=host,
        port=port,
        databases=plan.databases,
        pool_size=plan.pool_size,
        reserve=plan.reserve,
        max_clients=plan.max_clients,
        server_tls=server_tls,
        client_tls=client_tls,
    )
    together = config.server_connections * plan.poolers
    if together > plan.max_server_connections:
        raise ValueError(
            f"{plan.poolers} poolers open {together} connections, "
            f"the plan counts {plan.max_server_connections}"
        )
    return config


def render(config: PoolerConfig) -> str:
    """Return pgbouncer.ini."""
    databases = [
        f"{name} = host={config.host} port={config.port} dbname={name}"
        for name in sorted(config.databases)
    ]
    settings = [
        *_listening(config),
        *_pools(config),
        *_access(config),
        *_server_tls(config.server_tls),
        *_client_tls(config.client_tls),
        *_lifetimes(),
    ]
    lines = ["[databases]", *databases, "", "[pgbouncer]"]
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in settings), ""])


def users_key(role: str) -> str:
    """Return the key under which an ExternalSecret holds a role's password or SCRAM secret."""
    _legal((role,), "role")
    return f"{role}_password"


def userlist_template(roles: Sequence[str]) -> str:
    """Return the file of users as a template of External Secrets (engine v2), by `users_key`.

    Owners and migrators have no place in it: they go to the server itself. It is read when
    PgBouncer starts and when it is told to reload, so that a new secret rolls the pods.
    """
    _legal(roles, "role")
    # a quote inside a value is written twice
    return "".join(
        f'"{role}" "{{{{ .{users_key(role)} | replace "\\"" "\\"\\"" }}}}"\n'
        for role in sorted({*roles, STATS_USER})
    )


def _listening(config: PoolerConfig) -> list[tuple[str, str | int]]:
    return [
        ("listen_addr", config.listen_address),
        ("listen_port", config.listen_port),
        # a burst of new clients waits here; the system's default drops those above 128
        ("listen_backlog", config.max_clients),
        # the root file system is read-only: no socket, no file of its process, log to stderr
        ("unix_socket_dir", ""),
        ("log_stats", 0),  # the exporter asks for them
    ]


def _pools(config: PoolerConfig) -> list[tuple[str, str | int]]:
    return [
        ("pool_mode", "transaction"),
        ("max_client_conn", config.max_clients),
        ("default_pool_size", config.pool_size),
        ("reserve_pool_size", config.reserve),
        ("reserve_pool_timeout", 5),
        # a role has a pool of its own: while passwords rotate, two of them share what one had
        ("max_db_connections", config.pool_size + config.reserve),
        ("max_prepared_statements", config.prepared_statements.value),
        ("ignore_startup_parameters", ",".join(IGNORED_PARAMETERS)),
    ]


def _access(config: PoolerConfig) -> list[tuple[str, str | int]]:
    return [
        ("auth_type", "scram-sha-256"),
        ("auth_file", config.users_file),
        ("admin_users", ""),
        ("stats_users", STATS_USER),
    ]


def _server_tls(tls: ServerTls | None) -> list[tuple[str, str | int]]:
    if tls is None:
        return [("server_tls_sslmode", "disable")]
    return [
        ("server_tls_sslmode", "verify-full"),
        ("server_tls_ca_file", tls.authority_file),
        ("server_tls_protocols", "secure"),
    ]


def _client_tls(tls: ClientTls | None) -> list[tuple[str, str | int]]:
    if tls is None:
        return [("client_tls_sslmode", "disable")]
    return [
        ("client_tls_sslmode", "require"),
        ("client_tls_cert_file", tls.certificate_file),
        ("client_tls_key_file", tls.key_file),
        ("client_tls_protocols", "secure"),
    ]


def _lifetimes() -> list[tuple[str, str | int]]:
    return [
        ("query_wait_timeout", QUERY_WAIT_SECONDS),
        ("server_login_retry", LOGIN_RETRY_SECONDS),
        ("server_connect_timeout", 15),
        ("server_lifetime", 3600),
        ("server_idle_timeout", 600),
        ("client_login_timeout", 15),
        ("client_idle_timeout", 0),  # clients keep pools of their own
        ("dns_max_ttl", 15),  # a failover moves the server's name
        # a server that vanished without a word is noticed within two minutes
        ("tcp_keepidle", 60),
        ("tcp_keepintvl", 10),
        ("tcp_keepcnt", 5),
    ]


def _legal(names: Sequence[str], what: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no {what}: small letters, digits and _, no digit first")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
