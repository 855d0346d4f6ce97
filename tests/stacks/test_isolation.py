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
from sizing.words import Cloud
from stacks.config import load_all, stack_files
from stacks.decision import decide
from tests.stacks.manifests import STACKS, Manifest, place, rendered

CONFIGS = load_all()
PAIRS = {one: str(config.shares) for one, config in CONFIGS.items() if config.in_hosts_cluster}
each_pair = pytest.mark.parametrize(("guest", "host"), sorted(PAIRS.items()))


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
    """Return what begins the names of a stack's buckets, each with its account or project."""
    owner = CONFIGS[stack].owner
    # a bucket of Google's has a name at random; its labels say whose it is
    return {
        *((owner, str(one.inputs["bucketPrefix"])) for one in made(stack, "aws:s3/bucket:Bucket")),
        *((owner, labelled(one)) for one in made(stack, "gcp:storage/bucket:Bucket")),
    }


def labelled(one: Resource) -> str:
    """Return what a resource of Google's is for: its stack, and its own name there."""
    labels = one.inputs["labels"]
    assert isinstance(labels, dict)
    return f"{labels['stack']}-{one.urn.rpartition('::')[2]}"


def keys(stack: str) -> set[tuple[str, str]]:
    """Return what a stack's keys are called, each with its account or project."""
    owner = CONFIGS[stack].owner
    return {
        *((owner, str(one.inputs["name"])) for one in made(stack, "aws:kms/alias:Alias")),
        *((owner, labelled(one)) for one in made(stack, "gcp:kms/cryptoKey:CryptoKey")),
    }


def namespaces(stack: str) -> set[tuple[str, str]]:
    """Return the namespaces that a stack makes, each with its cluster."""
    return {(server(stack), one.name) for one in planned(stack).namespaces}


def state(stack: str) -> set[tuple[str, str]]:
    """Return where the engine keeps a stack's state, below one bucket for all."""
    return {("state", f"stacks/{PROJECT}/{stack}.json")}


TAKEN = {
    "buckets": buckets,
    "databases": databases,
    "keys": keys,
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
    project = yaml.safe_load(
        (stack_files()["staging-medium"].parents[1] / "Pulumi.yaml").read_text()
    )
    assert project["name"] == PROJECT


HOSTS_OWN = {
    Cloud.AWS: {
        "aws:ec2/vpc:Vpc",
        "aws:eks/cluster:Cluster",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:opensearch/domain:Domain",
        "aws:rds/instance:Instance",
    },
    Cloud.GCP: {
        "aigw:kubernetes:OpenSearch",
        "gcp:compute/network:Network",
        "gcp:container/cluster:Cluster",
        "gcp:container/nodePool:NodePool",
        "gcp:sql/databaseInstance:DatabaseInstance",
    },
}


@each_pair
def test_a_guest_makes_no_network_cluster_or_server(guest: str, host: str) -> None:
    shared = HOSTS_OWN[CONFIGS[host].cloud]
    assert shared <= {one.type for one in rendered(host).recording.resources}
    assert not shared & {one.type for one in rendered(guest).recording.resources}


def reader(guest: str, provider: Manifest) -> str:
    """Return as whom a guest's store is read, "" for the host's operator itself."""
    if CONFIGS[guest].cloud is Cloud.AWS:
        return "a role" if "role" in provider["aws"] else ""
    account = provider["gcpsm"].get("auth", {}).get("workloadIdentity", {})
    found = account.get("serviceAccountRef", {})
    return f"{found.get('namespace', '')}/{found.get('name', '')}".strip("/")


@each_pair
def test_a_guests_store_is_read_as_nobody_of_its_hosts_for_its_own_namespaces(
    guest: str, host: str
) -> None:
    (store,) = rendered(guest).of("ClusterSecretStore")
    (hosts,) = rendered(host).of("ClusterSecretStore")
    assert store["metadata"]["name"] != hosts["metadata"]["name"]
    assert reader(guest, store["spec"]["provider"])
    assert not reader(host, hosts["spec"]["provider"])
    (own,), (theirs,) = store["spec"]["conditions"], hosts["spec"]["conditions"]
    assert own["namespaces"] == ["dev-data", "dev-gateway"]
    assert set(own["namespaces"]).isdisjoint(theirs["namespaces"])
    for one in rendered(guest).of("ExternalSecret"):
        assert one["spec"]["secretStoreRef"]["name"] == store["metadata"]["name"]


def test_whom_the_operator_becomes_on_google_cloud_is_one_account_without_a_pod() -> None:
    made = rendered("dev-medium-gcp")
    (store,) = made.of("ClusterSecretStore")
    home, _, name = reader("dev-medium-gcp", store["spec"]["provider"]).partition("/")
    accounts = {place(one): one for one in made.of("ServiceAccount")}
    assert accounts[f"{home}/{name}"]["automountServiceAccountToken"] is False
    (role,) = (one for one in made.of("Role") if place(one) == f"{home}/{name}")
    (rule,) = role["rules"]
    assert (rule["resources"], rule["resourceNames"]) == (["serviceaccounts/token"], [name])
    (binding,) = (one for one in made.of("RoleBinding") if place(one) == f"{home}/{name}")
    (subject,) = binding["subjects"]
    assert (subject["namespace"], subject["name"]) == ("platform-system", "external-secrets")
    assert name not in {
        one["spec"]["template"]["spec"].get("serviceAccountName")
        for one in made.of("Deployment", "StatefulSet", "Job")
    }


@each_pair
def test_a_guest_never_reads_the_masters_password(guest: str, host: str) -> None:
    assert "PGUSER" in str(next(one for one in rendered(host).of("Job") if _sets_up(one)))
    (job,) = (one for one in rendered(guest).of("Job") if _sets_up(one))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    said = {one["name"]: one.get("value") for one in container["env"]}
    assert said["PGUSER"] == "dev_guest"


def _sets_up(job: Manifest) -> bool:
    return "database-setup" in str(job["metadata"])


@pytest.mark.parametrize("guest", sorted(PAIRS))
def test_all_that_a_guest_writes_among_its_hosts_is_the_way_to_the_engines(guest: str) -> None:
    own = {one.name for one in planned(guest).namespaces}
    cluster_wide = {"ClusterSecretStore", "Namespace"}
    outside = [
        one
        for one in rendered(guest).objects
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
