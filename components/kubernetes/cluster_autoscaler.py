"""The cluster autoscaler: moves EKS node groups between the minimum and maximum of their plans.

EKS tags the scaling group of every managed node group, and the autoscaler finds them by these
tags; minimum and maximum are the group's own. What it cannot see of a group without nodes stands
in further tags (`components.aws.node_pools`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster
from components.kubernetes.helm import release
from components.kubernetes.images import facts
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "cluster-autoscaler"
PODS = "cluster-autoscaler"
METRICS_PORT = 8085
# What EKS puts on the scaling groups of its node groups; the chart fills the name in.
TAGS = (
    "k8s.io/cluster-autoscaler/enabled",
    "k8s.io/cluster-autoscaler/{{ .Values.autoDiscovery.clusterName }}",
)
# As text: the chart writes them into the command line as they stand. Durations and thresholds are
# the program's own defaults of 1.35, written out so that another version cannot change them.
FLAGS: Mapping[str, str] = MappingProxyType(
    {
        # one group a zone: replicas that are spread over zones need nodes in each
        "balance-similar-node-groups": "true",
        # how many nodes each group is to have, which the alert of a full pool asks for
        "emit-per-nodegroup-metrics": "true",
        "expander": "least-waste",
        # scratch folders are local storage, and nothing of worth is in them
        "skip-nodes-with-local-storage": "false",
        # DNS, metrics and drivers have replicas and budgets: they may be moved
        "skip-nodes-with-system-pods": "false",
        # an engine on a GPU leaves the CPUs beside it idle: its share of GPUs is what counts
        "scale-down-gpu-utilization-threshold": "0.5",
        "scale-down-utilization-threshold": "0.5",
        "scale-down-unneeded-time": "10m",
        "scale-down-delay-after-add": "10m",
        # a group that gets no machine by then is given up for another one
        "max-node-provision-time": "15m",
        # at most; a pod's own period holds where it is shorter, and none is as long
        "max-graceful-termination-sec": "3600",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAutoscalerArgs:
    """What the autoscaler needs; how many of its pods and how large stands in `plan`.

    Attributes:
        cluster_name: of the EKS cluster, part of the tags that it looks for.
        namespace: where it lives, which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor, which it makes.
    """

    plan: ServicePlan
    cluster: Cluster
    cluster_name: str
    region: str
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class ClusterAutoscaler(PlatformComponent):
    """The autoscaler of EKS node groups; one replica leads, the others wait.

    Its image is of the cluster's own minor version: it schedules as that version's scheduler does.
    """

    ready: Sequence[pulumi.Resource]
    """What waits for nodes to come by themselves."""

    def __init__(
        self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:ClusterAutoscaler", name, args.plan, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        access.closed(
            turn,
            f"{name}-peers",
            PODS,
            args.namespace,
            called_by=[access.prometheus(args.cluster, METRICS_PORT)],
            calls=[shared.api(), *shared.cloud(args.cluster)],
        )
        identity = args.cluster.identity(args.plan.namespace, PODS)
        made = release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(args),
            after=[*turn.last, *identity.ready],
        )
        self.ready = [made]
        self.register_outputs({})


def values(args: ClusterAutoscalerArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    plan = args.plan
    annotations = dict(args.cluster.identity(plan.namespace, PODS).annotations)
    return {
        "nameOverride": PODS,  # the chart's own has the cloud's name before it
        "cloudProvider": "aws",
        "awsRegion": args.region,
        "autoDiscovery": {"clusterName": args.cluster_name, "tags": list(TAGS)},
        "extraArgs": dict(FLAGS),
        "image": shared.image("cluster-autoscaler", args.cluster),
        "replicaCount": plan.scale.planned,
        "resources": shared.resources(plan),
        **shared.placed(args.cluster, plan),
        "topologySpreadConstraints": shared.spread(PODS),
        "priorityClassName": shared.FIRST,
        "podDisruptionBudget": dict(shared.BUDGET),
        "securityContext": {
            **shared.POD_SECURITY,
            "runAsUser": facts("cluster-autoscaler").uid,
        },
        "containerSecurityContext": dict(shared.CONTAINER_SECURITY),
        "rbac": {"serviceAccount": {"create": True, "name": PODS, "annotations": annotations}},
        "serviceMonitor": {"enabled": True, "namespace": plan.namespace},
    }
