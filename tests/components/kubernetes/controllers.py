"""Each controller of the cluster on the small cluster of `samples`, and what is read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from components.kubernetes.cluster import Cluster
from components.kubernetes.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.kubernetes.external_secrets import (
    ExternalSecretsOperator,
    ExternalSecretsOperatorArgs,
)
from components.kubernetes.keda import Keda, KedaArgs
from components.kubernetes.load_balancer_controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.kubernetes.prometheus_operator import PrometheusOperator, PrometheusOperatorArgs
from sizing.plans import Scale, ServicePlan
from tests.components.kubernetes.samples import NAMESPACES, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, Registered, record
from tests.kubernetes.schemas import violations

Controller = (
    ClusterAutoscaler | ExternalSecretsOperator | Keda | LoadBalancerController | PrometheusOperator
)
SYSTEM = NAMESPACES["system"]
CLUSTER_NAME = "aigw-prod-large"


def plan(name: str, replicas: int = 2) -> ServicePlan:
    return service_plan(
        name,
        role="system",
        pool_role="system",
        scale=Scale(minimum=replicas, planned=replicas, maximum=replicas),
    )


def keda(on: Cluster) -> Controller:
    args = KedaArgs(
        operator=plan("keda-operator"),
        metrics=plan("keda-metrics-apiserver"),
        admission=plan("keda-admission", 1),
        cluster=on,
        cluster_name=CLUSTER_NAME,
        namespace=SYSTEM,
    )
    return Keda("keda", args)


def external_secrets(on: Cluster) -> Controller:
    args = ExternalSecretsOperatorArgs(
        operator=plan("external-secrets"),
        webhook=plan("external-secrets-webhook"),
        certificates=plan("external-secrets-cert-controller", 1),
        store=here().secrets,
        cluster=on,
        namespace=SYSTEM,
    )
    return ExternalSecretsOperator("secrets", args)


def cluster_autoscaler(on: Cluster) -> Controller:
    args = ClusterAutoscalerArgs(
        plan=plan("cluster-autoscaler"),
        cluster=on,
        cluster_name=CLUSTER_NAME,
        region=here().region,
        namespace=SYSTEM,
    )
    return ClusterAutoscaler("autoscaler", args)


def load_balancer_controller(on: Cluster) -> LoadBalancerController:
    args = LoadBalancerControllerArgs(
        plan=plan("aws-load-balancer-controller"),
        cluster=on,
        cluster_name=CLUSTER_NAME,
        region=here().region,
        vpc_id="vpc-1",
        namespace=SYSTEM,
    )
    return LoadBalancerController("balancers", args)


def prometheus_operator(on: Cluster) -> PrometheusOperator:
    args = PrometheusOperatorArgs(plan=plan("prometheus-operator", 1), cluster=on, namespace=SYSTEM)
    return PrometheusOperator("monitoring", args)


BUILDERS: Mapping[str, Callable[[Cluster], Controller]] = MappingProxyType(
    {
        "aws-load-balancer-controller": load_balancer_controller,
        "cluster-autoscaler": cluster_autoscaler,
        "external-secrets": external_secrets,
        "keda": keda,
        "kube-prometheus-stack": prometheus_operator,
    }
)
"""By the chart that each installs."""


def installed(chart: str, on: Cluster | None = None) -> Recorder:
    return record(lambda: BUILDERS[chart](on or cluster()))


def release(made: Recorder, chart: str) -> Registered:
    (found,) = [one for one in made.all("Release") if one.inputs["name"] == chart]
    return found


def values(made: Recorder, chart: str) -> dict[str, Any]:
    found = release(made, chart).inputs["values"]
    assert isinstance(found, dict)
    return found


def at(tree: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401  (whatever stands there)
    """Return what stands at a path of keys, joined by dots."""
    found: Any = tree
    for key in path.split("."):
        found = found[key]
    return found


def refused(made: Recorder) -> dict[str, list[str]]:
    """Return what the API server would refuse, by resource; nothing where it takes all."""
    objects = [one for one in made.resources if one.custom and "apiVersion" in one.inputs]
    assert objects
    found = {one.name: violations(one.inputs) for one in objects}
    return {name: wrong for name, wrong in found.items() if wrong}


def peers(made: Recorder, pods: str, direction: str) -> list[tuple[str, int]]:
    """Return who may speak with pods, by address block or namespace and name, and at which port."""
    (policy,) = [
        one.inputs["spec"]
        for one in made.all("NetworkPolicy")
        if one.inputs["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == pods
    ]
    side = "from" if direction == "ingress" else "to"
    return sorted(
        (_named(peer), port["port"])
        for rule in policy[direction]
        for peer in rule[side]
        for port in rule.get("ports") or [{"port": 0}]
    )


def _named(peer: Mapping[str, Any]) -> str:
    if "ipBlock" in peer:
        return str(peer["ipBlock"]["cidr"])
    labels = {
        **peer["namespaceSelector"]["matchLabels"],
        **peer.get("podSelector", {}).get("matchLabels", {}),
    }
    return "/".join(str(labels[key]) for key in sorted(labels, reverse=True))
