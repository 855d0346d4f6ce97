"""What Filestore refuses of instances."""

from __future__ import annotations

import ipaddress
import re
from itertools import pairwise

from sizing.rules.conditions import among, counts, each, equals, every, matches, refused, when
from sizing.rules.gcp.places import key_in_region
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import blocks, items, number, text

INSTANCE = ("gcp:filestore/instance:Instance",)

BASIC = ("BASIC_HDD", "BASIC_SSD", "STANDARD", "PREMIUM")
REGIONAL = ("REGIONAL", "ENTERPRISE")
ZONAL = (*BASIC, "HIGH_SCALE_SSD", "ZONAL")
TIERS = (*ZONAL, *REGIONAL)
BANDS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "BASIC_HDD": ((1024, 65_433, 1),),
    "BASIC_SSD": ((2560, 65_433, 1),),
    "HIGH_SCALE_SSD": ((10_240, 102_400, 2560),),
    "ZONAL": ((100, 10_239, 1), (10_240, 102_400, 2560)),
    "REGIONAL": ((100, 10_239, 1), (10_240, 102_400, 2560)),
    "ENTERPRISE": ((1024, 10_240, 256),),
}
"""GiB from, to and in steps of, by tier (the SDK's docstring on `capacity_gb`)."""
EXPORTS_MOST = 10
RANGES_MOST = 64
_EXPORTS = "fileShares.nfsExportOptions"
_ADDRESS = re.compile(r"[\d.]+(/\d+)?")
_ZONE = r"[a-z]+-[a-z]+\d+-[a-z]"
_REGION = r"[a-z]+-[a-z]+\d+"


def _capacity(inputs: Inputs) -> str | None:
    tier, size = text(inputs, "tier"), number(inputs, "fileShares.capacityGb")
    bands = BANDS.get(tier or "")
    if size is None or bands is None:
        return None
    fits = any(low <= size <= high and not (size - low) % step for low, high, step in bands)
    return None if fits else f"{size:g} GiB of {tier}"


def _ranges(inputs: Inputs) -> list[str]:
    found = [one for block in blocks(inputs, _EXPORTS) for one in items(block, "ipRanges") or []]
    # what is not known yet is text as well
    return [one for one in found if isinstance(one, str) and _ADDRESS.fullmatch(one)]


def _apart(inputs: Inputs) -> str | None:
    networks = sorted(ipaddress.IPv4Network(one, strict=False) for one in _ranges(inputs))
    if len(networks) > RANGES_MOST:
        return f"{len(networks)} ranges"
    said = (f"{one} and {two} overlap" for one, two in pairwise(networks) if one.overlaps(two))
    return next(said, None)


RULES = (
    Rule(
        id="gcp.filestore.tier",
        types=INSTANCE,
        property="tier",
        statement="The service tier is one that Filestore sells.",
        source="pulumi-gcp",
        check=among("tier", TIERS, absent_is=""),
        passing={"tier": "REGIONAL"},
        failing={"tier": "elastic"},
    ),
    Rule(
        id="gcp.filestore.place",
        types=INSTANCE,
        property="location",
        statement="A tier of one zone stands in a zone, a regional one in a region.",
        source="pulumi-gcp",
        check=every(
            when(equals("tier", *REGIONAL), matches("location", _REGION)),
            when(equals("tier", *ZONAL), matches("location", _ZONE)),
        ),
        passing={"tier": "REGIONAL", "location": "us-central1"},
        failing={"tier": "BASIC_HDD", "location": "us-central1"},
    ),
    Rule(
        id="gcp.filestore.capacity",
        types=INSTANCE,
        property="fileShares.capacityGb",
        statement="Each tier has its least and largest capacity, and steps between.",
        source="pulumi-gcp",
        check=_capacity,
        passing={"tier": "BASIC_HDD", "fileShares": {"name": "files", "capacityGb": 1024}},
        failing={"tier": "BASIC_SSD", "fileShares": {"name": "files", "capacityGb": 1024}},
    ),
    Rule(
        id="gcp.filestore.share-name",
        types=INSTANCE,
        property="fileShares.name",
        statement="A share's name has at most 16 characters.",
        source="pulumi-gcp",
        check=matches("fileShares.name", r".{1,16}"),
        passing={"fileShares": {"name": "files"}},
        failing={"fileShares": {"name": "files-of-the-platform"}},
    ),
    Rule(
        id="gcp.filestore.protocol",
        types=INSTANCE,
        property="protocol",
        statement="The basic tiers speak NFS 3 alone.",
        source="pulumi-gcp",
        check=when(equals("tier", *BASIC), among("protocol", ("NFS_V3",), absent_is="NFS_V3")),
        passing={"tier": "REGIONAL", "protocol": "NFS_V4_1"},
        failing={"tier": "BASIC_HDD", "protocol": "NFS_V4_1"},
    ),
    Rule(
        id="gcp.filestore.key",
        types=INSTANCE,
        property="kmsKeyName",
        statement="The basic tiers take no key of a customer.",
        source="filestore-cmek",
        check=when(equals("tier", *BASIC), refused("kmsKeyName")),
        passing={"tier": "REGIONAL", "kmsKeyName": "projects/p/locations/r/keyRings/k"},
        failing={"tier": "BASIC_HDD", "kmsKeyName": "projects/p/locations/r/keyRings/k"},
    ),
    Rule(
        id="gcp.filestore.key-region",
        types=INSTANCE,
        property="kmsKeyName",
        statement="The key is in the region of the files.",
        source="pulumi-gcp",
        check=key_in_region("kmsKeyName", "location"),
        passing={
            "location": "us-central1-a",
            "kmsKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
        failing={
            "location": "us-east4",
            "kmsKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
    ),
    Rule(
        id="gcp.filestore.exports",
        types=INSTANCE,
        property=_EXPORTS,
        statement="A share has at most 10 exports, of 64 ranges that do not overlap.",
        source="pulumi-gcp",
        check=every(counts(_EXPORTS, None, EXPORTS_MOST), _apart),
        passing={"fileShares": {"nfsExportOptions": [{"ipRanges": ["10.64.0.0/18"]}]}},
        failing={
            "fileShares": {"nfsExportOptions": [{"ipRanges": ["10.64.0.0/18", "10.64.1.0/24"]}]}
        },
    ),
    Rule(
        id="gcp.filestore.anonymous",
        types=INSTANCE,
        property=_EXPORTS,
        statement="Whom root becomes is said only where root is squashed.",
        source="pulumi-gcp",
        check=each(
            _EXPORTS,
            when(equals("squashMode", "NO_ROOT_SQUASH", None), refused("anonUid", "anonGid")),
        ),
        passing={
            "fileShares": {"nfsExportOptions": [{"squashMode": "ROOT_SQUASH", "anonUid": 1000}]}
        },
        failing={
            "fileShares": {"nfsExportOptions": [{"squashMode": "NO_ROOT_SQUASH", "anonUid": 1000}]}
        },
    ),
)
