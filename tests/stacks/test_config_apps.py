"""Layers, ingress and services: what a stack file may say, and what it may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sizing.plans.request import ApplicationRequest, Switches
from sizing.words import Cloud
from stacks.config_app_checks import check_apps
from stacks.config_facts import Facts
from stacks.decision import decide
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import ZONE, assert_one_line, good, refused, stack

INGRESS = f"ingress: {{domain: ai.platform.dev, zone_id: {ZONE}}}"
IMAGE = "ghcr.io/org/app:1.2.3"
APPLICATION = f"image: '{IMAGE}', port: 8080, cpu: 500m, memory: 1Gi"
DOCUMENTS = {Cloud.AWS: "documentdb", Cloud.GCP: "postgresql"}
DIGEST = f"sha256:{'a1' * 32}"


def application(*more: str) -> str:
    return f"services: {{application: {{{', '.join((APPLICATION, *more))}}}}}"


def test_a_stack_that_says_nothing_gets_both_layers_and_no_options() -> None:
    config = good()
    assert config.layers == ("infra", "apps")
    assert config.builds_apps
    assert config.ingress is None
    assert (config.images.registry, config.mirrors) == ("", False)
    assert (config.models.cache, config.document_db) == ("object-store", "postgresql")
    assert config.request().switches == Switches(ingress=False)


def test_everything_that_is_switched_on_reaches_the_plan() -> None:
    revision = "0e9e39f249a16976918f6564b8830bc894c89659"
    switches = (
        good(
            f"ingress: {{domain: ai.platform.dev, zone_id: {ZONE}, internal: true}}\n"
            f"services: {{vllm_router: true, application: {{{APPLICATION}, replicas: 3}},\n"
            f"  agent_router: {{image: '{IMAGE}', controller_image: '{IMAGE}'}}}}\n"
            f"document_db: {DOCUMENTS[here()]}\n"
            f"models: {{revisions: {{llama-3.1-8b: {revision}}}}}"
        )
        .request()
        .switches
    )
    assert switches == Switches(
        agent_router=True,
        vllm_router=True,
        document_db=here() is Cloud.AWS,
        application=ApplicationRequest(replicas=3, maximum=8, cpu_millis=500, memory_bytes=1024**3),
        internal=True,
        revisions=(("llama-3.1-8b", revision),),
    )


def test_an_application_has_the_plans_own_number_of_replicas() -> None:
    application_of = good(application()).services.application
    assert application_of is not None
    assert application_of.request() == ApplicationRequest(cpu_millis=500, memory_bytes=1024**3)


def test_hosts_stand_below_the_domain() -> None:
    ingress = good(INGRESS).ingress
    assert ingress is not None
    assert (ingress.api_host, ingress.mcp_host) == ("api.ai.platform.dev", "mcp.ai.platform.dev")
    assert not ingress.internal
    assert ingress.allow_list == ()


@pytest.mark.parametrize(
    "text",
    [
        "layers: [infra]",
        "layers: [apps, infra]",
        f"ingress: {{domain: a-b.xn--p1ai, zone_id: {ZONE}, allow_list: [10.0.0.0/8]}}",
        f"ingress: {{domain: {'a' * 57}.eu, zone_id: {ZONE}}}",
        application("replicas: 1", "maximum: 1", "health_path: /health/ready"),
        application("writable_paths: [/tmp, /var/cache/app.d]"),
        application().replace("ghcr.io/org/app:1.2.3", f"org/app@{DIGEST}"),
        "gateway: {budget_usd_per_key: 100, requests_per_minute_per_key: 60}",
        "gateway: {tokens_per_minute_per_key: 100000}",
        pytest.param(
            "document_db: documentdb",
            marks=pytest.mark.one_cloud(Cloud.AWS, "Google Cloud sells no document database"),
        ),
    ],
)
def test_what_a_stack_may_say(text: str) -> None:
    assert good(text).stack == stack()


# what stands there, where the one message points, what was found, part of what is allowed
BAD = {
    "a layer that nobody knows": ("layers: [infra, app]", "layers[1]", '"app"', '"apps"'),
    "no layer": ("layers: []", "layers", "an empty list", "infra"),
    "a layer twice": ("layers: [infra, apps, apps]", "layers", "a layer twice", "once"),
    "apps alone": ("layers: [apps]", "layers", "apps without infra", "[infra, apps]"),
    "no zone": ("ingress: {domain: ai.platform.dev}", "ingress.zone_id", "nothing", "Route 53"),
    "no domain": (f"ingress: {{zone_id: {ZONE}}}", "ingress.domain", "nothing", "DNS name"),
    "a domain with a scheme": (
        f"ingress: {{domain: 'https://ai.platform.dev', zone_id: {ZONE}}}",
        "ingress.domain",
        '"https://ai.platform.dev"',
        "ai.example.com",
    ),
    "an address for a domain": (
        f"ingress: {{domain: '10.0.0.1', zone_id: {ZONE}}}",
        "ingress.domain",
        '"10.0.0.1"',
        "a DNS name",
    ),
    "a domain without a dot": (
        f"ingress: {{domain: localhost, zone_id: {ZONE}}}",
        "ingress.domain",
        '"localhost"',
        "a DNS name",
    ),
    "a domain too long for a certificate": (
        f"ingress: {{domain: {'a' * 58}.eu, zone_id: {ZONE}}}",
        "ingress.domain",
        "aaa",
        "at most 60",
    ),
    "a zone's name for its id": (
        "ingress: {domain: ai.platform.dev, zone_id: platform.dev}",
        "ingress.zone_id",
        '"platform.dev"',
        "Z1R8UBAEXAMPLE",
    ),
    "callers from everywhere": (
        f"ingress: {{domain: ai.platform.dev, zone_id: {ZONE}, allow_list: [0.0.0.0/0]}}",
        "ingress.allow_list[0]",
        '"0.0.0.0/0"',
        "narrower",
    ),
    "an image without a tag": (
        application().replace(":1.2.3", ""),
        "services.application.image",
        '"ghcr.io/org/app"',
        "its tag or digest",
    ),
    "an image of no registry, as one of the platform's own is named": (
        application().replace("ghcr.io/org/app", "nginx"),
        "services.application.image",
        '"nginx:1.2.3"',
        "docker.io/library/nginx",
    ),
    "an image that moves": (
        application().replace("1.2.3", "latest"),
        "services.application.image",
        "latest",
        "never latest",
    ),
    "half a digest": (
        application().replace(":1.2.3", "@sha256:abc"),
        "services.application.image",
        "sha256:abc",
        "digest",
    ),
    "a port of root's": (
        application().replace("8080", "80"),
        "services.application.port",
        "the number 80",
        "at least 1024",
    ),
    "no CPU": (
        application().replace("500m", "0m"),
        "services.application.cpu",
        '"0m"',
        "a CPU quantity of at least a thousandth",
    ),
    "memory in other units": (
        application().replace("1Gi", "1GB"),
        "services.application.memory",
        '"1GB"',
        "a memory quantity of at least a byte",
    ),
    "a maximum below the replicas": (
        application("replicas: 9"),
        "services.application.maximum",
        "8 beside 9 replicas",
        "at least as many",
    ),
    "a health path with a query": (
        application("health_path: '/health?full'"),
        "services.application.health_path",
        '"/health?full"',
        "no query",
    ),
    "the whole root writable": (
        application("writable_paths: [/]"),
        "services.application.writable_paths[0]",
        '"/"',
        "below /",
    ),
    "a path twice": (
        application("writable_paths: [/tmp, /tmp]"),
        "services.application.writable_paths",
        "a path twice",
        "once",
    ),
    "an application without its image": (
        "services: {application: {port: 8080, cpu: 500m, memory: 1Gi}}",
        "services.application.image",
        "nothing",
        "its image",
    ),
    "a router without its controller": (
        f"services: {{agent_router: {{image: '{IMAGE}'}}}}",
        "services.agent_router.controller_image",
        "nothing",
        "image of the controller",
    ),
    "text for a switch": (
        "services: {vllm_router: 'true'}",
        "services.vllm_router",
        '"true"',
        "true or false",
    ),
    "a variable that is plain and secret": (
        application("environment: {A: b}", "secrets: {A: aigw/a}"),
        "services.application",
        "a mapping",
        "not both: A",
    ),
    "a variable that no shell takes": (
        application("environment: {1A: b}"),
        "services.application.environment",
        '"1A"',
        "no digit first",
    ),
    "an application as root": (
        application("user: 0"),
        "services.application.user",
        "the number 0",
        "at least 1",
    ),
    "a service that nobody knows": (
        "services: {vlm_router: true}",
        "services.vlm_router",
        'did you mean "vllm_router"?',
        "agent_router",
    ),
    "a document store that nobody knows": (
        "document_db: mongodb",
        "document_db",
        '"mongodb"',
        '"postgresql" or "documentdb"',
    ),
    "a budget of nothing": (
        "gateway: {budget_usd_per_key: 0}",
        "gateway.budget_usd_per_key",
        "the number 0",
        "at least 1",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_mistake_gets_one_line(case: str) -> None:
    text, path, found, allowed = BAD[case]
    assert_one_line(refused(text), f"aigw:platform.{path}", found, allowed)


def test_every_mistake_is_told_at_once() -> None:
    messages = refused(
        "layers: [apps]\ningress: {domain: x, zone_id: y}\nimages: {mirror: true}\n"
        "document_db: none\nservices: {vllm_router: 3}"
    )
    # a mirror on AWS must say how it logs in
    assert len(set(messages)) == len(messages) == {Cloud.AWS: 8, Cloud.GCP: 5}[here()]


@pytest.mark.cloud_free("it names the cloud itself")
def test_a_document_database_is_amazons_alone() -> None:
    facts = Facts({"cloud": "gcp", "document_db": "documentdb"}, frozenset())
    (problem,) = check_apps(facts)
    assert (problem.path, problem.found) == ("document_db", '"documentdb" on gcp')


def test_the_private_endpoint_can_be_built_from_outside_up_to_the_cluster() -> None:
    nobody = {Cloud.AWS: "assume_role: null", Cloud.GCP: "impersonate: null"}[here()]
    private = "\n".join(("layers: [infra]", nobody))
    assert not good(private).builds_apps


@pytest.mark.one_cloud(Cloud.AWS, "the page shows an example on AWS")
def test_the_pages_example_says_every_kind_of_part_and_is_accepted() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "configuration.md").read_text()
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    config = good(example)
    stated = config.model_dump(exclude_defaults=True)
    assert {"ingress", "models", "gateway", "services", "document_db"} <= set(stated)
    plan = decide(config)
    assert not [one.id for one in plan.errors]
    assert plan.plan.document_database is not None
