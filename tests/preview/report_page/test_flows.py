"""The connections that are drawn are those that the parts of the plan open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preview.report_page.flows import BALANCER, CALLERS, FIREWALL, OUTSIDE, flows
from preview.report_page.stores import stores
from sizing.plans import PlatformPlan
from tests.preview.report_page.facts import STACKS, sized


def pairs(plan: PlatformPlan) -> set[tuple[str, str]]:
    return {(one.source, one.target) for one in flows(plan)}


@pytest.mark.parametrize("stack", STACKS)
def test_each_connection_is_drawn_once(stack: str) -> None:
    found = flows(sized(stack).plan)
    assert len({(one.source, one.target) for one in found}) == len(found)


def test_callers_come_by_firewall_and_balancer() -> None:
    found = pairs(sized("prod-large").plan)
    assert {(CALLERS, FIREWALL), (FIREWALL, BALANCER), (BALANCER, "litellm")} <= found
    assert (CALLERS, "litellm") not in found
    assert (BALANCER, "grafana") not in found


def test_without_a_way_in_callers_are_in_the_cluster() -> None:
    found = pairs(sized("dev-small").plan)
    assert (CALLERS, "litellm") in found
    assert not any(BALANCER in pair for pair in found)


def test_search_is_a_store_or_pods_of_its_own() -> None:
    aws, gcp = sized("prod-large").plan, sized("prod-large-gcp").plan
    assert ("jaeger-collector", "search") in pairs(aws)
    assert ("jaeger-collector", "opensearch") in pairs(gcp)
    assert "search" in {one.id for one in stores(aws)}
    assert "search" not in {one.id for one in stores(gcp)}


def test_who_serves_all_its_models_itself_calls_none_outside() -> None:
    plan = sized("prod-large").plan
    load = replace(plan.request.load, self_hosted_share=1)
    alone = replace(plan, request=replace(plan.request, workload=load))
    assert ("litellm", OUTSIDE) in pairs(plan)
    assert ("litellm", OUTSIDE) not in pairs(alone)
