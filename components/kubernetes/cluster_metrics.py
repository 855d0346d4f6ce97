"""What the cluster itself says: machines, containers on them, and the states of its objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, meta, rbac

from components.base import PlatformComponent
from components.kubernetes import access, images, metric_catalog
from components.kubernetes import controllers as shared
from components.kubernetes.access import PROMETHEUS
from components.kubernetes.cluster import NAME_LABEL, Cluster, labels
from components.kubernetes.helm import release
from components.kubernetes.monitors import SCRAPE_SECONDS, service_monitor
from components.kubernetes.prometheus_spec import KUBELET_CLASS, NODE_EXPORTER_PORT
from components.sequel import Sequel
from sizing.plans import HelperPlan, ServicePlan

STATE_CHART = "kube-state-metrics"
NODE_CHART = "prometheus-node-exporter"
STATE_PORT = 8080
_NAME = "kubelet-metrics"
# By name what each kind of the platform's own objects needs; no secret and no config map is read.
OBJECTS = (
    "cronjobs",
    "daemonsets",
    "deployments",
    "horizontalpodautoscalers",
    "jobs",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "replicasets",
    "resourcequotas",
    "statefulsets",
)
# Paths of the kubelet, by the component of the catalogue whose metrics are kept of each.
KUBELET_PATHS = {"cadvisor": "/metrics/cadvisor", "kubelet": "/metrics"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMetricsArgs:
    """What measures the cluster; how much of it stands in the plans.

    Attributes:
        state: of kube-state-metrics, beside Prometheus.
        node: of the exporter on every node.
        namespace: of Prometheus; what is read of kubelets is said there.
        nodes: where what reads nodes lives.
        after: what must exist first: the definitions of the operator, and both namespaces.
    """

    state: ServicePlan
    node: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    nodes: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class ClusterMetrics(PlatformComponent):
    """kube-state-metrics, an exporter on every node, and what Prometheus asks each kubelet."""

    def __init__(
        self, name: str, args: ClusterMetricsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:ClusterMetrics", name, args.state, opts)
        self._name, self._args = name, args
        self._before = [*args.cluster.ready, *args.after]
        self._state()
        self._node()
        self._kubelets()
        self.register_outputs({})

    def _state(self) -> None:
        args = self._args
        turn = Sequel(self, self._before)
        access.closed(
            turn,
            f"{self._name}-state-peers",
            STATE_CHART,
            args.namespace,
            called_by=[access.prometheus(args.cluster, STATE_PORT)],
            calls=[shared.api()],
        )
        made = release(
            self,
            f"{self._name}-state-chart",
            STATE_CHART,
            args.namespace,
            state_values(args),
            after=turn.last,
        )
        service_monitor(
            f"{self._name}-state-metrics",
            self._meta(STATE_CHART, args.namespace),
            {NAME_LABEL: STATE_CHART},
            "http",
            "/metrics",
            self.child_with(depends_on=[made]),
            # a pod that is measured, and not the one that measures
            own_labels=True,
        )

    def _node(self) -> None:
        args = self._args
        made = release(
            self,
            f"{self._name}-node-chart",
            NODE_CHART,
            args.nodes,
            node_values(args),
            after=self._before,
        )
        service_monitor(
            f"{self._name}-node-metrics",
            self._meta(args.node.name, args.nodes),
            {NAME_LABEL: NODE_CHART},
            "metrics",
            "/metrics",
            self.child_with(depends_on=[made]),
            relabelings=[
                {"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "node"}
            ],
        )

    def _meta(self, name: str, namespace: pulumi.Input[str]) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=labels(name))

    def _kubelets(self) -> None:
        """Let Prometheus find the nodes and read what each kubelet measures, and nothing else."""
        turn = Sequel(self, self._before)
        metadata = meta.v1.ObjectMetaArgs(
            name=f"{self._args.cluster.environment}-{_NAME}", labels=labels(_NAME)
        )
        role = rbac.v1.ClusterRole(
            f"{self._name}-kubelet-role",
            metadata=metadata,
            rules=[
                rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["nodes"], verbs=["get", "list", "watch"]
                ),
                rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["nodes/metrics"], verbs=["get"]),
            ],
            opts=turn.next,
        )
        turn.add(role)
        turn.add(
            rbac.v1.ClusterRoleBinding(
                f"{self._name}-kubelet-binding",
                metadata=metadata,
                role_ref=rbac.v1.RoleRefArgs(
                    api_group="rbac.authorization.k8s.io",
                    kind="ClusterRole",
                    name=role.metadata.name,
                ),
                subjects=[
                    rbac.v1.SubjectArgs(
                        kind="ServiceAccount", name=PROMETHEUS, namespace=self._args.namespace
                    )
                ],
                opts=turn.next,
            )
        )
        for component, path in KUBELET_PATHS.items():
            turn.add(
                apiextensions.CustomResource(
                    f"{self._name}-{component}",
                    api_version="monitoring.coreos.com/v1alpha1",
                    kind="ScrapeConfig",
                    metadata=self._meta(component, self._args.namespace),
                    spec=kubelet_spec(component, path),
                    opts=turn.next,
                )
            )


def kubelet_spec(component: str, path: str) -> dict[str, Any]:
    """Return what Prometheus reads of every kubelet: what the catalogue lists, and no more."""
    kept = "|".join(sorted(metric_catalog.METRICS[component].metrics))
    return {
        "kubernetesSDConfigs": [{"role": "Node"}],
        "scheme": "HTTPS",
        "scrapeClass": KUBELET_CLASS,
        "metricsPath": path,
        "scrapeInterval": f"{SCRAPE_SECONDS}s",
        "relabelings": [
            {"targetLabel": "job", "replacement": component},
            {"sourceLabels": ["__meta_kubernetes_node_name"], "targetLabel": "node"},
        ],
        "metricRelabelings": [
            {"sourceLabels": ["__name__"], "regex": kept, "action": "Keep"},
            # a container's own series alone: sums over its pod and its node are made of them
            *([_pods_alone()] if component == "cadvisor" else []),
        ],
    }


def _pods_alone() -> dict[str, Any]:
    return {"sourceLabels": ["__name__", "pod"], "regex": "container_.*;", "action": "Drop"}


def state_values(args: ClusterMetricsArgs) -> dict[str, Any]:
    """Return what differs from the values of kube-state-metrics' chart."""
    on, plan = args.cluster, args.state
    return {
        "fullnameOverride": STATE_CHART,
        "image": shared.image_by_host("kube-state-metrics", on),
        # network policies say who may ask
        "kubeRBACProxy": {"enabled": False},
        "replicas": plan.scale.planned,
        "collectors": list(OBJECTS),
        "resources": shared.resources(plan),
        **shared.placed(on, plan),
        "securityContext": {
            "enabled": True,
            **shared.POD_SECURITY,
            **_user("kube-state-metrics"),
        },
        "containerSecurityContext": dict(shared.CONTAINER_SECURITY),
    }


def node_values(args: ClusterMetricsArgs) -> dict[str, Any]:
    """Return what differs from the values of the node exporter's chart.

    It shares its node's network, whose devices it measures, and no list of processes.
    """
    return {
        "fullnameOverride": NODE_CHART,
        "image": shared.image_by_host("node-exporter", args.cluster),
        # which the chart would else read off the tag, digest and all
        "version": images.parts("node-exporter", args.cluster.registry).tag.removeprefix("v"),
        "kubeRBACProxy": {"enabled": False},
        "service": {"port": NODE_EXPORTER_PORT, "targetPort": NODE_EXPORTER_PORT},
        "hostNetwork": True,
        "hostPID": False,
        "resources": shared.resources(args.node),
        # machines of every kind are measured
        "tolerations": [{"operator": "Exists"}],
        "securityContext": {**shared.POD_SECURITY, **_user("node-exporter")},
        "containerSecurityContext": dict(shared.CONTAINER_SECURITY),
    }


def _user(image: str) -> dict[str, int]:
    runs_as = images.facts(image)
    return {"runAsUser": runs_as.uid, "runAsGroup": runs_as.gid, "fsGroup": runs_as.gid}
