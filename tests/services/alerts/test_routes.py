"""Who hears of which alert, by Alertmanager's own tool."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from components.kubernetes import alertmanager_config as config
from components.kubernetes.alertmanager_config import Receivers
from tests.components.kubernetes.test_alertmanager_config import ALL
from tests.services.programs import require

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("who hears of an alert comes of its labels"),
]

# Alertmanager 0.26 reads a webhook's address from a file; a tool before it knows `url` alone.
FILES_SINCE = (0, 26)
URL_FILE = re.compile(r"url_file: (?=/etc/alertmanager/\S*(webhook|heartbeat)-url)\S+")
VERSION = re.compile(r"version (\d+)\.(\d+)")


def ran(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [require("amtool"), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def written(to: Path, receivers: Receivers = ALL) -> Path:
    """Write the config as the installed tool reads it."""
    text = config.text(receivers)
    done = ran("--version")
    version = VERSION.search(done.stdout + done.stderr)
    if version and (int(version[1]), int(version[2])) < FILES_SINCE:
        text = URL_FILE.sub("url: https://hooks.example.org/", text)
    to.write_text(text, encoding="utf-8")
    return to


@pytest.mark.parametrize("receivers", [ALL, Receivers()], ids=["everybody", "nobody"])
def test_it_is_a_config(receivers: Receivers, tmp_path: Path) -> None:
    done = ran("check-config", written(tmp_path / "alertmanager.yaml", receivers))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 receivers" in done.stdout
    assert "1 inhibit rules" in done.stdout


def test_a_config_that_is_none_is_found(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(config.text(ALL).replace("receiver: warning", "receiver: nowhere"))

    assert ran("check-config", broken).returncode != 0


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=PostgresDown", "severity=critical"), "critical"),
        (("alertname=PodCpu", "severity=warning", "namespace=prod-apps"), "warning"),
        (("alertname=Watchdog", "severity=warning"), "heartbeat"),
        (("alertname=SomebodyElses",), "warning"),
        (("alertname=InfoInhibitor", "severity=none"), "nobody"),
    ],
)
def test_alerts_find_their_receiver(labels: tuple[str, ...], receiver: str, tmp_path: Path) -> None:
    file = written(tmp_path / "alertmanager.yaml")

    done = ran("config", "routes", "test", f"--config.file={file}", *labels)

    assert done.stdout.strip() == receiver, done.stderr
