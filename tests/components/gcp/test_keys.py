"""Keys stand in rings that last, and agents may use them before anything is encrypted."""

from __future__ import annotations

from dataclasses import replace

import pulumi_random as random
import pytest

from components.gcp.key_grants import agent
from components.gcp.keys import Keys, multi_region
from sizing.catalog import regions
from sizing.words import Cloud
from tests.components.gcp import make_ground
from tests.components.gcp.make_ground import KEYS_ARGS
from tests.components.gcp.samples import PROJECT, PROJECT_NUMBER, REGION
from tests.components.support import Recorder, record


@pytest.fixture(scope="module")
def keys() -> Recorder:
    return make_ground.keys()


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
        assert one.protect
        assert "name" not in one.inputs, one.name


def test_what_makes_the_agents_comes_before_every_grant() -> None:
    def make() -> None:
        agents = random.RandomId("agents", byte_length=4)
        Keys("keys", replace(KEYS_ARGS, after=(agents,)))

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


def test_a_service_without_an_agent_has_no_name() -> None:
    with pytest.raises(ValueError, match="'vault'"):
        agent("vault", PROJECT_NUMBER)


def test_an_agent_is_named_by_the_projects_number() -> None:
    for service, host in {
        "storage": "gs-project-accounts",
        "container": "container-engine-robot",
        "sqladmin": "gcp-sa-cloud-sql",
    }.items():
        address = f"service-{PROJECT_NUMBER}@{host}.iam.gserviceaccount.com"
        assert agent(service, PROJECT_NUMBER) == f"serviceAccount:{address}"
