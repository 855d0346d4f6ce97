"""Who logs in at Vault, what each may do there, and that a run may be repeated or cut short."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.scripts.vault_api import VaultError, patiently
from components.kubernetes.scripts.vault_setup import ROLE, filled, run
from components.kubernetes.scripts.vault_snapshot import BrokenError, Target, check, key, store
from components.kubernetes.vault_settings import Reader, settings
from tests.components.kubernetes.vault_samples import WANTED, Answering, Keeping

pytestmark = pytest.mark.cloud_free("programs and text of Vault's set-up, against stand-ins")
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
FIRST = "hvs.first"


def told() -> dict[str, Any]:
    return filled(json.dumps(settings(WANTED)), "postgres.example.com")


def set_up(vault: Answering, keeper: Keeping, *before: Answering) -> None:
    run(
        vault,
        (*before, vault),
        keeper,
        recovery="recovery",
        session="session",
        token_file=Path("token"),
        settings=told(),
        password="of the issuer",
        now=NOW,
    )


def test_every_role_is_bound_to_one_account_and_to_tokens_for_vault() -> None:
    for role in told()["roles"].values():
        assert len(role["bound_service_account_names"]) == 1
        assert len(role["bound_service_account_namespaces"]) == 1
        assert role["audience"] == "vault"
        assert "root" not in role["token_policies"]


def test_a_reader_gets_logins_of_its_databases_alone() -> None:
    said = told()
    assert said["roles"]["chat"]["token_policies"] == ["platform-database-users"]
    policy = said["policies"]["platform-database-users"]
    assert policy == 'path "database/creds/users" { capabilities = ["read"] }\n'


@pytest.mark.parametrize("database", ["litellm", "nowhere"])
def test_a_reader_of_a_database_without_logins_is_refused(database: str) -> None:
    reader = Reader(account="chat", namespace="prod-apps", databases=(database,))
    with pytest.raises(ValueError, match=f"no logins are made of {database}"):
        settings(replace(WANTED, readers=(reader,)))


def test_snapshots_may_be_read_and_nothing_else() -> None:
    policy = told()["policies"]["platform-snapshots"]
    assert policy.count("path") == 1
    assert '"sys/storage/raft/snapshot" { capabilities = ["read"] }' in policy


def test_the_connection_is_verified_and_the_server_learns_proofs_alone() -> None:
    (connection,) = told()["database"]["connections"].values()
    assert "@postgres.example.com:5432/postgres?sslmode=verify-full" in connection["connection_url"]
    assert connection["password_authentication"] == "scram-sha-256"
    assert connection["allowed_roles"] == ["permissions", "users"]
    assert "password" not in connection


def test_requests_are_recorded_in_two_places() -> None:
    assert sorted(told()["audit"]) == ["file", "stdout"]


def test_the_first_run_ends_without_a_token_that_may_do_everything() -> None:
    vault, keeper = Answering(), Keeping()
    set_up(vault, keeper)
    assert keeper.values["session"] == {"root_token": ""}
    assert FIRST in vault.state["ended"]
    assert keeper.values["recovery"]["keys"] == ["a", "b", "c", "d", "e"]
    assert keeper.labels == ["initialised-20261121T123000Z"]
    assert FIRST not in str(vault.paths)


def test_what_the_platform_wants_is_laid_by_the_job_s_own_login() -> None:
    vault = Answering()
    set_up(vault, Keeping())
    laid = [who for who, method, path in vault.asked if method != "GET" and "database/" in path]
    assert set(laid) == {f"of-{ROLE}"}


def test_a_second_run_asks_for_nothing_that_is_there() -> None:
    vault, keeper = Answering(), Keeping()
    set_up(vault, keeper)
    vault.state["ended"], before = [], dict(vault.paths)
    vault.asked.clear()
    set_up(vault, keeper)
    assert vault.paths == before
    made = {path for _, method, path in vault.asked if method != "GET"}
    assert not made & {"sys/init", "sys/auth/kubernetes", "sys/mounts/database", "sys/audit/file"}
    assert len(keeper.labels) == 1


def test_a_run_that_was_cut_short_is_taken_up() -> None:
    vault, keeper = Answering(), Keeping()
    vault.state["root"] = FIRST
    keeper.keep("session", {"root_token": FIRST})
    set_up(vault, keeper)
    assert keeper.values["session"] == {"root_token": ""}
    assert "database/config/platform" in vault.paths


def test_a_member_that_has_lost_its_volume_makes_no_second_store() -> None:
    vault, keeper = Answering(), Keeping()
    set_up(vault, keeper)
    lost, vault.state["ended"] = Answering(), []
    set_up(vault, keeper, lost)
    assert "root" not in lost.state
    assert len(keeper.labels) == 1


def test_nothing_is_initialised_that_could_not_be_kept() -> None:
    vault = Answering()
    with pytest.raises(OSError, match="AccessDenied"):
        set_up(vault, Keeping(refuses=True))
    assert "root" not in vault.state


def test_it_prints_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Answering(), Keeping())
    said = capsys.readouterr()
    assert FIRST not in said.out + said.err
    assert "of the issuer" not in said.out + said.err


def test_who_elects_is_asked_again_and_who_refuses_is_not() -> None:
    answers: list[object] = [VaultError(503, "sealed"), OSError("nobody"), "at last"]

    def ask() -> object:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    assert patiently(ask, 60, pause=lambda _: None) == "at last"
    answers = [VaultError(403, "permission denied"), "never"]
    with pytest.raises(VaultError, match="permission denied"):
        patiently(ask, 60, pause=lambda _: None)


def packed(folder: Path, contents: dict[str, bytes], sums: dict[str, bytes]) -> Path:
    listed = "".join(f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in sums.items())
    file = folder / "snapshot"
    with tarfile.open(file, "w:gz") as made:
        for name, text in {**contents, "SHA256SUMS": listed.encode()}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            made.addfile(entry, io.BytesIO(text))
    return file


WHOLE = {"meta.json": b"{}", "state.bin": b"state" * 1000}


def test_a_whole_snapshot_passes(tmp_path: Path) -> None:
    check(packed(tmp_path, WHOLE, WHOLE))


@pytest.mark.parametrize(
    ("contents", "sums"),
    [
        (WHOLE, {**WHOLE, "state.bin": b"other"}),
        ({"meta.json": b"{}"}, WHOLE),
        (WHOLE, {}),
    ],
)
def test_a_snapshot_that_is_not_whole_is_refused(
    tmp_path: Path, contents: dict[str, bytes], sums: dict[str, bytes]
) -> None:
    with pytest.raises(BrokenError):
        check(packed(tmp_path, contents, sums))


def test_an_answer_that_broke_off_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path, WHOLE, WHOLE)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(BrokenError):
        check(file)


def test_one_bucket_that_fails_does_not_keep_the_other_from_its_copy(tmp_path: Path) -> None:
    here = Target(bucket="here", region="us-east-1", prefix="vault/")
    there = Target(bucket="there", region="us-west-2", prefix="vault/")
    stored: list[str] = []

    def put(_: Path, target: Target, name: str) -> None:
        if target is here:
            raise OSError("no such bucket")
        stored.append(f"{target.bucket}/{name}")

    failures = list(store(tmp_path / "snapshot", [here, there], NOW, put))
    assert stored == ["there/vault/2026/11/21/vault-20261121T123000Z.snap"]
    assert [one.partition(":")[0] for one in failures] == [
        f"not stored as here/{key('vault/', NOW)}"
    ]
