"""How workloads on Google Cloud reach files, Redis and PostgreSQL, by the whole program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.kubernetes.blackbox_config import Module
from components.kubernetes.cluster import NAME_LABEL
from preview.offline import Recording, Resource, run
from sizing.planning.helpers import FILE_FOLDERS
from sizing.words import Cloud
from stacks.config import load, stack_files
from stacks.decision import decide

pytestmark = pytest.mark.one_cloud(Cloud.GCP, "ports, authorities and folders of its own stores")

BASE = "prod-large-gcp"
IMAGE = "registry.example.com/acme"
SERVICES = {
    "application": {"image": f"{IMAGE}/chat:4.5.6", "port": 8080, "cpu": "500m", "memory": "1Gi"},
    "osmen": {"concurrent_users": 80},
    "langflow": {},
    "n8n": {"concurrency": 5},
    "osmen_gateway": {"image": f"{IMAGE}/osmen:1.0.0"},
}
MOUNTING = ("application", "langflow", "vllm-llama-3-1-8b")
"""Deployments whose pods mount a folder of the share, each by the name of its component."""


def everything(folder: Path) -> Path:
    """Write a stack that has whatever reaches a store, and return its file."""
    kept = stack_files()[BASE]
    said = yaml.safe_load(kept.read_text())
    platform = said["config"]["aigw:platform"]
    platform |= {"services": SERVICES}
    platform["models"] |= {"cache": "files"}
    # a block that no stack of the repository has
    platform["network"]["vpc_cidr"] = "10.199.0.0/16"
    (folder / "stacks").mkdir()
    (folder / "Pulumi.yaml").write_text((kept.parents[1] / "Pulumi.yaml").read_text())
    file = folder / "stacks" / kept.name
    file.write_text(yaml.safe_dump(said))
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return everything(tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="module")
def made(file: Path) -> Recording:
    return run(file)


@cache
def kept(stack: str) -> Recording:
    return run(stack_files()[stack])


def one(found: Recording, kind: str, name: str) -> Resource:
    objects = (made for made in found.resources if made.inputs.get("kind") == kind)
    (resource,) = (made for made in objects if _name(made) == name)
    return resource


def _specs(found: Recording, kind: str) -> Iterator[tuple[str, Any]]:
    for made in found.resources:
        if made.inputs.get("kind") == kind:
            yield _name(made), made.inputs["spec"]


def _name(made: Resource) -> str:
    metadata: Any = made.inputs["metadata"]
    # a job has its name of the engine, another one each time
    return str(metadata.get("name") or metadata["labels"][NAME_LABEL])


def before(found: Recording, late: Resource) -> set[str]:
    """Return the names of all that must exist before a resource."""
    known = {made.urn: made for made in found.resources}
    seen: set[str] = set()
    waiting = [late.urn]
    while waiting:
        for urn in known[waiting.pop()].dependencies:
            if urn not in seen and urn in known:
                seen.add(urn)
                waiting.append(urn)
    return {known[urn].name for urn in seen}


def containers(found: Recording, kind: str, name: str) -> Iterator[dict[str, Any]]:
    spec: Any = one(found, kind, name).inputs["spec"]
    yield from spec["template"]["spec"]["containers"]


def told(found: Recording, kind: str, name: str) -> dict[str, Any]:
    (container,) = containers(found, kind, name)
    return {given["name"]: given.get("value") for given in container.get("env", ())}


@pytest.mark.parametrize("name", MOUNTING)
def test_folders_are_made_before_anybody_mounts_one(made: Recording, name: str) -> None:
    assert f"{FILE_FOLDERS}-run-job" in before(made, one(made, "Deployment", name))


def test_the_job_is_told_of_every_folder_of_the_plan(made: Recording, file: Path) -> None:
    (container,) = containers(made, "Job", FILE_FOLDERS)
    points = decide(load(file)).plan.files.access_points
    assert container["args"][1:] == sorted(f"{p.path.strip('/')}={p.permissions}" for p in points)


def test_where_nobody_mounts_a_folder_none_is_made() -> None:
    for stack in (BASE, "prod-large"):
        assert not [made for made in kept(stack).resources if FILE_FOLDERS in made.urn]


def test_every_client_of_redis_comes_by_tls_and_trusts_google_s_own_authority(
    made: Recording,
) -> None:
    (exporter,) = containers(made, "Deployment", "redis-exporter")
    assert [given for given in exporter["args"] if given.startswith("-tls-ca-cert-file=")]
    for kind, name in (("StatefulSet", "n8n"), ("Deployment", "n8n-worker")):
        queue = told(made, kind, name)
        assert queue["NODE_EXTRA_CA_CERTS"]
        assert queue["QUEUE_BULL_REDIS_PORT"] == "6378"
    roles = ("CACHE", "BROKER", "CRAWLER")
    application = told(made, "Deployment", "application")
    assert {f"REDIS_{role}_CA_FILE" for role in roles} <= application.keys()
    assert "REDIS_CACHE_CA_FILE" in told(made, "Deployment", "osmen-gateway")
    config: Any = one(made, "ConfigMap", "litellm-etc-litellm").inputs["data"]
    said = yaml.safe_load(config["config.yaml"])
    for store in (
        said["general_settings"]["coordination_redis"],
        said["litellm_settings"]["cache_params"],
    ):
        assert (store["port"], store["ssl"], bool(store["ssl_ca_certs"])) == (6378, True, True)


def test_the_end_of_a_store_s_certificate_is_read_whoever_signed_it(made: Recording) -> None:
    probed = {
        name: spec["endpoints"][0]["params"]["module"]
        for name, spec in _specs(made, "ServiceMonitor")
        if name.startswith("blackbox-exporter-")
    }
    assert [probed[f"blackbox-exporter-{role}"] for role in ("cache", "crawler", "state")] == [
        [Module.OWN]
    ] * 3


def test_the_databases_are_set_up_as_cloud_sql_s_master(made: Recording) -> None:
    secret: Any = one(made, "ExternalSecret", "database-setup").inputs["spec"]
    asked = {
        given["remoteRef"]["property"]
        for given in secret["data"]
        if given["remoteRef"].get("property") in ("username", "password")
    }
    assert asked == {"username", "password"}
