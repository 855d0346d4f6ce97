"""The script that makes databases and their roles: psql's, run any number of times, least rights.

Each database has an owner that cannot log in and three roles that can: a migrator, which becomes
the owner and changes tables, and two logins of its application, alike but for their passwords. To
rotate, the unused one gets a new password and the application moves to it; at no moment is there
none that works, and nothing depends on which of the two made an object. A migrator needs no second:
its job reads the password when it starts.

The master is no superuser (RDS, Cloud SQL): it creates roles and databases, and joins each owner to
set up what is inside. Passwords are read from the environment when the script runs; best are SCRAM
secrets (`scram.secret`), which the server's log of statements may hold. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A held transaction ends before the pooler sends away who waits behind it.
IDLE_IN_TRANSACTION_SECONDS = 30
STATEMENT_SECONDS = 60
# A migration that waits for a lock holds up every query behind it: better it fails and runs again.
MIGRATION_LOCK_SECONDS = 30
LEAST_PASSWORD = 16
"""Characters below which a password is refused: an empty variable would clear it."""

MONITOR = "platform_monitor"
"""Login that reads what the server says of itself, and no table."""
# A scrape asks over one connection at a time; another may still be open, or a person's.
MONITOR_CONNECTIONS = 5
MONITOR_STATEMENT_SECONDS = 10

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EXTENSION = re.compile(r"[a-z][a-z0-9_-]*")
_LONGEST = 63 - len("_migrator")  # what PostgreSQL cuts silently
_NOT_OURS = ("postgres", "rdsadmin", "cloudsqladmin", "template0", "template1", "pgbouncer")
_TABLES = "'r', 'p', 'v', 'm', 'f'"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNeed:
    """A database and who uses it.

    Attributes:
        name: small letters, digits and _; with the stack's prefix where stacks share a server.
        alters_schema: its application changes tables itself while it runs (LiteLLM makes views, n8n
            and Langflow migrate as they start), so that its logins become the owner, too; otherwise
            they read and write rows alone.
        extensions: made by the master, since some are not the owner's to make ("vector").
        readers: names of other needs whose applications may read its tables.
        connection_limit: connections of each login; None for no limit but the pooler's.
    """

    name: str
    alters_schema: bool = False
    extensions: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    connection_limit: int | None = None

    def __post_init__(self) -> None:
        """Refuse names that would need quoting, be cut or be the server's own.

        Raises:
            ValueError: such a name, or a limit below one.
        """
        legal = _NAME.fullmatch(self.name) and len(self.name) <= _LONGEST
        if not legal or self.name in _NOT_OURS or self.name.startswith("pg_"):
            raise ValueError(f"{self.name!r} is no name for a database here")
        for extension in self.extensions:
            if not _EXTENSION.fullmatch(extension):
                raise ValueError(f"{extension!r} is no extension")
        if self.connection_limit is not None and self.connection_limit < 1:
            raise ValueError("a connection limit is at least 1")

    @property
    def owner(self) -> str:
        """Return the role that owns the database and every table; nobody logs in as it."""
        return f"{self.name}_owner"

    @property
    def application(self) -> str:
        """Return the role whose rights the application's logins have; nobody logs in as it."""
        return f"{self.name}_app"

    @property
    def migrator(self) -> str:
        """Return the login of migrations, straight to the server."""
        return f"{self.name}_migrator"

    @property
    def logins(self) -> tuple[str, str]:
        """Return the two logins of the application, through the pooler."""
        return f"{self.name}_a", f"{self.name}_b"


def password_variable(role: str) -> str:
    """Return the environment variable that the script reads a role's password from."""
    return f"{role.upper()}_PASSWORD"


def password_variables(needs: Sequence[DatabaseNeed], *, monitor: bool) -> tuple[str, ...]:
    """Return all variables that the script reads, sorted; each must be set."""
    roles = [role for need in needs for role in (need.migrator, *need.logins)]
    own = [MONITOR] if monitor else []
    return tuple(sorted(password_variable(role) for role in (*roles, *own)))


