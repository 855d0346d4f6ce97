"""When a changed property replaces a resource depends on both ends: the cases that are used here.

Read from `CustomizeDiff` and `ModifyPlan` of terraform-provider-aws 6.47 (internal/service) and
of terraform-provider-google 7.45 (google/services). For a property that is named here, this
decides and no table of properties does.
"""

from __future__ import annotations

from sizing.model import Json
from sizing.rules.replaces_checks import (
    comes_or_goes,
    decreases,
    engine_changes,
    goes,
    groups_come_or_go,
    is_before_transit,
    is_no_interface,
    is_not_aurora,
    range_shrinks,
    source_changes,
    subnets_change,
    switched_off,
    tenancy_changes,
)
from sizing.rules.updates import Change, UpdateRule

AWS, GOOGLE = "terraform-provider-aws", "terraform-provider-google"
_ELASTICACHE = ("aws:elasticache/replicationGroup:ReplicationGroup",)
_DOMAIN = ("aws:opensearch/domain:Domain",)
_BALANCER = ("aws:lb/loadBalancer:LoadBalancer",)
_RULES = (
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)


def _rule(
    types: tuple[str, ...],
    path: str,
    statement: str,
    check: Change,
    passing: tuple[dict[str, Json], dict[str, Json]],
    failing: tuple[dict[str, Json], dict[str, Json]],
) -> UpdateRule:
    service = types[0].partition("/")[0].replace("aws:", "").replace("gcp:", "gcp-")
    return UpdateRule(
        id=f"{service}.replaced-by-{path.replace('.', '-').lower()}",
        types=types,
        property=path,
        statement=statement,
        source=GOOGLE if types[0].startswith("gcp:") else AWS,
        check=check,
        passing=passing,
        failing=failing,
    )


def _switch(types: tuple[str, ...], path: str, statement: str) -> UpdateRule:
    block, _, name = path.rpartition(".")
    on: dict[str, Json] = {block: {name: True}} if block else {name: True}
    off: dict[str, Json] = {block: {name: False}} if block else {name: False}
    return _rule(types, path, statement, switched_off(path), (off, on), (on, off))


