"""What Filestore alone asks of shared files: where a tier stands, and how it is mounted."""

from __future__ import annotations

import pytest

from components.gcp.files import is_basic, place
from tests.components.gcp import store_plans as known
from tests.components.gcp.make_stores import SHARE
from tests.components.gcp.make_stores import files as deploy
from tests.components.gcp.samples import (
    KEY,
    REGION,
    ZONES,
)


def test_a_tier_says_where_files_stand_how_they_are_mounted_and_whether_a_key_is_taken() -> None:
    for tier, location, protocol in (
        ("BASIC_HDD", ZONES[0], "NFS_V3"),
        ("BASIC_SSD", ZONES[0], "NFS_V3"),
        ("ZONAL", ZONES[0], "NFS_V4_1"),
        ("REGIONAL", REGION, "NFS_V4_1"),
        ("ENTERPRISE", REGION, "NFS_V4_1"),
    ):
        plan = known.files(tier, gib=2560)
        found = deploy(plan).one(SHARE).inputs
        assert (found["tier"], found["location"], found["protocol"]) == (tier, location, protocol)
        assert found["fileShares"]["capacityGb"] == 2560
        assert found.get("kmsKeyName") == (None if is_basic(plan) else KEY)
        assert is_basic(plan) is tier.startswith("BASIC")


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


def test_files_are_replaced_in_their_own_place() -> None:
    assert deploy(known.files()).one(SHARE).delete_before_replace
