"""A namespace that is closed until something opens it: Pod Security, quota, no traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes import core, meta, networking

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes.cluster import ROLE_LABEL, labels
from components.sequel import Sequel
from sizing.plans.workloads import NamespacePlan

_ENFORCED = "pod-security.kubernetes.io"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceArgs:
    """What a namespace needs.

    Attributes:
        ready: what must outlive everything in it: storage drivers, controllers of its objects.
        labels: what a controller is told by.
    """

    plan: NamespacePlan
    ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str] = field(default_factory=dict)


class Namespace(PlatformComponent):
    """A namespace with its level of Pod Security, its quota and its refusal of all traffic.

    Deleting it deletes whatever is in it; a change of name replaces it.
    """

    ready: Sequence[pulumi.Resource]
    """What everything in it waits for: its quota, limits and policy, of which the last suffices."""

    def __init__(
        self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Namespace", name, args.plan, opts)
        plan = args.plan
        made = core.v1.Namespace(
            f"{name}-namespace",
            metadata=meta.v1.ObjectMetaArgs(
                name=plan.name,
                labels={**_labels(plan), **args.labels},
                annotations=_annotations(plan),
            ),
            opts=self.child_with(depends_on=[*args.ready]),
        )
        # one after the other: whatever lives here then depends on a single object (`Sequel`)
        turn = Sequel(self, [made])
        turn.add(self._quota(name, plan, turn.next))
        turn.add(self._limits(name, plan, turn.next))
        turn.add(self._closed(name, plan, turn.next))
        self.ready = turn.last
        self.register_outputs({})

    def _quota(
        self, name: str, plan: NamespacePlan, opts: pulumi.ResourceOptions
    ) -> core.v1.ResourceQuota:
        gpus = {"requests.nvidia.com/gpu": str(plan.gpus)}
        return core.v1.ResourceQuota(
            f"{name}-quota",
            metadata=meta.v1.ObjectMetaArgs(
                name="all", namespace=plan.name, labels=labels("quota")
            ),
            spec=core.v1.ResourceQuotaSpecArgs(
                hard={
                    "pods": str(plan.pods),
                    "requests.cpu": f"{plan.cpu_request_millis}m",
                    "limits.cpu": f"{plan.cpu_limit_millis}m",
                    "requests.memory": str(plan.memory_request_bytes),
                    "limits.memory": str(plan.memory_limit_bytes),
                    "persistentvolumeclaims": str(plan.volumes),
                    "requests.storage": f"{plan.volume_gib}Gi",
                    # both would open a way in or out that nobody planned
                    "services.loadbalancers": "0",
                    "services.nodeports": "0",
                    **gpus,
                }
            ),
            opts=opts,
        )

    def _limits(
        self, name: str, plan: NamespacePlan, opts: pulumi.ResourceOptions
    ) -> core.v1.LimitRange:
        default = {
            "cpu": f"{plan.default_cpu_millis}m",
            "memory": str(plan.default_memory_bytes),
        }
        return core.v1.LimitRange(
            f"{name}-limits",
            metadata=meta.v1.ObjectMetaArgs(
                name="all", namespace=plan.name, labels=labels("limits")
            ),
            spec=core.v1.LimitRangeSpecArgs(
                limits=[
                    core.v1.LimitRangeItemArgs(
                        type="Container",
                        default=default,
                        default_request=default,
                        max={
                            "cpu": f"{plan.largest_cpu_millis}m",
                            "memory": str(plan.largest_memory_bytes),
                        },
                    )
                ]
            ),
            opts=opts,
        )

    def _closed(
        self, name: str, plan: NamespacePlan, opts: pulumi.ResourceOptions
    ) -> networking.v1.NetworkPolicy:
        return networking.v1.NetworkPolicy(
            f"{name}-closed",
            metadata=meta.v1.ObjectMetaArgs(
                name="closed", namespace=plan.name, labels=labels("closed")
            ),
            spec=networking.v1.NetworkPolicySpecArgs(
                pod_selector=meta.v1.LabelSelectorArgs(),
                policy_types=["Ingress", "Egress"],
                ingress=[],
                # names alone: the nodes' credentials (169.254.169.254) are not among them
                egress=[access.names()],
            ),
            opts=opts,
        )


def _labels(plan: NamespacePlan) -> dict[str, str]:
    levels = {f"{_ENFORCED}/{mode}": plan.pod_security for mode in ("enforce", "audit", "warn")}
    return {**labels(plan.name), ROLE_LABEL: plan.role, **levels}


def _annotations(plan: NamespacePlan) -> dict[str, str] | None:
    return {"aigw.io/pod-security-reason": plan.reason} if plan.reason else None
