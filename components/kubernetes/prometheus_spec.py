"""A Prometheus as the operator is told of it: what it scrapes, keeps, refuses and hands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.kubernetes import alertmanager_peers as alerting
from components.kubernetes import controllers as shared
from components.kubernetes import images, thanos_objects
from components.kubernetes.access import PROMETHEUS, Peer
from components.kubernetes.cluster import Cluster, selector
from components.kubernetes.container import less, resources_of
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.kubernetes.pod import HOST, ZONE
from components.kubernetes.prometheus_operator import RELOADER
from sizing.plans import HelperPlan, ServicePlan
from sizing.units import GIB, SECONDS_PER_DAY

NAME = PROMETHEUS
PORT = 9090
PORT_NAME = "web"
# Of the volume, so that it is never full: blocks go by size where the days are more than fits.
# https://prometheus.io/docs/prometheus/latest/storage/: 80-85 % of the disk at most.
KEPT_PERCENT = 80
# "1-2 bytes" a sample, as sizing counts them (sizing.capacity.prometheus).
BYTES_A_SAMPLE = 2
KUBELET_PORT = 10250
NODE_EXPORTER_PORT = 9100
SIDECAR_GRPC_PORT = 10901
SIDECAR_HTTP_PORT = 10902
OBJECTS = "prometheus-objects"
OBJECTS_FOLDER = "/etc/thanos"
OBJECTS_KEY = thanos_objects.KEY
KUBELET_CLASS = "kubelet"
"""Name of the way in which kubelets are asked: the only one that shows the pod's own token."""
# What a series of this platform never reaches; what does is broken, and is refused.
LABELS_AT_MOST = 60
LABEL_NAME_AT_MOST = 200
LABEL_VALUE_AT_MOST = 2000
BODY_AT_MOST = "200MB"
TARGETS_AT_MOST = 2000  # of one monitor: more than the largest pool has nodes
_NAMESPACE = "kubernetes.io/metadata.name"
_TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """Where blocks go besides each server's volume.

    Attributes:
        plan: of the sidecar that brings them there, out of what the server's pod has.
        config: `thanos_objects.text` once the bucket is known.
    """

    plan: HelperPlan
    config: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusArgs:
    """What Prometheus needs; how many of it and how large stands in `plan`.

    Attributes:
        namespace: where it lives, which `cluster.ready` waits for.
        watched: the namespaces whose monitors and rules count, by role.
        guests: names of others' namespaces whose monitors and rules count as well; they let it look
            for targets themselves.
        retention_days: for how long each server keeps samples, as long as they fit.
        objects: None where nothing outlives the servers' volumes.
        alerts: alerts are told to Alertmanager.
        called_by: who may ask it, besides KEDA.
        after: what must exist first: the operator, and the watched namespaces.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    watched: Mapping[str, str]
    guests: tuple[str, ...] = ()
    retention_days: int
    objects: Objects | None = None
    alerts: bool = False
    called_by: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


def spec(args: PrometheusArgs) -> dict[str, Any]:
    """Return the servers as the operator is told of them."""
    on, plan = args.cluster, args.plan
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
        "externalLabels": {"environment": on.environment},
        # nobody writes into it: what it knows it has fetched
        "enableRemoteWriteReceiver": False,
        "enableAdminAPI": False,
        **_kept(args),
        **_scraped(args),
        **_limits(args),
        **_alerting(args),
        **_objects(args),
        "resources": _resources(args),
        **shared.placed(on, plan),
        "topologySpreadConstraints": _spread(),
        "securityContext": shared.pod_security("prometheus"),
    }


def most_samples(volume_gib: int, retention_days: int) -> int:
    """Return how many series one target may have: as many as alone would fill the volume."""
    scrapes = retention_days * SECONDS_PER_DAY // SCRAPE_SECONDS
    return volume_gib * GIB // (scrapes * BYTES_A_SAMPLE)


def _kept(args: PrometheusArgs) -> dict[str, Any]:
    on, plan = args.cluster, args.plan
    return {
        "retention": f"{args.retention_days}d",
        "retentionSize": f"{plan.volume_gib * KEPT_PERCENT // 100}GiB",
        "walCompression": True,
        "storage": {
            "volumeClaimTemplate": {
                "metadata": {"labels": selector(NAME)},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "storageClassName": on.storage_class,
                    "resources": {"requests": {"storage": f"{plan.volume_gib}Gi"}},
                },
            }
        },
        "persistentVolumeClaimRetentionPolicy": {
            "whenDeleted": "Retain" if on.protect else "Delete",
            "whenScaled": "Retain",
        },
    }


def _scraped(args: PrometheusArgs) -> dict[str, Any]:
    everywhere = _in([*(args.cluster.namespaces[role] for role in args.watched), *args.guests])
    return {
        "scrapeInterval": f"{SCRAPE_SECONDS}s",
        "evaluationInterval": f"{SCRAPE_SECONDS}s",
        # Endpoints are deprecated; https://kubernetes.io/blog/2025/04/24/endpoints-deprecation
        "serviceDiscoveryRole": "EndpointSlice",
        "serviceMonitorSelector": {},
        "serviceMonitorNamespaceSelector": everywhere,
        "podMonitorSelector": {},
        "podMonitorNamespaceSelector": everywhere,
        "ruleSelector": {},
        "ruleNamespaceSelector": everywhere,
        # a free scrape config may ask anything: only beside Prometheus itself is one read
        "scrapeConfigSelector": {},
        "scrapeConfigNamespaceSelector": _in([args.cluster.namespaces["observability"]]),
        # a monitor may name no file of this pod, for its token is one; the class below may
        "arbitraryFSAccessThroughSMs": {"deny": True},
        "scrapeClasses": [
            {
                "name": KUBELET_CLASS,
                "tlsConfig": {"caFile": f"{_TOKEN_FOLDER}/ca.crt"},
                "authorization": {"credentialsFile": f"{_TOKEN_FOLDER}/token"},
            }
        ],
    }


def _limits(args: PrometheusArgs) -> dict[str, Any]:
    return {
        "enforcedSampleLimit": most_samples(args.plan.volume_gib, args.retention_days),
        "enforcedTargetLimit": TARGETS_AT_MOST,
        "enforcedBodySizeLimit": BODY_AT_MOST,
        "enforcedLabelLimit": LABELS_AT_MOST,
        "enforcedLabelNameLengthLimit": LABEL_NAME_AT_MOST,
        "enforcedLabelValueLengthLimit": LABEL_VALUE_AT_MOST,
    }


def _alerting(args: PrometheusArgs) -> dict[str, Any]:
    if not args.alerts:
        return {}
    told = {
        "name": alerting.NAME,
        "namespace": args.cluster.namespaces["observability"],
        "port": alerting.PORT_NAME,
        "apiVersion": "v2",
    }
    return {"alerting": {"alertmanagers": [told]}}


def _objects(args: PrometheusArgs) -> dict[str, Any]:
    """Return the sidecar; with it, blocks are merged in the bucket and no longer on the volume."""
    if args.objects is None:
        return {}
    registry = args.cluster.registry
    return {
        "volumes": [{"name": OBJECTS, "configMap": {"name": OBJECTS}}],
        "thanos": {
            "image": images.reference("thanos", registry),
            "version": images.parts("thanos", registry).tag,
            "objectStorageConfigFile": f"{OBJECTS_FOLDER}/{OBJECTS_KEY}",
            "volumeMounts": [{"name": OBJECTS, "mountPath": OBJECTS_FOLDER, "readOnly": True}],
            "resources": shared.resources(args.objects.plan),
            "logFormat": "json",
        },
    }


def _in(namespaces: list[str]) -> dict[str, Any]:
    wanted = {"key": _NAMESPACE, "operator": "In", "values": sorted(namespaces)}
    return {"matchExpressions": [wanted]}


def _resources(args: PrometheusArgs) -> dict[str, dict[str, str]]:
    """Return what is left of the plan's pod beside the containers that the operator adds."""
    beside = [RELOADER, *([resources_of(args.objects.plan)] if args.objects else [])]
    left = less(resources_of(args.plan), *beside)
    return {
        "requests": {"cpu": f"{left.cpu_millis}m", "memory": str(left.memory_bytes)},
        "limits": {"cpu": f"{left.cpu_limit_millis}m", "memory": str(left.memory_limit_bytes)},
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
