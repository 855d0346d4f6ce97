"""What EFS refuses of file systems, mount targets and access points."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    between,
    counts,
    equals,
    every,
    is_set,
    is_true,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, blocks, known, read

SYSTEM = ("aws:efs/fileSystem:FileSystem",)
TARGET = ("aws:efs/mountTarget:MountTarget",)
POINT = ("aws:efs/accessPoint:AccessPoint",)

TRANSITIONS = ("transitionToIa", "transitionToArchive", "transitionToPrimaryStorageClass")


def _policies(inputs: Inputs) -> str | None:
    seen: list[str] = []
    for block in blocks(inputs, "lifecyclePolicies"):
        named = [name for name in TRANSITIONS if known(block, name)]
        if len(named) > 1:
            return f"{' and '.join(named)} in one block"
        seen += named
    twice = sorted({name for name in seen if seen.count(name) > 1})
    if twice:
        return f"{', '.join(twice)} twice"
    if "transitionToArchive" not in seen:
        return None
    if "transitionToIa" not in seen:
        return "archive without transitionToIa"
    return every(
        among("throughputMode", ("elastic",), absent_is="bursting"),
        among("performanceMode", ("generalPurpose",)),
    )(inputs)


def _root(inputs: Inputs) -> str | None:
    if read(inputs, "rootDirectory.path") in (None, "/"):
        return None
    owner = "rootDirectory.creationInfo"
    if absent(inputs, owner):
        return "a path without creationInfo"
    return needs(f"{owner}.ownerUid", f"{owner}.ownerGid", f"{owner}.permissions")(inputs)


RULES = (
    Rule(
        id="efs.throughput-mode",
        types=SYSTEM,
        property="throughputMode",
        statement="Throughput is bursting, elastic or provisioned, the last one with its amount.",
        source="efs-api",
        check=every(
            among("throughputMode", ("bursting", "elastic", "provisioned")),
            when(equals("throughputMode", "provisioned"), needs("provisionedThroughputInMibps")),
            when(
                equals("throughputMode", None, "bursting", "elastic"),
                refused("provisionedThroughputInMibps"),
            ),
            between("provisionedThroughputInMibps", 1, 3414),
        ),
        passing={"throughputMode": "elastic"},
        failing={"throughputMode": "elastic", "provisionedThroughputInMibps": 100},
    ),
    Rule(
        id="efs.performance-mode",
        types=SYSTEM,
        property="performanceMode",
        statement="maxIO goes neither with elastic throughput nor with one zone.",
        source="efs-api",
        check=every(
            among("performanceMode", ("generalPurpose", "maxIO")),
            when(
                equals("performanceMode", "maxIO"),
                every(
                    among("throughputMode", ("bursting", "provisioned")),
                    refused("availabilityZoneName"),
                ),
            ),
        ),
        passing={"performanceMode": "generalPurpose", "throughputMode": "elastic"},
        failing={"performanceMode": "maxIO", "throughputMode": "elastic"},
    ),
    Rule(
        id="efs.key",
        types=SYSTEM,
        property="kmsKeyId",
        statement="A key needs encryption switched on.",
        source="pulumi-aws",
        check=when(is_set("kmsKeyId"), is_true("encrypted")),
        passing={"kmsKeyId": "arn:aws:kms:k", "encrypted": True},
        failing={"kmsKeyId": "arn:aws:kms:k"},
    ),
    Rule(
        id="efs.lifecycle",
        types=SYSTEM,
        property="lifecyclePolicies",
        statement="One block per transition; archive needs elastic throughput and a first step.",
        source="efs-api",
        check=_policies,
        passing={
            "lifecyclePolicies": [
                {"transitionToIa": "AFTER_30_DAYS"},
                {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ]
        },
        failing={
            "lifecyclePolicies": [
                {
                    "transitionToIa": "AFTER_30_DAYS",
                    "transitionToPrimaryStorageClass": "AFTER_1_ACCESS",
                }
            ]
        },
    ),
    Rule(
        id="efs.mount-target-groups",
        types=TARGET,
        property="securityGroups",
        statement="A mount target has at most five security groups.",
        source="efs-api",
        check=counts("securityGroups", None, 5),
        passing={"securityGroups": ["sg-1"]},
        failing={"securityGroups": [f"sg-{n}" for n in range(6)]},
    ),
    Rule(
        id="efs.access-point-path",
        types=POINT,
        property="rootDirectory.path",
        statement="An access point's path has at most four levels.",
        source="efs-api",
        check=matches("rootDirectory.path", r"/|(/[^/]+){1,4}"),
        passing={"rootDirectory": {"path": "/"}},
        failing={"rootDirectory": {"path": "/a/b/c/d/e"}},
    ),
    Rule(
        id="efs.access-point-owner",
        types=POINT,
        property="rootDirectory.creationInfo",
        statement="A path that may be missing names the owner and permissions to create it with.",
        source="efs-api",
        check=_root,
        passing={
            "rootDirectory": {
                "path": "/uploads",
                "creationInfo": {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"},
            }
        },
        failing={"rootDirectory": {"path": "/uploads"}},
    ),
)
