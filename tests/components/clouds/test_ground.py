"""Keys open to whom the plan names, and traffic leaves and is written down as planned."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from components.aws.key_policy import key_policy
from components.gcp.key_grants import USER, agent, services_with_agents
from sizing.plans import NetworkPlan
from sizing.words import Cloud
from tests.components.aws import make_ground as aws
from tests.components.aws import samples as aws_samples
from tests.components.gcp import make_ground as gcp
from tests.components.gcp import samples as gcp_samples
from tests.components.support import ACCOUNT, REGION, Recorder, Registered


def statements_for(recorder: Recorder, key: str) -> set[str]:
    """Return who uses a key of AWS: its policy's statements, the account's own left out."""
    policy = recorder.one("aws:kms/key:Key", key).document("policy")
    return {one["Sid"] for one in policy["Statement"]} - {"AdministerByAccount"}


def members_of(recorder: Recorder, key: str) -> set[str]:
    """Return who uses a key of Google Cloud: those whom a grant beside it names."""
    granted = recorder.all("CryptoKeyIAMMember")
    return {one.inputs["member"] for one in granted if key in one.inputs["cryptoKeyId"]}


def agents(*services: str) -> set[str]:
    return {agent(one, gcp_samples.PROJECT_NUMBER) for one in services}


def used_by_policy(recorder: Recorder) -> set[str]:
    """Return what services of AWS may do with keys, in KMS' words."""
    return {
        action
        for key in recorder.all("aws:kms/key:Key")
        for one in key.document("policy")["Statement"]
        for action in one["Action"]
        if one["Sid"] != "AdministerByAccount"
    }


def used_by_role(recorder: Recorder) -> set[str]:
    """Return the roles that agents of Google Cloud have on keys."""
    return {one.inputs["role"] for one in recorder.all("CryptoKeyIAMMember")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes the ground, and what stands where in it."""

    keys: Callable[[], Recorder]
    users: Callable[[Recorder, str], set[str]]
    used_by: Mapping[str, set[str]]
    uses: Callable[[Recorder], set[str]]
    may: set[str]
    unknown: Callable[[str], object]
    network: Callable[[NetworkPlan | None], Recorder]
    plan: Callable[..., NetworkPlan]
    zones: tuple[str, ...]
    address: str
    logs: str


SIDES = {
    Cloud.AWS: Side(
        keys=aws.keys,
        users=statements_for,
        used_by={
            "nodes": {"UseByAutoscaling", "GrantByAutoscaling", "UseByEc2", "GrantByEc2"},
            "logs": {"UseByLogs"},
        },
        uses=used_by_policy,
        may={
            f"kms:{one}"
            for one in (
                *("CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"),
                *("GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"),
            )
        },
        unknown=lambda service: key_policy((service,), ACCOUNT, REGION),
        network=aws.network,
        plan=aws_samples.network_plan,
        zones=aws_samples.ZONES,
        address="Eip",
        logs="LogGroup",
    ),
    Cloud.GCP: Side(
        keys=gcp.keys,
        users=members_of,
        used_by={
            "nodes": agents("compute"),
            "data": agents(*gcp.KEYS[0].services),
            "vault": set(),
        },
        uses=used_by_role,
        may={USER},
        unknown=lambda service: services_with_agents((service, "storage")),
        network=gcp.network,
        plan=gcp_samples.network_plan,
        zones=gcp_samples.ZONES,
        address="gcp:compute/address:Address",
        logs="ProjectBucketConfig",
    ),
}


@pytest.fixture
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


def test_each_key_opens_to_its_own_services_alone(side: Side) -> None:
    recorder = side.keys()
    assert {key: side.users(recorder, key) for key in side.used_by} == side.used_by


def test_who_uses_a_key_may_encrypt_and_decrypt_and_nothing_else(side: Side) -> None:
    assert side.uses(side.keys()) == side.may


def test_a_service_whose_ways_are_unknown_is_refused_by_name(side: Side) -> None:
    with pytest.raises(ValueError, match="'mainframe'"):
        side.unknown("mainframe")


def test_all_traffic_is_written_down_for_the_planned_days(cloud: Cloud, side: Side) -> None:
    recorder = side.network(None)
    kept = recorder.one(side.logs).inputs
    days = kept["retentionInDays"] if cloud is Cloud.AWS else kept["retentionDays"]
    assert days == side.plan().flow_log_retention_days
    assert _sampled(recorder) == {"all"}


def _sampled(recorder: Recorder) -> set[str]:
    """Return which traffic is recorded, of every flow log there is."""
    flows = [str(one.inputs["trafficType"]).lower() for one in recorder.all("FlowLog")]
    logged = [one.inputs["logConfig"] for one in recorder.all("Subnetwork") if _logs(one)]
    return {*flows, *("all" if one["flowSampling"] == 1 else json.dumps(one) for one in logged)}


def _logs(subnet: Registered) -> bool:
    # Google records nothing of a subnet that holds balancers' proxies alone
    return subnet.inputs.get("purpose") != "REGIONAL_MANAGED_PROXY"


def test_addresses_of_the_way_out_follow_the_planned_zones(side: Side) -> None:
    (one,) = side.network(side.plan(nat_zone_ids=side.zones[1:2])).all(side.address)
    assert side.zones[1] in one.name
    three = side.network(side.plan(nat_zone_ids=side.zones)).all(side.address)
    assert len(three) == len(side.zones)


def test_without_nat_nothing_leads_to_the_internet_from_the_nodes(side: Side) -> None:
    closed = side.network(side.plan(nat_zone_ids=()))
    assert not [*closed.all("NatGateway"), *closed.all("RouterNat"), *closed.all(side.address)]
    routes = [one for one in closed.all("Route") if "public" not in one.name]
    assert {one.inputs.get("destRange") for one in routes} <= {"199.36.153.8/30"}
