"""A staging stack on another's server and search domain: whole, and kept apart from its host."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from components.aws.guest_policies import searcher_arn
from preview.offline import Resource
from sizing.words import Cloud
from stacks import program
from stacks.config import StackConfig, load, load_all, parse_platform, stack_files
from stacks.decision import decide
from tests.stacks import manifests, test_order, test_references, test_rendered
from tests.stacks.manifests import Manifest, containers, rendered

pytestmark = pytest.mark.one_cloud(Cloud.AWS, "a guest of stores alone is refused on Google Cloud")

HOST, GUEST, LODGER = "staging-medium", "staging-large", "dev-medium"
ATTACHED = {"host": HOST, "guest": GUEST}
Property = Callable[[str], None]
ROOM = {"instance_class": "db.r6g.large", "storage_gib": 1000}
STORES = {"aws:opensearch/domain:Domain", "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}


def properties(module: ModuleType) -> Iterator[Property]:
    """Return the tests of a module that hold for any stack."""
    for name, found in sorted(vars(module).items()):
        if name.startswith("test_") and list(inspect.signature(found).parameters) == ["stack"]:
            yield found


MODULES = (test_rendered, test_references, test_order)
PROPERTIES = tuple(one for module in MODULES for one in properties(module))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project in which staging-large is a guest of staging-medium, beside dev-medium."""
    kept, project = stack_files(), tmp_path_factory.mktemp("attached")
    (project / "Pulumi.yaml").write_text((kept[HOST].parents[1] / "Pulumi.yaml").read_text())
    folder = project / "stacks"
    folder.mkdir()
    for stack in (HOST, GUEST, LODGER):
        content = yaml.safe_load(kept[stack].read_text())
        platform = content["config"]["aigw:platform"]
        if stack == HOST:
            platform["sizing"] = {"overrides": {"postgres": ROOM}}
        if stack == GUEST:
            platform["shares"] = HOST
        (folder / kept[stack].name).write_text(yaml.safe_dump(content))
    return folder


@pytest.fixture(scope="module", autouse=True)
def written(home: Path) -> Iterator[None]:
    """Let the tests of the other stacks look for theirs there, under other names."""
    files = {name: home / f"Pulumi.{stack}.yaml" for name, stack in ATTACHED.items()}
    with pytest.MonkeyPatch.context() as patch:
        for module in (manifests, *MODULES):
            patch.setattr(module, "stack_files", lambda: files, raising=False)
        # the program reads its siblings where the repository keeps them
        patch.setattr(program, "parse_platform", partial(parse_platform, folder=home))
        yield


@pytest.fixture(scope="module")
def config(home: Path) -> StackConfig:
    return load(home / f"Pulumi.{GUEST}.yaml")


def of(name: str, *types: str) -> list[Resource]:
    return [one for one in rendered(name).recording.resources if one.type in types]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_what_holds_for_every_stack_holds_for_a_guest_of_stores(holds: Property) -> None:
    holds("guest")


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_what_holds_for_every_stack_holds_for_its_host(holds: Property) -> None:
    holds("host")


def test_a_guest_makes_a_network_and_a_cluster_but_neither_server_nor_domain() -> None:
    own = {one.type for one in rendered("guest").recording.resources}
    assert {
        "aws:ec2/vpc:Vpc",
        "aws:eks/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:efs/fileSystem:FileSystem",
        "aws:s3/bucket:Bucket",
    } <= own
    assert not own & STORES
    assert {one.type for one in rendered("host").recording.resources} & STORES


def test_the_way_to_the_host_is_of_the_guest_alone() -> None:
    token = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
    assert len(of("guest", token)) == 1
    assert of("host", token) == []


def test_routes_lead_to_subnets_of_stores_and_back_to_subnets_of_nodes() -> None:
    rules = of("guest", "aws:ec2/route:Route")
    over = {
        str(one.inputs["destinationCidrBlock"]) for one in rules if one.name.startswith("peering-")
    }

    def blocks(name: str, kind: str) -> set[str]:
        made = of(name, "aws:ec2/subnet:Subnet")
        return {str(one.inputs["cidrBlock"]) for one in made if f"-{kind}-" in one.name}

    assert over == blocks("host", "isolated") | blocks("guest", "private")


