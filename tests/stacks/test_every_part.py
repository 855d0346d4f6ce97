"""What holds for the stacks that are kept here holds with every part switched on as well."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from stacks.config import stack_files
from tests.stacks import manifests, test_order, test_references, test_rendered
from tests.stacks.stack_texts import ZONE, stack_text

EVERY_PART = "every-part"
Property = Callable[[str], None]
PLATFORM = f"""\
ingress: {{domain: ai.platform.dev, zone_id: {ZONE}}}
document_db: documentdb
services:
  vllm_router: true
  application:
    {{image: "registry.example.com/acme/chat:4.5.6", port: 8080, cpu: 500m, memory: 1Gi,
      health_path: /healthz, writable_paths: [/app/cache], user: 1234,
      environment: {{LOG_LEVEL: info}}, secrets: {{OPENAI_API_KEY: acme/chat-key}}}}
  agent_router:
    {{image: "registry.example.com/vendor/router:1.2.3",
      controller_image: "registry.example.com/vendor/controller:1.2.3",
      existing_secret: acme/router}}
agents:
  callers: [planner, desk]
  servers:
    search: {{url: "http://application.prod-apps.svc.cluster.local:8080/mcp"}}
    tickets: {{url: "https://tickets.example.com/mcp", existing_secret: acme/tickets}}
  agents: {{writer: {{url: "https://writer.example.com"}}}}
models:
  cache: files
  huggingface: {{existing_secret: acme/huggingface}}
  providers: {{openai: {{existing_secret: acme/openai}}}}
  external: [{{name: fast, provider: openai, model: gpt-4o-mini, requests_per_minute: 90000}}]"""


def properties(module: ModuleType) -> Iterator[Property]:
    """Return the tests of a module that hold for any stack."""
    for name, found in sorted(vars(module).items()):
        if name.startswith("test_") and list(inspect.signature(found).parameters) == ["stack"]:
            yield found


PROPERTIES = tuple(
    one for module in (test_rendered, test_references, test_order) for one in properties(module)
)


@pytest.fixture(scope="module")
def every_part(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name a stack with every part on, where the tests of the others look for theirs."""
    (kept, *_) = stack_files().values()
    project = tmp_path_factory.mktemp("project")
    (project / "Pulumi.yaml").write_text((kept.parents[1] / "Pulumi.yaml").read_text())
    file = project / "stacks" / "Pulumi.prod-large.yaml"
    file.parent.mkdir()
    file.write_text(stack_text(PLATFORM))

    def files() -> dict[str, Path]:
        return {EVERY_PART: file}

    with pytest.MonkeyPatch.context() as patch:
        for module in (manifests, test_rendered, test_references):
            patch.setattr(module, "stack_files", files, raising=False)
        yield EVERY_PART


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_it_holds_with_every_part_on(holds: Property, every_part: str) -> None:
    holds(every_part)


def test_every_part_is_there(every_part: str) -> None:
    deployments = manifests.rendered(every_part).named("Deployment")
    assert {
        "prod-apps/application",
        "prod-gateway/agent-gateway",
        "prod-gateway/agent-router",
        "prod-gateway/agent-router-controller",
        "prod-serving/vllm-router",
    } <= set(deployments)
    assert "prod-serving/models" in manifests.rendered(every_part).named("PersistentVolumeClaim")


def test_the_properties_of_all_modules_are_found() -> None:
    assert {one.__module__ for one in PROPERTIES} == {
        test_order.__name__,
        test_rendered.__name__,
        test_references.__name__,
    }
