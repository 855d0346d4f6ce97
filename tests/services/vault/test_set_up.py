"""The platform's Vault, really: opened by itself, set up twice, handing out logins, copied."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from components.kubernetes.database_issuer import ISSUER, script
from components.kubernetes.database_sql import password_variable
from components.kubernetes.scripts.vault_api import Vault, VaultError, patiently
from components.kubernetes.scripts.vault_setup import filled, run
from components.kubernetes.scripts.vault_snapshot import ROLE as SNAPSHOTS
from components.kubernetes.scripts.vault_snapshot import take
from components.kubernetes.vault_settings import Reader, Server, Wanted, settings
from tests.components.kubernetes.vault_samples import Keeping
from tests.services.postgres import server
from tests.services.postgres.authority import Authority
from tests.services.postgres.conftest import NEEDS
from tests.services.postgres.server import Server as Database
from tests.services.postgres.server import password_of, secret_of
from tests.services.programs import Programs
from tests.services.vault.conftest import Running, token, told

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free(
        "another server opens it, and a folder keeps its keys, in place of a cloud"
    ),
]
SECONDS = 60
SetUp = Callable[[], None]


@pytest.fixture
def keeper() -> Keeping:
    return Keeping()


@pytest.fixture
def set_up(
    vault: Running, keeper: Keeping, databases: Database, reviewer: str, trusted: Authority
) -> SetUp:
    """Give what runs the set-up once."""
    secrets = {**server.secrets_for(NEEDS), password_variable(ISSUER): secret_of(ISSUER)}
    done = databases.set_up(NEEDS, secrets, after=script(NEEDS, "postgres"))
    assert done.returncode == 0, done.stderr
    wanted = Wanted(
        namespace="prod-vault",
        server=Server(port=databases.port, authority=trusted.certificate.read_text()),
        needs=NEEDS,
        readers=(Reader(account="chat", namespace="prod-apps", databases=("users",)),),
        login_seconds=3600,
        login_maximum_seconds=86_400,
    )
    laid: dict[str, Any] = filled(json.dumps(settings(wanted)), server.HOST)

    def once() -> None:
        run(
            vault.api,
            (vault.api,),
            keeper,
            recovery="recovery",
            session="session",
            token_file=token(vault.home, "token-of-setup"),
            settings=told(laid, reviewer, trusted, vault.home),
            password=password_of(ISSUER),
            now=datetime.now(UTC),
        )

    return once


@pytest.fixture
def ready(vault: Running, set_up: SetUp) -> Running:
    set_up()
    return vault


def reader(vault: Running) -> Vault:
    return vault.api.logged_in("chat", token(vault.home, "token-of-chat"))


def test_it_opens_itself_and_hands_its_recovery_keys_on(ready: Running, keeper: Keeping) -> None:
    state = ready.api.ask("GET", "sys/seal-status")
    assert (state["sealed"], state["type"], state["storage_type"]) == (False, "transit", "raft")
    assert len(keeper.values["recovery"]["keys"]) == 5
    assert keeper.values["session"] == {"root_token": ""}


def test_a_second_run_initialises_nothing_and_passes(
    ready: Running, set_up: SetUp, keeper: Keeping
) -> None:
    before = dict(keeper.values["recovery"])
    set_up()
    assert keeper.values["recovery"] == before
    assert reader(ready).ask("GET", "database/creds/users")["lease_duration"] == 3600


def test_a_login_reads_its_database_until_it_is_taken_back(
    ready: Running, databases: Database
) -> None:
    asking = reader(ready)
    lease = asking.ask("GET", "database/creds/users")
    name, password = lease["data"]["username"], lease["data"]["password"]
    with databases.connect(name, "users", password) as login:
        assert login.execute("SELECT current_user").fetchall() == [(name,)]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        databases.connect(name, "permissions", password)
    asking.ask("POST", "auth/token/revoke-self")
    patiently(lambda: _gone(databases, name), SECONDS)


def _gone(databases: Database, name: str) -> None:
    if databases.ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):
        raise OSError(f"{name} is still there")


@pytest.mark.parametrize("path", ["database/creds/permissions", "sys/auth", "sys/audit"])
def test_a_reader_may_do_nothing_else(ready: Running, path: str) -> None:
    with pytest.raises(VaultError, match="permission denied"):
        reader(ready).ask("GET", path)


@pytest.mark.parametrize("role", ["chat", "platform-setup", SNAPSHOTS])
def test_a_stranger_s_account_does_not_log_in(ready: Running, role: str) -> None:
    with pytest.raises(VaultError) as refused:
        ready.api.logged_in(role, token(ready.home, "token-of-a-stranger"))
    assert refused.value.status in (400, 403)


def test_requests_are_recorded_without_what_they_gave(ready: Running) -> None:
    lease = reader(ready).ask("GET", "database/creds/users")
    recorded = (ready.home / "audit" / "audit.log").read_text()
    assert "database/creds/users" in recorded
    assert lease["data"]["password"] not in recorded


def test_who_measures_needs_no_token(ready: Running) -> None:
    with ready.api.open("GET", "sys/metrics?format=prometheus") as answer:
        assert b"vault_core_unsealed" in answer.read()


def test_a_snapshot_is_whole_and_its_job_reads_nothing_else(ready: Running, tmp_path: Path) -> None:
    job = ready.api.logged_in(SNAPSHOTS, token(ready.home, "token-of-snapshots"))
    file = tmp_path / "snapshot"
    assert take(job, file) > 0
    with pytest.raises(VaultError, match="permission denied"):
        job.ask("GET", "sys/auth")


def test_it_opens_itself_again_after_a_restart(ready: Running, program: str, home: Path) -> None:
    ready.program.stop()
    running = Programs(folder=home)
    running.start([program, "server", f"-config={ready.configuration}"])
    try:
        found = patiently(lambda: reader(ready).ask("GET", "database/creds/users"), SECONDS)
        assert found["data"]["username"]
    finally:
        running.stop()
