"""The managed stores of Google Cloud: Cloud SQL, Memorystore, Filestore, Cloud Storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog.google import filestore_tier, redis_shape
from sizing.planning.gcp.postgres import replicas
from sizing.pricing.ledger import NOT_SOURCED, Ledger, Quantity
from sizing.pricing.stores import BACKUP_CHANGE, recovery
from sizing.units import GIB
from sizing.words import PostgresForm

if TYPE_CHECKING:
    from sizing.plans import CachePlan, PlatformPlan, PostgresPlan

EDITION = "cloudsql.enterprise"
OBJECT_PRICE = "gcs.standard.gib_month"


def postgres(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the server, its read replicas, their disks and the backups.

    A regional server's prices are for primary and standby together; a replica is a zonal server.
    """
    store = plan.postgres
    if store.form is PostgresForm.SINGLE:
        _server(store, ledger, "zonal server", "zonal", 1)
    else:
        _server(store, ledger, "regional server", "regional_ha", 1)
    more = replicas(store)
    if more:
        _server(store, ledger, "read replica", "zonal", more)
    # Every backup is billed: a full one, and what changes in each day that is kept.
    kept = store.storage_gib * (1 + BACKUP_CHANGE.value * store.backup_retention_days)
    if store.backup_retention_days:
        ledger.priced(
            "postgres",
            f"Backups, {store.backup_retention_days} days",
            Quantity.fixed(kept),
            "GiB",
            "cloudsql.backup.gib_month",
        )


def caches(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each instance by its capacity, each cluster by its nodes."""
    for store in plan.caches:
        _cache(store, ledger)


def files(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the shared file system at its provisioned size."""
    tier = filestore_tier(plan.files.throughput_mode)
    gib = Quantity.fixed(plan.files.planning_gib)
    ledger.priced("files", f"Filestore {tier.name}", gib, "GiB", tier.price)
    if plan.files.backup:
        ledger.add("files", "Backup and DR, one full copy", gib, "GiB", None, NOT_SOURCED)


def objects(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each bucket at its planning size."""
    for bucket in plan.buckets:
        if bucket.planning_gib:
            ledger.priced(
                "objects",
                f"Cloud Storage standard, {bucket.name}",
                Quantity.fixed(bucket.planning_gib),
                "GiB",
                OBJECT_PRICE,
            )
    recovery(plan, ledger, "Cloud Storage standard", OBJECT_PRICE)


def _server(store: PostgresPlan, ledger: Ledger, what: str, kind: str, count: int) -> None:
    parts = (
        ("vCPU", store.vcpu, "vCPU", "vcpu_hour"),
        ("memory", store.memory_bytes / GIB, "GiB", "memory_gib_hour"),
        ("SSD", store.storage_gib, "GiB", "ssd_gib_month"),
    )
    for item, each, unit, price_id in parts:
        ledger.priced(
            "postgres",
            f"{store.instance_class}, {what}: {item}",
            Quantity.fixed(each * count),
            unit,
            f"{EDITION}.{kind}.{price_id}",
        )


def _cache(store: CachePlan, ledger: Ledger) -> None:
    shape = redis_shape(store.node_type)
    count, unit = shape.capacity_gib, "GiB"
    if shape.clustered:
        count, unit = store.shards * (1 + store.replicas_per_shard), "nodes"
    ledger.priced("cache", f"{store.role}: {shape.name}", Quantity.fixed(count), unit, shape.price)
