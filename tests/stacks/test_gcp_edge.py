"""The edge of stacks on Google Cloud: who may call, what calls pods, images, copies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from components.gcp.ingress import PROBES
from components.kubernetes.endpoint_groups import NEG
from components.kubernetes.images import UPSTREAMS
from preview.offline import Recording, run
from sizing.planning.gcp.firewall import has_policy, rule_count
from sizing.plans import PlatformPlan
from sizing.words import Cloud
from stacks import gcp
from stacks.apps.site import WayIn
from stacks.config import parse, stack_path
from stacks.config_gcp import GcpConfig
from stacks.decision import decide
from stacks.gcp_cluster import build_cluster
from stacks.gcp_edge import build_ingress, build_registry, way_in
from stacks.gcp_recovery import build_recovery
from tests.stacks.manifests import CONFIGS, WITH_CLUSTER, rendered
from tests.stacks.test_config_images import GCP_REGISTRY, LOGIN

pytestmark = pytest.mark.one_cloud(Cloud.GCP, "its own load balancer; test_way_in is the other")

STACKS = tuple(one for one in WITH_CLUSTER if CONFIGS[one].cloud is Cloud.GCP)
PUBLIC = tuple(name for name in STACKS if CONFIGS[name].ingress is not None)
each = pytest.mark.parametrize("stack", STACKS)
each_public = pytest.mark.parametrize("stack", PUBLIC)
POLICY = "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy"
BACKEND = "gcp:compute/regionBackendService:RegionBackendService"
GROUP = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
REPOSITORY = "gcp:artifactregistry/repository:Repository"
MIRROR = f"registry: {GCP_REGISTRY}, mirror: true, credentials: {LOGIN}"
# what of a plan's mechanisms is whose, where it is not `none`
MAKING: Mapping[str, frozenset[str]] = {
    "caches": frozenset({"gcp:redis/instance:Instance", "gcp:redis/cluster:Cluster"}),
    "files": frozenset({"gcp:backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation"}),
    "objects": frozenset({"gcp:storage/bucket:Bucket"}),
    "postgres": frozenset({"gcp:sql/databaseInstance:DatabaseInstance"}),
    "search": frozenset({"gcp:gkebackup/backupPlan:BackupPlan"}),
    "volumes": frozenset({"gcp:gkebackup/backupPlan:BackupPlan"}),
}


def changed(stack: str, old: str, new: str) -> GcpConfig:
    """Return a committed stack's config with one thing said otherwise."""
    text = stack_path(stack).read_text()
    assert old in text
    config = parse(text.replace(old, new), f"stacks/{stack_path(stack).name}")
    assert isinstance(config, GcpConfig)
    return config


def config_of(stack: str) -> GcpConfig:
    config = CONFIGS[stack]
    assert isinstance(config, GcpConfig)
    return config


def edge(config: GcpConfig) -> tuple[Recording, WayIn | None]:
    """Return what the edge alone makes, and how the cluster sees it."""
    seen: list[WayIn | None] = []

    def program() -> None:
        on = gcp.build_ground(config, decide(config).plan)
        parts = build_cluster(on)
        seen.append(way_in(build_ingress(on, parts)))
        build_registry(on, parts)
        build_recovery(on)

    return run(stack_path(config.stack), program), seen[0]


@cache
def made(stack: str) -> tuple[Recording, WayIn | None]:
    return edge(config_of(stack))


def plan_of(stack: str) -> PlatformPlan:
    return decide(CONFIGS[stack]).plan


def inputs(recording: Recording, token: str) -> list[Mapping[str, Any]]:
    return [one.inputs for one in recording.of_type(token)]


@each_public
def test_a_policy_stands_before_every_host_exactly_where_the_plan_has_one(stack: str) -> None:
    recording, _ = made(stack)
    request, way = plan_of(stack).request, plan_of(stack).ingress
    asked = has_policy(way, request.switches.callers)
    policies = inputs(recording, POLICY)
    assert len(policies) == int(asked)
    behind = inputs(recording, BACKEND)
    assert len(behind) == len(way.targets)
    assert {bool(one.get("securityPolicy")) for one in behind} == {asked}
    for one in policies:
        assert len(one["rules"]) == rule_count(way, request.switches.callers)


