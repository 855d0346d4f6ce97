"""What two stacks of one folder may not both take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.config_isolation import Claim, isolation

pytestmark = pytest.mark.cloud_free("what two stacks claim is compared alike, whoever owns it")

OWN = Claim(
    file="stacks/Pulumi.dev-small.yaml",
    stack="dev-small",
    owner_key="account_id",
    owner="210987654321",
    vpc_cidr="10.0.0.0/16",
    platform="dev",
    domain="dev.example.dev",
    mirrors=True,
    region="us-east-1",
)
OTHER = Claim(
    file="stacks/Pulumi.staging-small.yaml",
    stack="staging-small",
    owner_key="account_id",
    owner="210987654321",
    vpc_cidr="10.1.0.0/16",
    platform="staging",
    domain="staging.example.dev",
    mirrors=False,
    region="us-east-1",
)


def test_stacks_that_share_nothing_but_an_account_stand_beside_each_other() -> None:
    assert isolation(OWN, [OTHER]) == ()


def test_one_stack_of_account_and_region_makes_the_rules_of_the_registry() -> None:
    (found,) = isolation(OWN, [replace(OTHER, mirrors=True)])
    assert found.path == "images.mirror"
    assert OTHER.file in found.found
    assert isolation(OWN, [replace(OTHER, mirrors=True, region="eu-west-1")]) == ()


@pytest.mark.parametrize(
    ("taken", "path"),
    [
        ({"vpc_cidr": "10.0.128.0/17"}, "network.vpc_cidr"),
        ({"platform": "dev"}, "name"),
        ({"domain": "dev.example.dev"}, "ingress.domain"),
        ({"stack": "prod-small"}, "account_id"),
    ],
)
def test_what_both_take_is_refused_by_its_key(taken: dict[str, str], path: str) -> None:
    (found,) = isolation(OWN, [replace(OTHER, **taken)])  # type: ignore[arg-type]
    assert found.path == path
    assert OTHER.file in found.found
