"""What EKS refuses of managed node groups and of the launch templates that they use."""

from __future__ import annotations

import base64
import binascii

from sizing.rules.conditions import (
    among,
    at_most_one,
    between,
    counts,
    each,
    equals,
    every,
    exactly_one,
    is_set,
    matches,
    needs,
    ordered,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import items, read, text

GROUP = ("aws:eks/nodeGroup:NodeGroup",)
TEMPLATE = ("aws:ec2/launchTemplate:LaunchTemplate",)
"""Every launch template of the platform is one of a managed node group."""

GPU_FAMILIES = (
    *("g3", "g3s", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f", "g7e"),
    *("p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300"),
)
"""Families with NVIDIA GPUs (karpenter-types)."""


def _gpu_image(inputs: Inputs) -> str | None:
    ami = text(inputs, "amiType")
    types = [name for name in items(inputs, "instanceTypes") or [] if isinstance(name, str)]
    gpu = [name for name in types if name.partition(".")[0] in GPU_FAMILIES]
    if ami is None or ami == "CUSTOM" or not gpu or "NVIDIA" in ami:
        return None
    return f"{gpu[0]} with {ami}"


def _user_data(inputs: Inputs) -> str | None:
    data = text(inputs, "userData")
    if data is None:
        return None
    try:
        script = base64.b64decode(data, validate=True).lstrip().lower()
    except (ValueError, binascii.Error):
        return "userData is not base64"
    multipart = b"content-type: multipart/mixed" in script
    return None if multipart or script.startswith(b"[") else "neither MIME multi-part nor TOML"


def _first_interface(inputs: Inputs) -> str | None:
    first = (items(inputs, "networkInterfaces") or [None])[0]
    only = isinstance(first, dict) and read(first, "interfaceType") == "efa-only"
    return "the first interface is efa-only" if only else None


RULES = (
    Rule(
        id="node-group.maximum",
        types=GROUP,
        property="scalingConfig.maxSize",
        statement="The maximum is at least one node.",
        source="cdk-preflight",
        check=between("scalingConfig.maxSize", 1, None),
        passing={"scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 1}},
        failing={"scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 0}},
    ),
    Rule(
        id="node-group.minimum-below-desired",
        types=GROUP,
        property="scalingConfig.minSize",
        statement="The minimum is not above the desired size.",
        source="cdk-preflight",
        check=ordered("scalingConfig.minSize", "scalingConfig.desiredSize"),
        passing={"scalingConfig": {"minSize": 3, "desiredSize": 3, "maxSize": 9}},
        failing={"scalingConfig": {"minSize": 8, "desiredSize": 4, "maxSize": 9}},
    ),
    Rule(
        id="node-group.desired-below-maximum",
        types=GROUP,
        property="scalingConfig.desiredSize",
        statement="The desired size is not above the maximum.",
        source="cdk-preflight",
        check=ordered("scalingConfig.desiredSize", "scalingConfig.maxSize"),
        passing={"scalingConfig": {"minSize": 3, "desiredSize": 9, "maxSize": 9}},
        failing={"scalingConfig": {"minSize": 3, "desiredSize": 10, "maxSize": 9}},
    ),
    Rule(
        id="node-group.update-config",
        types=GROUP,
        property="updateConfig.maxUnavailable",
        statement="A roll names how many nodes may be missing, as a number or as a percentage.",
        source="cdk-preflight",
        check=when(
            is_set("updateConfig"),
            every(
                exactly_one("updateConfig.maxUnavailable", "updateConfig.maxUnavailablePercentage"),
                between("updateConfig.maxUnavailable", 1, 100),
                between("updateConfig.maxUnavailablePercentage", 1, 100),
            ),
        ),
        passing={"updateConfig": {"maxUnavailable": 1}},
        failing={"updateConfig": {}},
    ),
    Rule(
        id="node-group.update-strategy",
        types=GROUP,
        property="updateConfig.updateStrategy",
        statement="Nodes roll by DEFAULT, new ones first, or MINIMAL, old ones first.",
        source="eks-managed-node-groups",
        check=among("updateConfig.updateStrategy", ("DEFAULT", "MINIMAL")),
        passing={"updateConfig": {"maxUnavailable": 1, "updateStrategy": "MINIMAL"}},
        failing={"updateConfig": {"maxUnavailable": 1, "updateStrategy": "SURGE"}},
    ),
    Rule(
        id="node-group.taint-effect",
        types=GROUP,
        property="taints",
        statement="A taint's effect is spelled NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE.",
        source="eks-api",
        check=each("taints", among("effect", ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"))),
        passing={"taints": [{"key": "nvidia.com/gpu", "effect": "NO_SCHEDULE"}]},
        failing={"taints": [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]},
    ),
    Rule(
        id="node-group.taint-count",
        types=GROUP,
        property="taints",
        statement="A group has at most 50 taints.",
        source="eks-api",
        check=counts("taints", None, 50),
        passing={"taints": [{"key": "dedicated", "effect": "NO_SCHEDULE"}]},
        failing={"taints": [{"key": f"k{n}", "effect": "NO_SCHEDULE"} for n in range(51)]},
    ),
    Rule(
        id="node-group.taint-key",
        types=GROUP,
        property="taints",
        statement="A taint's key is a qualified name of at most 63 characters.",
        source="cdk-preflight",
        check=each(
            "taints",
            matches("key", r"(?=.{1,63}$)([a-z0-9.-]+/)?[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?"),
        ),
        passing={"taints": [{"key": "nvidia.com/gpu", "effect": "NO_SCHEDULE"}]},
        failing={"taints": [{"key": "for gpus only", "effect": "NO_SCHEDULE"}]},
    ),
    Rule(
        id="node-group.name",
        types=GROUP,
        property="nodeGroupName",
        statement="A group's name has at most 63 characters.",
        source="cdk-preflight",
        check=matches("nodeGroupName", r"[A-Za-z0-9][-\w]{0,62}"),
        passing={"nodeGroupName": "gpu-a10g"},
        failing={"nodeGroupName": "g" * 64},
    ),
    Rule(
        id="node-group.version-minor",
        types=GROUP,
        property="version",
        statement='A version is the bare minor ("1.35").',
        source="cdk-preflight",
        check=matches("version", r"1\.\d{1,3}"),
        passing={"version": "1.35"},
        failing={"version": "1.35.0"},
    ),
    Rule(
        id="node-group.instance-types",
        types=GROUP,
        property="instanceTypes",
        statement="A group lists at most 20 instance types.",
        source="eks-api",
        check=counts("instanceTypes", 1, 20),
        passing={"instanceTypes": ["m5.2xlarge", "m5a.2xlarge"]},
        failing={"instanceTypes": [f"m{n}.large" for n in range(21)]},
    ),
    Rule(
        id="node-group.gpu-image",
        types=GROUP,
        property="amiType",
        statement="A GPU type needs an AMI type with NVIDIA's driver.",
        source="eks-api",
        check=_gpu_image,
        passing={"amiType": "AL2023_x86_64_NVIDIA", "instanceTypes": ["g5.4xlarge"]},
        failing={"amiType": "AL2023_x86_64_STANDARD", "instanceTypes": ["g5.4xlarge"]},
    ),
    Rule(
        id="node-group.template-owns-disk",
        types=GROUP,
        property="diskSize",
        statement="With a launch template, disk and remote access are the template's.",
        source="eks-launch-templates",
        check=when(is_set("launchTemplate"), refused("diskSize", "remoteAccess")),
        passing={"launchTemplate": {"id": "lt-1", "version": "1"}},
        failing={"launchTemplate": {"id": "lt-1", "version": "1"}, "diskSize": 100},
    ),
    Rule(
        id="node-group.template-once",
        types=GROUP,
        property="launchTemplate",
        statement="A launch template goes by its id or its name, and names its version.",
        source="eks-launch-templates",
        check=when(
            is_set("launchTemplate"),
            every(
                exactly_one("launchTemplate.id", "launchTemplate.name"),
                needs("launchTemplate.version"),
            ),
        ),
        passing={"launchTemplate": {"id": "lt-1", "version": "1"}},
        failing={"launchTemplate": {"id": "lt-1", "name": "nodes", "version": "1"}},
    ),
    Rule(
        id="node-group.custom-image",
        types=GROUP,
        property="amiType",
        statement="AMI type CUSTOM needs a launch template.",
        source="cdk-preflight",
        check=when(equals("amiType", "CUSTOM"), needs("launchTemplate")),
        passing={"amiType": "CUSTOM", "launchTemplate": {"id": "lt-1", "version": "1"}},
        failing={"amiType": "CUSTOM"},
    ),
    Rule(
        id="launch-template.not-the-templates",
        types=TEMPLATE,
        property="iamInstanceProfile",
        statement="Instance profile, shutdown behaviour and hibernation are the node group's.",
        source="eks-launch-templates",
        check=refused(
            "iamInstanceProfile", "instanceInitiatedShutdownBehavior", "hibernationOptions"
        ),
        passing={"instanceType": "m5.2xlarge"},
        failing={"iamInstanceProfile": {"name": "nodes"}},
    ),
    Rule(
        id="launch-template.subnet",
        types=TEMPLATE,
        property="networkInterfaces",
        statement="Subnets are the node group's, never an interface's.",
        source="eks-launch-templates",
        check=each("networkInterfaces", refused("subnetId")),
        passing={"networkInterfaces": [{"interfaceType": "efa"}]},
        failing={"networkInterfaces": [{"subnetId": "subnet-1"}]},
    ),
    Rule(
        id="launch-template.security-groups-once",
        types=TEMPLATE,
        property="vpcSecurityGroupIds",
        statement="With interfaces in the template, security groups sit on the interfaces.",
        source="eks-launch-templates",
        check=at_most_one("vpcSecurityGroupIds", "networkInterfaces"),
        passing={"vpcSecurityGroupIds": ["sg-1"]},
        failing={
            "vpcSecurityGroupIds": ["sg-1"],
            "networkInterfaces": [{"securityGroups": ["sg-1"]}],
        },
    ),
    Rule(
        id="launch-template.interface-type",
        types=TEMPLATE,
        property="networkInterfaces",
        statement="The first interface is a full one; further ones are efa or efa-only.",
        source="terraform-aws-eks",
        check=every(
            _first_interface,
            each("networkInterfaces", among("interfaceType", ("interface", "efa", "efa-only"))),
        ),
        passing={"networkInterfaces": [{"interfaceType": "efa"}, {"interfaceType": "efa-only"}]},
        failing={"networkInterfaces": [{"interfaceType": "efa-only"}]},
    ),
    Rule(
        id="launch-template.disk-key",
        types=TEMPLATE,
        property="blockDeviceMappings",
        statement="A disk with a key is an encrypted one.",
        source="pulumi-aws",
        check=each(
            "blockDeviceMappings",
            when(is_set("ebs.kmsKeyId"), among("ebs.encrypted", ("true", True), absent_is=False)),
        ),
        passing={
            "blockDeviceMappings": [{"ebs": {"kmsKeyId": "arn:aws:kms:k", "encrypted": "true"}}]
        },
        failing={"blockDeviceMappings": [{"ebs": {"kmsKeyId": "arn:aws:kms:k"}}]},
    ),
    Rule(
        id="launch-template.user-data",
        types=TEMPLATE,
        property="userData",
        statement="User data is base64 of MIME multi-part, or of TOML on Bottlerocket.",
        source="eks-launch-templates",
        check=_user_data,
        passing={
            "userData": base64.b64encode(
                b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="n"\n'
            ).decode()
        },
        failing={"userData": base64.b64encode(b"#!/bin/sh\n").decode()},
    ),
)