def test_a_list_of_callers_is_a_policy_that_lets_nobody_else_in_even_in_a_small_stack() -> None:
    bare = plan_of("prod-small-gcp")
    assert not has_policy(bare.ingress, bare.request.switches.callers)
    config = changed(
        "prod-small-gcp",
        "      zone_id:",
        "      allow_list: [198.18.9.0/24, 198.18.9.0/24]\n      zone_id:",
    )
    assert decide(config).plan.request.switches.callers == 1
    recording, _ = edge(config)
    (policy,) = inputs(recording, POLICY)
    found = sorted(policy["rules"], key=lambda rule: int(rule["priority"]))
    assert [(one["action"], one["match"]["config"]["srcIpRanges"]) for one in found] == [
        ("allow", ["198.18.9.0/24"]),
        ("deny(403)", ["*"]),
    ]


@each_public
def test_pods_are_called_by_the_planned_proxies_and_by_probes(stack: str) -> None:
    recording, seen = made(stack)
    assert seen is not None
    (proxies,) = (one for one in plan_of(stack).network.subnets if one.name.startswith("proxies-"))
    assert seen.blocks == (proxies.cidr, *PROBES)
    assert seen.labels == {}
    (rule,) = (one.inputs for one in recording.resources if one.name == "ingress-into-pods")
    assert rule["sourceRanges"] == [*seen.blocks]


@each_public
def test_every_zone_of_the_nodes_has_a_group_for_every_target(stack: str) -> None:
    recording, seen = made(stack)
    assert seen is not None
    targets = {one.name for one in plan_of(stack).ingress.targets}
    assert set(seen.groups) == targets
    groups = inputs(recording, GROUP)
    assert {one["zone"] for one in groups} == {*config_of(stack).zone_ids}
    assert len(groups) == len(targets) * len(config_of(stack).zone_ids)


@each_public
def test_pods_become_members_of_the_groups_that_the_balancer_asks(stack: str) -> None:
    joined = [
        one
        for one in rendered(stack).of("Service")
        if NEG in one["metadata"].get("annotations", {})
    ]
    ports = {one.name: one.port for one in plan_of(stack).ingress.targets}
    assert sorted(int(one["spec"]["ports"][0]["port"]) for one in joined) == sorted(ports.values())


@each_public
def test_hosts_stand_in_the_zone_that_is_named(stack: str) -> None:
    recording, _ = made(stack)
    config = config_of(stack)
    assert config.ingress is not None
    hosts = {f"{one.host}.{config.ingress.domain}." for one in plan_of(stack).ingress.targets}
    records = [
        one
        for one in inputs(recording, "gcp:dns/recordSet:RecordSet")
        if one["managedZone"] == config.ingress.zone_id and one["type"] == "A"
    ]
    assert {one["name"] for one in records} == hosts


def test_without_an_ingress_nothing_stands_before_the_cluster() -> None:
    config = config_of("prod-large-gcp").model_copy(update={"ingress": None})
    recording, seen = edge(config)
    assert seen is None
    assert not recording.of_type(POLICY)
    assert not recording.of_type("gcp:compute/forwardingRule:ForwardingRule")


def test_a_mirror_is_made_under_the_name_that_images_carry() -> None:
    recording, _ = edge(
        changed("prod-large-gcp", "    ingress:", f"    images: {{{MIRROR}}}\n    ingress:")
    )
    repositories = inputs(recording, REPOSITORY)
    place = {"us-central1"}
    assert {one["location"] for one in repositories} == place
    stem = GCP_REGISTRY.rpartition("/")[2]
    assert all(one["repositoryId"].startswith(f"{stem}-") for one in repositories)
    with_login = {
        one["repositoryId"]
        for one in repositories
        if "upstreamCredentials" in one["remoteRepositoryConfig"]
    }
    assert with_login == {f"{stem}-docker-hub"}


