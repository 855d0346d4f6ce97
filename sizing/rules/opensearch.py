"""What OpenSearch Service refuses of domains in a VPC."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    between,
    each,
    equals,
    every,
    is_true,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, items, number, read, text

DOMAIN = ("aws:opensearch/domain:Domain",)

DEFAULT_ZONES = 2
"""Zones of a zone-aware domain that names no number; two ask for an even count (aws-cdk)."""
MASTERS = (3, 5)
"""Counts of dedicated masters that keep a quorum (aws-cdk)."""
SECURE = ("nodeToNodeEncryption.enabled", "encryptAtRest.enabled")


def _subnets(inputs: Inputs) -> str | None:
    subnets = items(inputs, "vpcOptions.subnetIds")
    aware = read(inputs, "clusterConfig.zoneAwarenessEnabled")
    if subnets is None or aware not in (None, True, False):
        return None
    zones = (
        number(inputs, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount") or DEFAULT_ZONES
    )
    wanted = int(zones) if aware else 1
    return f"{len(subnets)} subnets, not {wanted}" if len(subnets) != wanted else None


def _instances(inputs: Inputs) -> str | None:
    count = number(inputs, "clusterConfig.instanceCount")
    if count is None or read(inputs, "clusterConfig.zoneAwarenessEnabled") is not True:
        return None
    zones = (
        number(inputs, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount") or DEFAULT_ZONES
    )
    uneven = zones == DEFAULT_ZONES and count % DEFAULT_ZONES != 0
    return f"{count:g} nodes in {zones:g} zones" if uneven or count < zones else None


def _policy(inputs: Inputs) -> str | None:
    policy = text(inputs, "accessPolicies")
    if policy is None or absent(inputs, "vpcOptions"):
        return None
    return "a condition on IP addresses" if "aws:SourceIp" in policy else None


def _fine_grained(inputs: Inputs) -> str | None:
    off = [path for path in SECURE if read(inputs, path) in (None, False)]
    # HTTPS is enforced where the options say nothing at all about it
    if read(inputs, "domainEndpointOptions.enforceHttps") is False:
        off.append("domainEndpointOptions.enforceHttps")
    return f"{', '.join(off)} not on" if off else None


def _master_user(inputs: Inputs) -> str | None:
    options = "advancedSecurityOptions.masterUserOptions"
    if absent(inputs, options):
        return None
    internal = read(inputs, "advancedSecurityOptions.internalUserDatabaseEnabled")
    if internal is True:
        return every(
            needs(f"{options}.masterUserName", f"{options}.masterUserPassword"),
            refused(f"{options}.masterUserArn"),
        )(inputs)
    return refused(f"{options}.masterUserName")(inputs) if internal in (None, False) else None


RULES = (
    Rule(
        id="opensearch.subnets",
        types=DOMAIN,
        property="vpcOptions.subnetIds",
        statement="A domain has one subnet per zone, and exactly one without zone awareness.",
        source="aws-cdk",
        check=_subnets,
        passing={"vpcOptions": {"subnetIds": ["subnet-a"]}},
        failing={"vpcOptions": {"subnetIds": ["subnet-a", "subnet-b"]}},
    ),
    Rule(
        id="opensearch.zones",
        types=DOMAIN,
        property="clusterConfig.zoneAwarenessConfig.availabilityZoneCount",
        statement="An aware domain stands in two or three zones.",
        source="cdk-preflight",
        check=between("clusterConfig.zoneAwarenessConfig.availabilityZoneCount", 2, 3),
        passing={"clusterConfig": {"zoneAwarenessConfig": {"availabilityZoneCount": 3}}},
        failing={"clusterConfig": {"zoneAwarenessConfig": {"availabilityZoneCount": 4}}},
    ),
    Rule(
        id="opensearch.instances",
        types=DOMAIN,
        property="clusterConfig.instanceCount",
        statement="Two zones take an even number of nodes, three zones at least three.",
        source="cdk-preflight",
        check=_instances,
        passing={
            "clusterConfig": {
                "instanceCount": 4,
                "zoneAwarenessEnabled": True,
                "zoneAwarenessConfig": {"availabilityZoneCount": 3},
            }
        },
        failing={"clusterConfig": {"instanceCount": 3, "zoneAwarenessEnabled": True}},
    ),
    Rule(
        id="opensearch.access-by-address",
        types=DOMAIN,
        property="accessPolicies",
        statement="A domain in a VPC takes no condition on IP addresses.",
        source="terraform-provider-aws",
        check=_policy,
        passing={"vpcOptions": {"subnetIds": ["subnet-a"]}, "accessPolicies": "{}"},
        failing={
            "vpcOptions": {"subnetIds": ["subnet-a"]},
            "accessPolicies": '{"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}',
        },
    ),
    Rule(
        id="opensearch.fine-grained-access",
        types=DOMAIN,
        property="advancedSecurityOptions.enabled",
        statement="Fine-grained access needs encryption at rest, between nodes, and HTTPS.",
        source="cdk-preflight",
        check=when(equals("advancedSecurityOptions.enabled", True), _fine_grained),
        passing={
            "advancedSecurityOptions": {"enabled": True},
            "nodeToNodeEncryption": {"enabled": True},
            "encryptAtRest": {"enabled": True},
            "domainEndpointOptions": {"enforceHttps": True},
        },
        failing={"advancedSecurityOptions": {"enabled": True}},
    ),
    Rule(
        id="opensearch.master-user",
        types=DOMAIN,
        property="advancedSecurityOptions.masterUserOptions",
        statement="The first user is an IAM one, or one of the internal database with a password.",
        source="cdk-preflight",
        check=_master_user,
        passing={
            "advancedSecurityOptions": {
                "enabled": True,
                "masterUserOptions": {"masterUserArn": "arn:aws:iam::111122223333:role/search"},
            }
        },
        failing={
            "advancedSecurityOptions": {
                "enabled": True,
                "internalUserDatabaseEnabled": True,
                "masterUserOptions": {"masterUserArn": "arn:aws:iam::111122223333:role/search"},
            }
        },
    ),
    Rule(
        id="opensearch.audit-log",
        types=DOMAIN,
        property="logPublishingOptions",
        statement="Audit logs need fine-grained access.",
        source="cdk-preflight",
        check=lambda inputs: (
            "audit logs without advancedSecurityOptions.enabled"
            if any(
                isinstance(one, dict) and one.get("logType") == "AUDIT_LOGS"
                for one in items(inputs, "logPublishingOptions") or []
            )
            and read(inputs, "advancedSecurityOptions.enabled") in (None, False)
            else None
        ),
        passing={
            "advancedSecurityOptions": {"enabled": True},
            "logPublishingOptions": [{"logType": "AUDIT_LOGS"}],
        },
        failing={"logPublishingOptions": [{"logType": "AUDIT_LOGS"}]},
    ),
    Rule(
        id="opensearch.masters",
        types=DOMAIN,
        property="clusterConfig.dedicatedMasterCount",
        statement="Dedicated masters are three or five.",
        source="aws-cdk",
        check=when(
            equals("clusterConfig.dedicatedMasterEnabled", True),
            every(
                needs("clusterConfig.dedicatedMasterCount", "clusterConfig.dedicatedMasterType"),
                among("clusterConfig.dedicatedMasterCount", MASTERS),
            ),
        ),
        passing={
            "clusterConfig": {
                "dedicatedMasterEnabled": True,
                "dedicatedMasterCount": 3,
                "dedicatedMasterType": "m6g.large.search",
            }
        },
        failing={
            "clusterConfig": {
                "dedicatedMasterEnabled": True,
                "dedicatedMasterCount": 4,
                "dedicatedMasterType": "m6g.large.search",
            }
        },
    ),
    Rule(
        id="opensearch.warm",
        types=DOMAIN,
        property="clusterConfig.warmEnabled",
        statement="Warm nodes need dedicated masters, an UltraWarm type and a count of 2 to 150.",
        source="cdk-preflight",
        check=when(
            equals("clusterConfig.warmEnabled", True),
            every(
                is_true("clusterConfig.dedicatedMasterEnabled"),
                matches("clusterConfig.warmType", r"ultrawarm1\..+"),
                between("clusterConfig.warmCount", 2, 150),
            ),
        ),
        passing={
            "clusterConfig": {
                "warmEnabled": True,
                "dedicatedMasterEnabled": True,
                "warmType": "ultrawarm1.medium.search",
                "warmCount": 2,
            }
        },
        failing={"clusterConfig": {"warmEnabled": True, "warmCount": 2}},
    ),
    Rule(
        id="opensearch.cold",
        types=DOMAIN,
        property="clusterConfig.coldStorageOptions",
        statement="Cold storage needs warm nodes.",
        source="cdk-preflight",
        check=when(
            equals("clusterConfig.coldStorageOptions.enabled", True),
            is_true("clusterConfig.warmEnabled"),
        ),
        passing={"clusterConfig": {"coldStorageOptions": {"enabled": False}}},
        failing={"clusterConfig": {"coldStorageOptions": {"enabled": True}}},
    ),
    Rule(
        id="opensearch.name",
        types=DOMAIN,
        property="domainName",
        statement="A domain's name has 3 to 28 lower-case characters, a letter first.",
        source="cdk-preflight",
        check=matches("domainName", r"[a-z][-a-z0-9]{2,27}"),
        passing={"domainName": "prod-large-search"},
        failing={"domainName": "Prod-large"},
    ),
    Rule(
        id="opensearch.custom-endpoint",
        types=DOMAIN,
        property="domainEndpointOptions.customEndpoint",
        statement="A custom endpoint needs a name and a certificate.",
        source="cdk-preflight",
        check=when(
            equals("domainEndpointOptions.customEndpointEnabled", True),
            needs(
                "domainEndpointOptions.customEndpoint",
                "domainEndpointOptions.customEndpointCertificateArn",
            ),
        ),
        passing={"domainEndpointOptions": {"customEndpointEnabled": False}},
        failing={"domainEndpointOptions": {"customEndpointEnabled": True}},
    ),
    Rule(
        id="opensearch.off-peak-window",
        types=DOMAIN,
        property="offPeakWindowOptions.enabled",
        statement="The off-peak window cannot be switched off.",
        source="opensearch-guide",
        check=among("offPeakWindowOptions.enabled", (True,)),
        passing={"offPeakWindowOptions": {"enabled": True}},
        failing={"offPeakWindowOptions": {"enabled": False}},
    ),
    Rule(
        id="opensearch.node-options",
        types=DOMAIN,
        property="clusterConfig.nodeOptions",
        statement="The only further kind of node is the coordinator.",
        source="cdk-preflight",
        check=each("clusterConfig.nodeOptions", among("nodeType", ("coordinator",))),
        passing={"clusterConfig": {"nodeOptions": [{"nodeType": "coordinator"}]}},
        failing={"clusterConfig": {"nodeOptions": [{"nodeType": "ingest"}]}},
    ),
)