def script(needs: Sequence[DatabaseNeed], *, monitor: bool, guests: Sequence[str] = ()) -> str:
    """Return the script for `psql --no-psqlrc --file`, run as the master in any database.

    It adds and mends, it never drops: what is no longer needed is removed by hand.

    Args:
        needs: the databases with their users.
        monitor: make `MONITOR` as well, in the database that the script is started in; it is one
            for the whole server, so that of several stacks on it the owner alone makes it.
        guests: roles of other stacks, each of which makes databases and roles of its own here, and
            reaches nobody else's: before PostgreSQL 16 it could take over any role.

    Raises:
        ValueError: two needs of one name, or a reader that is none of them.
    """
    known = {need.name: need for need in needs}
    if len(known) != len(needs):
        raise ValueError("each database is named once")
    for need in needs:
        for reader in need.readers:
            if reader not in known or reader == need.name:
                raise ValueError(f"{need.name}: {reader!r} is no other database's application")
    ordered = [known[name] for name in sorted(known)]
    lines = [
        *_preamble(),
        *(_monitor() if monitor else ()),
        *(line for role in sorted(guests) for line in _guest(role)),
        *(line for need in ordered for line in _roles(need)),
        *(line for need in ordered for line in _database(need, known)),
        *(line for need in ordered for line in _inside(need, known)),
    ]
    return "\n".join([*lines, ""])


def _preamble() -> Iterator[str]:
    yield "\\set ON_ERROR_STOP on"
    yield from _session()
    yield "-- nobody looks around where the master works"
    yield from _each(
        "format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)",
        "FROM pg_database WHERE datname = current_database() "
        "AND pg_has_role(current_user, datdba, 'USAGE')",
    )


def _monitor() -> Iterator[str]:
    """Let the exporter read statistics and settings: PostgreSQL's own role grants just those."""
    yield "-- who measures the server"
    yield from login_lines(MONITOR, limit=MONITOR_CONNECTIONS)
    # the clouds' masters may hand it on; where one may not, less is measured and all else stands
    yield from _each(
        f"'GRANT pg_monitor TO \"{MONITOR}\"'",
        "WHERE pg_has_role(current_user, 'pg_monitor', 'MEMBER WITH ADMIN OPTION')",
    )
    yield from _settings(MONITOR, statement=MONITOR_STATEMENT_SECONDS, lock=0)
    yield from _enters(MONITOR)


def _guest(role: str) -> Iterator[str]:
    yield f"-- who sets up the databases of a guest: {role}"
    yield from login_lines(role, limit=None, rights="CREATEDB CREATEROLE")
    yield from _enters(role)


def _enters(role: str) -> Iterator[str]:
    """Let a role into the database that the script is started in, which is closed to others."""
    yield from _each(
        f"format('GRANT CONNECT ON DATABASE %I TO \"{role}\"', datname)",
        "FROM pg_database WHERE datname = current_database() "
        "AND pg_has_role(current_user, datdba, 'USAGE')",
    )


def _session() -> Iterator[str]:
    yield "SET client_min_messages = warning;"
    yield "SET password_encryption = 'scram-sha-256';"


def _roles(need: DatabaseNeed) -> Iterator[str]:
    yield f"-- roles of {need.name}"
    for role in (need.owner, need.application):
        yield from _role(role)
        yield f'ALTER ROLE "{role}" NOLOGIN NOCREATEDB NOCREATEROLE;'
    # also what lets the master create the database for it, and work inside
    yield f'GRANT "{need.owner}" TO CURRENT_USER;'
    yield from login_lines(need.migrator, limit=None)
    yield from _becomes_owner(need, need.migrator)
    yield from _settings(need.migrator, statement=0, lock=MIGRATION_LOCK_SECONDS)
    for login in need.logins:
        yield from login_lines(login, limit=need.connection_limit)
        yield f'GRANT "{need.application}" TO "{login}";'
        if need.alters_schema:
            yield from _becomes_owner(need, login)
        yield from _settings(login, statement=STATEMENT_SECONDS, lock=0)


def _role(role: str) -> Iterator[str]:
    yield from _each(
        f"'CREATE ROLE \"{role}\"'",
        f"WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')",
    )


