"""Two environments on one real server: neither reads the other's databases, nor takes its roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from components.kubernetes import database_sql
from components.kubernetes.database_sql import DatabaseNeed
from tests.services.postgres import server
from tests.services.postgres.catalog import snapshot
from tests.services.postgres.conftest import NEEDS
from tests.services.postgres.server import Server

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("a server's own rights, by the script of both clouds"),
]
GUEST = "dev_guest"
OF_HOST = tuple(need.name for need in NEEDS)
OF_GUEST = (
    DatabaseNeed(name="dev_collections", extensions=("vector",)),
    DatabaseNeed(name="dev_litellm", alters_schema=True),
    DatabaseNeed(name="dev_permissions"),
    DatabaseNeed(name="dev_users"),
)
# Each as SQL by which the guest's administrator would come at what is its host's.
BEYOND = (
    "SET ROLE users_owner",
    f"SET ROLE {server.MASTER}",
    "ALTER ROLE users_a PASSWORD 'another password'",
    "ALTER ROLE users_a RENAME TO mine",
    f"GRANT users_owner TO {GUEST}",
    f"GRANT {server.MASTER} TO {GUEST}",
    "DROP ROLE users_b",
    "DROP DATABASE users",
    "ALTER DATABASE users OWNER TO dev_guest",
    "CREATE DATABASE copied TEMPLATE users",
    "CREATE ROLE strong SUPERUSER",
    "SELECT * FROM pg_authid",
)


@pytest.fixture(scope="module")
def shared(databases: Server) -> Iterator[Server]:
    """Give the host's server after its guest has set up what is its own; all of it gone again."""
    host = databases.set_up(NEEDS, server.secrets_for(NEEDS, (GUEST,)), guests=(GUEST,))
    assert host.returncode == 0, host.stderr
    guest = databases.set_up(OF_GUEST, server.secrets_for(OF_GUEST), user=GUEST)
    assert guest.returncode == 0, guest.stderr
    yield databases
    with databases.connect(server.SUPERUSER, "postgres") as connection:
        for need in OF_GUEST:
            connection.execute(f"DROP DATABASE {need.name}".encode())
        roles = (
            role
            for need in OF_GUEST
            for role in (need.migrator, *need.logins, need.application, need.owner)
        )
        for role in (*roles, GUEST):
            connection.execute(f"DROP OWNED BY {role}".encode())
            connection.execute(f"DROP ROLE {role}".encode())


@contextmanager
def a_row(shared: Server, database: str) -> Iterator[None]:
    """Let a database hold a table with a row that its own application reads."""
    with shared.connect(f"{database}_migrator", database) as migrator:
        migrator.execute(b"CREATE TABLE secrets (word text)")
        migrator.execute(b"INSERT INTO secrets VALUES ('mine')")
        try:
            yield
        finally:
            migrator.execute(b"DROP TABLE secrets")


def test_each_environment_reads_its_own_rows(shared: Server) -> None:
    for database in ("users", "dev_users"):
        with a_row(shared, database), shared.connect(f"{database}_a", database) as reader:
            assert reader.execute(b"SELECT word FROM secrets").fetchall() == [("mine",)]


@pytest.mark.parametrize("database", OF_HOST)
@pytest.mark.parametrize("role", ["dev_users_a", "dev_users_b", "dev_users_migrator", GUEST])
def test_no_role_of_a_guest_enters_a_database_of_its_host(
    shared: Server, role: str, database: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        shared.connect(role, database)


@pytest.mark.parametrize("database", [need.name for need in OF_GUEST])
@pytest.mark.parametrize("role", ["users_a", "users_b", "users_migrator", "litellm_a"])
def test_no_login_of_the_host_enters_a_database_of_its_guest(
    shared: Server, role: str, database: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        shared.connect(role, database)


@pytest.mark.parametrize("statement", BEYOND)
def test_a_guest_s_administrator_takes_nothing_of_its_host_s(
    shared: Server, statement: str
) -> None:
    with shared.connect(GUEST, "postgres") as administrator, pytest.raises(errors.Error) as caught:
        administrator.execute(statement.encode())
    assert isinstance(caught.value, errors.InsufficientPrivilege)


def test_a_guest_s_administrator_reads_no_table_where_the_master_works(shared: Server) -> None:
    with shared.connect(GUEST, "postgres") as administrator:
        with pytest.raises(errors.InsufficientPrivilege):
            administrator.execute(b"CREATE TABLE mine (id int)")
        with pytest.raises(errors.InsufficientPrivilege):
            administrator.execute(b"CREATE SCHEMA mine")


def test_both_scripts_run_again_without_a_change(shared: Server) -> None:
    names = (*OF_HOST, *(need.name for need in OF_GUEST))
    before = snapshot(shared, names)
    host = shared.set_up(NEEDS, server.secrets_for(NEEDS, (GUEST,)), guests=(GUEST,))
    guest = shared.set_up(OF_GUEST, server.secrets_for(OF_GUEST), user=GUEST)
    assert (host.returncode, host.stderr) == (0, "")
    assert (guest.returncode, guest.stderr) == (0, "")
    assert snapshot(shared, names) == before


def test_a_guest_s_script_names_no_role_of_the_whole_server() -> None:
    text = database_sql.script(OF_GUEST, monitor=False)
    assert database_sql.MONITOR not in text
    assert "pg_monitor" not in text
