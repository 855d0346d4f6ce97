"""Keys rotate, survive in prod, and open to the agents of exactly the services that are planned."""

from __future__ import annotations

from dataclasses import replace

import pulumi_random as random
import pytest

from components.gcp.key_grants import USER, agent, services_with_agents
from components.gcp.keys import Keys, KeysArgs, multi_region
from sizing.catalog import regions
from sizing.plans import KeyPlan
from sizing.words import Cloud
from tests.components.gcp.samples import LABELS, PROJECT, PROJECT_NUMBER, REGION, unlabelled
from tests.components.support import Recorder, children_of, record
from tests.sizing.gcp.requests import planned

PLANS = (
    KeyPlan(
        name="data",
        services=("file", "gkebackup", "redis", "secretmanager", "sqladmin"),
        deletion_window_days=30,
        rotation_days=365,
    ),
    KeyPlan(name="nodes", services=("compute",), deletion_window_days=7, rotation_days=365),
    KeyPlan(
        name="vault",
        services=("vault",),
        deletion_window_days=30,
        rotation_days=365,
        multi_region=True,
    ),
)
ARGS = KeysArgs(
    plans=PLANS,
    project=PROJECT,
    project_number=PROJECT_NUMBER,
    region=REGION,
    labels=LABELS,
    protect=True,
)


def build(*, protect: bool = True, plans: tuple[KeyPlan, ...] = PLANS) -> Recorder:
    return record(lambda: Keys("keys", replace(ARGS, plans=plans, protect=protect)))


@pytest.fixture(scope="module")
def keys() -> Recorder:
    return build()


def members(recorder: Recorder, key: str) -> set[str]:
    return {
        one.inputs["member"]
        for one in recorder.all("CryptoKeyIAMMember")
        if one.inputs["cryptoKeyId"] == f"keys-{key}-id"
    }


def test_every_key_rotates_and_can_be_brought_back_as_long_as_planned(keys: Recorder) -> None:
    assert keys.one("CryptoKey", "data").inputs["rotationPeriod"] == "31536000s"
    assert keys.one("CryptoKey", "data").inputs["destroyScheduledDuration"] == "2592000s"
    assert keys.one("CryptoKey", "nodes").inputs["destroyScheduledDuration"] == "604800s"


def test_keys_of_stores_stand_in_one_ring_of_the_region(keys: Recorder) -> None:
    ring = keys.one("KeyRing", "keys-ring").inputs
    assert (ring["location"], ring["project"]) == (REGION, PROJECT)
    assert {keys.one("CryptoKey", name).inputs["keyRing"] for name in ("data", "nodes")} == {
        "keys-ring-id"
    }


def test_a_key_that_must_outlive_the_region_stands_in_the_multi_region(keys: Recorder) -> None:
    ring = keys.one("KeyRing", "keys-wide-ring")
    assert ring.inputs["location"] == "us"
    assert keys.one("CryptoKey", "vault").inputs["keyRing"] == "keys-wide-ring-id"


def test_a_region_without_a_known_multi_region_is_refused() -> None:
    assert [multi_region(one) for one in regions(Cloud.GCP)]
    with pytest.raises(ValueError, match="no multi-region"):
        multi_region("asia-east1")


def test_no_name_is_used_that_could_never_be_used_again(keys: Recorder) -> None:
    for one in (*keys.all("KeyRing"), *keys.all("CryptoKey")):
        assert "name" not in one.inputs, one.name


@pytest.mark.parametrize("protect", [True, False])
def test_ring_and_keys_are_protected_where_the_stack_says_so(protect: bool) -> None:
    made = build(protect=protect)
    kept = (*made.all("KeyRing"), *made.all("CryptoKey"))
    assert {one.protect for one in kept} == {protect}


def test_each_key_opens_to_the_agents_of_its_own_services_alone(keys: Recorder) -> None:
    assert members(keys, "nodes") == {agent("compute", PROJECT_NUMBER)}
    assert members(keys, "data") == {agent(one, PROJECT_NUMBER) for one in PLANS[0].services}
    assert members(keys, "vault") == set()
    assert {one.inputs["role"] for one in keys.all("CryptoKeyIAMMember")} == {USER}


def test_what_makes_the_agents_comes_before_every_grant() -> None:
    def make() -> None:
        agents = random.RandomId("agents", byte_length=4)
        Keys("keys", replace(ARGS, after=(agents,)))

    made = record(make)
    first = made.one("RandomId").urn
    for grant in made.all("CryptoKeyIAMMember"):
        assert first in made.before(grant), grant.name


def test_grants_of_one_key_follow_each_other(keys: Recorder) -> None:
    grants = {
        one.urn: one
        for one in keys.all("CryptoKeyIAMMember")
        if one.inputs["cryptoKeyId"] == "keys-data-id"
    }
    earlier = [len(grants.keys() & keys.before(one)) for one in grants.values()]
    assert sorted(earlier) == list(range(len(grants)))


def test_whoever_reads_a_keys_name_waits_for_its_grants() -> None:
    def read() -> None:
        ids = Keys("keys", ARGS).ids
        for name, one in ids.items():
            random.RandomId(f"reader-of-{name}", byte_length=4, keepers={"key": one})

    recorder = record(read)
    for key, last in (("data", "data-sqladmin"), ("nodes", "nodes-compute")):
        grant = recorder.one("CryptoKeyIAMMember", last)
        reader = recorder.one("RandomId", f"reader-of-{key}")
        assert grant.urn in reader.depends_on
        assert reader.inputs["keepers"] == {"key": f"keys-{key}-id"}


def test_keys_carry_the_labels(keys: Recorder) -> None:
    assert not unlabelled(keys, "aigw:gcp:Keys", {**LABELS, "component": "keys"})
    custom = [one for one in keys.resources if one.custom]
    assert len(children_of(keys, "aigw:gcp:Keys")) == len(custom)


def test_every_service_of_every_planned_key_is_known() -> None:
    for plan in planned().keys:
        assert services_with_agents(plan.services) or plan.services == ("vault",)


def test_a_service_whose_agent_is_unknown_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'spanner'"):
        services_with_agents(("spanner", "storage"))
    with pytest.raises(ValueError, match="'vault'"):
        agent("vault", PROJECT_NUMBER)


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("storage", "service-123456789012@gs-project-accounts.iam.gserviceaccount.com"),
        ("container", "service-123456789012@container-engine-robot.iam.gserviceaccount.com"),
        ("sqladmin", "service-123456789012@gcp-sa-cloud-sql.iam.gserviceaccount.com"),
    ],
)
def test_an_agent_is_named_by_the_projects_number(service: str, address: str) -> None:
    assert agent(service, PROJECT_NUMBER) == f"serviceAccount:{address}"
