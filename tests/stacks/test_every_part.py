"""What holds for the stacks that are kept here holds with every part on, and by the tables, too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sizing.words import Cloud
from stacks.config import stack_files
from stacks.config_model import stack_name
from tests.stacks import manifests, test_order, test_references, test_rendered, test_scaling
from tests.stacks.stack_texts import ZONE, ZONES, stack_text

EVERY_PART, EVERY_PART_OF_GOOGLE = "every-part", "every-part-gcp"
DOCUMENTED = "documented"
Property = Callable[[str], None]
# what is said of them is the same on every cloud, names of secrets among it
PARTS = """\
services:
  vllm_router: true
  load_test: {existing_secret: acme-load-test-key, scenario: tokens}
  application:
    {image: "registry.example.com/acme/chat:4.5.6", port: 8080, cpu: 500m, memory: 1Gi,
      health_path: /healthz, writable_paths: [/app/cache], user: 1234,
      environment: {LOG_LEVEL: info}, secrets: {OPENAI_API_KEY: acme-chat-key}}
  archestra: {requests_per_day: 2000000}
  osmen: {concurrent_users: 80, users: 300}
  langflow: {}
  n8n: {concurrency: 5}
  ollama: {models: ["llama3.2:3b"], gpu: cheapest}
  vault: {recovery_region: RECOVERY, readers: {application: [users, permissions]}}
  alerts:
    {slack: {channel: "#platform", existing_secret: acme-slack},
      pagerduty: {existing_secret: acme-pagerduty}, heartbeat: {existing_secret: acme-beat},
      email: {to: [a@example.com], sender: b@example.com, username: c,
        smarthost: "smtp.example.com:587", existing_secret: acme-mail}}
  osmen_gateway:
    {image: "registry.example.com/acme/osmen:1.0.0", secrets: {API_KEY: acme-osmen}}
  agent_router:
    {image: "registry.example.com/vendor/router:1.2.3",
      controller_image: "registry.example.com/vendor/controller:1.2.3",
      existing_secret: acme-router}
agents:
  callers: [planner, desk]
  servers:
    search: {url: "http://application.prod-apps.svc.cluster.local:8080/mcp"}
    tickets: {url: "https://tickets.example.com/mcp", existing_secret: acme-tickets}
  agents: {writer: {url: "https://writer.example.com"}}
models:
  cache: files
  huggingface: {existing_secret: acme-huggingface}
  providers: {openai: {existing_secret: acme-openai}}
  external: [{name: fast, provider: openai, model: gpt-4o-mini, requests_per_minute: 90000}]"""
OF_CLOUDS = {
    Cloud.AWS: {"RECOVERY": "us-west-2"},
    Cloud.GCP: {"RECOVERY": "us-east4"},
}


def platform(cloud: Cloud) -> str:
    """Return what switches every part on; documents have a server of their own on AWS alone."""
    text = f"ingress: {{domain: ai.platform.dev, zone_id: {ZONES[cloud]}}}\n{PARTS}"
    for mark, word in OF_CLOUDS[cloud].items():
        text = text.replace(mark, word)
    return f"document_db: documentdb\n{text}" if cloud is Cloud.AWS else text


PLATFORM = platform(Cloud.AWS)
# the table's own machine is too small for an engine that is more than GPU
TABLES = f"""\
sizing: {{mode: documented, overrides: {{pools: {{gpu: {{instance_type: g6.4xlarge}}}}}}}}
ingress: {{domain: ai.platform.dev, zone_id: {ZONE}}}
services: {{langflow: {{}}, ollama: {{models: ["llama3.2:3b"]}}}}
models: {{huggingface: {{existing_secret: acme/huggingface}}}}"""
TEXTS = {
    EVERY_PART: (Cloud.AWS, "large", PLATFORM),
    EVERY_PART_OF_GOOGLE: (Cloud.GCP, "large", platform(Cloud.GCP)),
    DOCUMENTED: (Cloud.AWS, "medium", TABLES),
}


def properties(module: ModuleType) -> Iterator[Property]:
    """Return the tests of a module that hold for any stack."""
    for name, found in sorted(vars(module).items()):
        if name.startswith("test_") and list(inspect.signature(found).parameters) == ["stack"]:
            yield found


MODULES = (test_rendered, test_references, test_order, test_scaling)
PROPERTIES = tuple(one for module in MODULES for one in properties(module))


@pytest.fixture(scope="module", autouse=True)
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Write the stacks, and let the tests of the others look for theirs there."""
    (kept, *_) = stack_files().values()
    files: dict[str, Path] = {}
    for name, (cloud, tier, text) in TEXTS.items():
        project = tmp_path_factory.mktemp(name)
        (project / "Pulumi.yaml").write_text((kept.parents[1] / "Pulumi.yaml").read_text())
        files[name] = project / "stacks" / f"Pulumi.{stack_name('prod', tier, cloud)}.yaml"
        files[name].parent.mkdir()
        # a block that no stack of the repository has
        stack = stack_text(text, cloud=cloud).replace("10.80.0.0/16", "10.200.0.0/16")
        files[name].write_text(stack.replace("tier: large", f"tier: {tier}"))
    with pytest.MonkeyPatch.context() as patch:
        for module in (manifests, *MODULES):
            patch.setattr(module, "stack_files", lambda: files, raising=False)
        yield


@pytest.mark.parametrize("stack", TEXTS)
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_it_holds_for_them_as_well(holds: Property, stack: str) -> None:
    holds(stack)


def test_an_engine_of_the_tables_has_ten_requests_running() -> None:
    (scaled,) = manifests.rendered(DOCUMENTED).of("ScaledObject")
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["metadata"]["threshold"] == "10"
    assert trigger["metadata"]["query"].startswith("sum(vllm:num_requests_running{")


@pytest.mark.parametrize("stack", [EVERY_PART, EVERY_PART_OF_GOOGLE])
def test_every_part_is_there(stack: str) -> None:
    made = manifests.rendered(stack)
    deployments = made.named("Deployment")
    assert {
        "prod-apps/application",
        "prod-apps/archestra",
        "prod-apps/archestra-worker",
        "prod-apps/langflow",
        "prod-apps/n8n-worker",
        "prod-apps/osmen-gateway",
        "prod-gateway/agent-gateway",
        "prod-gateway/agent-router",
        "prod-gateway/agent-router-controller",
        "prod-serving/vllm-router",
    } <= set(deployments)
    assert "prod-serving/models" in made.named("PersistentVolumeClaim")


def test_the_properties_of_all_modules_are_found() -> None:
    assert {one.__module__ for one in PROPERTIES} == {one.__name__ for one in MODULES}
