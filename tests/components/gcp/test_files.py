"""The shared files are in the network alone, where their tier stands, and exported to nodes."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.gcp.files import Files, FilesArgs, is_basic, place
from sizing.plans import FilesPlan
from sizing.words import Environment, Tier
from tests.components.gcp import store_plans as known
from tests.components.gcp.samples import (
    KEY,
    LABELS,
    LONGEST_STACK,
    NETWORK,
    REGION,
    ZONES,
    unlabelled,
)
from tests.components.support import Recorder, children_of, record
from tests.sizing.gcp.requests import planned

COMPONENT = "aigw:gcp:Files"
INSTANCE = "gcp:filestore/instance:Instance"
NODES = ("10.64.0.0/18",)


def deploy(
    plan: FilesPlan,
    *,
    protect: bool = True,
    stack: str = known.STACK,
    seen: dict[str, object] | None = None,
) -> Recorder:
    def build() -> None:
        made = Files(
            "files",
            FilesArgs(
                plan=plan,
                stack=stack,
                region=REGION,
                zone_ids=ZONES,
                network_id=NETWORK,
                private_services=known.peering(),
                client_ranges=NODES,
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "share": made.share,
                "instance": made.instance,
                "location": made.location,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def is_private(inputs: dict[str, Any]) -> bool:
    (network,) = inputs.get("networks") or [{}]
    exports = (inputs.get("fileShares") or {}).get("nfsExportOptions") or []
    return bool(
        network.get("network") == NETWORK
        and network.get("connectMode") == "PRIVATE_SERVICE_ACCESS"
        and exports
        # without a range everybody in the network may mount
        and all(one.get("ipRanges") == list(NODES) for one in exports)
        and (inputs.get("kmsKeyName") == KEY or inputs["tier"].startswith("BASIC"))
    )


def test_files_are_private_and_under_the_key_where_the_tier_takes_one() -> None:
    regional = deploy(known.files()).one(INSTANCE).inputs
    assert is_private(regional)
    basic = deploy(known.files("BASIC_HDD")).one(INSTANCE).inputs
    assert is_private(basic)
    assert "kmsKeyName" not in basic


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("networks", [{"network": "projects/p/global/networks/default"}]),
        ("networks", [{"network": NETWORK, "connectMode": "DIRECT_PEERING"}]),
        ("fileShares", {"name": "files"}),
        ("fileShares", {"nfsExportOptions": [{"accessMode": "READ_WRITE"}]}),
        ("fileShares", {"nfsExportOptions": [{"ipRanges": ["0.0.0.0/0"]}]}),
        ("kmsKeyName", None),
    ],
)
def test_the_predicate_sees_each_way_to_be_open(field: str, value: object) -> None:
    assert not is_private({**deploy(known.files()).one(INSTANCE).inputs, field: value})


@pytest.mark.parametrize(
    ("tier", "location", "protocol"),
    [
        ("BASIC_HDD", ZONES[0], "NFS_V3"),
        ("BASIC_SSD", ZONES[0], "NFS_V3"),
        ("ZONAL", ZONES[0], "NFS_V4_1"),
        ("REGIONAL", REGION, "NFS_V4_1"),
        ("ENTERPRISE", REGION, "NFS_V4_1"),
    ],
)
def test_a_tier_says_where_the_files_stand_and_how_they_are_mounted(
    tier: str, location: str, protocol: str
) -> None:
    found = deploy(known.files(tier, gib=2560)).one(INSTANCE).inputs
    assert (found["tier"], found["location"], found["protocol"]) == (tier, location, protocol)
    assert found["fileShares"]["capacityGb"] == 2560


def test_a_tier_of_one_zone_needs_one() -> None:
    assert place(known.files(), REGION, ()) == REGION
    with pytest.raises(ValueError, match="zone"):
        place(known.files("ZONAL"), REGION, ())


def test_outputs_say_where_to_mount_from() -> None:
    seen: dict[str, object] = {}
    deploy(known.files(), seen=seen)
    assert seen == {
        "host": "10.64.64.5",
        "share": "files",
        "instance": "aigw-prod-large-files",
        "location": REGION,
    }


def test_files_wait_for_private_services() -> None:
    recorder = deploy(known.files())
    assert known.waits_for_peering(recorder, recorder.one(INSTANCE))


@pytest.mark.parametrize("protect", [True, False])
def test_files_are_protected_where_the_stack_is(protect: bool) -> None:
    made = deploy(known.files(), protect=protect).one(INSTANCE)
    assert made.protect is made.inputs["deletionProtectionEnabled"] is protect
    assert made.delete_before_replace


@pytest.mark.parametrize("stack", [known.STACK, LONGEST_STACK])
def test_names_are_legal(stack: str) -> None:
    found = deploy(known.files(), stack=stack).one(INSTANCE).inputs
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,61}[a-z0-9]", found["name"])
    assert re.fullmatch(r"[a-z]{1,16}", found["fileShares"]["name"])


@pytest.mark.parametrize(("tier", "environment"), known.STACKS)
def test_every_planned_file_system_is_private_and_as_large_as_planned(
    tier: Tier, environment: Environment
) -> None:
    plan = planned(tier, environment).files
    found = deploy(plan).one(INSTANCE).inputs
    assert is_private(found)
    assert found["fileShares"]["capacityGb"] == plan.planning_gib
    assert is_basic(plan) is (environment is Environment.DEV)


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy(known.files())
    assert children_of(recorder, COMPONENT) == known.made(recorder)
    assert unlabelled(recorder, COMPONENT, {**LABELS, "component": "files"}) == []
