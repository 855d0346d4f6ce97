"""The login that makes short-lived logins, on a real server, by the statements that Vault sends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors

from components.kubernetes.database_issuer import (
    ISSUER,
    created,
    dropped,
    offered,
    script,
)
from components.kubernetes.database_sql import password_variable
from sizing.planning.direct import LOGIN_CONNECTIONS
from tests.services.postgres import server
from tests.services.postgres.catalog import snapshot
from tests.services.postgres.conftest import NEEDS
from tests.services.postgres.server import Server, password_of, secret_of

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("a server's own rights, by the script of both clouds"),
]
(USERS,) = (need for need in NEEDS if need.name == "users")
LOGIN = "v-kubernet-users-1"
NAMES = tuple(need.name for need in NEEDS)
# Each as SQL that the issuer has no right to.
BEYOND = (
    "SELECT word FROM issued",
    'GRANT "users_owner" TO "vault_issuer"',
    'SET ROLE "users_app"',
    'DROP ROLE "users_a"',
    "ALTER ROLE users_b PASSWORD 'another password'",
    "CREATE DATABASE mine",
    "CREATE ROLE mine SUPERUSER",
    "SELECT * FROM pg_authid",
)


def lay(databases: Server) -> None:
    secrets = {**server.secrets_for(NEEDS), password_variable(ISSUER): secret_of(ISSUER)}
    done = databases.set_up(NEEDS, secrets, after=script(NEEDS, "postgres"))
    assert (done.returncode, done.stderr) == (0, "")


def said(statements: list[str], expiration: datetime) -> list[str]:
    """Return the statements as Vault sends them: a proof in place of the password."""
    filled = {"name": LOGIN, "password": secret_of(LOGIN), "expiration": f"{expiration:%F %T%z}"}
    texts = statements
    for word, value in filled.items():
        texts = [one.replace(f"{{{{{word}}}}}", value) for one in texts]
    return texts


def issue(databases: Server, statements: list[str], *, lives: timedelta = timedelta(1)) -> None:
    with databases.connect(ISSUER, "postgres") as issuer, issuer.transaction():
        for one in said(statements, datetime.now(UTC) + lives):
            issuer.execute(one.encode())


@pytest.fixture(scope="module")
def issuing(databases: Server) -> Iterator[Server]:
    """Give the server with the issuer, and a table of the database `users`."""
    lay(databases)
    with databases.connect("users_migrator", "users") as migrator:
        migrator.execute("CREATE TABLE issued (word text)")
        migrator.execute("INSERT INTO issued VALUES ('first')")
        yield databases
        migrator.execute("DROP TABLE issued")


@pytest.fixture
def issued(issuing: Server) -> Iterator[Server]:
    """Give the server while a login is there."""
    issue(issuing, created(USERS))
    yield issuing
    if issuing.ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{LOGIN}'"):
        issue(issuing, dropped(USERS))


def test_a_second_run_changes_nothing(issuing: Server) -> None:
    before = snapshot(issuing, NAMES)
    lay(issuing)
    assert snapshot(issuing, NAMES) == before


def test_applications_that_change_their_tables_get_no_logins() -> None:
    assert [one.name for one in offered(NEEDS)] == ["collections", "permissions", "users"]


def test_a_login_has_the_application_s_rights_in_its_database_alone(issued: Server) -> None:
    with issued.connect(LOGIN, "users") as login:
        assert login.execute("SELECT word FROM issued").fetchall() == [("first",)]
        login.execute("INSERT INTO issued VALUES ('second')")
        login.execute("DELETE FROM issued WHERE word = 'second'")
        with pytest.raises(errors.InsufficientPrivilege):
            login.execute("CREATE TABLE mine (id int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        issued.connect(LOGIN, "permissions")


def test_a_login_opens_a_few_connections_and_no_more(issued: Server) -> None:
    held = [issued.connect(LOGIN, "users") for _ in range(LOGIN_CONNECTIONS)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        issued.connect(LOGIN, "users")
    for one in held:
        one.close()


def test_a_login_whose_time_is_over_does_not_get_in(issuing: Server) -> None:
    issue(issuing, created(USERS), lives=timedelta(seconds=-1))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        issuing.connect(LOGIN, "users")
    issue(issuing, dropped(USERS))


def test_a_login_that_ended_reads_nothing_more_not_even_where_it_is_in(issued: Server) -> None:
    with issued.connect(LOGIN, "users") as login:
        login.execute("SELECT word FROM issued")
        issue(issued, dropped(USERS))
        with pytest.raises(psycopg.Error):
            login.execute("SELECT word FROM issued")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        issued.connect(LOGIN, "users")


@pytest.mark.parametrize("beyond", BEYOND)
def test_the_issuer_reads_no_row_and_rules_no_other_role(issuing: Server, beyond: str) -> None:
    with issuing.connect(ISSUER, "postgres") as issuer, pytest.raises(psycopg.Error):
        issuer.execute(beyond.encode())


@pytest.mark.parametrize("database", NAMES)
def test_the_issuer_enters_no_database_of_an_application(issuing: Server, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        issuing.connect(ISSUER, database, password_of(ISSUER))
