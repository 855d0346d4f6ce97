"""Thanos behind a pair of Prometheus servers: one answer from both and from a year of objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pulumi
from pulumi_kubernetes import meta

from components.base import PlatformComponent
from components.kubernetes import access, images
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer, Pods
from components.kubernetes.cluster import NAME_LABEL, Cluster, Identity, labels
from components.kubernetes.helm import release
from components.kubernetes.monitors import service_monitor
from components.kubernetes.pod import HOST, ZONE
from components.kubernetes.prometheus_spec import SIDECAR_GRPC_PORT
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "thanos"
"""Also what its pods are called, whichever part of it they are (`app.kubernetes.io/name`)."""
QUERY, STORE, COMPACT = "thanos-query", "thanos-store", "thanos-compact"
GRPC_PORT, PORT = 10901, 10902
_PART = "app.kubernetes.io/component"
_PARTS: Mapping[str, str] = MappingProxyType(
    {QUERY: "query", STORE: "store-gateway", COMPACT: "compact"}
)
_KEY = "config"
# Rules and remote writes are Prometheus' own here.
_PARTS_OFF = ("queryFrontend", "receive", "rule")
# How the two servers of a pair differ, which one answer is made of.
REPLICA_LABEL = "prometheus_replica"
_PORT_NAME = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanosArgs:
    """What Thanos needs; how many of each part and how large stands in the plans.

    Attributes:
        config: `thanos_objects.text` of the bucket.
        days: for how long metrics are kept there, in whatever resolution.
        called_by: who may ask for metrics, besides Prometheus for those of Thanos itself.
        after: what must exist first: the definition of ServiceMonitor.
    """

    query: ServicePlan
    store: ServicePlan
    compact: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: pulumi.Input[str]
    days: int
    called_by: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Thanos(PlatformComponent):
    """Query, store gateway and compactor; what they keep on volumes can be fetched again."""

    host: pulumi.Output[str]
    """Name of the Service that answers queries as Prometheus does."""
    url: pulumi.Output[str]
    """Where queries go."""

    def __init__(
        self, name: str, args: ThanosArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Thanos", name, args.query, opts)
        on = args.cluster
        own = Pods(namespace=on.namespaces["observability"], name=CHART, ports=(GRPC_PORT,))
        servers = access.prometheus(on, SIDECAR_GRPC_PORT)
        turn = Sequel(self, [*on.ready, *args.after])
        access.closed(
            turn,
            f"{name}-peers",
            CHART,
            args.namespace,
            called_by=[own, access.prometheus(on, PORT), *args.called_by],
            calls=[own, servers, *shared.cloud(on)],
        )
        bound = [one for plan in (args.store, args.compact) for one in _identity(on, plan).ready]
        made = release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(args),
            after=[*turn.last, *bound],
        )
        for part, component in _PARTS.items():
            service_monitor(
                f"{name}-{component}-metrics",
                meta.v1.ObjectMetaArgs(name=part, namespace=args.namespace, labels=labels(part)),
                {NAME_LABEL: CHART, _PART: component},
                _PORT_NAME,
                "/metrics",
                self.child_with(depends_on=[made]),
            )
        self.host = pulumi.Output.concat(QUERY, ".", args.namespace, ".svc.cluster.local")
        self.url = pulumi.Output.concat("http://", self.host, f":{PORT}")
        self.register_outputs({"host": self.host, "url": self.url})


def _identity(on: Cluster, plan: ServicePlan) -> Identity:
    return on.identity(plan.namespace, plan.name)


def values(args: ThanosArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values; no key of the bucket is among it."""
    on = args.cluster
    return {
        "fullnameOverride": CHART,
        "image": shared.image("thanos", on),
        "logFormat": "json",
        # the chart keeps it in a secret of its own, though nothing of it is one
        "objstoreConfig": {"create": True, "key": _KEY, "value": args.config},
        "additionalReplicaLabels": [REPLICA_LABEL],
        # each server's sidecar, by the Service that the operator keeps for them
        "additionalEndpoints": [
            "dnssrv+_grpc._tcp.prometheus-operated."
            f"{on.namespaces['observability']}.svc.cluster.local"
        ],
        "autoGomemlimit": {"enabled": True},
        "query": {
            "replicas": args.query.scale.planned,
            "podDisruptionBudget": _budget(),
            **_part(on, args.query),
        },
        **{part: {"enabled": False} for part in _PARTS_OFF},
        "storeGateway": {
            "enabled": True,
            "replicas": args.store.scale.planned,
            "podDisruptionBudget": _budget(),
            "persistence": _volume(on, args.store),
            **_part(on, args.store),
        },
        "compact": {
            "enabled": True,
            "persistence": _volume(on, args.compact),
            # of what both servers of a pair have seen, one stays
            "deduplication": {"enabled": True, "func": "penalty"},
            # thinned out to five minutes and an hour as it goes, all of it for as long
            "extraArgs": [
                f"--retention.resolution-{one}={args.days}d" for one in ("raw", "5m", "1h")
            ],
            **_part(on, args.compact),
        },
    }


def _budget() -> dict[str, Any]:
    return {"enabled": True, "maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}


def _volume(on: Cluster, plan: ServicePlan) -> dict[str, Any]:
    return {
        "enabled": True,
        "storageClass": on.storage_class,
        "size": f"{plan.volume_gib}Gi",
        # whatever is on it is in the bucket as well
        "retainDeleted": False,
        "retainScaled": False,
    }


def _part(on: Cluster, plan: ServicePlan) -> dict[str, Any]:
    runs_as = images.facts("thanos")
    return {
        # a role of the cloud is bound to an account by its name
        "serviceAccount": {
            "create": True,
            "name": plan.name,
            "annotations": dict(_identity(on, plan).annotations),
        },
        "resources": shared.resources(plan),
        **shared.placed(on, plan),
        "topologySpreadConstraints": [
            {"topologyKey": key, "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}
            for key in (ZONE, HOST)
        ],
        "podSecurityContext": {
            **shared.POD_SECURITY,
            "runAsUser": runs_as.uid,
            "runAsGroup": runs_as.gid,
            "fsGroup": runs_as.gid,
        },
        "securityContext": {
            **shared.CONTAINER_SECURITY,
            "runAsNonRoot": True,
            "runAsUser": runs_as.uid,
            "runAsGroup": runs_as.gid,
        },
    }
