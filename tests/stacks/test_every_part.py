"""What holds for the stacks that are kept here holds with every part on, and by the tables, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sizing.words import Cloud
from tests.stacks import manifests
from tests.stacks.projects import written_stack
from tests.stacks.properties import MODULES, PROPERTIES, Property, each_property, looking_at
from tests.stacks.stack_texts import ZONE, ZONES

EVERY_PART, EVERY_PART_OF_GOOGLE = "prod-large", "prod-large-gcp"
DOCUMENTED = "prod-medium"
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


@pytest.fixture(scope="module", autouse=True)
def written() -> Iterator[None]:
    """Let the tests of the others look for theirs among these."""
    with looking_at({name: written_stack(*said) for name, said in TEXTS.items()}):
        yield


@pytest.mark.parametrize("stack", TEXTS)
@each_property
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
