"""What holds for the guests that are kept here holds for one with every part that it may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from components.gcp import workload_policies as policies
from components.kubernetes.cluster import NAME_LABEL
from components.kubernetes.opensearch_config import HTTP_PORT
from sizing.plan import plan
from sizing.plans import PlatformPlan
from stacks.apps import search, tracing_rules
from stacks.apps.tracing_rules import APPLICATION
from stacks.config import load_all, stack_files
from stacks.decision import decide
from stacks.hosting import facts, needed
from tests.stacks import manifests
from tests.stacks.manifests import CONFIGS, HOSTS, Manifest, containers, place
from tests.stacks.projects import write_project
from tests.stacks.properties import Property, each_property, looking_at

each_guest = pytest.mark.parametrize("guest", HOSTS)
# whose hosts have members in the cluster, so users with passwords
each_lent = pytest.mark.parametrize(
    "guest",
    [one for one, host in HOSTS.items() if search.in_cluster(plan(CONFIGS[host].request()))],
)
APPLICATION_POD, MEMBERS = "dev-apps/application", "staging-data/opensearch"
PARTS = """\
    services:
      application:
        {image: "registry.example.com/acme/chat:4.5.6", port: 8080, cpu: 500m, memory: 1Gi,
          health_path: /healthz, writable_paths: [/app/cache], user: 1234,
          secrets: {OPENAI_API_KEY: acme-chat-key}}
      agent_router:
        {image: "registry.example.com/vendor/router:1.2.3",
          controller_image: "registry.example.com/vendor/controller:1.2.3",
          existing_secret: acme-router}
    agents:
      callers: [planner]
      servers:
        tickets: {url: "https://tickets.example.com/mcp", existing_secret: acme-tickets}
    models:
      providers: {openai: {existing_secret: acme-openai}}
      external: [{name: fast, provider: openai, model: gpt-4o-mini, requests_per_minute: 90000}]
