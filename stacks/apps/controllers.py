"""Namespaces, and the controllers that everything else in the cluster waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.kubernetes.cluster import Cluster
from components.kubernetes.external_secrets import (
    ExternalSecretsOperator,
    ExternalSecretsOperatorArgs,
)
from components.kubernetes.keda import Keda, KedaArgs
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.prometheus_operator import PrometheusOperator, PrometheusOperatorArgs
from stacks.apps.site import Site

SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllers:
    """What others wait for.

    The controllers are older than every namespace but their own: whoever waits for a namespace
    waits for them.

    Attributes:
        inside: the cluster as what lives in a namespace sees it, by the namespace's role.
    """

    inside: Mapping[str, Cluster]


def build_controllers(site: Site, ready: Sequence[pulumi.Resource]) -> Controllers:
    """Register namespaces and controllers.

    The namespaces of workloads stand on that of the controllers: what is in them is taken down
    while its controllers still run, so that none of it stays behind.

    Args:
        site: the plan and its surroundings.
        ready: nodes, storage drivers and name service.
    """
    plans = {one.role: one for one in site.plan.namespaces}
    system = Namespace(
        f"namespace-{SYSTEM}", NamespaceArgs(plan=plans.pop(SYSTEM), ready=ready), site.opts
    )
    on = replace(site.cluster, ready=system.ready)
    home = on.namespaces[SYSTEM]
    operator = PrometheusOperator(
        "prometheus-operator",
        PrometheusOperatorArgs(
            plan=site.service("prometheus-operator"), cluster=on, namespace=home
        ),
        site.opts,
    )
    # which the controllers that follow all wait for, and the namespace with it
    on = replace(on, ready=operator.definitions)
    secrets = ExternalSecretsOperator(
        "external-secrets",
        ExternalSecretsOperatorArgs(
            operator=site.service("external-secrets"),
            webhook=site.service("external-secrets-webhook"),
            certificates=site.service("external-secrets-cert-controller"),
            store=site.cloud.secrets,
            cluster=on,
            namespace=home,
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
        ),
        site.opts,
    )
    of_the_cloud = site.cloud.controllers(site, on)
    # whatever lives in these goes before the controllers do, which would let go of it
    outlived = [*operator.ready, *secrets.ready, *keda.ready, *of_the_cloud]
    inside = {
        role: Namespace(
            f"namespace-{role}",
            NamespaceArgs(plan=plans[role], ready=outlived, labels=_labels(site, role)),
            site.opts,
        ).ready
        for role in sorted(plans)
    }
    return Controllers(inside={role: replace(on, ready=made) for role, made in inside.items()})


def _labels(site: Site, role: str) -> Mapping[str, str]:
    return site.way_in.labels if site.way_in is not None and role == "gateway" else {}
