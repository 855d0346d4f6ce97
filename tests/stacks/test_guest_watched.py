"""A host's Prometheus finds what its guest runs, is let in, and evaluates the guest's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.kubernetes.dashboards import dashboards
from stacks.config import load_all
from stacks.decision import decide
from tests.kubernetes.promql import selectors
from tests.stacks.manifests import CONFIGS, HOSTS, Manifest, namespace, rendered, selects

METADATA = "kubernetes.io/metadata.name"
NAME = "app.kubernetes.io/name"
# stacks whose pods run beside their host's
LODGERS = {guest: host for guest, host in HOSTS.items() if CONFIGS[guest].in_hosts_cluster}
GUESTS = sorted(LODGERS)


def server(guest: str) -> Manifest:
    (found,) = rendered(LODGERS[guest]).of("Prometheus")
    return found


def looked_into(guest: str, selector: str) -> set[str]:
    """Return the namespaces that the host's Prometheus takes objects from."""
    (wanted,) = server(guest)["spec"][selector]["matchExpressions"]
    assert (wanted["key"], wanted["operator"]) == (METADATA, "In")
    return set(wanted["values"])


def lets_in(policies: list[Manifest], pods: Mapping[str, str], home: str, port: object) -> bool:
    """Say whether a policy of these pods opens a port to Prometheus."""
    for one in policies:
        if not selects(one["spec"]["podSelector"], pods):
            continue
        for rule in one["spec"].get("ingress", ()):
            comes = any(
                peer.get("namespaceSelector", {}).get("matchLabels") == {METADATA: home}
                and peer.get("podSelector", {}).get("matchLabels") == {NAME: "prometheus"}
                for peer in rule["from"]
            )
            if comes and port in [each["port"] for each in rule["ports"]]:
                return True
    return False


def targets(guest: str) -> Iterator[tuple[Manifest, Manifest, Any]]:
    """Return each monitor of a guest with the Service that it names, and the port of its pods."""
    made = rendered(guest)
    services = list(made.of("Service"))
    for monitor in made.of("ServiceMonitor"):
        for service in services:
            labelled = service["metadata"].get("labels", {})
            if namespace(service) != namespace(monitor) or not selects(
                monitor["spec"]["selector"], labelled
            ):
                continue
            for endpoint in monitor["spec"]["endpoints"]:
                for port in service["spec"]["ports"]:
                    if port["name"] == endpoint["port"]:
                        yield monitor, service, port


@pytest.mark.parametrize("guest", GUESTS)
def test_monitors_and_rules_of_a_guest_are_read(guest: str) -> None:
    own = {one["metadata"]["name"] for one in rendered(guest).of("Namespace")}
    assert own
    for selector in (
        *("serviceMonitorNamespaceSelector", "podMonitorNamespaceSelector"),
        "ruleNamespaceSelector",
    ):
        assert own <= looked_into(guest, selector)
    assert {namespace(one) for one in rendered(guest).of("PrometheusRule")} == {"dev-gateway"}
    # a free scrape config may ask anything
    assert not own & looked_into(guest, "scrapeConfigNamespaceSelector")


def test_a_stack_without_guests_looks_into_its_own_namespaces_alone() -> None:
    made = rendered("prod-medium")
    (found,) = made.of("Prometheus")
    (wanted,) = found["spec"]["serviceMonitorNamespaceSelector"]["matchExpressions"]
    assert set(wanted["values"]) <= {one["metadata"]["name"] for one in made.of("Namespace")}


@pytest.mark.parametrize("guest", GUESTS)
def test_a_guest_lets_its_hosts_prometheus_look_for_targets_and_no_more(guest: str) -> None:
    made = rendered(guest)
    roles = {namespace(one): one for one in made.of("Role")}
    bindings = {namespace(one): one for one in made.of("RoleBinding")}
    assert set(roles) == set(bindings) == {one["metadata"]["name"] for one in made.of("Namespace")}
    for one in roles.values():
        for rule in one["rules"]:
            assert set(rule["verbs"]) == {"get", "list", "watch"}
            assert set(rule["resources"]) <= {"pods", "services", "endpointslices"}
    account = {
        "kind": "ServiceAccount",
        "name": server(guest)["spec"]["serviceAccountName"],
        "namespace": namespace(server(guest)),
    }
    assert all(one["subjects"] == [account] for one in bindings.values())


