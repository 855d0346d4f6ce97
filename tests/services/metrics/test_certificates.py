"""The prober itself, with the file that is written for it, before a server of TLS."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from components.kubernetes import blackbox_config
from components.kubernetes.blackbox_config import Module
from tests.services.metrics.test_names import START_S, assert_agrees, scraped, started
from tests.services.programs import LOOPBACK, Programs, free_port, require

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("the prober's file is the same on both")]

PROGRAM = "prometheus-blackbox-exporter"
ENDS = "probe_ssl_earliest_cert_expiry"


def config(folder: Path) -> Path:
    file = folder / "blackbox.yaml"
    file.write_text(blackbox_config.text())
    return file


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, float]:
    """Give a certificate of no public authority, its key beside it, and when it ends."""
    file, key = tmp_path / "server.pem", tmp_path / "server.key"
    openssl = require("openssl")
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    name = ["-subj", "/CN=loopback", "-addext", f"subjectAltName=IP:{LOOPBACK}", "-days", "1"]
    out = ["-nodes", "-keyout", str(key), "-out", str(file)]
    subprocess.run([*made, *name, *out], check=True, capture_output=True)
    told = [openssl, "x509", "-in", str(file), "-noout", "-enddate", "-dateopt", "iso_8601"]
    said = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    asked = ["date", "--date", said.strip().removeprefix("notAfter="), "+%s"]
    seconds = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return file, float(seconds)


def values(port: int, path: str) -> dict[str, float]:
    """Return what is exported without labels, by name."""
    with urlopen(f"http://{LOOPBACK}:{port}{path}", timeout=START_S) as answer:
        text = answer.read().decode()
    lines = [one.split(" ") for one in text.splitlines() if not one.startswith("#")]
    return {one[0]: float(one[1]) for one in lines if "{" not in one[0]}


def test_the_program_takes_the_file(tmp_path: Path) -> None:
    asked = [require(PROGRAM), f"--config.file={config(tmp_path)}", "--config.check"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_certificate_of_our_own_is_read_and_a_public_one_judged(
    programs: Programs, certificate: tuple[Path, float], tmp_path: Path
) -> None:
    file, ends = certificate
    server, port = free_port(), free_port()
    keys = ("-cert", str(file), "-key", str(file.with_suffix(".key")))
    started(programs, "openssl", "s_server", "-accept", str(server), *keys, "-quiet", port=server)
    started(
        programs,
        PROGRAM,
        f"--config.file={config(tmp_path)}",
        f"--web.listen-address={LOOPBACK}:{port}",
        port=port,
    )

    def path(module: Module) -> str:
        return f"/probe?module={module.value}&target={LOOPBACK}:{server}"

    own = values(port, path(Module.OWN))
    assert (own["probe_success"], own[ENDS]) == (1, ends)
    needed = {ENDS, "probe_success", "probe_duration_seconds"}
    assert_agrees(scraped(port, path(Module.OWN)), "blackbox-exporter", needed)
    signed = values(port, path(Module.SIGNED))
    assert signed["probe_success"] == 0
    assert ENDS not in signed