"""


@pytest.fixture(scope="module", autouse=True)
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Path]]:
    """Write each guest beside its host, and let the tests of the others look for them there."""
    kept = {name: file.read_text().rstrip() + "\n" for name, file in stack_files().items()}
    texts = {
        name: kept[name] + (PARTS if name in HOSTS else "") for name in {*HOSTS, *HOSTS.values()}
    }
    files = write_project(tmp_path_factory.mktemp("guests") / "project", texts)
    with looking_at(files, siblings=files[next(iter(HOSTS))].parent):
        yield files


@each_guest
@each_property
def test_it_holds_for_such_a_guest_as_well(holds: Property, guest: str) -> None:
    holds(guest)


@each_guest
def test_every_part_is_there(guest: str) -> None:
    assert set(manifests.rendered(guest).named("Deployment")) >= {
        "dev-apps/application",
        "dev-gateway/agent-gateway",
        "dev-gateway/agent-router",
        "dev-gateway/agent-router-controller",
        "dev-gateway/litellm",
    }


@each_guest
def test_the_application_may_use_indices_of_its_own_prefix_alone(
    written: Mapping[str, Path], guest: str
) -> None:
    (own,) = (
        one
        for one in tracing_rules.rules(planned(written, HOSTS[guest])).rights
        if any("GUEST_DEV" in holder for holder in one.holders)
    )
    assert own.name == f"dev-{APPLICATION}"
    assert own.indices == ("dev-*",)
    assert own.actions == ("indices_all",)
    assert not {"cluster_all", "cluster_monitor"} & {*own.cluster}


def planned(written: Mapping[str, Path], stack: str) -> PlatformPlan:
    return decide(load_all(written[stack].parent)[stack]).plan


def lent(guest: str) -> dict[str, str]:
    """Return the host's secrets that a guest's pods read, as the cloud and the host call them.

    The password on the database server is another, whose name the guest is told.
    """
    by_cloud = {
        str(one.inputs["secretId"]): one.name.removeprefix("secrets-")
        for one in manifests.rendered(HOSTS[guest]).recording.resources
        if one.type == "gcp:secretmanager/secret:Secret"
    }
    read = {
        entry["remoteRef"]["key"]
        for one in manifests.rendered(guest).of("ExternalSecret")
        for entry in one["spec"]["data"]
    }
    return {key: name for key, name in by_cloud.items() if key in read}


@each_lent
def test_the_guest_reads_its_own_password_and_the_authority_and_no_more(
    written: Mapping[str, Path], guest: str
) -> None:
    whole = lent(guest)
    user = search.application(planned(written, guest))
    assert {*whole.values()} == {search.TRUSTED, search.secret(user)}
    rights = {
        one.name.removeprefix("workloads-secret-reader-reads-hosts-"): one.inputs
        for one in manifests.rendered(guest).recording.resources
        if one.type.endswith("SecretIamMember") and "-hosts-" in one.name
    }
    assert rights.keys() == {"password", search.TRUSTED, search.secret(user)}
    assert {str(one["role"]) for one in rights.values()} == {policies.READS_SECRET}
    project = CONFIGS[guest].owner
    for key, name in whole.items():
        assert rights[name]["secretId"] == f"projects/{project}/secrets/{key}"


@each_lent
def test_the_application_signs_in_as_the_user_that_its_host_makes_for_it(guest: str) -> None:
    (pods,) = (
        one for one in manifests.rendered(guest).of("Deployment") if place(one) == APPLICATION_POD
    )
    (container,) = containers(pods)
    told = {one["name"]: one.get("value") for one in container["env"]}
    user = told["OPENSEARCH_USERNAME"]
    (setup,) = (
        one
        for one in manifests.rendered(HOSTS[guest]).of("Job")
        if place(one).endswith("/search-setup")
    )
    (program,) = containers(setup)
    made = {one["name"]: one.get("value") for one in program["env"]}
    assert user in made["SEARCH_USERS"].split()
    assert user != made["SEARCH_USER"]  # the administrator
    # the one right of its own, under a prefix that is no other's
    assert [name for name, holder in made.items() if holder == user] == [
        tracing_rules.guests_variable(user)
    ]


@each_lent
def test_the_application_reaches_the_members_and_they_let_it_in(guest: str) -> None:
    (own,) = (
        one
        for one in manifests.rendered(guest).of("NetworkPolicy")
        if place(one) == APPLICATION_POD
    )
    host = manifests.rendered(HOSTS[guest])
    (theirs,) = (one for one in host.of("NetworkPolicy") if place(one) == MEMBERS)
    asked = [peer for rule in own["spec"]["egress"] if opens(rule) for peer in rule["to"]]
    assert [space(one) for one in asked] == [MEMBERS.partition("/")[0]]
    let_in = [peer for rule in theirs["spec"]["ingress"] if opens(rule) for peer in rule["from"]]
    (door,) = (one for one in let_in if space(one) == "dev-apps")
    assert door["podSelector"]["matchLabels"] == {NAME_LABEL: APPLICATION}


def opens(rule: Manifest) -> bool:
    return HTTP_PORT in {one["port"] for one in rule["ports"]}


def space(peer: Manifest) -> str:
    labels = peer.get("namespaceSelector", {}).get("matchLabels", {})
    return str(labels.get("kubernetes.io/metadata.name", ""))


@each_guest
def test_a_host_that_does_not_know_the_application_yet_is_refused(
    written: Mapping[str, Path], guest: str
) -> None:
    config, known = load_all(written[guest].parent), planned(written, HOSTS[guest])
    expected = needed(known, config[guest])
    assert expected["applications"] == guest
    before = facts(decide(load_all()[HOSTS[guest]]).plan)
    assert "applications" not in before


@each_guest
def test_a_guest_without_an_application_reads_nothing_of_the_search_engine(guest: str) -> None:
    assert search.lent(decide(load_all()[guest]).plan) == ()
