"""What OpenSearch Service refuses of volumes, by the family that they hang on."""

from __future__ import annotations

from sizing.rules.conditions import among, between, equals, every, is_true, needs, refused, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, number, read, text

DOMAIN = ("aws:opensearch/domain:Domain",)

ZONES = 3
LOCAL_DISKS = ("i3", "i4g", "i4i", "i8g", "im4gn", "r6gd", "r7gd", "r8gd")
"""Families with disks of their own (cdk-preflight pf-opensearch-ebs)."""
NO_GP2 = (*("c7g", "c7i", "c8g", "m7g", "m7i", "m8g", "om2", "or1", "or2", "r7g", "r7i", "r8g"),)
"""Families without gp2 (cdk-preflight pf-opensearch-ebs)."""
OPTIMISED = ("or1", "or2")
SMALLEST_GIB = 10
SMALLEST_OPTIMISED_GIB = 20
GP3_FLOOR = (3_000, 125)
"""Least IOPS and MiB/s of gp3 (cdk-preflight pf-opensearch-ebs)."""
MOST_GIB = {"m6g.large.search": 512}
"""Largest volume of a type that a source shows (opensearch-guide)."""


def _family(inputs: Inputs) -> str:
    # a domain without a type gets m4.large.search
    return (text(inputs, "clusterConfig.instanceType") or "m4").partition(".")[0]


def _storage(inputs: Inputs) -> str | None:
    on = read(inputs, "ebsOptions.ebsEnabled")
    family = _family(inputs)
    if family in LOCAL_DISKS:
        return f"{family} with EBS" if on is True else None
    return f"{family} without EBS" if on in (None, False) else None


def _volume(inputs: Inputs) -> str | None:
    size = number(inputs, "ebsOptions.volumeSize")
    if read(inputs, "ebsOptions.ebsEnabled") is True and absent(inputs, "ebsOptions.volumeSize"):
        return "no volumeSize"
    least = SMALLEST_OPTIMISED_GIB if _family(inputs) in OPTIMISED else SMALLEST_GIB
    most = MOST_GIB.get(text(inputs, "clusterConfig.instanceType") or "")
    if size is None or (size >= least and (most is None or size <= most)):
        return None
    return f"volumeSize is {size:g} GiB"


def _volume_type(inputs: Inputs) -> str | None:
    kind = text(inputs, "ebsOptions.volumeType")
    if kind == "gp2" and _family(inputs) in NO_GP2:
        return f"gp2 on {_family(inputs)}"
    if kind == "gp3":
        iops, throughput = GP3_FLOOR
        return every(
            between("ebsOptions.iops", iops, None),
            between("ebsOptions.throughput", throughput, None),
        )(inputs)
    if kind in ("gp2", "standard"):
        return refused("ebsOptions.iops", "ebsOptions.throughput")(inputs)
    if kind == "io1":
        return every(needs("ebsOptions.iops"), refused("ebsOptions.throughput"))(inputs)
    return None


def _standby(inputs: Inputs) -> str | None:
    zones = number(inputs, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount")
    count = number(inputs, "clusterConfig.instanceCount")
    if zones is not None and zones != ZONES:
        return f"{zones:g} zones"
    if count is not None and count % ZONES != 0:
        return f"{count:g} data nodes"
    if _family(inputs) == "t3":
        return "t3"
    return every(
        is_true("clusterConfig.dedicatedMasterEnabled"),
        among("ebsOptions.volumeType", ("gp3", "io1")),
    )(inputs)


RULES = (
    Rule(
        id="opensearch.standby",
        types=DOMAIN,
        property="clusterConfig.multiAzWithStandbyEnabled",
        statement="Standby needs three zones, masters, nodes in threes, gp3 or io1, and no t3.",
        source="cdk-preflight",
        check=when(equals("clusterConfig.multiAzWithStandbyEnabled", True), _standby),
        passing={
            "clusterConfig": {
                "multiAzWithStandbyEnabled": True,
                "instanceCount": 3,
                "instanceType": "m6g.large.search",
                "dedicatedMasterEnabled": True,
            }
        },
        failing={"clusterConfig": {"multiAzWithStandbyEnabled": True, "instanceCount": 4}},
    ),
    Rule(
        id="opensearch.ebs",
        types=DOMAIN,
        property="ebsOptions.ebsEnabled",
        statement="EBS is needed, but refused on types with disks of their own.",
        source="cdk-preflight",
        check=_storage,
        passing={
            "clusterConfig": {"instanceType": "m6g.large.search"},
            "ebsOptions": {"ebsEnabled": True, "volumeSize": 100},
        },
        failing={"clusterConfig": {"instanceType": "m6g.large.search"}},
    ),
    Rule(
        id="opensearch.volume",
        types=DOMAIN,
        property="ebsOptions.volumeSize",
        statement="A volume has at least 10 GiB, and at most what its type can carry.",
        source="opensearch-guide",
        check=_volume,
        passing={
            "clusterConfig": {"instanceType": "m6g.large.search"},
            "ebsOptions": {"ebsEnabled": True, "volumeSize": 512},
        },
        failing={
            "clusterConfig": {"instanceType": "m6g.large.search"},
            "ebsOptions": {"ebsEnabled": True, "volumeSize": 2000},
        },
    ),
    Rule(
        id="opensearch.volume-type",
        types=DOMAIN,
        property="ebsOptions.volumeType",
        statement="Each volume type takes its own IOPS and throughput, new families no gp2.",
        source="cdk-preflight",
        check=_volume_type,
        passing={"ebsOptions": {"volumeType": "gp3", "iops": 3000, "throughput": 125}},
        failing={"ebsOptions": {"volumeType": "gp2", "iops": 3000}},
    ),
)
