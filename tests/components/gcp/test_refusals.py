"""What the ground of a platform registers on Google Cloud, the cloud takes, by the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from components.gcp.services import Services, ServicesArgs
from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from tests.components.gcp import test_keys, test_network
from tests.components.gcp.samples import PROJECT
from tests.components.support import Recorder, record

BUILDERS: dict[str, Callable[[], Recorder]] = {
    "network": lambda: test_network.build(
        replace(test_network.ARGS, plan=replace(test_network.ARGS.plan, nat_ports=1024))
    ),
    "keys": test_keys.build,
    "services": lambda: record(lambda: Services("services", ServicesArgs(project=PROJECT))),
}


@pytest.mark.parametrize("part", list(BUILDERS))
def test_nothing_registered_is_refused(part: str) -> None:
    custom = [one for one in BUILDERS[part]().resources if one.custom]
    assert custom
    found = {one.name: refusals(one.type, one.inputs) for one in custom}
    assert {name: [str(r) for r in said] for name, said in found.items() if said} == {}


@pytest.mark.parametrize("part", list(BUILDERS))
def test_it_is_known_of_every_type_what_replaces_it(part: str) -> None:
    types = {one.type for one in BUILDERS[part]().resources if one.custom}
    assert types <= REPLACES.keys()


def test_the_table_knows_of_the_types_whose_mistakes_show_late() -> None:
    made = {one.type for one in BUILDERS["network"]().resources if one.custom}
    assert {f"gcp:compute/{one}" for one in ("firewall:Firewall", "routerNat:RouterNat")} <= made
    assert {"gcp:compute/firewall:Firewall", "gcp:kms/cryptoKey:CryptoKey"} <= RULES_BY_TYPE.keys()


def test_the_table_sees_ports_that_cloud_nat_would_not_take() -> None:
    made = test_network.build(
        replace(test_network.ARGS, plan=replace(test_network.ARGS.plan, nat_ports=1000))
    ).one("RouterNat")
    assert [one.rule for one in refusals(made.type, made.inputs)] == ["gcp.nat.ports"]


def test_the_table_sees_services_inside_the_pods_range() -> None:
    args = replace(test_network.ARGS, service_cidr="10.64.128.0/20")
    made = test_network.build(args).one("Subnetwork", "nodes")
    assert [one.rule for one in refusals(made.type, made.inputs)] == ["gcp.subnet.ranges-apart"]
