"""Traces and logs switched off: nothing of them is made, and no program is told where to send."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.offline import Recording, run
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.manifests import RELEASE, strings
from tests.stacks.projects import write_stack

PARTS = {"otel-collector", "otel-agent", "jaeger-collector", "jaeger-query"}
OTLP = "otel-collector.prod-observability.svc"


def made(folder: Path, tracing: bool, logs: bool) -> Recording:
    switches = f"{{tracing: {{enabled: {tracing}}}, logs: {{enabled: {logs}}}}}".lower()
    models = "models: {huggingface: {existing_secret: acme-huggingface}}"
    return run(write_stack(folder, here(), "large", f"services: {switches}\n{models}"))


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
    tmp_path: Path, tracing: bool, logs: bool, parts: set[str]
) -> None:
    found = made(tmp_path / "project", tracing, logs)

    assert releases(found) & PARTS == parts
    assert ("litellm" in told(found)) is tracing
    assert any(one.startswith("vllm-") for one in told(found)) is tracing
    jobs = {one.name for one in found.resources if one.type == "aigw:kubernetes:SearchSetup"}
    assert bool(jobs) is (tracing or logs)
