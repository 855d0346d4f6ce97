"""All stacks side by side: what one takes, no other has, and a guest's own is never its host's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest
import yaml

from components.kubernetes.database_secrets import needs
from components.naming import PROJECT
from preview.offline import Resource
from sizing.plans import PlatformPlan
from stacks.config import load_all, stack_files
from stacks.decision import decide
from tests.stacks.manifests import STACKS, rendered

CONFIGS = load_all()
GUEST, HOST = "dev-medium", "staging-medium"


@cache
def planned(stack: str) -> PlatformPlan:
    return decide(CONFIGS[stack]).plan


def made(stack: str, token: str) -> Iterator[Resource]:
    """Return the resources of a type that a stack makes."""
    return (one for one in rendered(stack).recording.resources if one.type == token)


def server(stack: str) -> str:
    """Return whose database server a stack uses."""
    return CONFIGS[stack].shares or stack


def databases(stack: str) -> set[tuple[str, str]]:
    """Return the databases of a stack, each with its server."""
    return {(server(stack), name) for name in planned(stack).postgres.databases}


def roles(stack: str) -> set[tuple[str, str]]:
    """Return the roles of a stack, each with its server."""
    plan = planned(stack)
    return {
        (server(stack), role)
        for need in needs(plan.postgres.databases, plan.pooler.prefix)
        for role in (need.owner, need.application, need.migrator, *need.logins)
    }


def buckets(stack: str) -> set[tuple[str, str]]:
    """Return what begins the names of a stack's buckets, each with its account."""
    account = CONFIGS[stack].owner
    return {
        (account, str(one.inputs["bucketPrefix"])) for one in made(stack, "aws:s3/bucket:Bucket")
    }


def aliases(stack: str) -> set[tuple[str, str]]:
    """Return the names of a stack's keys, each with its account."""
    account = CONFIGS[stack].owner
    return {(account, str(one.inputs["name"])) for one in made(stack, "aws:kms/alias:Alias")}


def namespaces(stack: str) -> set[tuple[str, str]]:
    """Return the namespaces that a stack makes, each with its cluster."""
    return {(server(stack), one.name) for one in planned(stack).namespaces}


def state(stack: str) -> set[tuple[str, str]]:
    """Return where the engine keeps a stack's state, below one bucket for all."""
    return {("state", f"stacks/{PROJECT}/{stack}.json")}


TAKEN = {
    "buckets": buckets,
    "databases": databases,
    "keys": aliases,
    "namespaces": namespaces,
    "roles": roles,
    "state": state,
}


@pytest.mark.parametrize("what", TAKEN)
def test_no_two_stacks_take_the_same(what: str) -> None:
    taken = {stack: TAKEN[what](stack) for stack in STACKS}
    assert all(taken.values())
    for one, other in combinations(STACKS, 2):
        assert taken[one].isdisjoint(taken[other]), f"{one} and {other}: {what}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_has_databases_of_its_own_for_permissions_users_and_collections(stack: str) -> None:
    prefix = planned(stack).pooler.prefix
    assert {f"{prefix}{name}" for name in ("permissions", "users", "collections")} <= {
        name for _, name in databases(stack)
    }
    assert bool(prefix) == bool(CONFIGS[stack].shares)


def test_the_state_of_every_stack_is_one_projects() -> None:
    project = yaml.safe_load((stack_files()[HOST].parents[1] / "Pulumi.yaml").read_text())
    assert project["name"] == PROJECT


def test_a_guest_makes_no_network_cluster_or_server() -> None:
    of_host = {one.type for one in rendered(HOST).recording.resources}
    shared = {
        "aws:ec2/vpc:Vpc",
        "aws:eks/cluster:Cluster",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:opensearch/domain:Domain",
        "aws:rds/instance:Instance",
    }
    assert shared <= of_host
    assert not shared & {one.type for one in rendered(GUEST).recording.resources}


def test_a_guests_store_is_read_by_a_role_of_its_own_for_its_own_namespaces() -> None:
    (store,) = rendered(GUEST).of("ClusterSecretStore")
    (hosts,) = rendered(HOST).of("ClusterSecretStore")
    assert store["metadata"]["name"] != hosts["metadata"]["name"]
    assert "role" in store["spec"]["provider"]["aws"]
    (own,), (theirs,) = store["spec"]["conditions"], hosts["spec"]["conditions"]
    assert own["namespaces"] == ["dev-data", "dev-gateway"]
    assert set(own["namespaces"]).isdisjoint(theirs["namespaces"])
    for one in rendered(GUEST).of("ExternalSecret"):
        assert one["spec"]["secretStoreRef"]["name"] == store["metadata"]["name"]


def test_a_guest_never_reads_the_masters_password() -> None:
    (job,) = (one for one in rendered(GUEST).of("Job") if "setup" in str(one["metadata"]))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    said = {one["name"]: one.get("value") for one in container["env"]}
    assert said["PGUSER"] == "dev_guest"


def test_all_that_a_guest_writes_among_its_hosts_is_the_way_to_the_engines() -> None:
    own = {one.name for one in planned(GUEST).namespaces}
    cluster_wide = {"ClusterSecretStore", "Namespace"}
    outside = [
        one
        for one in rendered(GUEST).objects
        if one["kind"] not in cluster_wide and one["metadata"]["namespace"] not in own
    ]
    assert [(one["kind"], one["metadata"]["namespace"]) for one in outside] == [
        ("NetworkPolicy", "staging-serving")
    ]
    (policy,) = outside
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    (rule,) = policy["spec"]["ingress"]
    (peer,) = rule["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {
        "kubernetes.io/metadata.name": "dev-gateway"
    }
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "litellm"}
