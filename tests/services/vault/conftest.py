"""A real Vault that another one opens, as a key of the cloud does, and a database for logins.

No package registry has the program, so that it is looked for and nothing fails where it is missing:
docs/vault.md says how to build it.
"""

from __future__ import annotations

import json
import shutil
import ssl
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.scripts.vault_api import Vault
from components.kubernetes.vault_config import TLS_FOLDER, Seal, configuration
from tests.services.postgres.authority import Authority, authority
from tests.services.postgres.conftest import (  # noqa: F401  (fixtures of the database)
    _programs,
    databases,
    folder,
    postgres,
    trusted,
)
from tests.services.programs import LOOPBACK, Program, Programs, free_port, listening

START_S = 60
OPENER = "opener"
ACCOUNTS = {
    "token-of-setup": ("prod-vault", "vault-setup"),
    "token-of-snapshots": ("prod-vault", "vault-snapshots"),
    "token-of-chat": ("prod-apps", "chat"),
    "token-of-a-stranger": ("prod-apps", "stranger"),
}
"""Tokens of service accounts, by what stands in for their signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A Vault that runs; its configuration is the platform's but for folders, ports and seal."""

    program: Program
    port: int
    configuration: Path
    authority: Authority
    home: Path

    @property
    def api(self) -> Vault:
        """Return its API, as somebody without a token."""
        return Vault(f"https://{LOOPBACK}:{self.port}", str(self.authority.certificate))


def token(home: Path, name: str) -> Path:
    """Return a file with an account's token, made out to Vault."""
    import base64

    namespace, account = ACCOUNTS[name]
    said = {
        "aud": ["vault"],
        "iss": "https://kubernetes.default.svc",
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": "u"}},
        "sub": f"system:serviceaccount:{namespace}:{account}",
    }
    head = {"alg": "RS256", "kid": "test"}
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=")
        for one in (head, said)
    ]
    signature = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
    file = home / name
    file.write_text(".".join([*parts, signature]))
    return file


class Reviews(BaseHTTPRequestHandler):
    """Kubernetes' API as far as Vault asks it: whose is this token?"""

    def do_POST(self) -> None:
        import base64

        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        shown = asked["spec"]["token"].rpartition(".")[2]
        name = base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4)).decode()
        namespace, account = ACCOUNTS.get(name, ("", ""))
        user = {"username": f"system:serviceaccount:{namespace}:{account}", "uid": "u"}
        known = {"authenticated": True, "user": user, "audiences": asked["spec"].get("audiences")}
        text = json.dumps({**asked, "status": known if account else {"error": "unknown"}}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def program() -> str:
    """Give the program, where there is one."""
    found = shutil.which("vault")
    if found is None:
        pytest.skip("vault is on no path: docs/vault.md says how to build it")
    return found


@pytest.fixture(scope="session")
def reviewer(trusted: Authority) -> Iterator[str]:  # noqa: F811
    """Give the address of the API that reviews tokens."""
    certificate, key = trusted.sign("reviewer", LOOPBACK)
    server = HTTPServer((LOOPBACK, 0), Reviews)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://{LOOPBACK}:{server.server_port}"
    server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a folder for one Vault."""
    for name in ("data", "audit", "tls"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def opener(program: str, home: Path) -> Iterator[int]:
    """Give the port of a Vault in memory that has a key for others; all of it in clear."""
    port, running = free_port(), Programs(folder=home)
    started = running.start(
        [
            program,
            "server",
            "-dev",
            f"-dev-root-token-id={OPENER}",
            f"-dev-listen-address={LOOPBACK}:{port}",
            "-dev-no-store-token",
        ],
    )
    started.wait_until(lambda: listening(port), START_S)
    for path, body in (("sys/mounts/transit", {"type": "transit"}), ("transit/keys/unseal", {})):
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{port}/v1/{path}",
            data=json.dumps(body).encode(),
            headers={"X-Vault-Token": OPENER},
        )
        urllib.request.urlopen(request, timeout=10).close()
    yield port
    running.stop()


@pytest.fixture
def vault(program: str, home: Path, opener: int) -> Iterator[Running]:
    """Give a Vault of the platform's configuration, neither initialised nor open."""
    signed = authority(home / "authority")
    certificate, key = signed.sign("vault", LOOPBACK)
    shutil.copy(certificate, home / "tls" / "tls.crt")
    shutil.copy(key, home / "tls" / "tls.key")
    settings: Mapping[str, str] = {
        "address": f"http://{LOOPBACK}:{opener}",
        "token": OPENER,
        "key_name": "unseal",
        "mount_path": "transit/",
    }
    said = configuration("prod-vault", 1, Seal(kind="transit", settings=settings))
    port, members = free_port(), free_port()
    for old, new in (
        ("[::]:8200", f"{LOOPBACK}:{port}"),
        ("[::]:8201", f"{LOOPBACK}:{members}"),
        (TLS_FOLDER, str(home / "tls")),
        ("/vault/data", str(home / "data")),
        ('service_registration "kubernetes" {}\n', ""),
    ):
        assert old in said
        said = said.replace(old, new)
    file = home / "vault.hcl"
    file.write_text(
        f'{said}\napi_addr = "https://{LOOPBACK}:{port}"\n'
        f'cluster_addr = "https://{LOOPBACK}:{members}"\n'
    )
    running = Programs(folder=home)
    started = running.start([program, "server", f"-config={file}"])
    started.wait_until(lambda: listening(port), START_S)
    yield Running(program=started, port=port, configuration=file, authority=signed, home=home)
    running.stop()


def told(settings: dict[str, Any], reviewer: str, authority: Authority, home: Path) -> Any:  # noqa: ANN401
    """Return the settings for this machine: its reviewer of tokens, its folder for the record."""
    kubernetes = {
        "kubernetes_host": reviewer,
        "kubernetes_ca_cert": authority.certificate.read_text(),
        "token_reviewer_jwt": "of-vault",
        "disable_local_ca_jwt": True,
    }
    text = json.dumps({**settings, "kubernetes": kubernetes})
    return json.loads(text.replace("/vault/audit", str(home / "audit")))
