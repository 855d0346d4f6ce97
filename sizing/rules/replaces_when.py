"""When a changed property replaces a resource depends on both ends: the cases that are used here.

Read from `CustomizeDiff` and `ModifyPlan` of terraform-provider-aws 6.47 (internal/service) and
of terraform-provider-google 7.45 (google/services). For a property that is named here, this
decides and no table of properties does.
"""

from __future__ import annotations

from ipaddress import ip_network

from sizing.model import Json
from sizing.rules.rule import Inputs
from sizing.rules.updates import Change, UpdateRule
from sizing.rules.values import UNKNOWN, absent, items, read, text

AWS, GOOGLE = "terraform-provider-aws", "terraform-provider-google"
TRANSIT_IN_PLACE = (7, 0)
"""Redis 7.0.5 (elasticache/replication_group.go); "7.0" stands for its latest patch."""
_ELASTICACHE = ("aws:elasticache/replicationGroup:ReplicationGroup",)
_DOMAIN = ("aws:opensearch/domain:Domain",)
_BALANCER = ("aws:lb/loadBalancer:LoadBalancer",)
_RULES = (
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


def switched_off(path: str) -> Change:
    """A switch that was on is off, or is not said any more."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        off = read(news, path) in (None, False)
        return f"{path} is switched off" if read(olds, path) is True and off else None

    return check


def comes_or_goes(path: str) -> Change:
    """A block is there on one side alone; what is in it may change."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        there = absent(olds, path), absent(news, path)
        return f"{path} comes or goes" if there[0] is not there[1] else None

    return check


def goes(path: str) -> Change:
    """What was set is not set any more."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        gone = not absent(olds, path) and read(news, path) in (None, "")
        return f"{path} goes" if gone else None

    return check


def decreases(path: str) -> Change:
    """A version is lower than it was, part by part."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        old, new = version(text(olds, path)), version(text(news, path))
        return f"{path} goes back" if old and new and new < old else None

    return check


def version(value: str | None) -> tuple[int, ...]:
    """Return the numbers of "OpenSearch_2.19", "7.1" or "REDIS_7_2"; none of what has none."""
    parts = (value or "").replace("_", ".").split(".")
    return tuple(int(part) for part in parts if part.isdigit())


def _engine(olds: Inputs, news: Inputs) -> str | None:
    old, new = text(olds, "engine"), text(news, "engine")
    return None if (old, new) == ("redis", "valkey") else f"from {old} to {new}"


def _not_aurora(_olds: Inputs, news: Inputs) -> str | None:
    engine = text(news, "engine") or ""
    return None if engine.startswith("aurora") else f"the engine is {engine}"


def _gateway(_olds: Inputs, news: Inputs) -> str | None:
    kind = text(news, "vpcEndpointType") or "Gateway"
    return None if kind == "Interface" else f"the endpoint is of type {kind}"


def _old_transit(olds: Inputs, _news: Inputs) -> str | None:
    found = version(text(olds, "engineVersion"))
    return "the engine is before 7.0.5" if found and found < TRANSIT_IN_PLACE else None


def _source(olds: Inputs, news: Inputs) -> str | None:
    old, new = (
        next((name for name in _SOURCES if not absent(side, name)), "") for side in (olds, news)
    )
    return f"from {old} to {new}" if old != new else None


def _no_more_subnets(olds: Inputs, news: Inputs) -> str | None:
    old, new = items(olds, "subnets"), items(news, "subnets")
    if text(news, "loadBalancerType") != "network" or old is None or new is None:
        return None
    return None if len(new) > len(old) else f"from {len(old)} to {len(new)} subnets"


def _first_groups(olds: Inputs, news: Inputs) -> str | None:
    if text(news, "loadBalancerType") != "network":
        return None
    old, new = (bool(side.get("securityGroups")) for side in (olds, news))
    return "the first group, or the last" if old is not new else None


def _tenancy(olds: Inputs, news: Inputs) -> str | None:
    found = text(olds, "instanceTenancy"), text(news, "instanceTenancy") or "default"
    return None if found == ("dedicated", "default") else f"from {found[0]} to {found[1]}"


def _smaller(olds: Inputs, news: Inputs) -> str | None:
    old, new = read(olds, "ipCidrRange"), read(news, "ipCidrRange")
    if UNKNOWN in (old, new) or not (isinstance(old, str) and isinstance(new, str)):
        return None
    kept = ip_network(new, strict=False).supernet_of(ip_network(old, strict=False))  # type: ignore[arg-type]  # both are of one version
    return None if kept else f"{new} does not hold {old}"


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
        _not_aurora,
        ({"engine": "aurora-postgresql"}, {"engine": "aurora-postgresql", "storageType": "io1"}),
        ({"engine": "postgres"}, {"engine": "postgres", "storageType": "io1"}),
    ),
    _rule(
        _ELASTICACHE,
        "engine",
        "A group goes from Redis to Valkey and no other way.",
        _engine,
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
        _old_transit,
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
        _tenancy,
        ({"instanceTenancy": "dedicated"}, {"instanceTenancy": "default"}),
        ({"instanceTenancy": "default"}, {"instanceTenancy": "dedicated"}),
    ),
    _rule(
        ("aws:ec2/vpcEndpoint:VpcEndpoint",),
        "privateDnsEnabled",
        "Only an interface's private names change in place.",
        _gateway,
        ({"vpcEndpointType": "Interface"}, {"vpcEndpointType": "Interface"}),
        ({"vpcEndpointType": "Gateway"}, {"vpcEndpointType": "Gateway"}),
    ),
    _rule(
        _RULES,
        "referencedSecurityGroupId",
        "A rule keeps its kind of source.",
        _source,
        ({"referencedSecurityGroupId": "sg-a"}, {"referencedSecurityGroupId": "sg-b"}),
        ({"cidrIpv4": "10.0.0.0/16"}, {"referencedSecurityGroupId": "sg-b"}),
    ),
    _rule(
        _RULES,
        "cidrIpv4",
        "A rule keeps its kind of source.",
        _source,
        ({"cidrIpv4": "10.0.0.0/16"}, {"cidrIpv4": "10.1.0.0/16"}),
        ({"cidrIpv4": "10.0.0.0/16"}, {"referencedSecurityGroupId": "sg-b"}),
    ),
    _rule(
        _BALANCER,
        "subnets",
        "A network load balancer gains subnets and never changes those it has.",
        _no_more_subnets,
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
        _first_groups,
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
        _smaller,
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
