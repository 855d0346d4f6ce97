"""What runs in the cluster changes in place, and keeps its volumes, its names and its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from sizing.words import Cloud
from tests.engine.harness import REPLACING, Engine, copy_project, engine, operations

pytestmark = [
    pytest.mark.engine,
    pytest.mark.one_cloud(
        Cloud.AWS,
        "the same code makes what runs in a cluster of either cloud, and a build takes minutes",
    ),
]

Standing: TypeAlias = Callable[[str, Path], Engine]

STACK = "dev-small"
PARTS: Mapping[str, Any] = {
    "document_db": "documentdb",
    "ingress": {"domain": "dev.example.com", "zone_id": "Z1R8UBAEXAMPLE"},
    "services": {
        "application": {
            "image": "registry.example.com/acme/chat:4.5.6",
            "port": 8080,
            "cpu": "500m",
            "memory": "1Gi",
        },
        "agent_router": {
            "image": "registry.example.com/vendor/router:1.2.3",
            "controller_image": "registry.example.com/vendor/controller:1.2.3",
            "existing_secret": "acme/router",
        },
    },
}
"""What a stack may switch on."""
OPENAI = {"name": "fast", "provider": "openai", "model": "gpt-4o-mini"}
MODELS: Mapping[str, Any] = {
    "huggingface": {"existing_secret": "aigw/huggingface"},
    "providers": {"openai": {"existing_secret": "acme/openai"}},
    "external": [OPENAI],
}
CHANGES: Mapping[str, Any] = {
    "gateway": {"budget_usd_per_key": 50},
    "ingress": {"domain": "else.example.com", "zone_id": "Z1R8UBAEXAMPLE"},
    "models": {
        "huggingface": {"existing_secret": "aigw/huggingface"},
        "providers": {"openai": {"existing_secret": "acme/another"}},
        "external": [OPENAI],
        "revisions": {"llama-3.1-8b": "fedcba9876543210fedcba9876543210fedcba98"},
    },
}
"""Another revision, provider key, domain and setting of the proxy."""
PINS = Path("sizing", "versions", "images.py")
TAG = re.compile(r'^( +"v?\d[^"]*)",$', re.MULTILINE)
"""A tag on a line of its own."""
# Kinds whose object others know by its name, or that hold what cannot be had again.
LASTING = frozenset(
    {
        "ClusterSecretStore",
        "ConfigMap",
        "Deployment",
        "ExternalSecret",
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Prometheus",
        "RandomBytes",
        "RandomPassword",
        "Release",
        "Secret",
        "Service",
        "ServiceAccount",
        "StatefulSet",
        "TargetGroup",
    }
)


def last_type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def kind(urn: str) -> str:
    return last_type(urn).rpartition(":")[2]


def name(urn: str) -> str:
    return urn.rpartition("::")[2]


def named(found: set[str], *kinds: str) -> set[str]:
    """Return the names of some kinds of resources, components left out."""
    return {name(urn) for urn in found if kind(urn) in kinds and "aigw:" not in last_type(urn)}


def replaced(preview: Mapping[str, Any]) -> set[str]:
    """Return the URNs that a preview replaces."""
    happens = operations(preview)
    return {urn for operation in REPLACING for urn in happens.get(operation, set())}


def kept(preview: Mapping[str, Any]) -> None:
    """Fail where a preview replaces what must last."""
    lost = {urn for urn in replaced(preview) if kind(urn) in LASTING}
    assert {name(urn) for urn in lost} == set()


def change(project: Engine, stack: str, changes: Mapping[str, Any], *, without: str = "") -> None:
    path = project.folder / "stacks" / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(path.read_text())
    platform = content["config"]["aigw:platform"]
    platform.update(changes)
    for key in without.split():
        platform.pop(key)
    path.write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def built(cli: str, tmp_path_factory: pytest.TempPathFactory, shapes: Path) -> Engine:
    """A stack with every part of `PARTS`; tests preview it, and leave it as it is."""
    scratch = tmp_path_factory.mktemp("parts")
    project = engine(cli, copy_project(scratch / "project"), scratch, shapes)
    project.init(STACK)
    change(project, STACK, {**PARTS, "models": MODELS})
    done = project.up(STACK)
    assert done.code == 0, done.text
    return project


@pytest.fixture
def project(built: Engine) -> Iterator[Engine]:
    """The stack as it was built, whatever the test before has written."""
    file = built.folder / "stacks" / f"Pulumi.{STACK}.yaml"
    pins = built.folder / PINS
    texts = {path: path.read_text() for path in (file, pins)}
    yield built
    for path, text in texts.items():
        path.write_text(text)


def test_settings_and_images_change_in_place(project: Engine) -> None:
    change(project, STACK, CHANGES)
    pins = project.folder / PINS
    changed, tags = TAG.subn(r'\1-next",', pins.read_text())
    assert tags > 5
    pins.write_text(changed)
    after = project.preview(STACK)
    kept(after)
    happens = operations(after)
    assert "delete" not in happens
    assert named(happens["update"], "ConfigMap") == {"litellm-etc-litellm"}
    assert named(happens["update"], "ExternalSecret") == {"litellm-keys"}
    assert named(happens["update"], "StatefulSet") == {"qdrant-service-set"}
    assert {
        "litellm-deployment",
        "pgbouncer-service-deployment",
        "vllm-llama-3-1-8b-deployment",
    } <= named(happens["update"], "Deployment")
    # jobs run again, and the new domain's names and certificate stand beside the old
    assert {kind(urn) for urn in replaced(after)} == {
        "Certificate",
        "CertificateValidation",
        "Job",
        "Record",
    }


def test_parts_that_go_leave_what_the_others_stand_on(project: Engine) -> None:
    change(project, STACK, {}, without="document_db services")
    after = project.preview(STACK)
    kept(after)
    assert {kind(urn) for urn in replaced(after)} <= {"Job", "SecretVersion"}
    gone = operations(after)["delete"]
    assert named(gone, "Namespace") == {"namespace-apps-namespace"}
    assert named(gone, "Deployment", "StatefulSet") == {
        "agent-router-controller-deployment",
        "agent-router-deployment",
        "application-deployment",
    }
    assert {one.partition("-")[0] for one in named(gone, "Cluster", "PersistentVolumeClaim")} == {
        "application",
        "documents",
    }


def test_a_larger_tier_with_more_parts_changes_what_is_there_in_place(
    standing: Standing, tmp_path: Path
) -> None:
    project, larger = standing(STACK, tmp_path), "dev-medium"
    project.rename(STACK, larger)
    change(project, larger, {**PARTS, "tier": "medium"})
    after = project.preview(larger)
    kept(after)
    happens = operations(after)
    assert named(happens.get("delete", set()), *LASTING) == set()
    # volumes of another tier carry another tag, which the class of volumes says
    assert {kind(urn) for urn in replaced(after)} <= {
        "Job",
        "NodeGroup",
        "SecretVersion",
        "StorageClass",
    }
    assert {"agent-gateway-deployment", "pgbouncer-service-deployment"} <= named(
        happens["update"], "Deployment"
    )
    assert {"application-deployment", "agent-router-deployment"} <= named(
        happens["create"], "Deployment"
    )
