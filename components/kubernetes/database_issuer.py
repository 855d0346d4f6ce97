"""A login that makes short-lived logins, and what it says to make and to drop one. Pure text.

It may create roles, and may hand on the rights of the applications that it is told of, without
having them itself: it reads no row (PostgreSQL 16: a role that may create roles rules those alone
that it made or was given). A login that it makes has an application's rights and owns nothing, so
that it can be dropped at any time. Applications that change tables themselves get none: what their
logins make would be the login's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.kubernetes.database_sql import (
    IDLE_IN_TRANSACTION_SECONDS,
    STATEMENT_SECONDS,
    DatabaseNeed,
    login_lines,
)
from sizing.planning.direct import ISSUER_CONNECTIONS, LOGIN_CONNECTIONS

ISSUER = "vault_issuer"
ISSUER_SECRET = "database-vault"
"""Secret of the cloud's store that holds its password, and the proof of it."""


def offered(needs: Sequence[DatabaseNeed]) -> tuple[DatabaseNeed, ...]:
    """Return the databases of which short-lived logins are made, by name."""
    return tuple(sorted((n for n in needs if not n.alters_schema), key=lambda n: n.name))


def script(needs: Sequence[DatabaseNeed], database: str) -> str:
    """Return the script for psql as the master, after `database_sql.script` in the same session.

    Args:
        needs: the databases with their users.
        database: where the issuer works: one in which nothing is kept.
    """
    return "\n".join((*_lines(needs, database), ""))


def _lines(needs: Sequence[DatabaseNeed], database: str) -> Iterator[str]:
    yield "-- who makes short-lived logins"
    yield from login_lines(ISSUER, limit=ISSUER_CONNECTIONS)
    yield f'ALTER ROLE "{ISSUER}" CREATEROLE;'
    yield f'GRANT CONNECT ON DATABASE "{database}" TO "{ISSUER}";'
    for need in offered(needs):
        yield f'GRANT "{need.application}" TO "{ISSUER}" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;'


def created(need: DatabaseNeed) -> list[str]:
    """Return the statements that make a login; Vault fills in what stands in double braces."""
    name = '"{{name}}"'
    return [
        f"CREATE ROLE {name} LOGIN PASSWORD '{{{{password}}}}' "
        f"VALID UNTIL '{{{{expiration}}}}' CONNECTION LIMIT {LOGIN_CONNECTIONS};",
        f'GRANT "{need.application}" TO {name};',
        f"ALTER ROLE {name} SET statement_timeout = '{STATEMENT_SECONDS}s';",
        f"ALTER ROLE {name} SET idle_in_transaction_session_timeout = "
        f"'{IDLE_IN_TRANSACTION_SECONDS}s';",
    ]


def dropped(need: DatabaseNeed) -> list[str]:
    """Return the statements that end a login; a session that is still open may do nothing more."""
    name = '"{{name}}"'
    return [
        f'REVOKE "{need.application}" FROM {name};',
        f"DROP ROLE IF EXISTS {name};",
    ]
