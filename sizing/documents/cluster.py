"""Document 000: an agent platform on Kubernetes, its load targets, cluster and stores.

Source: document-000, undated. It has no table: its figures stand in cards and short lists.
"""

from __future__ import annotations

from sizing.documents.amounts import amount
from sizing.documents.block import Block, BlockKind, points
from sizing.documents.machines import machines

SOURCE = "document-000"

INTERACTIONS_PER_USER = amount("4-10 per user")
"""Interactions of each user with the platform, on average."""
FIRST_TOKEN = amount("478ms (P95)")
"""Time to first token of the LLM API, OpenAI for reference."""
NEW_USERS_PER_SECOND = amount("100 new users/second")
"""Arrivals under peak load; the document calls them concurrent users."""

NODES = machines("5 nodes with 8GB RAM and 4 vCPU each", counted=True)

STORAGE_SYSTEMS = ("EFS", "Object Storage")
SHARED_FILES = amount("50GB Elastic File System for shared storage")

DATABASES = (
    "MongoDB/PostgreSQL",
    "Redis Cache & Broker",
    "Redis Crawler",
    "Elasticsearch/OpenSearch",
    "Vector Database",
)

REPLICA_SET_NODES = amount("3 nodes in replica set")
REPLICA_SET_NODE = machines("2GB RAM and 2 vCPU per node")
REPLICA_SET_IOPS = amount("1,000 IOPS")
DATABASE_DISK = amount("10GB total storage requirement")

ENVIRONMENT_DATABASES = (
    amount("1 “permissions” database per environment"),
    amount("1 “users” database per environment"),
    amount("1 “collections” database per environment"),
)

MONGODB_VERSION = amount("MongoDB version 6")
MONGODB_NEXT_VERSION = amount("with path to version 7")
POSTGRES_VERSION = amount("Or PostgreSQL >=10")

ALLOCATION_ORDER = (
    "baseline",
    "watch utilisation under test",
    "find the bottleneck: usually memory or disk I/O",
    "scale what is short before adding nodes",
)
"""How resources are to be shared out, in order and in short words."""

BOUND_BY = (
    ("Vector databases", "memory"),
    ("Elasticsearch", "memory"),
    ("Redis", "CPU"),
)
"""What each store runs out of first."""

ENVIRONMENT_ISOLATION = (
    ("Development", "shares infrastructure"),
    ("Staging", "like production, smaller"),
    ("Production", "dedicated"),
)


def blocks() -> tuple[Block, ...]:
    """Return the document's figures, stores and sizing advice, in its order."""
    return (*_targets(), *_components(), *_scaling())


def _targets() -> tuple[Block, ...]:
    return (
        points(
            "000-targets",
            "Target Performance Metrics",
            (
                ("User Interactions", INTERACTIONS_PER_USER),
                ("First Token Response", FIRST_TOKEN),
                ("Concurrent Users", NEW_USERS_PER_SECOND),
            ),
            kind=BlockKind.PROSE,
        ),
    )


def _components() -> tuple[Block, ...]:
    databases = "Databases"
    return (
        points(
            "000-nodes",
            "Kubernetes Cluster",
            (("Node Configuration", NODES),),
            kind=BlockKind.PROSE,
        ),
        points(
            "000-storage-systems",
            "Storage Systems",
            ((name, "") for name in STORAGE_SYSTEMS),
        ),
        points(
            "000-shared-files",
            "Storage Systems",
            (("Capacity", SHARED_FILES),),
            title="Capacity",
            kind=BlockKind.PROSE,
        ),
        points("000-databases", databases, ((name, "") for name in DATABASES)),
        points(
            "000-replica-set",
            databases,
            (
                ("Nodes", REPLICA_SET_NODES),
                ("Node", REPLICA_SET_NODE),
                ("Disk operations", REPLICA_SET_IOPS),
            ),
            title="Configuration",
        ),
        points(
            "000-database-disk",
            databases,
            (("Disk Space", DATABASE_DISK),),
            title="Disk Space",
            kind=BlockKind.PROSE,
        ),
        points(
            "000-environment-databases",
            databases,
            (("Database", one) for one in ENVIRONMENT_DATABASES),
            title="Environment Separation",
        ),
        points(
            "000-database-versions",
            databases,
            (
                ("MongoDB", MONGODB_VERSION),
                ("MongoDB, next", MONGODB_NEXT_VERSION),
                ("PostgreSQL", POSTGRES_VERSION),
            ),
            title="Version",
        ),
    )


def _scaling() -> tuple[Block, ...]:
    section = "Scaling Considerations"
    return (
        points(
            "000-allocation-order",
            section,
            ((str(place), said) for place, said in enumerate(ALLOCATION_ORDER, start=1)),
            title="When allocating resources across components",
        ),
        points(
            "000-bound-by",
            section,
            BOUND_BY,
            title="What stores are constrained by",
            kind=BlockKind.PROSE,
        ),
        points(
            "000-environments",
            section,
            ENVIRONMENT_ISOLATION,
            title="For multi-environment deployments",
        ),
    )
