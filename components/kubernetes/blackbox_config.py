"""How the prober asks: one handshake, nothing said in it. Pure.

Whoever measures from outside learns when a certificate ends, whatever stands behind it: a store, a
load balancer, Vault. Neither password nor request is sent.

PostgreSQL takes a handshake from the first byte since version 17. The program's own way to ask
older ones first (`send`, `starttls`) ends each text that it sends with a new line, which 17 takes
for the handshake's first byte: it refuses (blackbox-1657).
"""

from __future__ import annotations

from enum import StrEnum

import yaml

# A scrape's own ten seconds (Prometheus' default) must not end before the probe's.
TIMEOUT_SECONDS = 5


class Module(StrEnum):
    """How a certificate is judged.

    `SIGNED` wants one that a public authority signed for the name that is asked. `OWN` takes one of
    an authority of the platform's or of the cloud's databases: callers have that authority and
    judge it, here only its end is read, also when it is past.
    """

    SIGNED = "tls"
    OWN = "tls-own"


def text() -> str:
    """Return the prober's file."""
    modules = {Module.SIGNED.value: _handshake(), Module.OWN.value: _handshake(trusting=True)}
    return yaml.safe_dump({"modules": modules}, sort_keys=True)


def _handshake(*, trusting: bool = False) -> dict[str, object]:
    asked: dict[str, object] = {"tls": True, "preferred_ip_protocol": "ip4"}
    if trusting:
        asked["tls_config"] = {"insecure_skip_verify": True}
    return {"prober": "tcp", "timeout": f"{TIMEOUT_SECONDS}s", "tcp": asked}
