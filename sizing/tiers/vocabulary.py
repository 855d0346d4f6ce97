"""The closed sets of words in the cells of document 001, as it writes them."""

from __future__ import annotations

from enum import StrEnum


class PostgresTopology(StrEnum):
    """Table 2.4's kinds of deployment; how many servers is `PostgresRow.nodes`."""

    SINGLE = "Single"
    PRIMARY_REPLICAS = "Primary + Replica"
    HA_CLUSTER = "HA Cluster"


class RedisTopology(StrEnum):
    """Table 2.5's kinds of deployment."""

    SINGLE = "Single"
    PRIMARY_REPLICA = "Primary + Replica"
    CLUSTER = "Cluster"


class Persistence(StrEnum):
    """What Redis keeps on disk (table 2.5)."""

    RDB = "RDB"
    RDB_AND_AOF = "RDB + AOF"
    AOF_ALWAYS = "AOF always"


class VaultTopology(StrEnum):
    """Table 2.6's kinds of deployment."""

    SINGLE_DEV = "Single (dev)"
    HA = "HA"
    HA_DR = "HA + DR"


class StorageMedium(StrEnum):
    """What the relational store's disk is made of (table 2.4)."""

    SSD = "SSD"
    NVME = "NVMe"


class PrometheusForm(StrEnum):
    """Table 2.7: servers on their own, or several with Thanos behind them."""

    SERVERS = "Servers"
    HA_THANOS = "HA + Thanos"


class JaegerForm(StrEnum):
    """Table 2.7's forms of Jaeger."""

    SINGLE = "Single"
    ALL_IN_ONE = "All-in-one"
    DISTRIBUTED = "Distributed"
    ELASTIC_BACKEND = "Elastic backend"


class ControlPlane(StrEnum):
    """Who runs the Kubernetes control plane (table 3.1)."""

    MANAGED = "Managed"
    DEDICATED = "Dedicated"


class EndpointNeed(StrEnum):
    """How far VPC endpoints are asked for (table 3.2)."""

    OPTIONAL = "Optional"
    RECOMMENDED = "Recommended"
    REQUIRED = "Required"


class Unit(StrEnum):
    """The sign that the document prints behind a number of mixed tables (1.2, 5.2)."""

    NONE = ""
    PERCENT = "%"
    TIMES = "x"
    SECONDS = "s"
