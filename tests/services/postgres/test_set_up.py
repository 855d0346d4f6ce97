"""The set-up script on a real server: twice without a change, with no more rights than needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from components.kubernetes import scram
from components.kubernetes.database_issuer import ISSUER
from components.kubernetes.database_sql import MONITOR, DatabaseNeed, password_variable
from tests.services.postgres import server
from tests.services.postgres.catalog import snapshot
from tests.services.postgres.conftest import NEEDS
from tests.services.postgres.server import Server, password_of

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("a server's own rights, by the script of both clouds"),
]
NAMES = tuple(need.name for need in NEEDS)
# Each as SQL that a login of an application has no right to.
BEYOND = (
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE TEMP TABLE mine (id int)",
    "SET ROLE users_owner",
    "ALTER ROLE users_b PASSWORD 'another password'",
    "SELECT * FROM pg_authid",
)


@contextmanager
def table(databases: Server, database: str, name: str) -> Iterator[None]:
    """Let the migrator make a table with one row, gone afterwards."""
    with databases.connect(f"{database}_migrator", database) as migrator:
        migrator.execute(f"CREATE TABLE {name} (id serial PRIMARY KEY, word text)".encode())
        migrator.execute(f"INSERT INTO {name} (word) VALUES ('first')".encode())
        try:
            yield
        finally:
            migrator.execute(f"DROP TABLE {name} CASCADE".encode())


def test_the_version_that_runs(databases: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nPostgreSQL {databases.version}")
    assert databases.version.split(".")[0] == "17"


def test_the_environment_s_databases_exist_and_no_other(databases: Server) -> None:
    found = databases.ask("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    assert [row[0] for row in found] == sorted([*NAMES, "postgres"])
    assert {"permissions", "users", "collections"} <= set(NAMES)


def test_a_second_run_changes_nothing(databases: Server) -> None:
    with table(databases, "users", "kept"):
        before = snapshot(databases, NAMES)
        again = databases.set_up(NEEDS, server.secrets_for(NEEDS))
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
        assert snapshot(databases, NAMES) == before


def test_the_comparison_sees_a_changed_right(databases: Server) -> None:
    before = snapshot(databases, NAMES)
    with databases.connect("users_migrator", "users") as migrator:
        migrator.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        changed = snapshot(databases, NAMES)
        migrator.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    assert {key for key in before if before[key] != changed[key]} == {"users.schemas"}
    assert snapshot(databases, NAMES) == before


def test_only_scram_secrets_are_kept(databases: Server) -> None:
    kept = databases.ask("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin")
    assert all(str(secret).startswith("SCRAM-SHA-256$") for _, secret in kept)
    assert {f"{name}_a" for name in NAMES} <= {str(role) for role, _ in kept}


def test_an_application_reads_and_writes_rows(databases: Server) -> None:
    with table(databases, "users", "people"), databases.connect("users_b", "users") as application:
        application.execute("INSERT INTO people (word) VALUES ('second')")
        application.execute("UPDATE people SET word = 'changed' WHERE id = 1")
        application.execute("DELETE FROM people WHERE id = 2")
        assert application.execute("SELECT word FROM people").fetchall() == [("changed",)]


@pytest.mark.parametrize("beyond", BEYOND)
def test_an_application_can_do_no_more(databases: Server, beyond: str) -> None:
    application = databases.connect("users_a", "users")
    with application, pytest.raises(errors.InsufficientPrivilege):
        application.execute(beyond.encode())


def test_an_application_cannot_change_tables_of_its_own_database(databases: Server) -> None:
    with table(databases, "users", "people"), databases.connect("users_a", "users") as application:
        for change in ("ALTER TABLE people ADD note text", "DROP TABLE people", "TRUNCATE people"):
            with pytest.raises(errors.InsufficientPrivilege):
                application.execute(change.encode())


@pytest.mark.parametrize("database", [name for name in NAMES if name != "users"] + ["postgres"])
@pytest.mark.parametrize("role", ["users_a", "users_migrator"])
def test_no_login_enters_another_s_database(databases: Server, role: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        databases.connect(role, database)


def test_a_named_reader_reads_tables_and_writes_none(databases: Server) -> None:
    with (
        table(databases, "permissions", "rules"),
        databases.connect("collections_a", "permissions") as reader,
    ):
        assert reader.execute("SELECT word FROM rules").fetchall() == [("first",)]
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute("DELETE FROM rules")


def test_owners_and_groups_do_not_log_in(databases: Server) -> None:
    found = databases.ask("SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname !~ '^pg_'")
    expected = {f"{name}_{end}" for name in NAMES for end in ("a", "b", "migrator")}
    # the set-up of a stack with Vault, which another test runs on this server, adds its issuer
    known = expected | {MONITOR, server.MASTER, server.SUPERUSER}
    assert known <= {row[0] for row in found} <= known | {ISSUER}


def test_who_measures_sees_every_statement_and_no_table(databases: Server) -> None:
    with table(databases, "users", "people"), databases.connect(MONITOR, "postgres") as monitor:
        # what any other login is refused
        assert monitor.execute("SHOW data_directory").fetchall()
        assert monitor.execute("SELECT * FROM pg_stat_archiver").fetchall()
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            databases.connect(MONITOR, "users")


def test_what_a_migration_makes_is_the_owner_s(databases: Server) -> None:
    with table(databases, "users", "people"):
        query = "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'people'"
        assert databases.ask(query, "users") == [("users_owner",)]


def test_both_logins_change_what_the_other_made_where_the_application_migrates(
    databases: Server,
) -> None:
    with databases.connect("litellm_a", "litellm") as first:
        first.execute("CREATE VIEW spend AS SELECT 1 AS id")
    with databases.connect("litellm_b", "litellm") as second:
        second.execute("CREATE OR REPLACE VIEW spend AS SELECT 2 AS id")
        second.execute("DROP VIEW spend")


def test_transactions_and_statements_have_their_limits(databases: Server) -> None:
    limits = {}
    for role in ("users_a", "users_migrator"):
        with databases.connect(role, "users") as login:
            limits[role] = [
                login.execute(f"SHOW {name}".encode()).fetchall()[0][0]
                for name in ("statement_timeout", "idle_in_transaction_session_timeout")
            ]
    assert limits == {"users_a": ["1min", "30s"], "users_migrator": ["0", "30s"]}
    found = databases.ask("SELECT rolconnlimit FROM pg_roles WHERE rolname ~ '^users_(a|b)$'")
    assert found == [(60,), (60,)]


def test_extensions_are_there_and_not_the_owner_s(databases: Server) -> None:
    query = "SELECT extname, extowner::regrole::text FROM pg_extension ORDER BY extname"
    made = [row for row in databases.ask(query, "collections") if row[1] == server.MASTER]
    assert made == [("pg_trgm", server.MASTER), ("vector", server.MASTER)]


def test_a_password_is_changed_while_the_other_login_works(databases: Server) -> None:
    new = scram.secret("a-password-of-another-day", b"sixteen bytes it")
    secrets = server.secrets_for(NEEDS)
    with databases.connect("users_a", "users") as in_use:
        done = databases.set_up(NEEDS, {**secrets, password_variable("users_b"): new})
        assert done.returncode == 0, done.stderr
        assert in_use.execute("SELECT 1").fetchall() == [(1,)]
    try:
        databases.connect("users_a", "users").close()
        databases.connect("users_b", "users", "a-password-of-another-day").close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            databases.connect("users_b", "users", password_of("users_b"))
    finally:
        databases.set_up(NEEDS, secrets)


def test_a_password_in_clear_is_kept_as_a_secret(databases: Server) -> None:
    need = DatabaseNeed(name="users", connection_limit=60)
    secrets = server.secrets_for([need])
    plain = {**secrets, password_variable("users_b"): password_of("users_b")}
    assert databases.set_up([need], plain).returncode == 0
    kept = databases.ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'users_b'")
    assert str(kept[0][0]).startswith("SCRAM-SHA-256$4096:")
    databases.connect("users_b", "users").close()
    assert databases.set_up([need], secrets).returncode == 0


@pytest.mark.parametrize("value", [None, "", "short"])
def test_a_missing_password_stops_the_script_and_is_named(
    databases: Server, value: str | None
) -> None:
    need = DatabaseNeed(name="orphan")
    secrets = server.secrets_for([need])
    del secrets["ORPHAN_A_PASSWORD"]
    if value is not None:
        secrets["ORPHAN_A_PASSWORD"] = value
    done = databases.set_up([need], secrets)
    assert done.returncode != 0
    assert "ORPHAN_A_PASSWORD is missing or shorter than 16 characters" in done.stderr
    assert databases.ask("SELECT FROM pg_database WHERE datname = 'orphan'") == []
    with databases.connect(server.SUPERUSER, "postgres") as superuser:
        for role in ("owner", "app", "migrator"):
            superuser.execute(f"DROP ROLE orphan_{role}".encode())
