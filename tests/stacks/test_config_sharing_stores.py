"""Which stacks may stand on another's stores, with a cluster of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizing.words import Cloud
from stacks.config import ConfigError
from tests.stacks.sharing import GUEST, HOST, of, refusal, write

pytestmark = pytest.mark.one_cloud(Cloud.AWS, "a guest of stores alone is refused on Google Cloud")
ATTACHED: dict[str, object] = {
    **HOST,
    "tier": "large",
    "shares": "staging-medium",
    "name": "staging-large",
    "network": {"vpc_cidr": "10.112.0.0/16"},
}


def test_a_staging_guest_has_a_network_and_a_cluster_of_its_own(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium=HOST, staging_large=ATTACHED)
    guest, host = of(home, "staging-large"), of(home, "staging-medium")
    assert guest.host == host
    assert guest.on_hosts_stores
    assert not guest.in_hosts_cluster
    assert str(guest.network.vpc_cidr) == "10.112.0.0/16"
    assert [one.stack for one in host.guests] == ["staging-large"]


def test_a_staging_guest_may_stand_on_the_stores_of_a_dev_stack(tmp_path: Path) -> None:
    dev = {**HOST, "environment": "dev", "tier": "small", "network": {"vpc_cidr": "10.16.0.0/16"}}
    home = write(tmp_path, dev_small=dev, staging_large={**ATTACHED, "shares": "dev-small"})
    assert of(home, "staging-large").shares == "dev-small"


def test_one_host_takes_a_guest_of_its_cluster_and_one_of_its_stores(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium=HOST, staging_large=ATTACHED, dev_medium=GUEST)
    assert [one.stack for one in of(home, "staging-medium").guests] == [
        "dev-medium",
        "staging-large",
    ]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"shares": "prod-medium"}, '"prod-medium", a prod stack'),
        ({"shares": "staging-small"}, '"staging-small", which has no stack file'),
        ({"shares": "staging-large"}, "the stack itself"),
        ({"region": "us-west-2"}, '"us-west-2" beside shares: staging-medium'),
        ({"network": {"vpc_cidr": "10.32.0.0/18"}}, "10.32.0.0/18, which overlaps 10.32.0.0/16 of"),
        (
            {"network": {"vpc_cidr": "10.112.0.0/16", "service_cidr": "10.32.0.0/16"}},
            "10.32.0.0/16, which overlaps 10.32.0.0/16 of staging-medium, whose stores it uses",
        ),
        (
            {"sizing": {"overrides": {"postgres": {"storage_gib": 400}}}},
            "sizing.overrides.postgres: found a value beside shares: staging-medium",
        ),
        ({"services": {"vault": {"enabled": True}}}, "services.vault: found a value beside shares"),
    ],
)
def test_a_staging_guest_is_refused_what_keeps_it_from_its_hosts_stores(
    tmp_path: Path, changed: dict[str, object], found: str
) -> None:
    home = write(tmp_path, staging_medium=HOST, staging_large={**ATTACHED, **changed})
    with pytest.raises(ConfigError) as caught:
        of(home, "staging-large")
    assert any(found in one for one in caught.value.messages)


def test_a_staging_guest_of_another_account_is_refused(tmp_path: Path) -> None:
    other = {**ATTACHED, "account_id": "210987654322"}
    home = write(tmp_path, staging_medium=HOST, staging_large=other)
    with pytest.raises(ConfigError) as caught:
        of(home, "staging-large")
    assert any("account_id" in one and "the host's" in one for one in caught.value.messages)


def test_a_second_staging_guest_of_one_host_is_refused(tmp_path: Path) -> None:
    second = {**ATTACHED, "tier": "small", "name": "staging-small"}
    second["network"] = {"vpc_cidr": "10.144.0.0/16"}
    home = write(tmp_path, staging_medium=HOST, staging_large=ATTACHED, staging_small=second)
    assert 'which has the guest "staging-small" already' in refusal(home, "staging-large")
