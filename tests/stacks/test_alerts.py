"""The alerts that a stack registers are of what it registers besides."""

from __future__ import annotations

import re

import pytest

from sizing.alerts.replicas import CALLED, fewest, most, pods, wanted
from sizing.plans import ServicePlan
from stacks.config import load_all
from stacks.decision import decide
from tests.kubernetes.promql import selectors
from tests.stacks.manifests import WITH_CLUSTER, rendered

MADE = {"Deployment": "-6f58676674-5msht", "StatefulSet": "-0"}
WANTED = {
    "Deployment": "kube_deployment_spec_replicas",
    "StatefulSet": "kube_statefulset_replicas",
}
SCALES = {"HorizontalPodAutoscaler": "", "ScaledObject": "keda-hpa-"}
CLOUDS_OWN = "kube-system"
OPERATED = {"Prometheus": "prometheus", "Alertmanager": "alertmanager"}
# Rendered by hand with Helm 3.22 and the values of prod-enterprise and dev-small.
CHARTED = {
    "aws-load-balancer-controller-6f58676674-5msht",
    "cluster-autoscaler-6f58676674-5msht",
    "external-secrets-6f58676674-5msht",
    "external-secrets-cert-controller-6f58676674-5msht",
    "external-secrets-webhook-6f58676674-5msht",
    "grafana-6f58676674-5msht",
    "jaeger-6f58676674-5msht",
    "jaeger-collector-6f58676674-5msht",
    "jaeger-query-6f58676674-5msht",
    "keda-admission-webhooks-6f58676674-5msht",
    "keda-operator-6f58676674-5msht",
    "keda-operator-metrics-apiserver-6f58676674-5msht",
    "kube-prometheus-stack-operator-6f58676674-5msht",
    "kube-state-metrics-6f58676674-5msht",
    "otel-collector-6f58676674-5msht",
    "thanos-compact-0",
    "thanos-query-6f58676674-5msht",
    "thanos-store-gateway-0",
    "vault-0",
}


def names(stack: str) -> set[str]:
    """Return a pod's name of each workload that a stack has."""
    found = {one["metadata"]["name"] + MADE[one["kind"]] for one in rendered(stack).of(*MADE)}
    found |= {
        f"{OPERATED[one['kind']]}-{one['metadata']['name']}-0"
        for one in rendered(stack).of(*OPERATED)
    }
    return found | CHARTED


def services(stack: str) -> list[ServicePlan]:
    return [one for one in decide(load_all()[stack]).plan.services if one.namespace != CLOUDS_OWN]


def counted(stack: str, service: ServicePlan) -> list[str]:
    return [name for name in names(stack) if re.fullmatch(pods(service.name), name)]


def asks(query: str, metric: str, name: str) -> bool:
    """Say whether a query asks a metric of what has this name, by the last of its matchers."""
    return any(
        re.fullmatch(one.matchers[-1].value, name)
        for one in selectors(query)
        if one.metric == metric
    )


@pytest.mark.parametrize("stack", WITH_CLUSTER)
def test_pods_that_are_counted_are_those_of_one_workload(stack: str) -> None:
    found = {one.name: counted(stack, one) for one in services(stack)}

    assert {name: pods for name, pods in found.items() if len(pods) != 1} == {}


@pytest.mark.parametrize("stack", WITH_CLUSTER)
def test_how_many_there_should_be_is_asked_of_that_workload(stack: str) -> None:
    for one in services(stack):
        (pod,) = counted(stack, one)
        ends, metric = next(
            (ends, WANTED[kind]) for kind, ends in MADE.items() if pod.endswith(ends)
        )
        assert asks(wanted(one), metric, pod.removesuffix(ends)), one.name


@pytest.mark.parametrize("stack", WITH_CLUSTER)
def test_bounds_are_asked_of_an_autoscaler_that_is_there(stack: str) -> None:
    there = {
        f"{prefix}{one['metadata']['name']}"
        for kind, prefix in SCALES.items()
        for one in rendered(stack).of(kind)
    }
    for one in services(stack):
        if one.autoscaled:
            for query, metric in ((fewest(one), "min"), (most(one), "max")):
                asked = f"kube_horizontalpodautoscaler_spec_{metric}_replicas"
                assert any(asks(query, asked, name) for name in there), one.name


def test_a_name_that_a_chart_gives_is_not_the_plans() -> None:
    assert all(plan != chart for plan, chart in CALLED.items())
    assert not re.fullmatch(pods("vault"), "vault-setup-5msht")


@pytest.mark.parametrize("stack", WITH_CLUSTER)
def test_rules_stand_where_prometheus_reads_them(stack: str) -> None:
    (server,) = rendered(stack).of("Prometheus")
    read = server["spec"]["ruleNamespaceSelector"]["matchExpressions"][0]["values"]
    rules = list(rendered(stack).of("PrometheusRule"))

    assert len(rules) > 1
    assert {one["metadata"]["namespace"] for one in rules} <= set(read)
