"""The AWS load balancer controller, which registers pods in target groups and does no more.

Load balancers, target groups, certificates and the rules between them are made by the program
itself, so that nothing is left behind when the cluster is gone. A TargetGroupBinding joins the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster, labels
from components.kubernetes.helm import release
from components.kubernetes.images import facts
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "aws-load-balancer-controller"
PODS = "aws-load-balancer-controller"
WEBHOOK_PORT = 9443
METRICS_PORT = 8080
# Everything else that the controller would do, under the names of its feature gates.
UNUSED = (
    "ALBGatewayAPI",
    "EnableServiceController",
    "GatewayListenerSet",
    "GlobalAcceleratorController",
    "NLBGatewayAPI",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerControllerArgs:
    """What the controller needs; how many of its pods and how large stands in `plan`.

    Attributes:
        cluster_name: of the EKS cluster.
        vpc_id: told, as pods may not ask the node for it; region likewise.
        namespace: where it lives, which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor, which it makes.
    """

    plan: ServicePlan
    cluster: Cluster
    cluster_name: str
    region: str
    vpc_id: pulumi.Input[str]
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class LoadBalancerController(PlatformComponent):
    """The controller with the definitions of its objects, of which one kind is used.

    It must outlive every binding: it takes the pods out of their target group, and only then lets
    the binding go. Helm installs the definitions once and never changes them (docs/operations.md).
    """

    ready: Sequence[pulumi.Resource]
    """What every TargetGroupBinding waits for."""

    def __init__(
        self,
        name: str,
        args: LoadBalancerControllerArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("aigw:kubernetes:LoadBalancerController", name, args.plan, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        access.closed(
            turn,
            f"{name}-peers",
            PODS,
            args.namespace,
            called_by=[
                shared.api_calls(args.cluster, WEBHOOK_PORT),
                access.prometheus(args.cluster, METRICS_PORT),
            ],
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
            crds=True,
        )
        self.ready = [made]
        self.register_outputs({})


def values(args: LoadBalancerControllerArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    plan, runs_as = args.plan, facts("aws-load-balancer-controller")
    annotations = dict(args.cluster.identity(plan.namespace, PODS).annotations)
    return {
        "clusterName": args.cluster_name,
        "region": args.region,
        "vpcId": args.vpc_id,
        "image": shared.image("aws-load-balancer-controller", args.cluster),
        "replicaCount": plan.scale.planned,
        "resources": shared.resources(plan),
        **shared.placed(args.cluster, plan),
        "topologySpreadConstraints": shared.spread(PODS),
        "priorityClassName": shared.FIRST,
        "podDisruptionBudget": dict(shared.BUDGET),
        "podSecurityContext": {
            **shared.POD_SECURITY,
            "runAsUser": runs_as.uid,
            "fsGroup": runs_as.gid,
        },
        "securityContext": {"runAsNonRoot": True, **shared.CONTAINER_SECURITY},
        "serviceAccount": {"create": True, "name": PODS, "annotations": annotations},
        "serviceMonitor": {"enabled": True},
        # the chart makes a certificate at each rendering: an upgrade keeps the one that is there,
        # or pods would serve the old one to an API server that trusts the new one
        "keepTLSSecret": True,
        # no Ingress and no Service of type LoadBalancer: neither may depend on this webhook
        "enableServiceMutatorWebhook": False,
        "createIngressClassResource": False,
        "webhookConfig": {"disableIngressValidation": True},
        # groups and firewalls are the program's own
        "enableBackendSecurityGroup": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "controllerConfig": {"featureGates": dict.fromkeys(UNUSED, False)},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Which pods a target group gets: those behind a port of a Service.

    Attributes:
        service: name of the Service, and of the binding.
        port: number or name of its port.
        target_group_arn: a group of target type "ip".
    """

    service: str
    port: int | str
    target_group_arn: pulumi.Input[str]


def target_group_binding(
    owner: PlatformComponent,
    name: str,
    binding: Binding,
    *,
    namespace: pulumi.Input[str],
    after: Sequence[pulumi.Resource],
) -> apiextensions.CustomResource:
    """Create the object that keeps a target group's members like a Service's pods.

    It leaves `networking` out: which ports the balancer may reach is ruled beside the balancer.
    Another target group replaces it, the old members leaving first.

    Args:
        owner: the component that it belongs to.
        name: of the resource, unique in the stack.
        binding: what is joined.
        namespace: of the Service.
        after: the controller, the Service, and the listener: a group without a balancer before
            it reports no health.
    """
    return apiextensions.CustomResource(
        name,
        api_version="elbv2.k8s.aws/v1beta1",
        kind="TargetGroupBinding",
        metadata=meta.v1.ObjectMetaArgs(
            name=binding.service, namespace=namespace, labels=labels(binding.service)
        ),
        spec={
            "serviceRef": {"name": binding.service, "port": binding.port},
            "targetGroupARN": binding.target_group_arn,
            "targetType": "ip",
            "ipAddressType": "ipv4",
        },
        opts=owner.child_with(depends_on=[*after], delete_before_replace=True),
    )
