"""Real clients, told what our components tell them, open a Redis of an authority of its own.

Each store has an authority that is nobody else's and signs the store's address alone, as those of
Memorystore do: the certificate proves nothing to whoever knows only the web's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from components.kubernetes.exporter import Surroundings
from components.kubernetes.exporters import RedisExporter, RedisExporterArgs
from components.kubernetes.litellm_stores import Store as Told
from components.kubernetes.n8n import environment
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from sizing.words import Cloud
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.kubernetes.surroundings import on
from tests.components.kubernetes.test_tools import login
from tests.components.support import Recorder, record
from tests.services.litellm.stores import Certificates, Store, certificates, store
from tests.services.programs import LOOPBACK, Programs, free_port, listening, require

pytestmark = [
    pytest.mark.services,
    pytest.mark.one_cloud(Cloud.GCP, "stores of AWS prove themselves by the web's authorities"),
]
ROLES = ("cache", "state")
START_S = 30
# what ioredis does with n8n's `tls` of nothing but a host: Node's own checks, all of them
ASK = """
const tls = require("tls");
const [host, port, password] = process.argv.slice(1);
const socket = tls.connect({host, port}, () => {
  socket.write(`AUTH ${password}\\r\\nPING\\r\\n`);
});
socket.on("error", (error) => { console.log(error.code); process.exit(1); });
socket.on("data", (answer) => {
  if (answer.toString().includes("PONG")) { console.log("PONG"); process.exit(0); }
});
"""


@pytest.fixture(scope="module")
def stores(
    programs: Programs, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Store, Certificates]]:
    found = {}
    for role in ROLES:
        own = certificates(tmp_path_factory.mktemp(role))
        made = store(programs, own, password=f"token-of-{role}", clustered=False)
        found[role] = (made, own)
    return found


def told(one: Store, trusted: Certificates) -> Told:
    return Told(
        host=LOOPBACK,
        token=Remote(name="token"),
        port=one.port,
        authority=trusted.authority.read_text(),
    )


def exporter(stores: Mapping[str, Told]) -> Recorder:
    once = Scale(minimum=1, planned=1, maximum=1)

    def program() -> None:
        around = Surroundings(cluster=cluster(), namespace="prod-observability")
        plan = service_plan("redis-exporter", role="observability", scale=once)
        RedisExporter("redis-exporter", RedisExporterArgs(plan=plan, around=around, stores=stores))

    with on(Cloud.GCP):
        return record(program)


def running(
    programs: Programs, made: Recorder, stores: Mapping[str, tuple[Store, Certificates]], to: Path
) -> int:
    """Start the exporter as its container is told to, and return its port."""
    pod: dict[str, Any] = made.one("Deployment").inputs["spec"]["template"]["spec"]
    (data,) = (one.inputs["data"] for one in made.all("ConfigMap"))
    for name, text in data.items():
        (to / name).write_text(text)
    # what the operator of secrets makes of its template
    (template,) = made.one("ExternalSecret").inputs["spec"]["target"]["template"]["data"].values()
    for role, (one, _) in stores.items():
        template = template.replace(f"{{{{ .{role} | toJson }}}}", f'"{one.password}"')
    (to / "passwords.json").write_text(template)
    port = free_port()
    (container,) = pod["containers"]
    arguments = [_here(one, to, port) for one in container["args"]]
    program = programs.start([require("prometheus-redis-exporter"), *arguments])
    program.wait_until(lambda: listening(port), START_S)
    return port


def _here(argument: str, to: Path, port: int) -> str:
    """Return an argument with files where this test has them, and a port of loopback."""
    name, sign, value = argument.partition("=")
    if name == "-web.listen-address":
        return f"{name}={LOOPBACK}:{port}"
    if value.startswith("/etc/"):
        return f"{name}={to / value.rpartition('/')[2]}"
    return f"{name}{sign}{value}"


def up(made: Recorder, role: str, port: int) -> bool:
    """Ask the exporter for a store as its scrape does, and return whether it got in."""
    (target,) = (
        one.inputs["spec"]["endpoints"][0]["params"]["target"][0]
        for one in made.all("ServiceMonitor")
        if one.inputs["metadata"]["name"].endswith(role)
    )
    with urlopen(f"http://{LOOPBACK}:{port}/scrape?target={target}", timeout=START_S) as answer:
        lines = answer.read().decode().splitlines()
    return "redis_up 1" in lines


def test_one_exporter_trusts_each_store_by_its_own_authority(
    programs: Programs, stores: dict[str, tuple[Store, Certificates]], tmp_path: Path
) -> None:
    made = exporter({role: told(*one) for role, one in stores.items()})
    port = running(programs, made, stores, tmp_path)
    assert [up(made, role, port) for role in ROLES] == [True, True]


def test_the_exporter_stays_out_where_nobody_vouches_for_the_store(
    programs: Programs, stores: dict[str, tuple[Store, Certificates]], tmp_path: Path
) -> None:
    _, other = stores["state"]
    one, _ = stores["cache"]
    made = exporter({"cache": told(one, other), "state": told(*stores["state"])})
    port = running(programs, made, stores, tmp_path)
    assert [up(made, role, port) for role in ROLES] == [False, True]


@pytest.mark.parametrize(
    ("trusted", "answer"), [("state", "PONG"), ("cache", "DEPTH_ZERO_SELF_SIGNED_CERT")]
)
def test_node_trusts_the_queue_by_the_variable_that_n8n_is_given(
    stores: dict[str, tuple[Store, Certificates]], trusted: str, answer: str, tmp_path: Path
) -> None:
    queue, _ = stores["state"]
    _, authority = stores[trusted]
    said = environment(login("n8n", "n8n_a"), told(queue, authority), concurrency=1)
    file = tmp_path / Path(str(said["NODE_EXTRA_CA_CERTS"])).name
    file.write_text(authority.authority.read_text())
    place = (str(said["QUEUE_BULL_REDIS_HOST"]), str(said["QUEUE_BULL_REDIS_PORT"]))
    done = subprocess.run(
        [require("node"), "-e", ASK, *place, queue.password],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(file)},
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert done.stdout.strip() == answer
