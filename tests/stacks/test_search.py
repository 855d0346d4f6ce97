"""OpenSearch in the cluster: who asks has a password and a way, and starts when it can."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from components.kubernetes.opensearch_config import ADMINISTRATOR, HTTP_PORT, NAME
from components.kubernetes.search_access import AUTHORITY, LOGINS
from preview.offline import Resource
from preview.offline.runner import needed
from sizing.plan import plan
from sizing.versions import IMAGES
from sizing.words import Cloud
from stacks.apps import search, tracing_rules
from stacks.apps.build import generated, kept
from stacks.apps.tracing_rules import accounts
from stacks.config import load, stack_files
from tests.stacks.manifests import (
    CONFIGS,
    HOSTS,
    STACKS,
    Rendered,
    containers,
    namespace,
    pod_labels,
    rendered,
    strings,
    template,
)

pytestmark = pytest.mark.one_cloud(
    Cloud.GCP, "AWS sells OpenSearch, so that no members run in its cluster"
)

IN_CLUSTER = [one for one in STACKS if search.in_cluster(plan(CONFIGS[one].request()))]
each_stack = pytest.mark.parametrize("stack", IN_CLUSTER)


def users(stack: str) -> tuple[str, ...]:
    return accounts(plan(CONFIGS[stack].request()))


def job(made: Rendered, name: str) -> Mapping[str, Any]:
    (found,) = (one for one in made.of("Job") if pod_labels(one)["app.kubernetes.io/name"] == name)
    return found


def told(container: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def policy(made: Rendered, pods: str) -> Mapping[str, Any]:
    """Return what is open for the pods of a name."""
    selected = {"app.kubernetes.io/name": pods}
    (found,) = (
        one["spec"]
        for one in made.of("NetworkPolicy")
        if one["spec"]["podSelector"].get("matchLabels") == selected
    )
    assert isinstance(found, dict)
    return found


def peers(rules: list[Mapping[str, Any]], way: str) -> set[tuple[str, str]]:
    """Return namespaces and names of pods that rules open the search engine's port for."""
    return {
        (
            one["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"],
            one.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/name", ""),
        )
        for rule in rules
        if HTTP_PORT in {port["port"] for port in rule["ports"]}
        for one in rule[way]
    }


def test_no_stack_on_aws_has_members_and_every_one_on_google_cloud_has() -> None:
    clouds = {str(CONFIGS[one].cloud) for one in IN_CLUSTER}
    assert clouds == {"gcp"}
    of_google = {one for one in STACKS if str(CONFIGS[one].cloud) == "gcp"}
    assert of_google - {*HOSTS} == {*IN_CLUSTER}


@each_stack
def test_each_account_that_has_rights_is_a_user_with_a_password_of_its_own(stack: str) -> None:
    made, known = rendered(stack), users(stack)
    (container,) = containers(job(made, "search-setup"))
    assert told(container)["SEARCH_USERS"].split() == sorted(known)
    assert told(container)["SEARCH_USER"] == ADMINISTRATOR
    # rights name users as they name roles of a cloud
    named = {name: value for name, value in told(container).items() if name.startswith("ROLE_")}
    assert named == {tracing_rules.variable(one): one for one in known}
    held = made.named("ExternalSecret")[f"{made_namespace(made)}/{LOGINS}"]["spec"]["data"]
    origins = {one["secretKey"]: one["remoteRef"]["key"] for one in held}
    assert {*origins} == {*known, ADMINISTRATOR, AUTHORITY}
    assert len({*origins.values()}) == len(origins)


def made_namespace(made: Rendered) -> str:
    return namespace(job(made, "search-setup"))


@each_stack
def test_who_asks_is_let_in_and_nobody_else(stack: str) -> None:
    made = rendered(stack)
    (members,) = (
        one for one in made.of("StatefulSet") if pod_labels(one)["app.kubernetes.io/name"] == NAME
    )
    let_in = {name for _, name in peers(policy(made, NAME)["ingress"], "from")}
    asking = {
        one["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for one in made.of("NetworkPolicy")
        if "egress" in one["spec"]
        and {space for space, name in peers(one["spec"]["egress"], "to") if name in ("", NAME)}
        == {namespace(members)}
    }
    assert let_in == asking
    assert {*users(stack), "search-setup"} <= let_in


@each_stack
def test_nothing_of_it_signs_as_a_role_of_a_cloud(stack: str) -> None:
    made = rendered(stack)
    texts = [text for one in (*made.objects, *made.charts.values()) for text in strings(one)]
    assert not any("sigv4" in text for text in texts)
    assert not any("aws.region" in text for text in texts)


def before(made: Rendered, one: Resource) -> set[str]:
    """Return the names of all resources that must stand before one."""
    known = {each.urn: each for each in made.recording.resources}
    found: set[str] = set()
    left = [*needed(one)]
    while left:
        urn = left.pop()
        if urn in known and urn not in found:
            found.add(urn)
            left += needed(known[urn])
    return {known[urn].name for urn in found}


@each_stack
def test_certificate_members_rights_and_clients_come_one_after_the_other(stack: str) -> None:
    made = rendered(stack)
    named = {one.name: one for one in made.recording.resources}
    order = [
        "opensearch-certificates-job",
        "opensearch-tls",
        "opensearch-service-set",
        "search-setup-logins",
        "search-setup-run-job",
    ]
    for i, name in enumerate(order[1:], start=1):
        assert {*order[:i]} <= before(made, named[name]), name
    clients = ["otel-collector-chart", "opensearch-exporter-service-deployment"]
    for name in clients:
        assert {*order} <= before(made, named[name]), name


@each_stack
def test_the_program_that_makes_the_certificate_may_fill_its_three_secrets(stack: str) -> None:
    made = rendered(stack)
    account = template(job(made, "opensearch-certificates"))["spec"]["serviceAccountName"]
    kept = {f"secrets-{one}" for one in (search.MEMBERS, search.SIGNER, search.TRUSTED)}
    granted = {
        (secret, str(one.inputs["role"]).rpartition(".")[2])
        for one in made.recording.resources
        if one.type.endswith("SecretIamMember") and f"workloads-{account}-" in one.name
        for secret in before(made, one)
        if secret.startswith("secrets-")
    }
    assert granted == {*product(kept, ("secretAccessor", "secretVersionAdder"))}


@each_stack
def test_every_password_is_generated_and_every_certificate_kept(stack: str) -> None:
    found = plan(CONFIGS[stack].request())
    made = {one.name for one in generated(load(stack_files()[stack]), found)}
    assert {search.ADMINISTRATOR, *(search.secret(one) for one in users(stack))} <= made
    assert {search.MEMBERS, search.SIGNER, search.TRUSTED} <= {*kept(found)}


@each_stack
def test_members_are_told_of_each_other_alone(stack: str) -> None:
    made = rendered(stack)
    (said,) = (
        json.loads(one["data"]["opensearch.yml"])
        for one in made.of("ConfigMap")
        if "opensearch.yml" in one["data"]
    )
    (members,) = (one for one in made.of("StatefulSet") if one["metadata"]["name"] == NAME)
    assert len(said["cluster.initial_cluster_manager_nodes"]) == members["spec"]["replicas"]
    assert said["plugins.security.nodes_dn"] == ["CN=opensearch"]


@each_stack
def test_members_run_the_pinned_image(stack: str) -> None:
    pinned = IMAGES[NAME]
    (members,) = (
        one for one in rendered(stack).of("StatefulSet") if one["metadata"]["name"] == NAME
    )
    images = {one["image"] for one in containers(members)}
    assert images == {f"{pinned.repository}:{pinned.tag}@{pinned.digest}"}
