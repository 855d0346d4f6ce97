"""Document 001, chapters 2.4 to 2.7: PostgreSQL, Redis, Vault and observability.

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import (
    Count,
    JaegerCell,
    PostgresRow,
    PrometheusCell,
    RedisRow,
    ReplicasCell,
    VaultRow,
)
from sizing.tiers.schema_common import PgBouncerBlock
from sizing.tiers.vocabulary import (
    JaegerForm,
    Persistence,
    PostgresTopology,
    PrometheusForm,
    RedisTopology,
    StorageMedium,
    VaultTopology,
)
from sizing.units import GIB, MIB
from sizing.words import Tier

POSTGRES_ROWS = (
    PostgresRow(
        section="2.4",
        tier=Tier.SMALL,
        topology=PostgresTopology.SINGLE,
        nodes=1,
        vcpu=2,
        memory_gb=4,
        storage_gb=50,
        medium=StorageMedium.SSD,
        iops=Count(value=3000),
    ),
    PostgresRow(
        section="2.4",
        tier=Tier.MEDIUM,
        topology=PostgresTopology.PRIMARY_REPLICAS,
        nodes=2,
        vcpu=4,
        memory_gb=8,
        storage_gb=100,
        medium=StorageMedium.SSD,
        iops=Count(value=6000),
    ),
    PostgresRow(
        section="2.4",
        tier=Tier.LARGE,
        topology=PostgresTopology.PRIMARY_REPLICAS,
        nodes=3,
        vcpu=8,
        memory_gb=16,
        storage_gb=500,
        medium=StorageMedium.SSD,
        iops=Count(value=12000),
    ),
    PostgresRow(
        section="2.4",
        tier=Tier.ENTERPRISE,
        topology=PostgresTopology.HA_CLUSTER,
        nodes=3,
        vcpu=16,
        memory_gb=32,
        storage_gb=1000,
        medium=StorageMedium.NVME,
        iops=Count(value=20000, open_ended=True),
    ),
)

PGBOUNCER = PgBouncerBlock(
    section="2.4",
    pool_mode="transaction",
    default_pool_size=((Tier.SMALL, 20), (Tier.MEDIUM, 50), (Tier.LARGE, 100)),
    max_client_connections=1000,
    reserve_pool_size=5,
)

REDIS_ROWS = (
    RedisRow(
        section="2.5",
        tier=Tier.SMALL,
        topology=RedisTopology.SINGLE,
        primaries=1,
        nodes=1,
        memory_gb=1,
        persistence=Persistence.RDB,
        rdb_interval_minutes=5,
    ),
    RedisRow(
        section="2.5",
        tier=Tier.MEDIUM,
        topology=RedisTopology.PRIMARY_REPLICA,
        primaries=1,
        nodes=2,
        memory_gb=4,
        persistence=Persistence.RDB_AND_AOF,
        rdb_interval_minutes=None,
    ),
    RedisRow(
        section="2.5",
        tier=Tier.LARGE,
        topology=RedisTopology.CLUSTER,
        primaries=3,
        nodes=None,
        memory_gb=8,
        persistence=Persistence.RDB_AND_AOF,
        rdb_interval_minutes=None,
    ),
    RedisRow(
        section="2.5",
        tier=Tier.ENTERPRISE,
        topology=RedisTopology.CLUSTER,
        primaries=None,
        nodes=6,
        memory_gb=16,
        persistence=Persistence.AOF_ALWAYS,
        rdb_interval_minutes=None,
    ),
)

VAULT_ROWS = (
    VaultRow(
        section="2.6",
        tier=Tier.SMALL,
        topology=VaultTopology.SINGLE_DEV,
        nodes=1,
        cpu_millis=500,
        memory_bytes=512 * MIB,
        storage_gb=1,
    ),
    VaultRow(
        section="2.6",
        tier=Tier.MEDIUM,
        topology=VaultTopology.HA,
        nodes=3,
        cpu_millis=1000,
        memory_bytes=1 * GIB,
        storage_gb=10,
    ),
    VaultRow(
        section="2.6",
        tier=Tier.LARGE,
        topology=VaultTopology.HA,
        nodes=5,
        cpu_millis=2000,
        memory_bytes=2 * GIB,
        storage_gb=50,
    ),
    VaultRow(
        section="2.6",
        tier=Tier.ENTERPRISE,
        topology=VaultTopology.HA_DR,
        nodes=None,
        cpu_millis=4000,
        memory_bytes=4 * GIB,
        storage_gb=100,
    ),
)

OTEL_CELLS = (
    ReplicasCell(
        section="2.7", tier=Tier.SMALL, replicas=1, cpu_millis=500, memory_bytes=512 * MIB
    ),
    ReplicasCell(section="2.7", tier=Tier.MEDIUM, replicas=2, cpu_millis=1000, memory_bytes=GIB),
    ReplicasCell(section="2.7", tier=Tier.LARGE, replicas=3, cpu_millis=2000, memory_bytes=2 * GIB),
    ReplicasCell(
        section="2.7", tier=Tier.ENTERPRISE, replicas=5, cpu_millis=4000, memory_bytes=4 * GIB
    ),
)

PROMETHEUS_CELLS = (
    PrometheusCell(
        section="2.7",
        tier=Tier.SMALL,
        form=PrometheusForm.SERVERS,
        replicas=1,
        memory_request_bytes=1 * GIB,
        memory_limit_bytes=4 * GIB,
    ),
    PrometheusCell(
        section="2.7",
        tier=Tier.MEDIUM,
        form=PrometheusForm.SERVERS,
        replicas=1,
        memory_request_bytes=2 * GIB,
        memory_limit_bytes=8 * GIB,
    ),
    PrometheusCell(
        section="2.7",
        tier=Tier.LARGE,
        form=PrometheusForm.SERVERS,
        replicas=2,
        memory_request_bytes=4 * GIB,
        memory_limit_bytes=16 * GIB,
    ),
    PrometheusCell(
        section="2.7",
        tier=Tier.ENTERPRISE,
        form=PrometheusForm.HA_THANOS,
        replicas=None,
        memory_request_bytes=None,
        memory_limit_bytes=None,
    ),
)

GRAFANA_CELLS = (
    ReplicasCell(
        section="2.7", tier=Tier.SMALL, replicas=1, cpu_millis=250, memory_bytes=512 * MIB
    ),
    ReplicasCell(section="2.7", tier=Tier.MEDIUM, replicas=2, cpu_millis=500, memory_bytes=GIB),
    ReplicasCell(section="2.7", tier=Tier.LARGE, replicas=2, cpu_millis=1000, memory_bytes=2 * GIB),
    ReplicasCell(
        section="2.7", tier=Tier.ENTERPRISE, replicas=3, cpu_millis=2000, memory_bytes=4 * GIB
    ),
)

JAEGER_CELLS = (
    JaegerCell(section="2.7", tier=Tier.SMALL, form=JaegerForm.SINGLE),
    JaegerCell(section="2.7", tier=Tier.MEDIUM, form=JaegerForm.ALL_IN_ONE),
    JaegerCell(section="2.7", tier=Tier.LARGE, form=JaegerForm.DISTRIBUTED),
    JaegerCell(section="2.7", tier=Tier.ENTERPRISE, form=JaegerForm.ELASTIC_BACKEND),
)
