"""What makes GPUs of a node usable and visible: NVIDIA's device plugin and its exporter.

Both are NVIDIA's own charts and run on GPU nodes alone. They need the node's files as root, which
is why they live in a namespace of their own that allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster, Placement
from components.kubernetes.helm import release
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.sequel import Sequel
from sizing.plans.workloads import HelperPlan

PLUGIN = "nvidia-device-plugin"
EXPORTER = "dcgm-exporter"
EXPORTER_PORT = 9400
POOL_ROLE = "gpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuNodesArgs:
    """What the agents of GPU nodes need.

    Attributes:
        plugin: size of the device plugin on one node; `exporter` likewise.
        namespace: the one of level "privileged", which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor.
    """

    plugin: HelperPlan
    exporter: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class GpuNodes(PlatformComponent):
    """The device plugin, which offers `nvidia.com/gpu`, and the exporter of what GPUs measure.

    Without the plugin no engine is ever placed; running engines do not notice that it goes.
    """

    ready: Sequence[pulumi.Resource]
    """What engines wait for."""

    def __init__(
        self, name: str, args: GpuNodesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:GpuNodes", name, (args.plugin, args.exporter), opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        # it speaks to its kubelet by a socket, and to nobody by network
        access.closed(turn, f"{name}-plugin-peers", PLUGIN, args.namespace, called_by=(), calls=())
        access.closed(
            turn,
            f"{name}-exporter-peers",
            EXPORTER,
            args.namespace,
            called_by=[access.prometheus(args.cluster, EXPORTER_PORT)],
            calls=(),
        )
        plugin = release(
            self, f"{name}-plugin", PLUGIN, args.namespace, plugin_values(args), after=turn.last
        )
        release(
            self,
            f"{name}-exporter",
            EXPORTER,
            args.namespace,
            exporter_values(args),
            after=turn.last,
        )
        self.ready = (plugin,)
        self.register_outputs({})


def plugin_values(args: GpuNodesArgs) -> dict[str, Any]:
    """Return what differs from the device plugin's own values.

    Raises:
        ValueError: the cluster has no GPU pool.
    """
    place = args.cluster.placement_on(POOL_ROLE)
    return {
        "image": shared.image(PLUGIN, args.cluster),
        "resources": shared.resources(args.plugin),
        "nodeSelector": dict(place.node_labels),
        "tolerations": shared.tolerations(place),
        # the chart asks for labels that only a discovery of node features would set
        "affinity": _affinity(place),
        # one that finds no GPU fails, and shows it; the other choice is to wait for ever
        "failOnInitError": True,
    }


def exporter_values(args: GpuNodesArgs) -> dict[str, Any]:
    """Return what differs from the exporter's own values.

    Raises:
        ValueError: the cluster has no GPU pool.
    """
    place = args.cluster.placement_on(POOL_ROLE)
    return {
        "image": shared.image(EXPORTER, args.cluster),
        "resources": shared.resources(args.exporter),
        "nodeSelector": dict(place.node_labels),
        "tolerations": shared.tolerations(place),
        # root, or the kubelet does not tell which pod has which GPU; SYS_ADMIN is for profiling
        # counters alone, which nothing here reads
        "securityContext": {
            "runAsNonRoot": False,
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "capabilities": {"add": [], "drop": ["ALL"]},
        },
        # a metric is about the pod that has the GPU, and not about the one that looks at it
        "serviceMonitor": {
            "enabled": True,
            "interval": f"{SCRAPE_SECONDS}s",
            "honorLabels": True,
        },
    }


def _affinity(place: Placement) -> dict[str, Any]:
    terms = [{"key": key, "operator": "In", "values": [value]} for key, value in place.node_labels]
    return {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [{"matchExpressions": terms}]
            }
        }
    }
