"""What RDS refuses of Multi-AZ DB clusters, which differ from instances in most respects."""

from __future__ import annotations

from sizing.rules.conditions import among, every, is_set, needs, refused, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number, text

CLUSTER = ("aws:rds/cluster:Cluster",)

CLASS_FAMILIES = (
    *("c6gd", "m5d", "m6gd", "m6id", "m6idn", "m8gd"),
    *("r5d", "r6gd", "r6id", "r6idn", "r8gd", "x2iedn"),
)
"""Families sold for Multi-AZ DB clusters (cfn-lint-schemas, E3692)."""
IOPS_PER_GIB = (0.5, 50)
"""Least and most IOPS per GiB (rds-user-guide)."""


def _family(inputs: Inputs) -> str | None:
    name = text(inputs, "dbClusterInstanceClass")
    if name is None:
        return None
    parts = name.split(".")
    sold = parts[0] == "db" and parts[1:2] != [] and parts[1] in CLASS_FAMILIES
    return None if sold else f"dbClusterInstanceClass is {name}"


def _ratio(inputs: Inputs) -> str | None:
    size, iops = number(inputs, "allocatedStorage"), number(inputs, "iops")
    if size is None or iops is None:
        return None
    least, most = IOPS_PER_GIB
    within = least * size <= iops <= most * size
    return None if within else f"{iops:g} IOPS on {size:g} GiB"


RULES = (
    Rule(
        id="rds-cluster.required",
        types=CLUSTER,
        property="iops",
        statement="A Multi-AZ DB cluster names its storage, storage type and IOPS.",
        source="rds-user-guide",
        check=when(
            is_set("dbClusterInstanceClass"), needs("allocatedStorage", "storageType", "iops")
        ),
        passing={
            "dbClusterInstanceClass": "db.m6gd.large",
            "allocatedStorage": 500,
            "storageType": "io1",
            "iops": 3000,
        },
        failing={"dbClusterInstanceClass": "db.m6gd.large", "allocatedStorage": 500},
    ),
    Rule(
        id="rds-cluster.class",
        types=CLUSTER,
        property="dbClusterInstanceClass",
        statement="Only classes with local disks are sold for Multi-AZ DB clusters.",
        source="cfn-lint-schemas",
        check=_family,
        passing={"dbClusterInstanceClass": "db.r6gd.xlarge"},
        failing={"dbClusterInstanceClass": "db.r6g.xlarge"},
    ),
    Rule(
        id="rds-cluster.storage-type",
        types=CLUSTER,
        property="storageType",
        statement="A Multi-AZ DB cluster's storage is io1, io2 or gp3.",
        source="rds-user-guide",
        check=when(is_set("dbClusterInstanceClass"), among("storageType", ("io1", "io2", "gp3"))),
        passing={"dbClusterInstanceClass": "db.m6gd.large", "storageType": "io2"},
        failing={"dbClusterInstanceClass": "db.m6gd.large", "storageType": "gp2"},
    ),
    Rule(
        id="rds-cluster.iops-ratio",
        types=CLUSTER,
        property="iops",
        statement="IOPS are between 0.5 and 50 per GiB of storage.",
        source="rds-user-guide",
        check=when(is_set("dbClusterInstanceClass"), _ratio),
        passing={"dbClusterInstanceClass": "db.m6gd.large", "allocatedStorage": 100, "iops": 5000},
        failing={"dbClusterInstanceClass": "db.m6gd.large", "allocatedStorage": 100, "iops": 6000},
    ),
    Rule(
        id="rds-cluster.foreign-settings",
        types=CLUSTER,
        property="engineMode",
        statement="Zones, network type, engine mode, serverless and global settings are Aurora's.",
        source="cfn-lint-schemas",
        check=when(
            is_set("dbClusterInstanceClass"),
            every(
                refused("availabilityZones", "networkType", "engineMode"),
                refused("scalingConfiguration", "serverlessv2ScalingConfiguration"),
                refused("globalClusterIdentifier"),
            ),
        ),
        passing={"dbClusterInstanceClass": "db.m6gd.large"},
        failing={"dbClusterInstanceClass": "db.m6gd.large", "engineMode": "provisioned"},
    ),
)
