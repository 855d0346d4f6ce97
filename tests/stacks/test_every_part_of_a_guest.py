"""What holds for the guests that are kept here holds for one with every part that it may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stacks.apps import tracing_rules
from stacks.apps.tracing_rules import APPLICATION
from stacks.config import load_all, stack_files
from stacks.decision import decide
from tests.stacks import manifests, test_references, test_rendered
from tests.stacks.test_every_part import Property, properties

GUEST, HOST = "dev-medium", "staging-medium"
PARTS = """\
    services:
      application:
        {image: "registry.example.com/acme/chat:4.5.6", port: 8080, cpu: 500m, memory: 1Gi,
          health_path: /healthz, writable_paths: [/app/cache], user: 1234,
          secrets: {OPENAI_API_KEY: acme/chat-key}}
      agent_router:
        {image: "registry.example.com/vendor/router:1.2.3",
          controller_image: "registry.example.com/vendor/controller:1.2.3",
          existing_secret: acme/router}
    agents:
      callers: [planner]
      servers:
        tickets: {url: "https://tickets.example.com/mcp", existing_secret: acme/tickets}
    models:
      providers: {openai: {existing_secret: acme/openai}}
      external: [{name: fast, provider: openai, model: gpt-4o-mini, requests_per_minute: 90000}]
"""
PROPERTIES = tuple(one for module in (test_rendered, test_references) for one in properties(module))


@pytest.fixture(scope="module", autouse=True)
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Write the guest beside its host, and let the tests of the others look for them there."""
    kept = stack_files()
    project = tmp_path_factory.mktemp("guest")
    (project / "Pulumi.yaml").write_text((kept[GUEST].parents[1] / "Pulumi.yaml").read_text())
    (project / "stacks").mkdir()
    files: dict[str, Path] = {}
    for name, more in ((GUEST, PARTS), (HOST, "")):
        files[name] = project / "stacks" / kept[name].name
        files[name].write_text(kept[name].read_text().rstrip() + "\n" + more)
    manifests.rendered.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        for module in (manifests, test_rendered, test_references):
            patch.setattr(module, "stack_files", lambda: files, raising=False)
        yield files
    manifests.rendered.cache_clear()


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_it_holds_for_such_a_guest_as_well(holds: Property) -> None:
    holds(GUEST)


def test_every_part_is_there() -> None:
    assert set(manifests.rendered(GUEST).named("Deployment")) >= {
        "dev-apps/application",
        "dev-gateway/agent-gateway",
        "dev-gateway/agent-router",
        "dev-gateway/agent-router-controller",
        "dev-gateway/litellm",
    }


def test_the_application_may_use_indices_of_its_own_prefix_alone(written: dict[str, Path]) -> None:
    host = decide(load_all(written[HOST].parent)[HOST]).plan
    (own,) = (
        one
        for one in tracing_rules.rules(host).rights
        if any("GUEST_DEV" in holder for holder in one.holders)
    )
    assert own.name == f"dev-{APPLICATION}"
    assert own.indices == ("dev-*",)
    assert own.actions == ("indices_all",)
    assert not {"cluster_all", "cluster_monitor"} & {*own.cluster}
