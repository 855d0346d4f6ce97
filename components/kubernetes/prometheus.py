"""A small Prometheus: what KEDA scales on, and a day of it for people to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, core, meta, policy, rbac

from components.base import PlatformComponent
from components.kubernetes import access, images
from components.kubernetes import controllers as shared
from components.kubernetes.access import PROMETHEUS, Peer, Pods
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.kubernetes.pod import HOST, ZONE
from components.kubernetes.prometheus_operator import RELOADER
from components.kubernetes.service import NO_WAIT
from components.sequel import Sequel
from sizing.plans import ServicePlan

NAME = PROMETHEUS
PORT = 9090
PORT_NAME = "web"
RETENTION = "24h"
# Of the volume, so that it is never full: blocks go by size where a day is more than fits.
# https://prometheus.io/docs/prometheus/latest/storage/: 80-85 % of the disk at most.
KEPT_PERCENT = 80
_WAIT = {"pulumi.com/waitFor": "condition=Available"}
_LOOK = ("get", "list", "watch")
_NAMESPACE = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusArgs:
    """What Prometheus needs; how many of it and how large stands in `plan`.

    Attributes:
        namespace: where it lives, which `cluster.ready` waits for.
        watched: the namespaces whose ServiceMonitors count, by role.
        called_by: who may ask it, besides KEDA.
        after: what must exist first: the operator, and the watched namespaces.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    watched: Mapping[str, str]
    called_by: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Prometheus(PlatformComponent):
    """Servers that scrape the same targets, each with a volume of its own.

    Another size of the volumes does not grow them (docs/operations.md).
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster."""
    url: pulumi.Output[str]
    """Where queries go."""
    ready: Sequence[pulumi.Resource]
    """What everyone waits for that asks it."""

    def __init__(
        self, name: str, args: PrometheusArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Prometheus", name, args.plan, opts)
        self._name, self._args = name, args
        self._turn = Sequel(self, [*args.cluster.ready, *args.after])
        self._turn.add(self._account())
        for role, namespace in sorted(args.watched.items()):
            self._rights(role, namespace)
        self._turn.add(self._service())
        self._rules()
        server = self._server(self._turn.last)
        self._budget()
        self.host = pulumi.Output.concat(NAME, ".", args.namespace, ".svc.cluster.local")
        self.url = pulumi.Output.concat("http://", self.host, f":{PORT}")
        self.ready = [server]
        self.register_outputs({"host": self.host, "url": self.url})

    def _meta(self) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(
            name=NAME, namespace=self._args.namespace, labels=labels(NAME)
        )

    def _account(self) -> core.v1.ServiceAccount:
        return core.v1.ServiceAccount(
            f"{self._name}-account",
            metadata=self._meta(),
            automount_service_account_token=False,  # its pods mount it, nobody else's
            opts=self._turn.next,
        )

    def _rights(self, role: str, namespace: str) -> None:
        """Let it look for targets in one namespace, and see nothing else there."""
        metadata = meta.v1.ObjectMetaArgs(name=NAME, namespace=namespace, labels=labels(NAME))
        made = rbac.v1.Role(
            f"{self._name}-{role}-role",
            metadata=metadata,
            rules=[
                rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["pods", "services"], verbs=[*_LOOK]
                ),
                rbac.v1.PolicyRuleArgs(
                    api_groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=[*_LOOK]
                ),
            ],
            opts=self._turn.next,
        )
        self._turn.add(made)
        binding = rbac.v1.RoleBinding(
            f"{self._name}-{role}-binding",
            metadata=metadata,
            role_ref=rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="Role", name=NAME
            ),
            subjects=[
                rbac.v1.SubjectArgs(
                    kind="ServiceAccount", name=NAME, namespace=self._args.namespace
                )
            ],
            opts=self._turn.next,
        )
        self._turn.add(binding)

    def _service(self) -> core.v1.Service:
        metadata = self._meta()
        metadata.annotations = dict(NO_WAIT)
        return core.v1.Service(
            f"{self._name}-service",
            metadata=metadata,
            spec=core.v1.ServiceSpecArgs(
                type="ClusterIP",
                selector=selector(NAME),
                ports=[core.v1.ServicePortArgs(name=PORT_NAME, port=PORT, target_port=PORT_NAME)],
            ),
            opts=self._turn.next,
        )

    def _rules(self) -> None:
        on = self._args.cluster
        keda = Pods(namespace=on.namespaces[shared.SYSTEM], name="keda-operator", ports=(PORT,))
        targets = [Pods(namespace=on.namespaces[role], ports=()) for role in self._roles]
        access.closed(
            self._turn,
            f"{self._name}-peers",
            NAME,
            self._args.namespace,
            called_by=[keda, *self._args.called_by],
            # each target says itself on which port it may be asked
            calls=[shared.api(), *targets],
        )

    @property
    def _roles(self) -> list[str]:
        return sorted(self._args.watched)

    def _server(self, before: Sequence[pulumi.Resource]) -> apiextensions.CustomResource:
        metadata = self._meta()
        metadata.annotations = dict(_WAIT)
        return apiextensions.CustomResource(
            f"{self._name}-server",
            api_version="monitoring.coreos.com/v1",
            kind="Prometheus",
            metadata=metadata,
            spec=spec(self._args),
            # another size would make the operator start over with the old volumes: they are grown
            # in place (docs/operations.md)
            opts=self.child_with(depends_on=[*before], ignore_changes=["spec.storage"]),
        )

    def _budget(self) -> None:
        policy.v1.PodDisruptionBudget(
            f"{self._name}-budget",
            metadata=self._meta(),
            spec=policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=meta.v1.LabelSelectorArgs(match_labels=selector(NAME)),
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
            opts=self.child_with(depends_on=[*self._args.cluster.ready]),
        )


