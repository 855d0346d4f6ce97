"""What a host tells its guests, and what a guest takes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sizing.plan import plan
from stacks.config import load_all
from stacks.hosting import FIELDS, Hosted, HostError, checked, facts, needed, parsed
from tests.stacks.stack_texts import on_aws

CONFIGS = load_all()
GUEST, HOST = on_aws(CONFIGS["dev-medium"]), on_aws(CONFIGS["staging-medium"])
EXPECTED = facts(plan(HOST.request()))
TOLD: Mapping[str, object] = {
    **{name: name for name, kind in FIELDS.items() if kind is str},
    "stack": HOST.stack,
    "account_id": HOST.account_id,
    "region": HOST.region,
    "port": 5432.0,  # the engine knows one kind of number
    "subnets": {zone: f"subnet-{zone}" for zone in HOST.zone_ids},
    "administrators": {GUEST.stack: "arn:aws:secretsmanager:us-east-1:1:secret:guest"},
    "plan": EXPECTED,
}


def told(**other: object) -> Hosted:
    return parsed({**TOLD, **other}, GUEST)


def refusal(value: object) -> str:
    with pytest.raises(HostError) as caught:
        checked(parsed(value, GUEST), GUEST, EXPECTED)
    return str(caught.value)


def test_every_field_is_read_as_what_it_is() -> None:
    found = checked(told(), GUEST, EXPECTED)
    assert found.port == 5432
    assert isinstance(found.port, int)
    assert found.subnets["use1-az1"] == "subnet-use1-az1"
    assert set(FIELDS) == set(Hosted.__slots__)


def test_a_host_that_tells_nothing_is_named_with_what_to_do() -> None:
    assert refusal(None) == (
        'stack "staging-medium": found no output "hosting"; allowed: a stack that was deployed '
        "with dev-medium's file beside its own: run `pulumi up --stack staging-medium` first"
    )


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("endpoint", None, "nothing"), ("subnets", "all", "a str"), ("server", {}, "a dict")],
)
def test_a_field_of_another_kind_is_named_with_what_was_found(
    name: str, value: object, found: str
) -> None:
    message = refusal({**TOLD, name: value})
    assert f'output "hosting": {name}: found {found}; allowed: a {FIELDS[name].__name__}' in message


def test_a_host_that_stands_otherwise_than_planned_is_refused_by_each_difference() -> None:
    stands = {**EXPECTED, "node_pools.general": "m5.2xlarge, at most 4 nodes"}
    del stands["postgres"]
    message = refusal({**TOLD, "plan": stands})
    assert message.startswith("staging-medium does not stand as dev-medium was planned on it: ")
    assert "node_pools.general: it has m5.2xlarge, at most 4 nodes, planned with m5.2x" in message
    assert "postgres: it has nothing, planned with 2 x db.t4g.large, 400 GiB" in message
    assert "cluster" not in message.partition("on it: ")[2]
    assert message.endswith("run `pulumi up --stack staging-medium` first")


def test_a_host_of_another_account_or_that_does_not_know_its_guest_is_refused() -> None:
    assert "account_id: it has 000000000000" in refusal({**TOLD, "account_id": "000000000000"})
    assert "guests: it knows none" in refusal({**TOLD, "administrators": {}})


def test_what_a_guest_is_planned_with_changes_with_the_hosts_guests() -> None:
    alone = facts(plan(replace(HOST.request(), guests=())))
    assert alone["node_pools.general"] != EXPECTED["node_pools.general"]
    assert alone["postgres"] == EXPECTED["postgres"]


def test_a_guest_is_concerned_by_what_it_uses_of_its_host_alone() -> None:
    theirs = plan(HOST.request())
    of_cluster = {one.partition(".")[0] for one in needed(theirs, GUEST)}
    assert of_cluster == {"cluster", "models", "node_pools", "postgres"}
    attached = CONFIGS["staging-large"].model_copy(update={"shares": HOST.stack})
    assert set(needed(theirs, attached)) == {"network", "postgres", "search"}
    assert needed(theirs, attached).items() <= EXPECTED.items()
