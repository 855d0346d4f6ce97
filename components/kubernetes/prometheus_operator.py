"""The Prometheus operator and the definitions that it reads; a Prometheus is made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access, images
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Resources
from components.kubernetes.helm import release
from components.sequel import Sequel
from sizing.plans import ServicePlan
from sizing.units import MIB

CHART = "kube-prometheus-stack"
DEFINITIONS = "prometheus-operator-crds"
PODS = "kube-prometheus-stack-prometheus-operator"
METRICS_PORT = 8080
# What the operator itself gives the container that reloads a Prometheus, requests and limits alike:
# https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.0/cmd/operator/main.go
RELOADER = Resources(
    cpu_millis=10,
    cpu_limit_millis=10,
    memory_bytes=50 * MIB,
    memory_limit_bytes=50 * MIB,
)
# Parts of the chart that nobody asked for.
_PARTS_OFF = (
    "alertmanager",
    "coreDns",
    "crds",
    "grafana",
    "kubeApiServer",
    "kubeControllerManager",
    "kubeEtcd",
    "kubeProxy",
    "kubeScheduler",
    "kubeStateMetrics",
    "kubelet",
    "nodeExporter",
    "prometheus",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusOperatorArgs:
    """What the operator needs; how large it is stands in `plan`.

    Attributes:
        namespace: where it lives, which `cluster.ready` waits for.
        after: what must exist first.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class PrometheusOperator(PlatformComponent):
    """The operator, one at a time, after the definitions of its objects.

    The definitions stay when the rest is deleted, and change with their own chart's version.
    """

    definitions: Sequence[pulumi.Resource]
    """What every ServiceMonitor waits for; charts that make one as well."""
    ready: Sequence[pulumi.Resource]
    """What every Prometheus waits for."""

    def __init__(
        self, name: str, args: PrometheusOperatorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:PrometheusOperator", name, args.plan, opts)
        known = release(
            self,
            f"{name}-definitions",
            DEFINITIONS,
            args.namespace,
            {"crds": {"annotations": dict(shared.KEEP)}},
            after=[*args.cluster.ready, *args.after],
        )
        turn = Sequel(self, [known])
        access.closed(
            turn,
            f"{name}-peers",
            PODS,
            args.namespace,
            called_by=[access.prometheus(args.cluster, METRICS_PORT)],
            calls=[shared.api()],
        )
        made = release(self, f"{name}-chart", CHART, args.namespace, values(args), after=turn.last)
        self.definitions = [known]
        self.ready = [made]
        self.register_outputs({})


def values(args: PrometheusOperatorArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    return {
        **{part: {"enabled": False} for part in _PARTS_OFF},
        "defaultRules": {"create": False},
        "kubernetesServiceMonitors": {"enabled": False},
        "prometheusOperator": {
            "image": _image("prometheus-operator", args.cluster),
            "prometheusConfigReloader": {
                "image": _image("prometheus-config-reloader", args.cluster),
                "resources": _reloader(),
            },
            "resources": shared.resources(args.plan),
            **shared.placed(args.cluster, args.plan),
            # without webhooks there is no certificate to wait for, and no job that makes one
            "admissionWebhooks": {"enabled": False},
            "tls": {"enabled": False},
            # it would keep a list of kubelets up to date that nobody scrapes
            "kubeletService": {"enabled": False},
            "kubeletEndpointsEnabled": False,
            "kubeletEndpointSliceEnabled": False,
            "podDisruptionBudget": {"enabled": False},  # a single one would keep its node
            "logFormat": "json",
        },
    }


def _image(name: str, cluster: Cluster) -> dict[str, str]:
    # this chart writes the digest itself, and without its prefix
    found = images.parts(name, cluster.registry)
    return {
        "registry": found.host,
        "repository": found.path,
        "tag": found.tag,
        "sha": found.digest.removeprefix("sha256:"),
    }


def _reloader() -> dict[str, dict[str, str]]:
    return {
        "requests": {"cpu": f"{RELOADER.cpu_millis}m", "memory": str(RELOADER.memory_bytes)},
        "limits": {
            "cpu": f"{RELOADER.cpu_limit_millis}m",
            "memory": str(RELOADER.memory_limit_bytes),
        },
    }
