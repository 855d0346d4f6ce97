"""What a host tells its guests, and what a guest takes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import pytest

from sizing.plan import plan
from stacks.aws_hosting import AwsHosted
from stacks.config import load_all
from stacks.config_clouds import OWNER_KEYS
from stacks.config_model import StackConfig
from stacks.gcp_hosting import GcpHosted
from stacks.hosting import Hosted, HostError, checked, facts, kinds, needed, parsed

pytestmark = pytest.mark.cloud_free("each pair of host and guest says its own cloud")

CONFIGS = load_all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A guest with its host, and what a host of their cloud tells."""

    guest: StackConfig
    host: StackConfig
    kind: type[Hosted]
    others: str

    @property
    def owner(self) -> str:
        """Return the field that says whose both are."""
        return OWNER_KEYS[self.host.cloud]

    @property
    def expected(self) -> Mapping[str, str]:
        """Return what the guest was planned with."""
        return facts(plan(self.host.request()))

    def told(self, **other: object) -> dict[str, object]:
        """Return what the host's output says, with some of it otherwise."""
        texts = {name: name for name, kind in kinds(self.kind).items() if kind is str}
        tables = {name: {"a": "b"} for name, kind in kinds(self.kind).items() if kind is dict}
        return {
            **texts,
            **tables,
            "stack": self.host.stack,
            self.owner: self.host.owner,
            "region": self.host.region,
            "port": 5432.0,  # the engine knows one kind of number
            "administrators": {self.guest.stack: "secret of the guest"},
            "plan": self.expected,
            **other,
        }

    def read(self, value: object) -> Hosted:
        """Return what the guest makes of the output."""
        return checked(parsed(value, self.guest, self.kind), self.guest, self.expected)

    def refusal(self, value: object) -> str:
        """Return why the guest takes nothing of it."""
        with pytest.raises(HostError) as caught:
            self.read(value)
        return str(caught.value)


PAIRS = (
    Pair(
        guest=CONFIGS["dev-medium"],
        host=CONFIGS["staging-medium"],
        kind=AwsHosted,
        others="000000000000",
    ),
    Pair(
        guest=CONFIGS["dev-medium-gcp"],
        host=CONFIGS["staging-medium-gcp"],
        kind=GcpHosted,
        others="example-aigw-other",
    ),
)
each = pytest.mark.parametrize("pair", PAIRS, ids=lambda one: str(one.host.cloud))


@each
def test_every_field_is_read_as_what_it_is(pair: Pair) -> None:
    found = pair.read(pair.told())
    assert found.port == 5432
    assert isinstance(found.port, int)
    for name, kind in kinds(pair.kind).items():
        assert isinstance(getattr(found, name), kind)
    assert {one.name for one in fields(Hosted)} < kinds(pair.kind).keys()


@each
def test_a_host_that_tells_nothing_is_named_with_what_to_do(pair: Pair) -> None:
    host, guest = pair.host.stack, pair.guest.stack
    assert pair.refusal(None) == (
        f'stack "{host}": found no output "hosting"; allowed: a stack that was deployed '
        f"with {guest}'s file beside its own: run `pulumi up --stack {host}` first"
    )


@each
@pytest.mark.parametrize(
    ("name", "value", "found", "allowed"),
    [
        ("endpoint", None, "nothing", "str"),
        ("administrators", "all", "a str", "dict"),
        ("server", {}, "a dict", "str"),
        ("port", "5432", "a str", "int"),
    ],
)
def test_a_field_of_another_kind_is_named_with_what_was_found(
    pair: Pair, name: str, value: object, found: str, allowed: str
) -> None:
    message = pair.refusal(pair.told(**{name: value}))
    assert f'output "hosting": {name}: found {found}; allowed: a {allowed}' in message


@each
def test_a_host_that_stands_otherwise_than_planned_is_refused_by_each_difference(
    pair: Pair,
) -> None:
    host, guest, expected = pair.host.stack, pair.guest.stack, pair.expected
    stands = {**expected, "node_pools.general": "m1.tiny, at most 4 nodes"}
    del stands["postgres"]
    message = pair.refusal(pair.told(plan=stands))
    assert message.startswith(f"{host} does not stand as {guest} was planned on it: ")
    wanted = expected["node_pools.general"]
    assert f"node_pools.general: it has m1.tiny, at most 4 nodes, planned with {wanted}" in message
    assert f"postgres: it has nothing, planned with {expected['postgres']}" in message
    assert "cluster" not in message.partition("on it: ")[2]
    assert message.endswith(f"run `pulumi up --stack {host}` first")


@each
def test_a_host_of_another_owner_or_that_does_not_know_its_guest_is_refused(pair: Pair) -> None:
    another = pair.refusal(pair.told(**{pair.owner: pair.others}))
    assert f"{pair.owner}: it has {pair.others}, planned with {pair.host.owner}" in another
    assert "guests: it knows none" in pair.refusal(pair.told(administrators={}))


@each
def test_what_a_guest_is_planned_with_changes_with_the_hosts_guests(pair: Pair) -> None:
    alone = facts(plan(replace(pair.host.request(), guests=())))
    assert alone["node_pools.general"] != pair.expected["node_pools.general"]
    assert alone["postgres"] == pair.expected["postgres"]


@each
def test_a_guest_of_a_cluster_is_concerned_by_what_it_uses_of_its_host_alone(pair: Pair) -> None:
    of_cluster = {one.partition(".")[0] for one in needed(plan(pair.host.request()), pair.guest)}
    assert of_cluster == {"cluster", "models", "node_pools", "postgres"}


def test_a_guest_of_stores_is_concerned_by_network_server_and_domain() -> None:
    host = CONFIGS["staging-medium"]
    attached = CONFIGS["staging-large"].model_copy(update={"shares": host.stack})
    found = needed(plan(host.request()), attached)
    assert set(found) == {"network", "postgres", "search"}
    assert found.items() <= facts(plan(host.request())).items()
