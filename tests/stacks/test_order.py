"""What stands on what: so it comes up in order, and goes down in the opposite one."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from preview.offline import UNKNOWN, Resource
from preview.offline.runner import needed
from tests.stacks.manifests import (
    HOSTS,
    RELEASE,
    STACKS,
    WORKLOADS,
    Rendered,
    rendered,
)

each_stack = pytest.mark.parametrize("stack", STACKS)
# The release without which the objects of a kind are never let go.
CONTROLLERS = {
    "ExternalSecret": "external-secrets",
    "ClusterSecretStore": "external-secrets",
    "ScaledObject": "keda",
    "TargetGroupBinding": "aws-load-balancer-controller",
    "Prometheus": "kube-prometheus-stack",
    "ServiceMonitor": "prometheus-operator-crds",
}
CLUSTERS = ("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster")
# What pods cannot start without; the add-ons of GKE come with its control plane.
BELOW_PODS = (
    *("aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"),
    "gcp:container/nodePool:NodePool",
)
POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
# Where a deletion fails, the engine walks each way from it once: a second for millions, hours for
# billions.
MOST_WAYS = 5_000_000


class Order:
    """The resources of a stack, and what each of them stands on."""

    def __init__(self, made: Rendered) -> None:
        self.by_urn = {one.urn: one for one in made.recording.resources}
        self.below: Mapping[str, frozenset[str]] = {}
        found: dict[str, frozenset[str]] = {}
        for urn, one in self.by_urn.items():  # nothing stands before what it needs
            direct = needed(one) & self.by_urn.keys()
            found[urn] = frozenset(direct).union(*(found[under] for under in direct))
        self.below = found

    def of_kind(self, *kinds: str) -> list[Resource]:
        """Return the objects of some kinds."""
        return [one for one in self.by_urn.values() if one.inputs.get("kind") in kinds]

    def has(self, namespace: str) -> bool:
        """Say whether a namespace is the stack's, and not its host's."""
        metadata = (one.inputs["metadata"] for one in self.of_kind("Namespace"))
        return any(isinstance(one, dict) and one["name"] == namespace for one in metadata)

    def stands_on(self, one: Resource) -> list[Resource]:
        """Return everything that a resource needs, whatever lies between."""
        return [self.by_urn[urn] for urn in self.below[one.urn]]


def order(stack: str) -> Order:
    return order_of(rendered(stack))


@functools.cache
def order_of(made: Rendered) -> Order:
    return Order(made)


@each_stack
def test_objects_go_before_the_controllers_that_let_them_go(stack: str) -> None:
    found = order(stack)
    for kind, chart in CONTROLLERS.items():
        # a guest's controllers are its host's, and were there before
        for one in found.of_kind(kind) if stack not in HOSTS else ():
            under = {str(r.inputs.get("name")) for r in found.stands_on(one) if r.type == RELEASE}
            assert chart in under, f"{kind} {one.name} does not wait for {chart}"


@each_stack
def test_every_object_of_a_namespace_comes_after_its_quota_limits_and_policy(stack: str) -> None:
    found = order(stack)
    guards = {"ResourceQuota": "all", "LimitRange": "all", "NetworkPolicy": "closed"}
    for one in found.by_urn.values():
        metadata = one.inputs.get("metadata")
        where = metadata.get("namespace") if isinstance(metadata, dict) else None
        if where is None and one.type == RELEASE:
            where = one.inputs["namespace"]
        if where is None or "Namespace$" in one.urn or not found.has(str(where)):
            continue
        under = {
            (str(r.inputs["kind"]), str(meta.get("name")))
            for r in found.stands_on(one)
            if isinstance(meta := r.inputs.get("metadata"), dict) and meta.get("namespace") == where
        }
        assert guards.items() <= under, f"{one.type} {one.name} does not wait for {where}"


@each_stack
def test_pods_come_after_nodes_add_ons_and_whatever_gives_them_their_rights(stack: str) -> None:
    found = order(stack)
    below = {r.urn for r in found.by_urn.values() if r.type in BELOW_PODS}
    # a guest's nodes are its host's, and were there before
    assert bool(below) is any(r.type in CLUSTERS for r in found.by_urn.values())
    rightful: set[str] = set()
    for one in found.of_kind(*WORKLOADS):
        under, account = found.below[one.urn], _account(one)
        assert below <= under, one.name
        rights = {urn: r.name for urn, r in found.by_urn.items() if _gives(r, *account)}
        late = [name for urn, name in rights.items() if urn not in under]
        assert late == [], f"{one.name} does not wait for its rights"
        rightful |= rights.keys()
    assert rightful, "no pod of the stack has a right of its own"


def _gives(one: Resource, namespace: str, account: str) -> bool:
    """Say whether a resource gives a right to the pods of a service account."""
    if one.type == POD_IDENTITY:
        return (one.inputs["namespace"], one.inputs["serviceAccount"]) == (namespace, account)
    member = str(one.inputs.get("member", ""))  # of a project, a bucket, a secret or a key
    if member == UNKNOWN:  # a guest's: their pool is its host's
        return one.name.startswith(f"workloads-{account}-")
    return member.endswith(f"/subject/ns/{namespace}/sa/{account}")


def _account(workload: Resource) -> tuple[str, str]:
    """Return namespace and service account of a workload's pods."""
    metadata, spec = workload.inputs["metadata"], workload.inputs["spec"]
    assert isinstance(metadata, dict)
    assert isinstance(spec, dict)
    inner = spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec  # type: ignore[index, call-overload]
    return str(metadata["namespace"]), str(inner["template"]["spec"]["serviceAccountName"])  # type: ignore[index, call-overload]


@each_stack
def test_the_proxy_comes_after_its_migrations_and_they_after_the_databases(stack: str) -> None:
    found = order(stack)
    names = {one.name: one for one in found.by_urn.values()}
    under = {one.name for one in found.stands_on(names["litellm-deployment"])}
    assert {"litellm-migrations-job", "pgbouncer-service-deployment"} <= under
    under = {one.name for one in found.stands_on(names["litellm-migrations-job"])}
    assert "database-setup-run-job" in under


@each_stack
def test_bindings_go_before_the_listener_and_the_rules_into_the_pods(stack: str) -> None:
    found = order(stack)
    for one in found.of_kind("TargetGroupBinding"):
        under = {r.type.rpartition(":")[2] for r in found.stands_on(one)}
        assert {"ListenerRule", "SecurityGroupIngressRule", "TargetGroup"} <= under


@each_stack
def test_few_ways_lead_through_the_dependencies(stack: str) -> None:
    found = order(stack)
    ways: dict[str, int] = {}
    for urn, one in found.by_urn.items():
        through = [*one.dependencies]
        through += [under for many in one.property_dependencies.values() for under in many]
        through.append(one.provider.rpartition("::")[0])
        ways[urn] = 1 + sum(ways[under] for under in through if under in ways)
    longest = max(ways, key=lambda urn: ways[urn])
    assert ways[longest] < MOST_WAYS, found.by_urn[longest].name