REPLACES_WHEN: tuple[UpdateRule, ...] = (
    _rule(
        ("aws:eks/cluster:Cluster",),
        "encryptionConfig",
        "Encryption of secrets is never switched off; another key is not taken up.",
        goes("encryptionConfig"),
        ({}, {"encryptionConfig": {"resources": ["secrets"]}}),
        ({"encryptionConfig": {"resources": ["secrets"]}}, {}),
    ),
    _switch(_DOMAIN, "encryptAtRest.enabled", "Encryption at rest is never switched off."),
    _switch(_DOMAIN, "nodeToNodeEncryption.enabled", "Encryption on the way is never off again."),
    _switch(_DOMAIN, "advancedSecurityOptions.enabled", "Access control is never off again."),
    _rule(
        _DOMAIN,
        "vpcOptions",
        "A domain is inside a VPC or outside for good; its subnets may change.",
        comes_or_goes("vpcOptions"),
        ({"vpcOptions": {"subnetIds": ["a"]}}, {"vpcOptions": {"subnetIds": ["a", "b"]}}),
        ({}, {"vpcOptions": {"subnetIds": ["a"]}}),
    ),
    _rule(
        _DOMAIN,
        "engineVersion",
        "A domain goes to versions that its own can be upgraded to, never back.",
        decreases("engineVersion"),
        ({"engineVersion": "OpenSearch_2.17"}, {"engineVersion": "OpenSearch_2.19"}),
        ({"engineVersion": "OpenSearch_2.19"}, {"engineVersion": "OpenSearch_2.17"}),
    ),
    _rule(
        ("aws:rds/cluster:Cluster",),
        "storageType",
        "Only Aurora changes its storage in place.",
        is_not_aurora,
        ({"engine": "aurora-postgresql"}, {"engine": "aurora-postgresql", "storageType": "io1"}),
        ({"engine": "postgres"}, {"engine": "postgres", "storageType": "io1"}),
    ),
    _rule(
        _ELASTICACHE,
        "engine",
        "A group goes from Redis to Valkey and no other way.",
        engine_changes,
        ({"engine": "redis"}, {"engine": "valkey"}),
        ({"engine": "valkey"}, {"engine": "redis"}),
    ),
    _rule(
        _ELASTICACHE,
        "engineVersion",
        "An engine never goes back to an earlier version.",
        decreases("engineVersion"),
        ({"engineVersion": "8.0"}, {"engineVersion": "8.1"}),
        ({"engineVersion": "8.1"}, {"engineVersion": "8.0"}),
    ),
    _rule(
        _ELASTICACHE,
        "transitEncryptionEnabled",
        "Encryption on the way changes in place from Redis 7.0.5 on.",
        is_before_transit,
        ({"engineVersion": "7.1"}, {"transitEncryptionEnabled": True}),
        ({"engineVersion": "6.2"}, {"transitEncryptionEnabled": True}),
    ),
    _rule(
        ("aws:docdb/cluster:Cluster",),
        "serverlessV2ScalingConfiguration",
        "A cluster never ceases to be serverless.",
        goes("serverlessV2ScalingConfiguration"),
        ({}, {"serverlessV2ScalingConfiguration": {"maxCapacity": 2}}),
        ({"serverlessV2ScalingConfiguration": {"maxCapacity": 2}}, {}),
    ),
    _rule(
        ("aws:ec2/vpc:Vpc",),
        "instanceTenancy",
        "Tenancy goes from dedicated to default and no other way.",
        tenancy_changes,
        ({"instanceTenancy": "dedicated"}, {"instanceTenancy": "default"}),
        ({"instanceTenancy": "default"}, {"instanceTenancy": "dedicated"}),
    ),
    _rule(
        ("aws:ec2/vpcEndpoint:VpcEndpoint",),
        "privateDnsEnabled",
        "Only an interface's private names change in place.",
        is_no_interface,
        ({"vpcEndpointType": "Interface"}, {"vpcEndpointType": "Interface"}),
        ({"vpcEndpointType": "Gateway"}, {"vpcEndpointType": "Gateway"}),
    ),
    _rule(
        _RULES,
        "referencedSecurityGroupId",
        "A rule keeps its kind of source.",
        source_changes,
        ({"referencedSecurityGroupId": "sg-a"}, {"referencedSecurityGroupId": "sg-b"}),
        ({"cidrIpv4": "10.0.0.0/16"}, {"referencedSecurityGroupId": "sg-b"}),
    ),
    _rule(
        _RULES,
        "cidrIpv4",
        "A rule keeps its kind of source.",
        source_changes,
        ({"cidrIpv4": "10.0.0.0/16"}, {"cidrIpv4": "10.1.0.0/16"}),
        ({"cidrIpv4": "10.0.0.0/16"}, {"referencedSecurityGroupId": "sg-b"}),
    ),
    _rule(
        _BALANCER,
        "subnets",
        "A network load balancer gains subnets and never changes those it has.",
        subnets_change,
        (
            {"loadBalancerType": "network", "subnets": ["a"]},
            {"loadBalancerType": "network", "subnets": ["a", "b"]},
        ),
        (
            {"loadBalancerType": "network", "subnets": ["a", "b"]},
            {"loadBalancerType": "network", "subnets": ["a", "c"]},
        ),
    ),
    _rule(
        _BALANCER,
        "securityGroups",
        "A network load balancer has security groups from the start, or never.",
        groups_come_or_go,
        (
            {"loadBalancerType": "network", "securityGroups": ["a"]},
            {"loadBalancerType": "network", "securityGroups": ["b"]},
        ),
        ({"loadBalancerType": "network"}, {"loadBalancerType": "network", "securityGroups": ["a"]}),
    ),
    _rule(
        ("gcp:compute/subnetwork:Subnetwork",),
        "ipCidrRange",
        "A subnet grows in place and never shrinks or moves.",
        range_shrinks,
        ({"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/18"}),
        ({"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/22"}),
    ),
    _rule(
        ("gcp:redis/instance:Instance",),
        "redisVersion",
        "An instance never goes back to an earlier version.",
        decreases("redisVersion"),
        ({"redisVersion": "REDIS_6_X"}, {"redisVersion": "REDIS_7_2"}),
        ({"redisVersion": "REDIS_7_2"}, {"redisVersion": "REDIS_7_0"}),
    ),
    _rule(
        ("gcp:sql/databaseInstance:DatabaseInstance",),
        "settings.ipConfiguration.privateNetwork",
        "A private network is never given up.",
        goes("settings.ipConfiguration.privateNetwork"),
        (
            {"settings": {"ipConfiguration": {"privateNetwork": "a"}}},
            {"settings": {"ipConfiguration": {"privateNetwork": "b"}}},
        ),
        ({"settings": {"ipConfiguration": {"privateNetwork": "a"}}}, {"settings": {}}),
    ),
    _switch(
        ("gcp:storage/bucket:Bucket",), "retentionPolicy.isLocked", "A locked retention stays."
    ),
    _switch(
        ("gcp:container/cluster:Cluster",),
        "enableL4IlbSubsetting",
        "Subsetting of internal load balancers is never switched off.",
    ),
    _switch(
        ("gcp:container/cluster:Cluster",),
        "enableFqdnNetworkPolicy",
        "Policies by name are never switched off.",
    ),
)

UNSURE = {"pulumi:providers:aws": frozenset({"region"})}
"""Properties of which no source says what their change does, by type."""
