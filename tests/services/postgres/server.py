"""A real PostgreSQL with TLS and SCRAM, and a master that is no superuser, as on RDS."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from components.kubernetes import database_sql, scram
from components.kubernetes.database_sql import DatabaseNeed
from tests.services.postgres.authority import Authority
from tests.services.programs import Programs, free_port, listening, require

HOST = "127.0.0.1"
OTHER_HOST = "127.0.0.2"
"""It answers there as well, but its certificate does not name it."""
MASTER = "platform"
SUPERUSER = "superuser"
START_S = 60
Row = tuple[object, ...]


def account() -> str | None:
    """Return whom PostgreSQL and PgBouncer run as: both refuse root."""
    return "nobody" if os.geteuid() == 0 else None


def password_of(role: str) -> str:
    """Return a role's password: long, and another one for each."""
    return hashlib.sha256(f"password of {role}".encode()).hexdigest()


def secret_of(role: str) -> str:
    """Return what stands for that password on the server and in the pooler's file."""
    return scram.secret(password_of(role), hashlib.sha256(role.encode()).digest()[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server; its authority's certificate is what clients verify it by."""

    port: int
    authority: Authority
    folder: Path

    @property
    def version(self) -> str:
        """Return the version that runs."""
        return str(self.ask("SHOW server_version")[0][0])

    def connect(
        self, role: str, database: str, password: str | None = None
    ) -> psycopg.Connection[Row]:
        """Open a verified connection straight to the server."""
        return psycopg.connect(
            host=HOST,
            port=self.port,
            user=role,
            dbname=database,
            password=password or password_of(role),
            sslmode="verify-full",
            sslrootcert=str(self.authority.certificate),
            autocommit=True,
        )

    def ask(self, query: str, database: str = "postgres") -> list[Row]:
        """Return a query's rows, asked by the superuser."""
        with self.connect(SUPERUSER, database) as connection:
            return connection.execute(query.encode()).fetchall()

    def set_up(
        self,
        needs: Sequence[DatabaseNeed],
        secrets: Mapping[str, str],
        *,
        user: str = MASTER,
        guests: Sequence[str] = (),
        after: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run the generated script as its job does: as the master, or as a guest's own.

        Args:
            after: a further script, run in the same session.
        """
        environment = {
            "PATH": os.environ["PATH"],
            "PGHOST": HOST,
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGDATABASE": "postgres",
            "PGPASSWORD": password_of(user),
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": str(self.authority.certificate),
            **secrets,
        }
        return subprocess.run(
            [require("psql"), "--no-psqlrc", "--quiet", "--file", "-"],
            input=database_sql.script(needs, monitor=user == MASTER, guests=guests) + after,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def secrets_for(needs: Sequence[DatabaseNeed], guests: Sequence[str] = ()) -> dict[str, str]:
    """Return the environment that the script reads: a SCRAM secret for each login."""
    roles = [role for need in needs for role in (need.migrator, *need.logins)]
    return {
        database_sql.password_variable(role): secret_of(role)
        for role in (*roles, *guests, database_sql.MONITOR)
    }


def start(programs: Programs, authority: Authority, max_connections: int) -> Server:
    """Start a server in the programs' folder, with its master."""
    folder, data, port = programs.folder, programs.folder / "data", free_port()
    _initialise(folder, data)
    _configure(data, authority, port, max_connections)
    running = programs.start([require("postgres"), "-D", data], user=account())
    running.wait_until(lambda: listening(port), START_S)
    server = Server(port=port, authority=authority, folder=folder)
    running.wait_until(lambda: _answers(server), START_S)
    with server.connect(SUPERUSER, "postgres") as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                sql.Identifier(MASTER), sql.Literal(password_of(MASTER))
            )
        )
        # as rds_superuser and cloudsqlsuperuser have it, whom the clouds' masters are members of
        connection.execute(
            sql.SQL("GRANT pg_monitor TO {} WITH ADMIN OPTION").format(sql.Identifier(MASTER))
        )
        connection.execute(
            sql.SQL("ALTER DATABASE postgres OWNER TO {}").format(sql.Identifier(MASTER))
        )
    return server


def give(path: Path) -> None:
    """Let the account that runs the programs own a file or folder with all in it."""
    user = account()
    if user is None:
        return
    for one in (path, *path.rglob("*")):
        shutil.chown(one, user)


def _initialise(folder: Path, data: Path) -> None:
    password = folder / "superuser"
    password.write_text(password_of(SUPERUSER))
    give(folder)
    subprocess.run(
        [
            *(require("initdb"), "--pgdata", str(data), "--username", SUPERUSER, "--no-sync"),
            *("--auth", "scram-sha-256", "--pwfile", str(password), "--encoding", "UTF8"),
            *("--locale", "C.UTF-8"),
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        user=account(),
        timeout=START_S,
    )


def _configure(data: Path, authority: Authority, port: int, max_connections: int) -> None:
    certificate, key = authority.sign("server", HOST)
    for one in (certificate, key):
        shutil.copy(one, data)
    (data / key.name).chmod(0o600)
    settings = {
        "listen_addresses": f"'{HOST},{OTHER_HOST}'",
        "port": port,
        "unix_socket_directories": "''",
        "max_connections": max_connections,
        "ssl": "on",
        "ssl_cert_file": f"'{certificate.name}'",
        "ssl_key_file": f"'{key.name}'",
        "password_encryption": "'scram-sha-256'",
        "fsync": "off",
        "shared_buffers": "'32MB'",
    }
    with (data / "postgresql.conf").open("a") as config:
        config.writelines(f"{name} = {value}\n" for name, value in settings.items())
    (data / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\n")
    give(data)


def _answers(server: Server) -> bool:
    try:
        server.connect(SUPERUSER, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True
