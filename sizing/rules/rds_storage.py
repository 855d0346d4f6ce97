"""What RDS refuses of storage: sizes, types, IOPS and throughput."""

from __future__ import annotations

from sizing.rules.conditions import among, between, equals, every, needs, ordered, refused, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number, read

INSTANCE = ("aws:rds/instance:Instance",)
BOTH = (*INSTANCE, "aws:rds/cluster:Cluster")

GP3_STRIPE_GIB = 400
"""Below it gp3 gives a fixed baseline to PostgreSQL (cdk-preflight pf-rds-gp3)."""
GP3_FREE_IOPS = 12_000
"""The least that may be asked for from the stripe on (cdk-preflight pf-rds-gp3)."""
GP3_MOST_THROUGHPUT = 4_000
IO1_IOPS_PER_GIB = 50


def _gp3_small(inputs: Inputs) -> str | None:
    size = number(inputs, "allocatedStorage")
    if read(inputs, "storageType") != "gp3" or size is None or size >= GP3_STRIPE_GIB:
        return None
    return refused("iops", "storageThroughput")(inputs)


def _gp3_large(inputs: Inputs) -> str | None:
    size = number(inputs, "allocatedStorage")
    if read(inputs, "storageType") != "gp3" or size is None or size < GP3_STRIPE_GIB:
        return None
    return every(
        between("iops", GP3_FREE_IOPS, None),
        between("storageThroughput", None, GP3_MOST_THROUGHPUT),
    )(inputs)


def _io1_ratio(inputs: Inputs) -> str | None:
    size, iops = number(inputs, "allocatedStorage"), number(inputs, "iops")
    if read(inputs, "storageType") != "io1" or size is None or iops is None:
        return None
    return f"{iops:g} IOPS on {size:g} GiB" if iops > IO1_IOPS_PER_GIB * size else None


RULES = (
    Rule(
        id="rds.gp3-baseline",
        types=INSTANCE,
        property="iops",
        statement="gp3 below 400 GiB takes neither IOPS nor throughput.",
        source="cdk-preflight",
        check=_gp3_small,
        passing={"storageType": "gp3", "allocatedStorage": 399},
        failing={"storageType": "gp3", "allocatedStorage": 100, "iops": 3000},
    ),
    Rule(
        id="rds.gp3-provisioned",
        types=INSTANCE,
        property="iops",
        statement="gp3 from 400 GiB on takes 12,000 IOPS or more and at most 4,000 MiB/s.",
        source="cdk-preflight",
        check=_gp3_large,
        passing={"storageType": "gp3", "allocatedStorage": 500, "iops": 12000},
        failing={"storageType": "gp3", "allocatedStorage": 500, "iops": 10000},
    ),
    Rule(
        id="rds.throughput-gp3-only",
        types=INSTANCE,
        property="storageThroughput",
        statement="Throughput is chosen on gp3 only.",
        source="cdk-preflight",
        check=when(
            equals("storageType", None, "gp2", "io1", "io2", "standard"),
            refused("storageThroughput"),
        ),
        passing={"storageType": "gp3", "storageThroughput": 500},
        failing={"storageType": "io2", "iops": 8000, "storageThroughput": 500},
    ),
    Rule(
        id="rds.provisioned-iops",
        types=BOTH,
        property="iops",
        statement="io1 and io2 need IOPS, io1 at most 50 per GiB.",
        source="cdk-preflight",
        check=every(when(equals("storageType", "io1", "io2"), needs("iops")), _io1_ratio),
        passing={"storageType": "io1", "allocatedStorage": 100, "iops": 5000},
        failing={"storageType": "io1", "allocatedStorage": 100, "iops": 5001},
    ),
    Rule(
        id="rds.storage-ceiling",
        types=INSTANCE,
        property="maxAllocatedStorage",
        statement="The ceiling of storage autoscaling is above the storage.",
        source="cdk-preflight",
        check=when(
            lambda inputs: None if (number(inputs, "maxAllocatedStorage") or 0) > 0 else "off",
            ordered("allocatedStorage", "maxAllocatedStorage", strictly=True),
        ),
        passing={"allocatedStorage": 100, "maxAllocatedStorage": 200},
        failing={"allocatedStorage": 100, "maxAllocatedStorage": 100},
    ),
    Rule(
        id="rds.storage-type",
        types=INSTANCE,
        property="storageType",
        statement="Storage is gp2, gp3, io1 or io2; magnetic storage is gone.",
        source="cdk-preflight",
        check=among("storageType", ("gp2", "gp3", "io1", "io2")),
        passing={"storageType": "gp3"},
        failing={"storageType": "standard"},
    ),
    Rule(
        id="rds.log-volume",
        types=INSTANCE,
        property="dedicatedLogVolume",
        statement="A dedicated log volume needs provisioned IOPS.",
        source="cdk-preflight",
        check=when(
            equals("dedicatedLogVolume", True),
            among("storageType", ("io1", "io2"), absent_is="gp2"),
        ),
        passing={"dedicatedLogVolume": True, "storageType": "io2", "iops": 3000},
        failing={"dedicatedLogVolume": True, "storageType": "gp3"},
    ),
)