def login_lines(
    role: str, *, limit: int | None, rights: str = "NOCREATEDB NOCREATEROLE"
) -> Iterator[str]:
    """Return the lines that make a role which logs in, by the password of its variable."""
    variable = password_variable(role)
    complaint = f"{variable} is missing or shorter than {LEAST_PASSWORD} characters"
    yield "\\set password ''"
    yield f"\\getenv password {variable}"
    yield f"SELECT length(:'password') < {LEAST_PASSWORD} AS weak \\gset"
    yield "\\if :weak"
    yield f"DO $$ BEGIN RAISE EXCEPTION '{complaint}'; END $$;"
    yield "\\endif"
    yield from _role(role)
    yield (
        f'ALTER ROLE "{role}" LOGIN {rights} '
        f"CONNECTION LIMIT {-1 if limit is None else limit} PASSWORD :'password';"
    )
    yield "\\unset password"


def _becomes_owner(need: DatabaseNeed, login: str) -> Iterator[str]:
    """Let a login act as the owner from its first statement: what it makes is the owner's."""
    yield f'GRANT "{need.owner}" TO "{login}";'
    yield f"ALTER ROLE \"{login}\" SET role = '{need.owner}';"


def _settings(role: str, *, statement: int, lock: int) -> Iterator[str]:
    yield f"ALTER ROLE \"{role}\" SET statement_timeout = '{statement}s';"
    yield f"ALTER ROLE \"{role}\" SET lock_timeout = '{lock}s';"
    yield (
        f'ALTER ROLE "{role}" SET idle_in_transaction_session_timeout = '
        f"'{IDLE_IN_TRANSACTION_SECONDS}s';"
    )


def _database(need: DatabaseNeed, known: dict[str, DatabaseNeed]) -> Iterator[str]:
    name = need.name
    yield f"-- database {name}"
    yield from _each(
        f'\'CREATE DATABASE "{name}" OWNER "{need.owner}" TEMPLATE template0 ENCODING "UTF8"\'',
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')",
    )
    yield f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;'
    for role in (need.application, need.migrator, *_reading(need, known)):
        yield f'GRANT CONNECT ON DATABASE "{name}" TO "{role}";'


def _inside(need: DatabaseNeed, known: dict[str, DatabaseNeed]) -> Iterator[str]:
    yield f"-- inside {need.name}"
    yield f'\\connect "{need.name}"'
    yield from _session()
    for extension in sorted(need.extensions):
        yield f'CREATE EXTENSION IF NOT EXISTS "{extension}";'
    yield f'SET ROLE "{need.owner}";'
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC;"
    yield f'GRANT USAGE ON SCHEMA public TO "{need.application}";'
    yield from _rows(need, need.application, "SELECT, INSERT, UPDATE, DELETE")
    yield from _objects(need, need.application, "SEQUENCES", "USAGE, SELECT, UPDATE", "'S'")
    for reader in _reading(need, known):
        yield f'GRANT USAGE ON SCHEMA public TO "{reader}";'
        yield from _rows(need, reader, "SELECT")
    yield "RESET ROLE;"


def _rows(need: DatabaseNeed, role: str, rights: str) -> Iterator[str]:
    yield from _objects(need, role, "TABLES", rights, _TABLES)


def _objects(need: DatabaseNeed, role: str, objects: str, rights: str, kinds: str) -> Iterator[str]:
    """Grant on what will be made and, for a right that is newer than it, on what is there."""
    yield (f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {objects} TO "{role}";')
    yield from _each(
        f"format('GRANT {rights} ON {'SEQUENCE' if objects == 'SEQUENCES' else 'TABLE'} "
        f'public.%I TO "{role}"\', relname)',
        f"FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ({kinds}) "
        f"AND relowner = '{need.owner}'::regrole ORDER BY relname",
    )


def _reading(need: DatabaseNeed, known: dict[str, DatabaseNeed]) -> list[str]:
    return [known[reader].application for reader in sorted(need.readers)]


def _each(statement: str, condition: str) -> Iterator[str]:
    """Run the statement that a query makes, once for each of its rows: none, if all is there."""
    yield f"SELECT {statement} {condition} \\gexec"
