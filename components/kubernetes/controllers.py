"""What the cluster's controllers share: the same words in every chart's values, and their peers.

Charts name the same things in different places, but a pod's resources, its place and its image are
said alike. The pods of a chart are closed like the platform's own: whoever calls them is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from components.kubernetes import access, images
from components.kubernetes.access import METADATA, Blocks, Peer
from components.kubernetes.cluster import Cluster, Placement, selector
from components.kubernetes.pod import HOST, ZONE
from sizing.plans import HelperPlan, ServicePlan

HTTPS = 443
SYSTEM = "system"
# The autoscaler makes room for all others, so it goes first where a node is full.
FIRST = "system-cluster-critical"
# Where the API may answer: its cluster address until it is translated, a private one afterwards.
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
# One at a time may go; a single one as well, or its node could never be emptied.
BUDGET: Mapping[str, int] = MappingProxyType({"maxUnavailable": 1})
# Definitions go with nobody: every object of theirs would go with them.
KEEP: Mapping[str, str] = MappingProxyType({"helm.sh/resource-policy": "keep"})
# What Pod Security's level "restricted" asks of a pod and of a container.
POD_SECURITY: Mapping[str, Any] = MappingProxyType(
    {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
)
CONTAINER_SECURITY: Mapping[str, Any] = MappingProxyType(
    {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
)


def pod_security(image: str) -> dict[str, Any]:
    """Return how the pods of an image run whose volumes are their user's own.

    Raises:
        KeyError: nobody knows as whom it runs.
    """
    runs_as = images.facts(image)
    return {
        **POD_SECURITY,
        "runAsUser": runs_as.uid,
        "runAsGroup": runs_as.gid,
        "fsGroup": runs_as.gid,
        "fsGroupChangePolicy": "OnRootMismatch",
    }


def resources(plan: ServicePlan | HelperPlan) -> dict[str, dict[str, str]]:
    """Return what a container asks for and may take, as Kubernetes writes it."""
    return {
        "requests": {
            "cpu": f"{plan.cpu_request_millis}m",
            "memory": str(plan.memory_request_bytes),
        },
        "limits": {"cpu": f"{plan.cpu_limit_millis}m", "memory": str(plan.memory_limit_bytes)},
    }


def placed(cluster: Cluster, plan: ServicePlan) -> dict[str, Any]:
    """Return `nodeSelector` and `tolerations` of a plan's pods.

    Raises:
        ValueError: no pool is meant for them.
    """
    place = cluster.placement(plan)
    return {"nodeSelector": dict(place.node_labels), "tolerations": tolerations(place)}


def tolerations(place: Placement) -> list[dict[str, str]]:
    """Return which taints pods of that place bear, as Kubernetes writes it."""
    return [
        {"key": key, "operator": "Equal", "value": value, "effect": effect}
        for key, value, effect in place.tolerations
    ]


def spread(pods: str) -> list[dict[str, Any]]:
    """Return what keeps replicas apart where there is a choice.

    It is never a must: a controller that waits for a zone cannot help to bring one back.

    Args:
        pods: their name label.
    """
    return [
        {
            "topologyKey": key,
            "maxSkew": 1,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector(pods)},
            "matchLabelKeys": ["pod-template-hash"],
        }
        for key in (ZONE, HOST)
    ]


def image(name: str, cluster: Cluster) -> dict[str, str]:
    """Return `repository` and `tag` of an image, the tag with its digest where that is known.

    Raises:
        KeyError: no image of `sizing.versions.IMAGES` has that name.
        ValueError: the cluster's registry is neither of ECR nor of Artifact Registry.
    """
    found = images.parts(name, cluster.registry)
    return {"repository": found.repository, "tag": _tag(found.tag, found.digest)}


def image_by_host(name: str, cluster: Cluster) -> dict[str, str]:
    """Return `registry`, `repository` and `tag`: likewise, for charts that part the host from it.

    Raises:
        KeyError: no image of `sizing.versions.IMAGES` has that name.
        ValueError: the cluster's registry is neither of ECR nor of Artifact Registry.
    """
    found = images.parts(name, cluster.registry)
    return {
        "registry": found.host,
        "repository": found.path,
        "tag": _tag(found.tag, found.digest),
    }


def _tag(tag: str, digest: str) -> str:
    return f"{tag}@{digest}" if digest else tag


def api() -> Blocks:
    """Return the Kubernetes API as pods reach it."""
    return Blocks(blocks=PRIVATE, ports=(HTTPS,))


def api_calls(cluster: Cluster, port: int) -> Blocks:
    """Return the API server as it calls a webhook: from addresses in the network, not from pods."""
    return Blocks(blocks=cluster.addresses, ports=(port,))


def cloud(cluster: Cluster) -> tuple[Peer, ...]:
    """Return the cloud's own API, wherever it answers, and what hands out credentials for it."""
    anywhere = Blocks(blocks=("0.0.0.0/0",), excluded=(METADATA,), ports=(HTTPS,))
    return (anywhere, *access.credentials(cluster))
