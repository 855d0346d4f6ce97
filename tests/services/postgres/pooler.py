"""The real PgBouncer, started with the generated configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg
from psycopg import pq
from psycopg.rows import dict_row

from components.kubernetes import pgbouncer_config
from components.kubernetes.pgbouncer_config import STATS_USER, PoolerConfig
from tests.services.postgres.server import Row, account, give, password_of, secret_of
from tests.services.programs import LOOPBACK, Program, Programs, free_port, listening, require

START_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooler:
    """A running PgBouncer."""

    port: int
    running: Program

    def address(self, role: str, database: str, password: str | None = None) -> str:
        """Return what a client connects with; the way to the pooler has no TLS here."""
        return (
            f"host={LOOPBACK} port={self.port} user={role} dbname={database} "
            f"password={password or password_of(role)} sslmode=disable"
        )

    def connect(
        self, role: str, database: str, password: str | None = None
    ) -> psycopg.Connection[Row]:
        """Open a client's connection."""
        return psycopg.connect(self.address(role, database, password), autocommit=True)

    def raw(self, role: str, database: str) -> pq.abc.PGconn:
        """Open a client's connection to speak the protocol step by step."""
        connection = pq.PGconn.connect(self.address(role, database).encode())
        assert connection.status == pq.ConnStatus.OK, connection.error_message
        return connection

    def show(self, what: str) -> list[dict[str, object]]:
        """Return what the console shows to the exporter's user."""
        with psycopg.connect(
            self.address(STATS_USER, "pgbouncer"),
            autocommit=True,
            row_factory=dict_row,
            cursor_factory=psycopg.ClientCursor,  # the console knows the simple protocol alone
        ) as console:
            return console.execute(f"SHOW {what}".encode()).fetchall()

    def pools(self) -> list[dict[str, object]]:
        """Return the pools of the databases, the console's own left out."""
        return [pool for pool in self.show("POOLS") if pool["database"] != "pgbouncer"]


def start(programs: Programs, config: PoolerConfig, roles: Sequence[str]) -> Pooler:
    """Start a pooler for the roles, whose SCRAM secrets are all that it knows of them."""
    folder = programs.folder / f"pooler-{len(programs.running)}"
    folder.mkdir()
    users, port = folder / "userlist.txt", free_port()
    here = replace(config, listen_address=LOOPBACK, listen_port=port, users_file=str(users))
    (folder / "pgbouncer.ini").write_text(pgbouncer_config.render(here))
    secrets = {pgbouncer_config.users_key(role): secret_of(role) for role in (*roles, STATS_USER)}
    users.write_text(_rendered(pgbouncer_config.userlist_template(roles), secrets))
    give(folder)
    running = programs.start([require("pgbouncer"), folder / "pgbouncer.ini"], user=account())
    running.wait_until(lambda: listening(port), START_S)
    return Pooler(port=port, running=running)


def _rendered(template: str, secrets: dict[str, str]) -> str:
    """Fill the template as External Secrets does: a key that it does not hold is an error."""
    return re.sub(
        r'{{ \.(\w+) \| replace "\\"" "\\"\\"" }}',
        lambda found: secrets[found[1]].replace('"', '""'),
        template,
    )