@pytest.mark.parametrize("guest", GUESTS)
def test_prometheus_may_leave_for_every_target_and_is_let_in_there(guest: str) -> None:
    policies = list(rendered(guest).of("NetworkPolicy"))
    home = namespace(server(guest))
    (leaves,) = (
        one
        for one in rendered(LODGERS[guest]).of("NetworkPolicy")
        if one["metadata"]["name"] == "prometheus"
    )
    open_to = {
        peer["namespaceSelector"]["matchLabels"][METADATA]
        for rule in leaves["spec"]["egress"]
        for peer in rule["to"]
        if "namespaceSelector" in peer and not rule.get("ports")
    }
    seen, closed = set(), []
    for monitor, service, port in targets(guest):
        seen.add(monitor["metadata"]["name"])
        pods = service["spec"]["selector"]
        own = [one for one in policies if namespace(one) == namespace(service)]
        number = _number(guest, service, port)
        if namespace(service) not in open_to or not lets_in(own, pods, home, number):
            closed.append((monitor["metadata"]["name"], number))
    assert closed == []
    assert seen == {one["metadata"]["name"] for one in rendered(guest).of("ServiceMonitor")}
    assert {"litellm", "agent-gateway", "pgbouncer", "qdrant"} <= seen


def _number(guest: str, service: Manifest, port: Mapping[str, Any]) -> object:
    """Return the port of the pods behind a Service's, whose number a policy names."""
    wanted = port.get("targetPort", port["port"])
    if not isinstance(wanted, str):
        return wanted
    for one in rendered(guest).of("Deployment", "StatefulSet"):
        template = one["spec"]["template"]
        if namespace(one) == namespace(service) and selects(
            {"matchLabels": service["spec"]["selector"]}, template["metadata"]["labels"]
        ):
            for container in template["spec"]["containers"]:
                for each in container.get("ports", ()):
                    if each.get("name") == wanted:
                        return each["containerPort"]
    raise AssertionError(f"nothing listens at {wanted}")


@pytest.mark.parametrize("guest", GUESTS)
def test_every_rule_of_a_guest_says_its_environment_and_the_hosts_says_nothing(guest: str) -> None:
    def labels(stack: str) -> list[Mapping[str, str]]:
        return [
            rule.get("labels", {})
            for one in rendered(stack).of("PrometheusRule")
            for group in one["spec"]["groups"]
            for rule in group["rules"]
            if "alert" in rule
        ]

    assert {one.get("environment") for one in labels(guest)} == {guest.partition("-")[0]}
    assert {one.get("environment") for one in labels(LODGERS[guest])} == {None}
    told = server(guest)["spec"]["externalLabels"]
    assert told == {"environment": LODGERS[guest].partition("-")[0]}


@pytest.mark.parametrize("guest", GUESTS)
def test_pages_of_the_host_leave_out_the_guest_and_one_page_is_the_guests_alone(guest: str) -> None:
    own = {namespace(one) for one in rendered(guest).of("ServiceMonitor", "PrometheusRule")}
    loose: list[str] = []
    pages = dashboards(decide(load_all()[LODGERS[guest]]).plan)
    for page in pages:
        its = page.title.endswith(guest)
        for query in (each for panel in page.panels() for each in panel.queries):
            for one in selectors(query.expr):
                bound = [each for each in one.matchers if each.label == "namespace"]
                seen = {
                    name
                    for name in own
                    if all((each.operator == "!~") != _takes(each.value, name) for each in bound)
                }
                if not bound or seen != (own if its else set()):
                    loose.append(f"{page.uid}: {query.expr}")
    assert loose == []
    assert [one.uid for one in pages if one.title.endswith(guest)] == ["aigw-gateway-dev"]


def _takes(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern, name) is not None
