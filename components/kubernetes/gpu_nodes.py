"""What makes GPUs of a node usable and visible: NVIDIA's device plugin and its exporter.

Both are NVIDIA's own charts and run on GPU nodes alone. They need the node's files as root, which
is why they live in a namespace of their own that allows it. Some clouds offer GPUs to pods by a
plugin of their own; what GPUs measure is the exporter's to tell on every cloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster, Placement, labels
from components.kubernetes.helm import release
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.sequel import Sequel
from sizing.plans.workloads import HelperPlan

PLUGIN = "nvidia-device-plugin"
EXPORTER = "dcgm-exporter"
EXPORTER_PORT = 9400
POOL_ROLE = "gpu"
# As which both charts run; no other pod may push them off a node that is full.
PRIORITY = "system-node-critical"
# Where NVIDIA's images expect what a node has of the driver, and the library that answers for it.
_DRIVER = "/usr/local/nvidia"
_LIBRARIES, _MANAGEMENT = "lib64", "libnvidia-ml.so.1"
# There as soon as the driver is loaded.
_CONTROL = "/dev/nvidiactl"
_AWAITED = "/run/awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedGpus:
    """GPU nodes that their cloud looks after: what an exporter that has no GPU needs on them.

    No runtime hands drivers and devices to a pod that asks for no GPU: they are the node's files.

    Attributes:
        driver: the node's folder of the driver.
        named: how the cloud's plugin names GPUs to the kubelet, in the exporter's words; by another
            name none would be found to belong to a pod.
        by_quota: pods of the system's priorities come into a namespace only with a quota for them.
    """

    driver: str
    named: str
    by_quota: bool


# Sources: Google, "NVIDIA Data Center GPU Manager (DCGM)" (managed-prometheus/exporters); the quota
# by NVIDIA, "NVIDIA GPU Operator with Google GKE". Read 2026-11-22.
GKE = ManagedGpus(driver="/home/kubernetes/bin/nvidia", named="device-name", by_quota=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuNodesArgs:
    """What the agents of GPU nodes need.

    Attributes:
        plugin: size of the device plugin on one node, None where the cloud has its own.
        exporter: size of the exporter on one node.
        managed: how nodes are that their cloud looks after, None where nobody does.
        namespace: the one of level "privileged", which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor.
    """

    plugin: HelperPlan | None
    exporter: HelperPlan
    managed: ManagedGpus | None = None
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class GpuNodes(PlatformComponent):
    """The device plugin, which offers `nvidia.com/gpu`, and the exporter of what GPUs measure.

    Without the plugin no engine is ever placed; running engines do not notice that it goes.
    """

    ready: Sequence[pulumi.Resource]
    """What engines wait for; nothing where the cloud has its own plugin."""

    def __init__(
        self, name: str, args: GpuNodesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        sized = tuple(one for one in (args.plugin, args.exporter) if one is not None)
        super().__init__("aigw:kubernetes:GpuNodes", name, sized, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        if args.plugin is not None:
            # it speaks to its kubelet by a socket, and to nobody by network
            access.closed(
                turn, f"{name}-plugin-peers", PLUGIN, args.namespace, called_by=(), calls=()
            )
        access.closed(
            turn,
            f"{name}-exporter-peers",
            EXPORTER,
            args.namespace,
            called_by=[access.prometheus(args.cluster, EXPORTER_PORT)],
            calls=(),
        )
        if args.managed is not None and args.managed.by_quota:
            turn.add(_critical(name, args, turn.next))
        self.ready = ()
        if args.plugin is not None:
            values = plugin_values(args, args.plugin)
            self.ready = (
                release(self, f"{name}-plugin", PLUGIN, args.namespace, values, after=turn.last),
            )
        release(
            self,
            f"{name}-exporter",
            EXPORTER,
            args.namespace,
            exporter_values(args),
            after=turn.last,
        )
        self.register_outputs({})


def plugin_values(args: GpuNodesArgs, plugin: HelperPlan) -> dict[str, Any]:
    """Return what differs from the device plugin's own values.

    Args:
        args: the surroundings.
        plugin: its size.

    Raises:
        ValueError: the cluster has no GPU pool.
    """
    place = args.cluster.placement_on(POOL_ROLE)
    return {
        "image": shared.image(PLUGIN, args.cluster),
        "resources": shared.resources(plugin),
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
        **(_as_root() if args.managed is None else _by_the_nodes_files(args.managed)),
        # a metric is about the pod that has the GPU, and not about the one that looks at it
        "serviceMonitor": {
            "enabled": True,
            "interval": f"{SCRAPE_SECONDS}s",
            "honorLabels": True,
        },
    }


def _as_root() -> dict[str, Any]:
    """Return how it runs where the container runtime hands it every GPU of its node."""
    # root, or the kubelet does not tell which pod has which GPU; SYS_ADMIN is for profiling
    # counters alone, which nothing here reads
    return {
        "securityContext": {
            "runAsNonRoot": False,
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "capabilities": {"add": [], "drop": ["ALL"]},
        }
    }


def _by_the_nodes_files(nodes: ManagedGpus) -> dict[str, Any]:
    """Return how it runs where nobody hands it a GPU: privileged, or it opens no device.

    It would start before a new node has its driver, and then tell nothing for ever (dcgm-exporter,
    issue 523). The kubelet waits for files that a pod says must be there: for the driver's library,
    and for the device that is there once the driver is loaded.
    """
    library = f"{_LIBRARIES}/{_MANAGEMENT}"
    mounts = (
        ("driver", nodes.driver, "Directory", _DRIVER),
        ("library", f"{nodes.driver}/{library}", "File", f"{_AWAITED}/library"),
        ("device", _CONTROL, "CharDevice", f"{_AWAITED}/device"),
    )
    environment = {
        "DCGM_EXPORTER_KUBERNETES_GPU_ID_TYPE": nodes.named,
        "LD_LIBRARY_PATH": f"{_DRIVER}/{_LIBRARIES}",
    }
    return {
        "securityContext": {
            "runAsNonRoot": False,
            "runAsUser": 0,
            "privileged": True,
            # the chart's own say the opposite, which the API refuses beside it
            "allowPrivilegeEscalation": True,
            "capabilities": {"add": [], "drop": []},
        },
        "extraEnv": [{"name": key, "value": environment[key]} for key in sorted(environment)],
        # the chart's volumes of whatever kind; its volumes of hosts cannot say what must be there
        "extraConfigMapVolumes": [
            {"name": name, "hostPath": {"path": path, "type": kind}}
            for name, path, kind, _ in mounts
        ],
        "extraVolumeMounts": [
            {"name": name, "mountPath": at, "readOnly": True} for name, _, _, at in mounts
        ],
    }


def _critical(name: str, args: GpuNodesArgs, opts: pulumi.ResourceOptions) -> core.v1.ResourceQuota:
    return core.v1.ResourceQuota(
        f"{name}-critical",
        metadata=meta.v1.ObjectMetaArgs(
            name="critical", namespace=args.namespace, labels=labels("critical")
        ),
        spec=core.v1.ResourceQuotaSpecArgs(
            hard={"pods": str(args.exporter.pods)},
            scope_selector=core.v1.ScopeSelectorArgs(
                match_expressions=[
                    core.v1.ScopedResourceSelectorRequirementArgs(
                        scope_name="PriorityClass", operator="In", values=[PRIORITY]
                    )
                ]
            ),
        ),
        opts=opts,
    )


def _affinity(place: Placement) -> dict[str, Any]:
    terms = [{"key": key, "operator": "In", "values": [value]} for key, value in place.node_labels]
    return {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [{"matchExpressions": terms}]
            }
        }
    }