def test_pods_may_ask_the_addresses_of_the_hosts_stores() -> None:
    theirs = {
        str(one.inputs["cidrBlock"])
        for one in of("host", "aws:ec2/subnet:Subnet")
        if "-isolated-" in one.name
    }
    (pooler,) = (
        one
        for one in rendered("guest").of("NetworkPolicy")
        if one["metadata"]["name"] == "pgbouncer"
    )
    open_to = {
        peer["ipBlock"]["cidr"]
        for rule in pooler["spec"]["egress"]
        for peer in rule.get("to", ())
        if "ipBlock" in peer
    }
    assert theirs <= open_to


def variables(job: Manifest) -> dict[str, str]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", "") for one in container["env"]}


def jobs(name: str, named: str) -> list[Manifest]:
    return [one for one in rendered(name).of("Job") if named in str(one["metadata"])]


def test_a_guest_sets_up_its_databases_as_a_role_that_its_host_makes() -> None:
    (own,) = jobs("guest", "database-setup")
    assert variables(own)["PGUSER"] == "staging_guest"
    script = json.dumps([one["data"] for one in rendered("host").of("ConfigMap") if "data" in one])
    assert "staging_guest" in script
    assert "dev_guest" in script


def test_no_database_of_a_guest_has_a_name_of_its_hosts_or_of_the_other_guests(home: Path) -> None:
    stacks = load_all(home)
    taken = [set(decide(one).plan.postgres.databases) for one in stacks.values()]
    assert sum(map(len, taken)) == len(set[str]().union(*taken))


def test_the_host_gives_its_guest_rights_on_the_guests_own_indices(config: StackConfig) -> None:
    (job,) = jobs("host", "search-setup")
    asked = variables(job)
    assert jobs("guest", "search-setup") == []
    made = {
        str(one.inputs["name"])
        for one in of("guest", "aws:iam/role:Role")
        if one.inputs.get("name")
    }
    named = {one.rpartition("/")[2] for key, one in asked.items() if key.startswith("ROLE_GUEST_")}
    assert named
    assert named <= made
    assert asked["ROLE_GUEST_OTEL_COLLECTOR"] == searcher_arn(
        config.platform,
        "otel-collector",
        region=config.region,
        account_id=config.owner,
        path="/aigw/",
    )


def test_a_guests_rights_in_the_domain_touch_none_of_its_hosts_indices() -> None:
    (text,) = (
        one["data"]["requests.json"]
        for one in rendered("host").of("ConfigMap")
        if "requests.json" in one.get("data", {})
    )
    roles = {
        one["path"].rpartition("/")[2]: one["body"]["index_permissions"]
        for one in json.loads(text)
        if "/roles/" in one["path"]
    }
    own = {name: said for name, said in roles.items() if name.startswith("guest-staging-")}
    assert own
    for permissions in own.values():
        for one in permissions:
            assert all(pattern.startswith("guest-staging-") for pattern in one["index_patterns"])
    for name in roles.keys() - own.keys() - {"staging-metrics"}:
        for one in roles[name]:
            assert all(pattern.startswith("staging-") for pattern in one["index_patterns"])


def test_a_guests_pods_write_where_they_may() -> None:
    texts = json.dumps([one.get("data") for one in rendered("guest").of("ConfigMap")])
    assert "guest-staging" in texts


def test_nothing_measures_the_hosts_stores_but_the_host() -> None:
    exporters = {"postgres-exporter", "opensearch-exporter"}
    names = {one["metadata"]["name"] for one in rendered("guest").of("Deployment")}
    assert not names & exporters
    assert exporters <= {one["metadata"]["name"] for one in rendered("host").of("Deployment")}
    assert all(containers(one) for one in rendered("guest").of("Deployment"))


def test_a_guest_takes_no_address_bucket_key_or_role_of_its_hosts() -> None:
    named = {
        "aws:ec2/vpc:Vpc": "cidrBlock",
        "aws:s3/bucket:Bucket": "bucketPrefix",
        "aws:kms/alias:Alias": "name",
        "aws:secretsmanager/secret:Secret": "name",
    }
    for token, key in named.items():
        own, theirs = ({str(one.inputs[key]) for one in of(who, token)} for who in ATTACHED)
        assert own
        assert own.isdisjoint(theirs), token
