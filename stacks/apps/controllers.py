"""Namespaces, and the controllers that everything else in the cluster waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

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
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.prometheus import Prometheus, PrometheusArgs
from components.kubernetes.prometheus_operator import PrometheusOperator, PrometheusOperatorArgs
from stacks.apps.site import Site

SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllers:
    """What others wait for.

    Attributes:
        namespaces: their names by role, known once they may be used.
        monitors: the definition of what watches a service.
        secrets: whoever reads the cloud's store.
        scalers: whoever scales by queries.
        balancers: whoever registers pods at the load balancer; nothing without a way in.
        metrics: URL that queries go to.
    """

    namespaces: Mapping[str, pulumi.Output[str]]
    monitors: Sequence[pulumi.Resource]
    secrets: Sequence[pulumi.Resource]
    scalers: Sequence[pulumi.Resource]
    balancers: Sequence[pulumi.Resource]
    metrics: pulumi.Output[str]


def build_controllers(site: Site, ready: Sequence[pulumi.Resource]) -> Controllers:
    """Register namespaces and controllers.

    The namespaces of workloads stand on that of the controllers: what is in them is taken down
    while its controllers still run, so that none of it stays behind.

    Args:
        site: the plan and its surroundings.
        ready: nodes, storage drivers and name service.
    """
    on, plan = site.cluster, site.plan
    plans = {one.role: one for one in plan.namespaces}
    system = Namespace(
        f"namespace-{SYSTEM}", NamespaceArgs(plan=plans.pop(SYSTEM), ready=ready), site.opts
    )
    home = system.name
    operator = PrometheusOperator(
        "prometheus-operator",
        PrometheusOperatorArgs(
            plan=site.service("prometheus-operator"), cluster=on, namespace=home
        ),
        site.opts,
    )
    known = operator.definitions
    secrets = ExternalSecretsOperator(
        "external-secrets",
        ExternalSecretsOperatorArgs(
            operator=site.service("external-secrets"),
            webhook=site.service("external-secrets-webhook"),
            certificates=site.service("external-secrets-cert-controller"),
            store=site.store,
            cluster=on,
            namespace=home,
            after=known,
        ),
        site.opts,
    )
    keda = Keda(
        "keda",
        KedaArgs(
            operator=site.service("keda-operator"),
            metrics=site.service("keda-metrics-apiserver"),
            admission=site.service("keda-admission"),
            cluster=on,
            cluster_name=site.cluster_name,
            namespace=home,
            after=known,
        ),
        site.opts,
    )
    autoscaler = ClusterAutoscaler(
        "cluster-autoscaler",
        ClusterAutoscalerArgs(
            plan=site.service("cluster-autoscaler"),
            cluster=on,
            cluster_name=site.cluster_name,
            region=site.region,
            namespace=home,
            after=known,
        ),
        site.opts,
    )
    balancers = _balancers(site, home, known)
    # whatever lives in these goes before the controllers do, which would let go of it
    outlived = [*operator.ready, *secrets.ready, *keda.ready, *autoscaler.ready, *balancers]
    inside = {
        role: Namespace(
            f"namespace-{role}",
            NamespaceArgs(plan=plans[role], ready=outlived, labels=_labels(site, role)),
            site.opts,
        ).name
        for role in sorted(plans)
    }
    prometheus = Prometheus(
        "prometheus",
        PrometheusArgs(
            plan=site.service("prometheus"),
            cluster=on,
            namespace=inside["observability"],
            watched={SYSTEM: home, **inside},
            after=operator.ready,
        ),
        site.opts,
    )
    return Controllers(
        namespaces={SYSTEM: home, **inside},
        monitors=known,
        secrets=secrets.ready,
        scalers=[*keda.ready, *prometheus.ready],
        balancers=balancers,
        metrics=prometheus.url,
    )


def _labels(site: Site, role: str) -> Mapping[str, str]:
    return site.way_in.labels if site.way_in is not None and role == "gateway" else {}


def _balancers(
    site: Site, home: pulumi.Input[str], known: Sequence[pulumi.Resource]
) -> Sequence[pulumi.Resource]:
    if site.way_in is None:
        return ()
    return LoadBalancerController(
        "load-balancer-controller",
        LoadBalancerControllerArgs(
            plan=site.service("aws-load-balancer-controller"),
            cluster=site.cluster,
            cluster_name=site.cluster_name,
            region=site.region,
            vpc_id=site.vpc_id,
            namespace=home,
            after=known,
        ),
        site.opts,
    ).ready
