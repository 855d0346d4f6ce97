"""What the workloads stand on, in the same words on every cloud.

A cloud's own module fills it in; nothing below this package asks which cloud it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from sizing.plans import NodePoolPlan, ServicePlan

PART_OF = "aigw"
NAME_LABEL = "app.kubernetes.io/name"
ROLE_LABEL = "aigw.io/namespace-role"
# EKS spells effects otherwise (cloud rule 33)
_EFFECTS = {
    "NO_SCHEDULE": "NoSchedule",
    "NO_EXECUTE": "NoExecute",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What lets a service account act outside the cluster.

    Attributes:
        annotations: of the service account; none where the cloud binds it by name.
        ready: what must exist before a pod starts: one that is older never gets its credentials.
        role: what the cloud calls it, for stores that keep a list of their own; "" for nothing.
    """

    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    ready: Sequence[pulumi.Resource] = ()
    role: pulumi.Input[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where pods may run, in Kubernetes' words; tolerations by key, value and effect."""

    node_labels: tuple[tuple[str, str], ...]
    tolerations: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One cluster as its workloads see it.

    Attributes:
        environment: whose workloads these are.
        namespaces: names by role (see `NamespacePlan.role`).
        pools: node pools, by whose labels and taints pods are placed.
        registry: where images come from instead of their own registries, "" for those.
        storage_class: of zonal, encrypted volumes that go with their claim.
        secret_store: name of the `ClusterSecretStore` that reads the cloud's secrets.
        identities: by "<namespace>/<service account>".
        gateway_api: who owns the CRDs of the Gateway API: the cloud, or nobody where nothing
            here needs them. It is never this package, so no cluster gets them twice.
        credentials_address: where pods fetch their cloud credentials, as a block, "" for nowhere.
        addresses: blocks of the network, in which stores and load balancers answer.
        api: the Kubernetes API as pods reach it, its port.
        ready: what must exist before the first workload.
        protect: volumes outlive their workloads.
    """

    environment: str
    namespaces: Mapping[str, str]
    pools: tuple[NodePoolPlan, ...]
    registry: str
    storage_class: str
    secret_store: str
    identities: Mapping[str, Identity]
    gateway_api: Literal["cloud", "nobody"]
    credentials_address: str
    addresses: tuple[str, ...]
    ready: Sequence[pulumi.Resource]
    protect: bool

    def identity(self, namespace: str, account: str) -> Identity:
        """Return what a service account may do; nothing where nobody has bound it."""
        return self.identities.get(f"{namespace}/{account}", Identity())

    def host(self, service: str, role: str) -> str:
        """Return the name that a service of a namespace's role has in the whole cluster."""
        return f"{service}.{self.namespaces[role]}.svc.cluster.local"

    def placement(self, plan: ServicePlan) -> Placement:
        """Return where a service's pods may run: its own pool, or all of its role.

        Raises:
            ValueError: no pool is meant for it; its pods would wait for ever.
        """
        return self.placement_on(plan.pool_role, plan.pool)

    def placement_on(self, role: str, name: str = "") -> Placement:
        """Return where pods of a pool role may run; of one pool where it is named.

        Raises:
            ValueError: there is no such pool.
        """
        own = [p for p in self.pools if p.role == role and name in ("", p.name)]
        if not own:
            known = ", ".join(sorted(f"{p.role} ({p.name})" for p in self.pools))
            raise ValueError(f"no pool {name or role!r}; there are {known}")
        shared = set(own[0].labels).intersection(*(pool.labels for pool in own))
        marks = {
            (taint.key, taint.value, _EFFECTS[taint.effect])
            for pool in own
            for taint in pool.taints
        }
        return Placement(node_labels=tuple(sorted(shared)), tolerations=tuple(sorted(marks)))


def labels(name: str) -> dict[str, str]:
    """Return what every object of a workload carries; the first one is what selects its pods."""
    return {
        NAME_LABEL: name,
        "app.kubernetes.io/part-of": PART_OF,
        "app.kubernetes.io/managed-by": "pulumi",
    }


def selector(name: str) -> dict[str, str]:
    """Return what selects a workload's pods; it can never change."""
    return {NAME_LABEL: name}