def spec(args: PrometheusArgs) -> dict[str, Any]:
    """Return the servers as the operator is told of them."""
    on, plan = args.cluster, args.plan
    everywhere = {
        "matchExpressions": [
            {
                "key": _NAMESPACE,
                "operator": "In",
                "values": sorted(on.namespaces[role] for role in args.watched),
            }
        ]
    }
    return {
        "image": images.reference("prometheus", on.registry),
        # what the image's tag says besides is no part of the version
        "version": images.parts("prometheus", on.registry).tag.partition("-")[0],
        "imagePullPolicy": "IfNotPresent",
        "replicas": plan.scale.planned,
        # what the Service and the policies select them by; the operator says the same by itself
        "podMetadata": {"labels": selector(NAME)},
        "serviceAccountName": NAME,
        "automountServiceAccountToken": True,
        "enableServiceLinks": False,
        "portName": PORT_NAME,
        "retention": RETENTION,
        "retentionSize": f"{plan.volume_gib * KEPT_PERCENT // 100}GiB",
        "walCompression": True,
        "scrapeInterval": f"{SCRAPE_SECONDS}s",
        # Endpoints are deprecated; https://kubernetes.io/blog/2025/04/24/endpoints-deprecation
        "serviceDiscoveryRole": "EndpointSlice",
        "serviceMonitorSelector": {},
        "serviceMonitorNamespaceSelector": everywhere,
        # a ServiceMonitor may name no file of this pod: its token is one
        "arbitraryFSAccessThroughSMs": {"deny": True},
        "resources": _resources(plan),
        "storage": _storage(on, plan),
        "persistentVolumeClaimRetentionPolicy": {
            "whenDeleted": "Retain" if on.protect else "Delete",
            "whenScaled": "Retain",
        },
        **shared.placed(on, plan),
        "topologySpreadConstraints": _spread(),
        "securityContext": _security(),
    }


def _resources(plan: ServicePlan) -> dict[str, dict[str, str]]:
    """Return what is left of the plan's pod beside the container that reloads its config."""
    asked, most = plan.cpu_request_millis, plan.cpu_limit_millis
    return {
        "requests": {
            "cpu": f"{asked - RELOADER.cpu_millis}m",
            "memory": str(plan.memory_request_bytes - RELOADER.memory_bytes),
        },
        "limits": {
            "cpu": f"{most - RELOADER.cpu_limit_millis}m",
            "memory": str(plan.memory_limit_bytes - RELOADER.memory_limit_bytes),
        },
    }


def _storage(on: Cluster, plan: ServicePlan) -> dict[str, Any]:
    return {
        "volumeClaimTemplate": {
            "metadata": {"labels": selector(NAME)},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": on.storage_class,
                "resources": {"requests": {"storage": f"{plan.volume_gib}Gi"}},
            },
        }
    }


def _spread() -> list[dict[str, Any]]:
    return [
        {
            "topologyKey": key,
            "maxSkew": 1,
            "whenUnsatisfiable": must,
            "labelSelector": {"matchLabels": selector(NAME)},
        }
        # volumes are zonal: two in a zone would be lost together
        for key, must in ((ZONE, "DoNotSchedule"), (HOST, "ScheduleAnyway"))
    ]


def _security() -> dict[str, Any]:
    runs_as = images.facts("prometheus")
    return {
        **shared.POD_SECURITY,
        "runAsUser": runs_as.uid,
        "runAsGroup": runs_as.gid,
        "fsGroup": runs_as.gid,
        "fsGroupChangePolicy": "OnRootMismatch",
    }
