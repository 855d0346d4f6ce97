"""The generated configuration in the real PgBouncer, before a real PostgreSQL."""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, pq

from components.kubernetes.dsn import Address, VariablePassword, migration_url, pooled_url
from components.kubernetes.pgbouncer_config import (
    STATS_USER,
    PoolerConfig,
    PreparedStatements,
    ServerTls,
)
from tests.services.postgres.authority import authority
from tests.services.postgres.clients import Client, clients, wait
from tests.services.postgres.conftest import NEEDS, PLAN, StartPooler
from tests.services.postgres.pooler import Pooler
from tests.services.postgres.server import OTHER_HOST, Server, password_of
from tests.services.programs import LOOPBACK, listening

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("a pooler before a server on loopback")]
LOGINS = [(login, need.name) for need in NEEDS for login in need.logins]
EACH = PLAN.pool_size + PLAN.reserve
PATIENCE_S = 60
ON_THE_SERVER = (
    "SELECT datname, count(*) FROM pg_stat_activity WHERE usename ~ '_(a|b)$' GROUP BY datname"
)


def many(number: int) -> list[tuple[str, str]]:
    """Return the logins of so many clients, evenly over databases and roles."""
    return [LOGINS[index % len(LOGINS)] for index in range(number)]


def open_connections(databases: Server) -> dict[str, int]:
    """Return the server connections of each database, by what the server itself sees."""
    return {str(name): int(str(count)) for name, count in databases.ask(ON_THE_SERVER)}


def held(all_of_them: list[Client]) -> Counter[str]:
    """Return the transactions that are held in each database."""
    return Counter(one.database for one in all_of_them if one.server)


