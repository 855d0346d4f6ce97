"""KEDA: scales engines by what Prometheus knows of their queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer, Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.helm import release
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "keda"
# What the chart labels its pods with.
OPERATOR = "keda-operator"
METRICS_SERVER = "keda-operator-metrics-apiserver"
ADMISSION = "keda-admission-webhooks"

GRPC_PORT = 9666
API_PORT = 6443
WEBHOOK_PORT = 9443
METRICS_PORT = 8080
PROMETHEUS_PORT = 9090


@dataclass(frozen=True, slots=True, kw_only=True)
class KedaArgs:
    """What KEDA needs; how many of its pods and how large stands in the plans.

    Attributes:
        operator: asks Prometheus and makes the autoscalers.
        metrics: answers the autoscalers' questions.
        admission: refuses scalers that cannot be.
        cluster_name: what KEDA calls the cluster in its own metrics.
        namespace: where it lives, which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor, which it makes.
    """

    operator: ServicePlan
    metrics: ServicePlan
    admission: ServicePlan
    cluster: Cluster
    cluster_name: str
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class Keda(PlatformComponent):
    """Operator, metrics server and admission webhook, with the definitions of KEDA's objects.

    The definitions stay when the rest is deleted. Scalers must go before: only a running operator
    lets them go.
    """

    ready: Sequence[pulumi.Resource]
    """What every ScaledObject waits for."""

    def __init__(
        self, name: str, args: KedaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plans = (args.operator, args.metrics, args.admission)
        super().__init__("aigw:kubernetes:Keda", name, plans, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        for pods, (called_by, calls) in _peers(args).items():
            access.closed(
                turn,
                f"{name}-{pods}-peers",
                pods,
                args.namespace,
                called_by=called_by,
                calls=calls,
            )
        made = release(self, f"{name}-chart", CHART, args.namespace, values(args), after=turn.last)
        self.ready = [made]
        self.register_outputs({})


def _peers(args: KedaArgs) -> dict[str, tuple[list[Peer], list[Peer]]]:
    """Return who may call each part, and whom it may call, by its pods' name."""
    on, own = args.cluster, args.operator.namespace
    asked = access.prometheus(on, PROMETHEUS_PORT)
    scraped = access.prometheus(on, METRICS_PORT)
    return {
        OPERATOR: (
            [Pods(namespace=own, name=METRICS_SERVER, ports=(GRPC_PORT,)), scraped],
            [shared.api(), asked],
        ),
        METRICS_SERVER: (
            [shared.api_calls(on, API_PORT), scraped],
            [shared.api(), Pods(namespace=own, name=OPERATOR, ports=(GRPC_PORT,))],
        ),
        ADMISSION: ([shared.api_calls(on, WEBHOOK_PORT), scraped], [shared.api()]),
    }


def values(args: KedaArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    on = args.cluster
    measured = {"enabled": True, "serviceMonitor": {"enabled": True}}
    return {
        "clusterName": args.cluster_name,
        "enableServiceLinks": False,
        "crds": {"install": True, "additionalAnnotations": dict(shared.KEEP)},
        "image": {
            "pullPolicy": "IfNotPresent",
            "keda": shared.image_by_host("keda", on),
            "metricsApiServer": shared.image_by_host("keda-metrics-apiserver", on),
            "webhooks": shared.image_by_host("keda-webhooks", on),
        },
        "operator": {"replicaCount": args.operator.scale.planned},
        "metricsServer": {"replicaCount": args.metrics.scale.planned},
        "webhooks": {"replicaCount": args.admission.scale.planned},
        "resources": {
            "operator": shared.resources(args.operator),
            "metricServer": shared.resources(args.metrics),
            "webhooks": shared.resources(args.admission),
        },
        **shared.placed(on, args.operator),
        "topologySpreadConstraints": {
            "operator": shared.spread(OPERATOR),
            "metricsServer": shared.spread(METRICS_SERVER),
            "webhooks": shared.spread(ADMISSION),
        },
        "podDisruptionBudget": {
            "operator": dict(shared.BUDGET),
            "metricServer": dict(shared.BUDGET),
            "webhooks": dict(shared.BUDGET),
        },
        # our scalers name no secret: nobody's are read but its own certificate
        "permissions": {
            "operator": {"restrict": {"secret": True}},
            "metricServer": {"restrict": {"secret": True}},
        },
        "logging": {"operator": {"format": "json"}, "webhooks": {"format": "json"}},
        "prometheus": {
            "operator": dict(measured),
            "metricServer": dict(measured),
            "webhooks": dict(measured),
        },
    }
