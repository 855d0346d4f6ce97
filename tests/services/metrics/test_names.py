"""What real programs export is what the catalogue says of them, by name and by label.

The distribution's versions are older than the pinned ones: what both have must agree, and what
dashboards and alerts stand on must be there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import urlopen

import pytest

from components.kubernetes import metric_catalog
from tests.services.programs import LOOPBACK, Programs, free_port, listening, require

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("names that programs give their series")]
START_S = 30
PASSWORD = "a store's token"
SERIES = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ")


def started(programs: Programs, *arguments: str, port: int) -> int:
    """Start a program that listens at a port of loopback, and return the port."""
    program, *rest = arguments
    running = programs.start([require(program), *rest])
    running.wait_until(lambda: listening(port), START_S)
    return port


def scraped(port: int, path: str = "/metrics") -> dict[str, set[str]]:
    """Return the labels of every series that a program exports, by name."""
    with urlopen(f"http://{LOOPBACK}:{port}{path}", timeout=START_S) as answer:
        text = answer.read().decode()
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        match = SERIES.match(line)
        if match and not line.startswith("#"):
            found.setdefault(match[1], set()).update(re.findall(r'(\w+)="', match[2] or ""))
    return found


def listed(component: str) -> dict[str, frozenset[str]]:
    """Return the series of a component of the catalogue, with its own labels."""
    metrics = metric_catalog.METRICS[component].metrics.values()
    return {name: own for metric in metrics for name, own in metric.series()}


def assert_agrees(found: dict[str, set[str]], component: str, needed: set[str]) -> None:
    known = listed(component)
    assert needed <= known.keys() & found.keys()
    shared = known.keys() & found.keys()
    assert {name: found[name] - known[name] for name in shared if found[name] - known[name]} == {}


def test_a_machine(programs: Programs) -> None:
    port = free_port()
    address = f"--web.listen-address={LOOPBACK}:{port}"
    started(programs, "prometheus-node-exporter", address, port=port)
    assert_agrees(
        scraped(port),
        "node-exporter",
        {
            "node_cpu_seconds_total",
            "node_filesystem_avail_bytes",
            "node_filesystem_size_bytes",
            "node_memory_MemAvailable_bytes",
            "node_memory_MemTotal_bytes",
            "node_network_receive_bytes_total",
        },
    )


def test_a_store_that_a_scrape_names_and_a_file_opens(programs: Programs, tmp_path: Path) -> None:
    store = free_port()
    settings = ("--bind", LOOPBACK, "--save", "", "--requirepass", PASSWORD)
    started(programs, "redis-server", "--port", str(store), *settings, port=store)
    target = f"redis://{LOOPBACK}:{store}"
    file, port = tmp_path / "passwords.json", free_port()
    file.write_text(json.dumps({target: PASSWORD}))
    started(
        programs,
        "prometheus-redis-exporter",
        # as the component starts it
        "-redis.addr=",
        f"-redis.password-file={file}",
        f"-web.listen-address={LOOPBACK}:{port}",
        "-config-command=-",
        port=port,
    )
    needed = {
        "redis_up",
        "redis_connected_clients",
        "redis_evicted_keys_total",
        "redis_keyspace_hits_total",
        "redis_keyspace_misses_total",
        "redis_memory_max_bytes",
        "redis_memory_used_bytes",
    }
    assert_agrees(scraped(port, f"/scrape?target={target}"), "redis-exporter", needed)


def test_who_tells_of_alerts(programs: Programs, tmp_path: Path) -> None:
    config, port = tmp_path / "alertmanager.yml", free_port()
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    started(
        programs,
        "prometheus-alertmanager",
        f"--config.file={config}",
        f"--storage.path={tmp_path / 'told'}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--cluster.listen-address=",
        port=port,
    )
    assert_agrees(
        scraped(port),
        "alertmanager",
        {
            "alertmanager_alerts",
            "alertmanager_config_last_reload_successful",
            "alertmanager_notifications_failed_total",
            "alertmanager_notifications_total",
        },
    )


def test_prometheus_itself(programs: Programs, tmp_path: Path) -> None:
    config, port = tmp_path / "prometheus.yml", free_port()
    rules = tmp_path / "rules.yml"
    rules.write_text("groups: [{name: one, rules: [{record: one, expr: vector(1)}]}]\n")
    config.write_text(f"rule_files: [{rules}]\n")
    started(
        programs,
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
        port=port,
    )
    assert_agrees(
        scraped(port),
        "prometheus",
        {
            "prometheus_config_last_reload_successful",
            "prometheus_rule_evaluation_failures_total",
            "prometheus_target_scrapes_exceeded_sample_limit_total",
            "prometheus_tsdb_head_series",
            "prometheus_tsdb_storage_blocks_bytes",
        },
    )