@each
def test_a_stack_that_makes_no_mirror_has_no_repository(stack: str) -> None:
    recording, _ = made(stack)
    assert not recording.of_type(REPOSITORY)


def test_nodes_may_read_the_mirror_that_another_stack_of_the_project_made() -> None:
    config = changed(
        "prod-large-gcp", "    ingress:", f"    images: {{registry: {GCP_REGISTRY}}}\n    ingress:"
    )
    recording, _ = edge(config)
    assert not recording.of_type(REPOSITORY)
    rights = inputs(recording, "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")
    assert {(one["repository"], one["role"]) for one in rights} == {
        (f"images-{name}", "roles/artifactregistry.reader") for name in UPSTREAMS.values()
    }
    assert "config.registry-rights" not in {one.id for one in decide(config).findings}


def test_a_mirror_of_another_project_is_said_to_need_rights_that_the_stack_cannot_give() -> None:
    theirs = GCP_REGISTRY.replace("example-aigw-prod-large", "acme-images")
    config = changed(
        "prod-large-gcp", "    ingress:", f"    images: {{registry: {theirs}}}\n    ingress:"
    )
    recording, _ = edge(config)
    assert not recording.of_type("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")
    (one,) = (f for f in decide(config).findings if f.id == "config.registry-rights")
    assert "acme-images" in one.message
    assert "aigw-prod-nodes@example-aigw-prod-large.iam.gserviceaccount.com" in one.fix


@each
def test_copies_of_the_secret_store_go_to_the_region_that_is_named(stack: str) -> None:
    recording, _ = made(stack)
    vault = plan_of(stack).vault
    region = "" if vault is None else vault.recovery_region
    buckets = {one["location"] for one in inputs(recording, "gcp:storage/bucket:Bucket")}
    assert buckets == ({region} if region else set())
    rings = {one["location"] for one in inputs(recording, "gcp:kms/keyRing:KeyRing")}
    assert rings == {config_of(stack).region, "us"} | ({region} if region else set())


def test_there_is_a_stack_that_sends_copies_elsewhere() -> None:
    vaults = [plan_of(one).vault for one in STACKS]
    assert any(one is not None and one.recovery_region for one in vaults)


@each
def test_every_planned_backup_is_made_and_no_other(stack: str) -> None:
    recording = rendered(stack).recording
    types = {one.type for one in recording.resources}
    mechanisms = dict(plan_of(stack).backups.mechanisms)
    assert mechanisms.keys() == MAKING.keys()
    for store, by in mechanisms.items():
        if by != "none":
            assert types & MAKING[store], store
    for store in ("files", "volumes"):
        assert bool(types & MAKING[store]) is (mechanisms[store] != "none")
    (cluster,) = inputs(recording, "gcp:container/cluster:Cluster")
    agent = cluster["addonsConfig"]["gkeBackupAgentConfig"]["enabled"]
    assert agent is (mechanisms["volumes"] != "none")
    server = inputs(recording, "gcp:sql/databaseInstance:DatabaseInstance")[0]["settings"]
    assert server["backupConfiguration"]["pointInTimeRecoveryEnabled"] is True
    buckets = inputs(recording, "gcp:storage/bucket:Bucket")
    assert {one["versioning"]["enabled"] for one in buckets} == {True}
    snapshots = {
        one["persistenceConfig"]["persistenceMode"] != "DISABLED"
        for one in inputs(recording, "gcp:redis/instance:Instance")
    }
    assert snapshots == {mechanisms["caches"] != "none"}


@each
def test_copies_are_of_this_stack_s_cluster_and_share(stack: str) -> None:
    recording, config = rendered(stack).recording, config_of(stack)
    place = f"projects/{config.project}/locations/{config.region}"
    for one in inputs(recording, "gcp:gkebackup/backupPlan:BackupPlan"):
        assert one["cluster"].startswith(f"{place}/clusters/")
    for one in inputs(recording, *MAKING["files"]):  # one type
        assert one["resource"].startswith(f"{place}/instances/")
