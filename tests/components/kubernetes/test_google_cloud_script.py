"""A job keeps secrets and adds objects at Google as the pod that it is, and never overwrites."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from components.kubernetes.scripts import vault_snapshot
from components.kubernetes.scripts.google_cloud import (
    Account,
    GoogleError,
    SecretManager,
    add_object,
)
from components.kubernetes.scripts.secret_store import keeper

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
SECRET = "projects/p/secrets/vault-session"
TOKEN = "token-of-the-pod"
FORMER = '{"bucket": "b", "region": "us-east-1", "prefix": "v/"}'
"""A target from before there were two kinds."""


@dataclass
class Google:
    """What the stand-in holds: versions by secret, objects by name."""

    versions: dict[str, list[bytes]] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    address: str = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> object:
        """Answer as the metadata server, Secret Manager or Cloud Storage; a number refuses."""
        url = urlsplit(path)
        if url.path.startswith("/computeMetadata/"):
            return {"access_token": TOKEN} if headers.get("metadata-flavor") == "Google" else 403
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401
        if url.path.startswith("/upload/"):
            return self._add(parse_qs(url.query), body)
        secret, _, call = url.path.removeprefix("/v1/").partition(":")
        if (method, call) == ("POST", "addVersion"):
            data = json.loads(body)["payload"]["data"]
            self.versions.setdefault(secret, []).append(base64.b64decode(data))
            return {"name": f"{secret}/versions/{len(self.versions[secret])}"}
        secret = secret.removesuffix("/versions/latest")
        if secret not in self.versions:
            return 404
        return {"payload": {"data": base64.b64encode(self.versions[secret][-1]).decode()}}

    def _add(self, query: dict[str, list[str]], body: bytes) -> object:
        (name,) = query["name"]
        assert query["uploadType"] == ["media"]
        if query["ifGenerationMatch"] == ["0"] and name in self.objects:
            return 412
        self.objects[name] = body
        return {"name": name}


@pytest.fixture
def google() -> Iterator[Google]:
    held = Google()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = held.answer(self.command, self.path, headers, body)
            self.send_response(said if isinstance(said, int) else 200)
            self.end_headers()
            self.wfile.write(json.dumps({} if isinstance(said, int) else said).encode())

        do_GET = do_POST = _serve  # noqa: N815  # the server's own names

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield held
        server.shutdown()


def manager(google: Google) -> SecretManager:
    return SecretManager(Account(google.address), google.address)


def test_what_was_kept_last_is_read_and_what_was_kept_before_stays(google: Google) -> None:
    own = manager(google)
    own.keep(SECRET, {"root_token": "first"}, "initial")
    own.keep(SECRET, {"root_token": ""})
    assert own.read(SECRET) == {"root_token": ""}
    assert [json.loads(one)["root_token"] for one in google.versions[SECRET]] == ["first", ""]


def test_a_secret_without_a_value_is_empty(google: Google) -> None:
    assert manager(google).read(SECRET) == {}


def test_a_refusal_is_told_and_is_no_empty_secret(google: Google) -> None:
    class Nobody(Account):
        def token(self) -> str:
            return "of-another"

    with pytest.raises(GoogleError, match="401"):
        SecretManager(Nobody(google.address), google.address).read(SECRET)


def test_a_snapshot_is_added_and_never_written_over(google: Google, tmp_path: Path) -> None:
    file = tmp_path / "snapshot"
    file.write_bytes(b"first" * 1000)
    own = Account(google.address)
    add_object(file, "backups", "vault/2026/a b.snap", own, google.address)
    assert google.objects == {"vault/2026/a b.snap": b"first" * 1000}
    with pytest.raises(GoogleError, match="412"):
        add_object(file, "backups", "vault/2026/a b.snap", own, google.address)


def test_the_store_of_a_secret_is_known_by_its_name() -> None:
    assert isinstance(keeper(SECRET, ""), SecretManager)


def test_a_snapshot_goes_to_the_kind_of_bucket_that_its_target_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    monkeypatch.setattr(vault_snapshot, "add_object", lambda *_: went.append("gcs"))
    monkeypatch.setattr(vault_snapshot, "to_s3", lambda *_: went.append("s3"))
    for said in ('{"bucket": "b", "region": "", "prefix": "v/", "store": "gcs"}', FORMER):
        target = vault_snapshot.Target(**json.loads(said))
        vault_snapshot.to_bucket(tmp_path / "snapshot", target, "v/a.snap")
    assert went == ["gcs", "s3"]
