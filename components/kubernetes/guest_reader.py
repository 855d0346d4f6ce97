"""Whom a host's operator of secrets becomes to read a guest's, where pods have identities alone.

The operator asks the cluster for a token of a service account of the guest's, and shows it to the
cloud: it sees what that account may read, and the guest's store nothing of the host's. No pod runs
as it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta, rbac

from components.base import PlatformComponent
from components.kubernetes.cluster import labels
from components.kubernetes.external_secrets import OPERATOR
from components.sequel import Sequel

READER = "secret-reader"
"""The service account, in a namespace of the guest's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestReaderPlan:
    """Where the account lives, and where the operator does that becomes it."""

    namespace: str
    operators: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestReaderArgs:
    """What the account needs.

    Attributes:
        namespace: of the guest's.
        operators: namespace of the host's operator of secrets.
        after: the guest's namespace.
    """

    namespace: str
    operators: str
    after: Sequence[pulumi.Resource]


class GuestReader(PlatformComponent):
    """A service account without a pod, and the right of the operator to tokens of it alone."""

    ready: Sequence[pulumi.Resource]
    """What a store that is read as it waits for."""

    def __init__(
        self, name: str, args: GuestReaderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        shown = GuestReaderPlan(namespace=args.namespace, operators=args.operators)
        super().__init__("aigw:kubernetes:GuestReader", name, shown, opts)
        turn = Sequel(self, args.after)
        metadata = meta.v1.ObjectMetaArgs(
            name=READER, namespace=args.namespace, labels=labels(READER)
        )
        turn.add(
            core.v1.ServiceAccount(
                f"{name}-account",
                metadata=metadata,
                automount_service_account_token=False,
                opts=turn.next,
            )
        )
        turn.add(
            rbac.v1.Role(
                f"{name}-role",
                metadata=metadata,
                rules=[
                    rbac.v1.PolicyRuleArgs(
                        api_groups=[""],
                        resources=["serviceaccounts/token"],
                        resource_names=[READER],
                        verbs=["create"],
                    )
                ],
                opts=turn.next,
            )
        )
        turn.add(
            rbac.v1.RoleBinding(
                f"{name}-binding",
                metadata=metadata,
                role_ref=rbac.v1.RoleRefArgs(
                    api_group="rbac.authorization.k8s.io", kind="Role", name=READER
                ),
                subjects=[
                    rbac.v1.SubjectArgs(
                        kind="ServiceAccount", name=OPERATOR, namespace=args.operators
                    )
                ],
                opts=turn.next,
            )
        )
        self.ready = turn.last
        self.register_outputs({})
