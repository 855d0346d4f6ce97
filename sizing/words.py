"""The vocabulary of sizing: every closed set of words, spelled once."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """A size of the platform (document 001, 1.1)."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    ENTERPRISE = "enterprise"


class Environment(StrEnum):
    """A stage of delivery; prod carries the tier's whole load."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class Cloud(StrEnum):
    """A vendor that the platform can stand on."""

    AWS = "aws"
    GCP = "gcp"


class Mode(StrEnum):
    """Whether the plan may differ from the documented tables to hold what it promises."""

    PROVEN = "proven"
    DOCUMENTED = "documented"


class Placement(StrEnum):
    """Whether documented machines and counts are the floor, or the cheapest that hold stand."""

    DOCUMENTED = "documented"
    OPTIMISED = "optimised"


class Kind(StrEnum):
    """How far a figure can be trusted."""

    MEASURED = "measured"
    VENDOR = "vendor"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Verdict(StrEnum):
    """What a constraint came to."""

    HOLDS = "holds"
    UNPROVEN = "unproven"
    REFUTED = "refuted"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """What a finding does: an error stops `pulumi up` before anything is registered."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


class Direction(StrEnum):
    """How a planned value stands to the documented one."""

    RAISED = "raised"
    LOWERED = "lowered"
    REPLACED = "replaced"
    UNSUPPORTED = "unsupported"


class CapacityType(StrEnum):
    """How instances are bought, in the words of EKS."""

    ON_DEMAND = "ON_DEMAND"
    SPOT = "SPOT"


class PostgresForm(StrEnum):
    """The deployment kinds that RDS sells (sizing rules, documented oddities)."""

    SINGLE = "single"
    MULTI_AZ_INSTANCE = "multi_az_instance"
    MULTI_AZ_CLUSTER = "multi_az_cluster"


class CacheRole(StrEnum):
    """What a Redis-protocol store is for: each role has an eviction policy of its own."""

    CACHE = "cache"
    STATE = "state"
    CRAWLER = "crawler"


class Eviction(StrEnum):
    """What happens when memory is full, in Redis' own words."""

    ALLKEYS_LRU = "allkeys-lru"
    NOEVICTION = "noeviction"


class SubnetKind(StrEnum):
    """Who can reach a subnet: the internet, nodes through NAT, or the VPC alone."""

    PUBLIC = "public"
    PRIVATE = "private"
    ISOLATED = "isolated"


class EndpointKind(StrEnum):
    """The two forms of a VPC endpoint, in the words of EC2."""

    GATEWAY = "Gateway"
    INTERFACE = "Interface"


class Access(StrEnum):
    """Who reaches the Kubernetes API (cloud rule 1)."""

    ALLOWLIST = "allowlist"
    PRIVATE = "private"
