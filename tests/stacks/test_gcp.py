"""Stacks on Google Cloud with a cluster of their own: where they stand, what no two share."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import combinations

import pytest

from preview.offline import Recording, run
from preview.offline.serialize import SECRET
from preview.report import names
from sizing.words import Cloud, Environment
from stacks.config import load_all, stack_path
from stacks.config_gcp import GcpConfig
from stacks.decision import decide

pytestmark = pytest.mark.one_cloud(
    Cloud.GCP, "its own resources; test_predicates and test_order ask AWS for the like"
)

# what a guest of another's cluster has is tested with the hosts (test_hosting)
CONFIGS = {
    name: one
    for name, one in load_all().items()
    if isinstance(one, GcpConfig) and not one.in_hosts_cluster
}
each = pytest.mark.parametrize("stack", CONFIGS)
PROVIDER = "pulumi:providers:gcp"
DATA = (
    "gcp:compute/network:Network",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:storage/bucket:Bucket",
)
# a network of its own, so that a range or an address is no other stack's
OWN = ("gcp:container/cluster:Cluster", "gcp:filestore/instance:Instance", *DATA)


@cache
def made(stack: str) -> Recording:
    return run(stack_path(stack))


@each
def test_one_provider_stands_in_the_stacks_project_and_region_and_makes_all(stack: str) -> None:
    config = CONFIGS[stack]
    (provider,) = made(stack).of_type(PROVIDER)
    assert provider.inputs["project"] == config.project
    assert provider.inputs["region"] == config.region
    labels = json.loads(str(provider.inputs["defaultLabels"]))
    assert labels == config.tags()
    mine = [one for one in made(stack).resources if one.type.startswith("gcp:")]
    assert {one.provider.rpartition("::")[0] for one in mine} == {provider.urn}


@each
def test_nothing_names_another_project(stack: str) -> None:
    projects = {one.inputs["project"] for one in made(stack).resources if one.inputs.get("project")}
    assert projects == {CONFIGS[stack].project}


def test_no_two_stacks_stand_in_one_project() -> None:
    for one, other in combinations(CONFIGS.values(), 2):
        assert one.project != other.project
        assert one.project_number != other.project_number


@each
@pytest.mark.parametrize("token", OWN)
def test_every_stack_has_stores_and_a_cluster_of_its_own(stack: str, token: str) -> None:
    assert made(stack).of_type(token)


@each
def test_pools_caches_and_buckets_are_the_plans(stack: str) -> None:
    plan, counted = decide(CONFIGS[stack]).plan, Counter(one.type for one in made(stack).resources)
    # of another region, a bucket and its key
    far = int(plan.vault is not None and plan.vault.recovery_bucket is not None)
    assert counted["gcp:container/nodePool:NodePool"] == len(plan.node_pools)
    assert counted["gcp:storage/bucket:Bucket"] == len(plan.buckets) + far
    assert counted["gcp:kms/cryptoKey:CryptoKey"] == len(plan.keys) + far
    assert counted["aigw:gcp:Cache"] == len(plan.caches)


@each
def test_data_is_protected_in_prod_and_only_there(stack: str) -> None:
    prod = CONFIGS[stack].environment is Environment.PROD
    for token in DATA[1:]:
        assert {one.protect for one in made(stack).of_type(token)} == {prod}, token


@each
def test_the_exports_name_what_both_clouds_have(stack: str) -> None:
    exports = made(stack).exports
    both = {"stack", "cluster", "kubeconfig", "network", "keys", "postgres", "caches", "files"}
    both |= {"backups", "buckets", "search", "secrets", "next_steps"}
    told = {"hosting"} if CONFIGS[stack].guests else set()
    open_to = {"urls"} if CONFIGS[stack].ingress else set()
    assert both | told | open_to == set(exports)
    steps = exports["next_steps"]
    assert isinstance(steps, list)
    assert f"uv run aigw plan {stack}" in steps
    assert any(
        "get-credentials" in str(one) and CONFIGS[stack].project in str(one) for one in steps
    )


@each
def test_what_a_secret_holds_is_shown_nowhere(stack: str) -> None:
    versions = made(stack).of_type("gcp:secretmanager/secretVersion:SecretVersion")
    assert {one.inputs["secretData"] for one in versions} == {SECRET}
    assert {one.inputs["password"] for one in made(stack).of_type("gcp:sql/user:User")} == {SECRET}


@each
def test_what_runs_in_the_cluster_comes_with_it(stack: str) -> None:
    assert any(names(one) != (None, None) for one in made(stack).resources)


def test_the_provider_acts_as_who_is_stated() -> None:
    from stacks import gcp

    config = CONFIGS["dev-small-gcp"].model_copy(
        update={"impersonate": "aigw-deploy@example-aigw-dev-small.iam.gserviceaccount.com"}
    )
    found = run(stack_path(config.stack), lambda: void(gcp.build(config, decide(config).plan)))
    (provider,) = found.of_type(PROVIDER)
    assert provider.inputs["impersonateServiceAccount"] == config.impersonate


def void(_: object) -> None:
    """Give nothing back: a program returns nothing."""
