"""Queries of a host and of its guest, in one Prometheus: each sees its own series."""

from __future__ import annotations

import re
from functools import cache

import pytest

from sizing.alerts import AlertPlan, Facts, Recording, alert_plans, recordings
from sizing.alerts.scope import Scope, scope, scoped
from sizing.plans import PlatformPlan
from stacks.config import load_all
from stacks.decision import decide
from tests.kubernetes.promql import gathered, selectors

pytestmark = pytest.mark.cloud_free("text of queries")

FACTS = Facts(budget_usd=5000)
GUEST, HOST, ALONE = "dev-medium", "staging-medium", "prod-medium"
THEIRS = Scope(namespaces=("dev-apps", "dev-data"), own=False)
OWN = Scope(namespaces=("dev-apps", "dev-data"), own=True)
GATHERS = re.compile(r"\b(avg|count|max|min|sum)\b")
SPACES = "dev-apps|dev-data|dev-gateway"


@cache
def of(stack: str) -> PlatformPlan:
    return decide(load_all()[stack]).plan


@cache
def alerts(stack: str) -> tuple[AlertPlan, ...]:
    return alert_plans(of(stack), FACTS)


@cache
def written(stack: str) -> tuple[Recording, ...]:
    return recordings(of(stack))


def queries(stack: str) -> list[str]:
    return [
        *(one.query for one in alerts(stack) if one.query),
        *(line.query for one in alerts(stack) for line in one.lines if line.query),
        *(one.query for one in written(stack)),
    ]


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ("up", "up{M}"),
        ("up == 0", "up{M} == 0"),
        ("vector(1)", "vector(1)"),
        ("time() - a", "time() - a{M}"),
        ('a{b="c"}', 'a{b="c",M}'),
        ('a{b="}", c=~"\\"d"}', 'a{b="}", c=~"\\"d",M}'),
        ("sum by (a, b) (rate(c[5m]))", "sum by (a, b) (rate(c{M}[5m]))"),
        ("sum(a) without (b) / 1e9", "sum(a{M}) without (b) / 1e9"),
        ("a and b unless c or vector(0)", "a{M} and b{M} unless c{M} or vector(0)"),
        ("a / on (b) group_left (c) d", "a{M} / on (b) group_left (c) d{M}"),
        ("a offset 1d > bool 2e9", "a{M} offset 1d > bool 2e9"),
        ("max_over_time((a >= b)[30d:5m])", "max_over_time((a{M} >= b{M})[30d:5m])"),
        ("rate(vllm:x[$__rate_interval])", "rate(vllm:x{M}[$__rate_interval])"),
        ('histogram_quantile(0.95, a{le="1"})', 'histogram_quantile(0.95, a{le="1",M})'),
        # another label of a like name binds nothing, a namespace that is meant does
        ('a{exported_namespace="b"}', 'a{exported_namespace="b",M}'),
        ('a{namespace="b"}', 'a{namespace="b"}'),
        ('a{c="d",namespace=~"b|e"}', 'a{c="d",namespace=~"b|e"}'),
    ],
)
@pytest.mark.parametrize("to", [THEIRS, OWN], ids=["host", "guest"])
def test_each_selector_is_bound_once(query: str, bound: str, to: Scope) -> None:
    assert scoped(query, to) == bound.replace("M", to.matcher)
    assert scoped(scoped(query, OWN), OWN) == scoped(query, OWN)


def test_a_stack_without_guests_asks_for_everything() -> None:
    assert scope(of(ALONE).request).matcher == ""
    assert scoped("up", scope(of(ALONE).request)) == "up"


def test_a_guest_asks_for_its_own_namespaces_alone() -> None:
    loose = [
        (query, one.metric)
        for query in queries(GUEST)
        for one in selectors(query)
        if not any(
            each.label == "namespace"
            and each.operator in ("=", "=~")
            and set(each.value.split("|")) <= set(SPACES.split("|"))
            for each in one.matchers
        )
    ]
    assert loose == []
    assert len(queries(GUEST)) > len(alerts(GUEST))


def test_a_host_asks_for_nothing_of_its_guest() -> None:
    def away(operator: str, value: str) -> bool:
        found = re.compile(value)
        seen = any(found.fullmatch(one) for one in SPACES.split("|"))
        return seen if operator == "!~" else not seen

    loose = [
        (query, one.metric)
        for query in queries(HOST)
        for one in selectors(query)
        if not any(
            each.label == "namespace" and away(each.operator, each.value) for each in one.matchers
        )
    ]
    assert loose == []


def test_what_a_guest_records_is_found_in_its_own_namespace() -> None:
    assert {one.labels for one in written(GUEST)} == {(("namespace", "dev-gateway"),)}
    assert {one.labels for one in written(HOST)} == {()}
    assert {one.name for one in written(GUEST)} == {one.name for one in written(HOST)}


def test_a_guests_alerts_name_its_environment_and_where_it_is() -> None:
    for one in alerts(GUEST):
        labels = dict(one.labels)
        assert labels["environment"] == "dev", one.name
        # those that gather by it, or gather nothing, have it from the series
        kept = "namespace" in gathered(one.query) or not GATHERS.search(one.query)
        assert "namespace" in labels or kept, one.name
    assert not any("environment" in dict(one.labels) for one in alerts(HOST))


def test_a_guest_is_not_woken_by_what_is_its_hosts() -> None:
    names = {one.name for one in alerts(GUEST)}
    assert not names & {
        *("EngineQueueDepth", "NodeNotReady", "PostgresDown", "CacheDown", "SearchRed"),
        *("Watchdog", "AlertsNotDelivered", "PrometheusConfigRefused"),
    }
    assert names >= {
        *("GatewayErrorRatio", "PoolWaiting", "ReplicasBelowPlan", "TargetDown", "VolumeFull"),
        *("SecretNotSynced", "AvailabilityBudgetBurn", "JobFailed"),
    }


def test_lines_are_the_guests_own() -> None:
    def peak(stack: str) -> str:
        return next(one.planned for one in alerts(stack) if one.name == "GatewayRequestsAbovePlan")

    assert peak(GUEST) != peak(HOST)
