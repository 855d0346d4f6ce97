"""What is drawn between services is what the network policies of the same stack let through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from preview.offline import run
from preview.report_page.flows import flows
from preview.stack_plan import stack_file
from tests.preview.report_page.facts import sized

STACKS = ("prod-large", "prod-large-gcp", "prod-enterprise", "prod-enterprise-gcp")
LABEL = "app.kubernetes.io/name"
CHART = "thanos"
"""Its parts share one label."""
PROBES = {
    ("blackbox-exporter", "vault"),
    ("blackbox-exporter", "opensearch"),
    ("opensearch-exporter", "opensearch"),
}
"""What measures reaches everything, and is no line of the drawing."""


def labelled(service: str) -> str:
    return CHART if service.startswith(CHART) else service


@cache
def allowed(stack: str) -> frozenset[tuple[str, str]]:
    """Return who may open a connection to whom, by their labels."""
    made = run(stack_file(stack, None)).resources
    policies: list[Any] = [
        one.inputs["spec"] for one in made if one.type.endswith(":NetworkPolicy")
    ]
    return frozenset(pair for spec in policies for pair in _pairs(spec))


def _pairs(spec: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # a manifest
    source = _name(spec.get("podSelector"))
    for rule in spec.get("egress", ()):
        for peer in rule.get("to", ()):
            target = _name(peer.get("podSelector")) or _whole(peer)
            if source and target:
                yield source, target


def _name(selector: Any) -> str:  # noqa: ANN401  # a manifest
    return str(((selector or {}).get("matchLabels") or {}).get(LABEL, ""))


def _whole(peer: Any) -> str:  # noqa: ANN401  # a manifest
    """Return the namespace of which all pods are let through, with a slash before it."""
    selector = peer.get("namespaceSelector") or {}
    name = (selector.get("matchLabels") or {}).get("kubernetes.io/metadata.name", "")
    return f"/{name}" if name and "podSelector" not in peer else ""


def drawn(stack: str) -> set[tuple[str, str]]:
    plan = sized(stack).plan
    names = {one.name for one in plan.services}
    return {
        (labelled(one.source), labelled(one.target))
        for one in flows(plan)
        if {one.source, one.target} <= names
    }


@pytest.mark.parametrize("stack", STACKS)
def test_every_line_between_services_is_let_through(stack: str) -> None:
    homes = {labelled(one.name): f"/{one.namespace}" for one in sized(stack).plan.services}
    ways = allowed(stack)
    named = drawn(stack) - ways
    assert {(one, to) for one, to in named if (one, homes[to]) not in ways} == set()


@pytest.mark.parametrize("stack", STACKS)
def test_every_way_that_is_let_through_is_drawn(stack: str) -> None:
    services = {labelled(one.name) for one in sized(stack).plan.services}
    ways = {(one, to) for one, to in allowed(stack) if one != to and {one, to} <= services}
    assert ways - drawn(stack) == {one for one in PROBES if services.issuperset(one)}
