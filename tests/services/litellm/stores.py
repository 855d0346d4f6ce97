"""The two stores of Redis' protocol, with TLS and passwords as the clouds' have them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services.programs import LOOPBACK, Programs, free_port, listening, require

SLOTS = ("0", "16383")
HIGHEST_BUS_PORT = 65535
BUS = 10_000
"""Redis' nodes speak with one another at this distance from their port."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority of the tests and what it has signed for loopback."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path) -> Certificates:
    """Write a certificate for loopback that is its own authority."""
    made = Certificates(folder / "ca.pem", folder / "ca.pem", folder / "key.pem")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    files = ("-keyout", str(made.key), "-out", str(made.certificate))
    named = ("-addext", f"subjectAltName=DNS:localhost,IP:{LOOPBACK}")
    subprocess.run([require("openssl"), *new, *files, *named], check=True, capture_output=True)
    return made


@dataclass(frozen=True, slots=True)
class Store:
    """A running Redis."""

    port: int
    password: str
    trusted: Certificates

    def ask(self, *command: str) -> list[str]:
        """Return the lines that Redis answers to a command."""
        place = ("-h", LOOPBACK, "-p", str(self.port), "--tls")
        trust = ("--cacert", str(self.trusted.authority), "--no-auth-warning", "-a", self.password)
        done = subprocess.run(
            [require("redis-cli"), *place, *trust, *command],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.split()

    def names(self) -> list[str]:
        """Return the names of what it holds."""
        return self.ask("KEYS", "*")


def store(programs: Programs, trusted: Certificates, *, password: str, clustered: bool) -> Store:
    """Start a Redis; a clustered one holds all slots alone."""
    port = free_port()
    while port + BUS > HIGHEST_BUS_PORT:
        port = free_port()
    options = {"port": "0", "tls-port": str(port), "bind": LOOPBACK, "save": "", "dir": "."}
    options |= {"requirepass": password, "tls-auth-clients": "no"}
    options |= {"tls-cert-file": str(trusted.certificate), "tls-key-file": str(trusted.key)}
    options |= {"tls-ca-cert-file": str(trusted.authority)}
    if clustered:
        options |= {"cluster-enabled": "yes", "tls-cluster": "yes"}
        options |= {"cluster-announce-ip": LOOPBACK, "cluster-config-file": f"nodes-{port}.conf"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    running = programs.start([require("redis-server"), *words])
    running.wait_until(lambda: listening(port), 10)
    made = Store(port, password, trusted)
    if clustered:
        made.ask("CLUSTER", "ADDSLOTSRANGE", *SLOTS)
        running.wait_until(lambda: "cluster_state:ok" in made.ask("CLUSTER", "INFO"), 10)
    return made
