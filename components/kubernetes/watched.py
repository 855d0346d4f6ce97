"""Who lets Prometheus look for targets in a namespace: whoever makes the namespace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, rbac

from components.base import PlatformComponent
from components.kubernetes.access import PROMETHEUS
from components.kubernetes.cluster import labels
from components.sequel import Sequel

_LOOK = ("get", "list", "watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPlan:
    """Namespaces that are looked into, and the one of the Prometheus that looks."""

    namespaces: tuple[str, ...]
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedArgs:
    """What a Prometheus of somebody else needs to find targets.

    Attributes:
        namespaces: names by role.
        home: namespace of the Prometheus.
        after: the namespaces.
    """

    namespaces: Mapping[str, str]
    home: str
    after: Sequence[pulumi.Resource]


class Watched(PlatformComponent):
    """Rights by which a host's Prometheus finds the targets of a guest, and nothing else of it."""

    def __init__(
        self, name: str, args: WatchedArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        shown = WatchedPlan(namespaces=tuple(sorted(args.namespaces.values())), home=args.home)
        super().__init__("aigw:kubernetes:Watched", name, shown, opts)
        turn = Sequel(self, args.after)
        for role, namespace in sorted(args.namespaces.items()):
            let_look(turn, f"{name}-{role}", namespace, args.home)
        self.register_outputs({})


def let_look(turn: Sequel, name: str, namespace: str, home: pulumi.Input[str]) -> None:
    """Let Prometheus look for targets in one namespace, and see nothing else there.

    Args:
        turn: of the component that the rights belong to.
        name: begins the names of the resources.
        namespace: where it may look.
        home: its own namespace.
    """
    metadata = meta.v1.ObjectMetaArgs(
        name=PROMETHEUS, namespace=namespace, labels=labels(PROMETHEUS)
    )
    turn.add(
        rbac.v1.Role(
            f"{name}-role",
            metadata=metadata,
            rules=[
                rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["pods", "services"], verbs=[*_LOOK]
                ),
                rbac.v1.PolicyRuleArgs(
                    api_groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=[*_LOOK]
                ),
            ],
            opts=turn.next,
        )
    )
    turn.add(
        rbac.v1.RoleBinding(
            f"{name}-binding",
            metadata=metadata,
            role_ref=rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="Role", name=PROMETHEUS
            ),
            subjects=[rbac.v1.SubjectArgs(kind="ServiceAccount", name=PROMETHEUS, namespace=home)],
            opts=turn.next,
        )
    )