def test_the_console_confirms_what_it_was_told(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    pooler = start_pooler(config)
    told = {str(row["key"]): str(row["value"]) for row in pooler.show("CONFIG")}
    assert told["pool_mode"] == "transaction"
    assert told["max_client_conn"] == str(PLAN.max_clients)
    assert told["default_pool_size"] == str(PLAN.pool_size)
    assert told["max_db_connections"] == str(EACH)
    assert told["max_prepared_statements"] == str(PreparedStatements.TRACKED.value)
    assert told["server_tls_sslmode"] == "verify-full"
    assert told["auth_type"] == "scram-sha-256"


def test_a_thousand_held_transactions_stay_within_the_planned_connections(
    start_pooler: StartPooler, config: PoolerConfig, databases: Server
) -> None:
    pooler = start_pooler(config)
    full = {need.name: EACH for need in NEEDS}
    with clients(pooler, many(PLAN.max_clients)) as everyone:
        for one in everyone:
            one.begin()
        end = time.monotonic() + PATIENCE_S
        while held(everyone) != full and time.monotonic() < end:
            wait(everyone, 1)
        assert held(everyone) == full

        pools = pooler.pools()
        assert sum(int(str(pool["sv_active"])) for pool in pools) == config.server_connections
        assert sum(int(str(pool["cl_active"])) for pool in pools) == config.server_connections
        waiting = sum(int(str(pool["cl_waiting"])) for pool in pools)
        assert waiting == PLAN.max_clients - config.server_connections
        assert open_connections(databases) == full

        while not all(one.served for one in everyone) and time.monotonic() < end:
            for one in wait(everyone, 1):
                one.end()
        assert all(one.served for one in everyone)
        assert open_connections(databases) == full
        assert not [one.errors for one in everyone if one.errors]


def test_a_client_cap_of_one_fewer_refuses_one(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    role, database = LOGINS[0]
    fewer = PLAN.max_clients - 1
    exact = start_pooler(config)
    with clients(exact, many(fewer)):
        exact.connect(role, database).close()
    capped = start_pooler(replace(config, max_clients=fewer))
    refusal = pytest.raises(psycopg.OperationalError, match="no more connections allowed")
    with clients(capped, many(fewer)), refusal:
        capped.connect(role, database)


def test_both_logins_of_a_database_share_its_connections(
    start_pooler: StartPooler, config: PoolerConfig, databases: Server
) -> None:
    pooler = start_pooler(replace(config, pool_size=3, reserve=0))
    with clients(pooler, [("users_a", "users")] * 3 + [("users_b", "users")]) as everyone:
        for one in everyone:
            one.begin()
        end = time.monotonic() + PATIENCE_S
        while held(everyone)["users"] < 3 and time.monotonic() < end:
            wait(everyone, 1)
        assert open_connections(databases) == {"users": 3}
        everyone[0].end()
        while not everyone[-1].served and time.monotonic() < end:
            wait(everyone, 1)
        assert everyone[-1].served
        assert open_connections(databases)["users"] <= 3


def prepared_elsewhere(pooler: Pooler) -> tuple[pq.abc.PGresult, int, int]:
    """Prepare on one server connection and execute on another; returns what came of it."""
    first, second = (pooler.raw("users_a", "users") for _ in range(2))
    assert first.prepare(b"named", b"SELECT $1::int * 2, pg_backend_pid()").error_message == b""
    # whoever prepared it is now taken by another client
    taken = second.exec_(b"BEGIN; SELECT pg_backend_pid()").get_value(0, 0)
    result = first.exec_prepared(b"named", [b"21"])
    elsewhere = result.get_value(0, 1) if result.status == pq.ExecStatus.TUPLES_OK else b"0"
    assert taken is not None
    assert elsewhere is not None
    for one in (first, second):
        one.finish()
    return result, int(taken), int(elsewhere)


def test_a_prepared_statement_works_on_another_server_connection(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    result, taken, elsewhere = prepared_elsewhere(start_pooler(config))
    assert result.get_value(0, 0) == b"42"
    assert elsewhere not in (0, taken)


def test_without_tracking_it_does_not(start_pooler: StartPooler, config: PoolerConfig) -> None:
    untracked = replace(config, prepared_statements=PreparedStatements.UNTRACKED)
    result, _, _ = prepared_elsewhere(start_pooler(untracked))
    assert b"does not exist" in result.error_message


def test_what_prisma_sends_before_its_statements_is_followed(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    first = start_pooler(config).raw("litellm_a", "litellm")
    for _ in range(3):
        assert first.exec_(b"BEGIN").error_message == b""
        assert first.exec_(b"DEALLOCATE ALL").error_message == b""
        assert first.prepare(b"s0", b"SELECT 1").error_message == b""
        assert first.exec_prepared(b"s0", []).get_value(0, 0) == b"1"
        assert first.exec_(b"COMMIT").error_message == b""
    first.finish()


def test_only_those_who_prove_themselves_come_in(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    pooler = start_pooler(config)
    with pooler.connect("users_a", "users") as client:
        assert client.execute("SELECT current_user").fetchall() == [("users_a",)]
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        pooler.connect("users_a", "users", "another-password")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        pooler.connect("users_migrator", "users")
    with pytest.raises(psycopg.OperationalError, match="no such database"):
        pooler.connect("users_a", "postgres")


def test_the_addresses_that_programs_are_told_lead_where_they_say(
    start_pooler: StartPooler, config: PoolerConfig, databases: Server
) -> None:
    pooler = start_pooler(config)
    whole = Address(
        host=LOOPBACK,
        port=pooler.port,
        database="users",
        role="users_a",
        password=VariablePassword(variable="PASSWORD"),
    )
    pooled = pooled_url(whole, connection_limit=10)
    direct = migration_url(
        replace(
            whole,
            port=databases.port,
            role="users_migrator",
            authority=str(databases.authority.certificate),
        )
    )
    for url, role, acts_as in (
        (pooled, "users_a", "users_a"),
        (direct, "users_migrator", "users_owner"),
    ):
        with psycopg.connect(url.replace("$(PASSWORD)", password_of(role))) as connection:
            assert connection.execute("SELECT session_user, current_user").fetchall() == [
                (role, acts_as)
            ]


def test_a_login_enters_no_other_s_database_through_the_pooler(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        start_pooler(config).connect("users_a", "permissions")


def test_who_reads_statistics_commands_nothing(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    address = start_pooler(config).address(STATS_USER, "pgbouncer")
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as console:
        for command in ("PAUSE", "KILL users", "RELOAD", "SHUTDOWN"):
            with pytest.raises(errors.ProtocolViolation, match="admin access needed"):
                console.execute(command.encode())


def refused(pooler: Pooler) -> str:
    """Return what a pooler says of a server that it does not trust, while a client gives up."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{pooler.address('users_a', 'users')} connect_timeout=2")
    return pooler.running.log.read_text()


def test_a_server_that_another_authority_vouches_for_is_not_spoken_to(
    start_pooler: StartPooler, config: PoolerConfig, folder: Path
) -> None:
    strange = authority(folder / "strange").certificate
    pooler = start_pooler(replace(config, server_tls=ServerTls(authority_file=str(strange))))
    assert "certificate verify failed" in refused(pooler)


def test_a_server_of_another_name_is_not_spoken_to(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    pooler = start_pooler(replace(config, host=OTHER_HOST))
    assert f"name `{OTHER_HOST}' not present in server certificate" in refused(pooler)


def test_an_interrupted_pooler_ends_what_is_under_way_and_goes(
    start_pooler: StartPooler, config: PoolerConfig
) -> None:
    pooler = start_pooler(config)
    with clients(pooler, [("users_a", "users")]) as (one,):
        one.begin()
        while not one.served:
            wait([one], 1)
        pooler.running.process.send_signal(signal.SIGINT)
        end = time.monotonic() + PATIENCE_S
        while listening(pooler.port) and time.monotonic() < end:
            time.sleep(0.05)
        assert not listening(pooler.port)
        assert one.connection.exec_(b"SELECT 1").get_value(0, 0) == b"1"
        assert one.connection.exec_(b"COMMIT").error_message == b""
        assert pooler.running.process.wait(PATIENCE_S) == 0
