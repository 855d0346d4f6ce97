"""The databases' needs by their names, and the secrets that must be made for their logins.

Each login has a password, which its program alone reads, and a proof of it (`scram.secret`), which
is all that the server and the pooler are told. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes.database_sql import MONITOR, DatabaseNeed
from components.kubernetes.pgbouncer_config import STATS_USER

PASSWORD_LENGTH = 40
"""Letters and digits: what an address may hold as it stands (see `dsn`), beyond any guessing."""
POOLER_SECRET = "pgbouncer"
MONITOR_SECRET = "database-monitor"
VECTORS_SECRET = "qdrant"
VECTORS_KEY = "api-key"
VECTORS_READ_KEY = "read-only-api-key"

# LiteLLM makes views while it runs, Grafana writes its schema as it starts, and a program of the
# stack's own brings its tables itself.
# The three that document 000 names get theirs from a migrator.
_OWN_TABLES = frozenset({"application", "archestra", "grafana", "langflow", "litellm", "n8n"})
# What answers from documents looks for likenesses.
_EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"application": ("vector",), "archestra": ("vector",), "collections": ("vector",)}
)


def needs(databases: Sequence[str], prefix: str = "") -> tuple[DatabaseNeed, ...]:
    """Return who uses the planned databases, and how; nobody reads another's.

    Args:
        databases: by name.
        prefix: what the names begin with where stacks share a server.
    """
    return tuple(_need(name, name.removeprefix(prefix)) for name in sorted(databases))


def _need(name: str, use: str) -> DatabaseNeed:
    return DatabaseNeed(
        name=name, alters_schema=use in _OWN_TABLES, extensions=_EXTENSIONS.get(use, ())
    )


def secret_name(database: str) -> str:
    """Return the name of the secret that holds a database's three passwords and their proofs."""
    return f"database-{database.replace('_', '-')}"


def proof_key(role: str) -> str:
    """Return the key under which the proof of a role's password is kept."""
    return f"{role}_proof"


def roles(need: DatabaseNeed) -> tuple[str, ...]:
    """Return the logins of a database: its migrator, and two of its application."""
    return (need.migrator, *need.logins)


def home(databases: Sequence[DatabaseNeed], *, monitor: bool = True) -> Mapping[str, str]:
    """Return the secret in which each role's password is kept, and those of who measures.

    Args:
        databases: of the stack.
        monitor: the server is the stack's own, and measured by it.
    """
    found = {role: secret_name(need.name) for need in databases for role in roles(need)}
    measured = {MONITOR: MONITOR_SECRET} if monitor else {}
    return {**found, **measured, STATS_USER: POOLER_SECRET}


def guest_secret(role: str) -> str:
    """Return the name of the secret that holds the password of a guest's role on the server."""
    return f"guest-{role.replace('_', '-')}"


def generated(
    databases: Sequence[DatabaseNeed],
    *,
    protect: bool,
    guests: Sequence[str] = (),
    monitor: bool = True,
) -> tuple[GeneratedSecret, ...]:
    """Return every secret that databases, pooler and vector database need made, by name.

    Args:
        databases: of the stack.
        protect: keep the secrets against deletion.
        guests: roles by which other stacks set up theirs on the same server.
        monitor: the server is the stack's own, and measured by it.
    """
    kept: dict[str, list[GeneratedKey]] = {}
    theirs = {one: guest_secret(one) for one in guests}
    for role, secret in {**home(databases, monitor=monitor), **theirs}.items():
        key = GeneratedKey(name=role, length=PASSWORD_LENGTH, proof=proof_key(role))
        kept.setdefault(secret, []).append(key)
    kept[VECTORS_SECRET] = [
        GeneratedKey(name=name, length=PASSWORD_LENGTH) for name in (VECTORS_KEY, VECTORS_READ_KEY)
    ]
    return tuple(
        GeneratedSecret(name=name, keys=tuple(kept[name]), protect=protect) for name in sorted(kept)
    )
