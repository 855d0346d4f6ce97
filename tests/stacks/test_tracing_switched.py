"""Traces and logs switched off: nothing of them is made, and no program is told where to send."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.offline import Recording, run
from stacks.config import stack_files
from tests.stacks.manifests import RELEASE, strings
from tests.stacks.stack_texts import stack_text

PARTS = {"otel-collector", "otel-agent", "jaeger-collector", "jaeger-query"}
OTLP = "otel-collector.prod-observability.svc"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (kept, *_) = stack_files().values()
    (tmp_path / "Pulumi.yaml").write_text((kept.parents[1] / "Pulumi.yaml").read_text())
    (tmp_path / "stacks").mkdir()
    return tmp_path / "stacks" / "Pulumi.prod-large.yaml"


def made(file: Path, tracing: bool, logs: bool) -> Recording:
    switches = f"{{tracing: {{enabled: {tracing}}}, logs: {{enabled: {logs}}}}}".lower()
    models = "models: {huggingface: {existing_secret: acme/huggingface}}"
    file.write_text(stack_text(f"services: {switches}\n{models}"))
    return run(file)


def releases(found: Recording) -> set[str]:
    return {str(one.inputs["name"]) for one in found.resources if one.type == RELEASE}


def told(found: Recording) -> set[str]:
    """Return the workloads that know where traces go."""
    return {
        one.name.removesuffix("-deployment")
        for one in found.resources
        if one.type.endswith((":Deployment", ":StatefulSet"))
        and any(OTLP in text for text in strings(one.inputs))
    }


@pytest.mark.parametrize(
    ("tracing", "logs", "parts"),
    [
        (True, True, PARTS),
        (True, False, PARTS - {"otel-agent"}),
        (False, True, {"otel-collector", "otel-agent"}),
        (False, False, set()),
    ],
)
def test_what_is_switched_off_is_not_there(
    project: Path, tracing: bool, logs: bool, parts: set[str]
) -> None:
    found = made(project, tracing, logs)

    assert releases(found) & PARTS == parts
    assert ("litellm" in told(found)) is tracing
    assert any(one.startswith("vllm-") for one in told(found)) is tracing
    jobs = {one.name for one in found.resources if one.type == "aigw:kubernetes:SearchSetup"}
    assert bool(jobs) is (tracing or logs)
