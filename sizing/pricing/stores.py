"""The managed stores: PostgreSQL, caches, search, files, objects and their backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, cache_node, price, rds_class, search_node
from sizing.model import Figure
from sizing.pricing.compute import EBS_BASE_IOPS, EBS_BASE_THROUGHPUT
from sizing.pricing.ledger import NOT_SOURCED, Ledger, Line, Quantity
from sizing.units import GIB
from sizing.words import Kind, PostgresForm

if TYPE_CHECKING:
    from sizing.plans import CachePlan, PlatformPlan, PostgresPlan, SearchPlan

RDS_GP3_STRIPED_GIB = Figure(
    value=400, unit="GiB", source="cdk-preflight", date="2026", kind=Kind.VENDOR
)
RDS_GP3_BASE_IOPS = Figure(
    value=3000, unit="IOPS below 400 GiB", source="cdk-preflight", date="2026", kind=Kind.VENDOR
)
RDS_GP3_STRIPED_IOPS = Figure(
    value=12000, unit="IOPS from 400 GiB", source="cdk-preflight", date="2026", kind=Kind.VENDOR
)
RDS_GP3_BASE_THROUGHPUT = Figure(
    value=125, unit="MiB/s below 400 GiB", source="rds-user-guide", date="2026", kind=Kind.VENDOR
)
RDS_GP3_STRIPED_THROUGHPUT = Figure(
    value=500, unit="MiB/s from 400 GiB", source="rds-user-guide", date="2026", kind=Kind.VENDOR
)
# Backups up to the size of the store are free; what changes each day is kept beside it.
BACKUP_CHANGE = Figure(
    value=0.02,
    unit="share of the store that changes in a day",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
FORM_NAMES = {
    PostgresForm.SINGLE: "Single-AZ",
    PostgresForm.MULTI_AZ_INSTANCE: "Multi-AZ instance",
    PostgresForm.MULTI_AZ_CLUSTER: "Multi-AZ DB cluster",
}


def postgres(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the database's nodes, storage, IOPS above the base, backups and insights."""
    store = plan.postgres
    _database_nodes(store, ledger)
    _database_storage(store, ledger)
    changed = store.storage_gib * BACKUP_CHANGE.value * store.backup_retention_days
    if changed:
        ledger.priced(
            "postgres",
            f"Backups beyond the free size, {store.backup_retention_days} days",
            Quantity.fixed(changed),
            "GiB",
            "rds.backup.gib_month",
            Line.POSTGRES,
        )
    if store.insights_mode == "advanced":
        ledger.priced(
            "postgres",
            "Database Insights, advanced",
            Quantity.fixed(store.vcpu * store.nodes),
            "vCPU",
            "rds.insights.advanced.vcpu_hour",
            Line.POSTGRES,
        )


def caches(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each cache's nodes and daily snapshots."""
    for store in plan.caches:
        _cache(store, ledger)


def search(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the domain's data nodes, dedicated masters and volumes."""
    store = plan.search
    _search_nodes(store, ledger)
    parts = (
        ("Data volumes, gp3", store.volume_gib, "GiB", "gib_month"),
        (
            "Volume IOPS above the base",
            store.volume_iops - EBS_BASE_IOPS.value,
            "IOPS",
            "iops_month",
        ),
        (
            "Volume throughput above the base",
            store.volume_throughput - EBS_BASE_THROUGHPUT.value,
            "MiB/s",
            "mibps_month",
        ),
    )
    for item, each, unit, price_id in parts:
        if each > 0:
            ledger.priced(
                "search",
                item,
                Quantity.fixed(each * store.instance_count),
                unit,
                f"opensearch.gp3.{price_id}",
            )


def files(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the shared file system at its planning size."""
    gib = Quantity.fixed(plan.files.planning_gib)
    ledger.priced("files", "EFS standard storage", gib, "GiB", "efs.standard.gib_month")
    if plan.files.throughput_mode == "elastic":
        ledger.priced(
            "files", "EFS elastic throughput, each GiB moved once", gib, "GiB", "efs.elastic.gib"
        )
    if plan.files.backup:
        ledger.priced("files", "EFS backups, one full copy", gib, "GiB", "efs.backup.gib_month")


def objects(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each bucket at its planning size; the price is that of the first 50 TB."""
    for bucket in plan.buckets:
        if bucket.planning_gib:
            ledger.priced(
                "objects",
                f"S3 standard, {bucket.name}",
                Quantity.fixed(bucket.planning_gib),
                "GiB",
                "s3.standard.gib_month",
            )
    recovery(plan, ledger, "S3 standard", "s3.standard.gib_month")


def recovery(plan: PlatformPlan, ledger: Ledger, called: str, price_id: str) -> None:
    """Write the bucket of another region, at that region's price; nothing where there is none."""
    far = None if plan.vault is None else plan.vault.recovery_bucket
    if plan.vault is None or far is None:
        return
    region = plan.vault.recovery_region
    figure = price(price_id, region)
    ledger.add(
        "objects",
        f"{called}, {far.name} in {region}",
        Quantity.fixed(far.planning_gib),
        "GiB",
        None if figure is None else figure.value,
        NOT_SOURCED if figure is None else figure.source,
    )


def _database_nodes(store: PostgresPlan, ledger: Ledger) -> None:
    cls = rds_class(store.instance_class)
    hourly = cls.price(store.form, ledger.region)
    item = f"{cls.name}, {FORM_NAMES[store.form]}"
    rank = cls.rank_usd(store.form)
    if hourly is None and rank is not None and cls.rank_basis:
        monthly = rank * HOURS_PER_MONTH.value
        item += f" (price unknown; {cls.rank_basis}: {monthly:,.2f} USD a month)"
    ledger.add(
        "postgres",
        item,
        Quantity.fixed(1),
        f"deployment of {store.nodes}",
        None if hourly is None else hourly * HOURS_PER_MONTH.value,
        NOT_SOURCED if hourly is None else cls.sources[store.form],
        Line.POSTGRES,
    )


def _database_storage(store: PostgresPlan, ledger: Ledger) -> None:
    striped = store.storage_gib >= RDS_GP3_STRIPED_GIB.value
    base_iops, base_throughput = 0.0, 0.0
    if store.storage_type == "gp3":
        base_iops = (RDS_GP3_STRIPED_IOPS if striped else RDS_GP3_BASE_IOPS).value
        base_throughput = (RDS_GP3_STRIPED_THROUGHPUT if striped else RDS_GP3_BASE_THROUGHPUT).value
    parts = (
        ("storage", store.storage_gib, "GiB", "gib_month"),
        ("IOPS above the base", (store.iops or 0) - base_iops, "IOPS", "iops_month"),
        (
            "throughput above the base",
            (store.throughput_mibps or 0) - base_throughput,
            "MiB/s",
            "mibps_month",
        ),
    )
    for item, amount, unit, price_id in parts:
        if amount > 0:
            ledger.priced(
                "postgres",
                f"{store.storage_type} {item}, {FORM_NAMES[store.form]}",
                Quantity.fixed(amount),
                unit,
                f"rds.{store.storage_type}.{price_id}.{store.form}",
                Line.POSTGRES,
            )


def _cache(store: CachePlan, ledger: Ledger) -> None:
    node = cache_node(store.node_type)
    hourly = node.price(store.engine, ledger.region)
    ledger.add(
        "cache",
        f"{store.role}: {node.name}, {store.engine}",
        Quantity.fixed(store.shards * (1 + store.replicas_per_shard)),
        "nodes",
        None if hourly is None else hourly * HOURS_PER_MONTH.value,
        NOT_SOURCED if hourly is None else node.sources["price"],
        Line.CACHE,
    )
    if store.snapshot_days:
        ledger.priced(
            "cache",
            f"{store.role}: daily snapshots of full memory, {store.snapshot_days} days",
            Quantity.fixed(store.memory_bytes_per_shard / GIB * store.shards * store.snapshot_days),
            "GiB",
            "elasticache.backup.gib_month",
            Line.CACHE,
        )


def _search_nodes(store: SearchPlan, ledger: Ledger) -> None:
    for item, name, count in (
        ("Data nodes", store.instance_type, store.instance_count),
        ("Dedicated masters", store.master_type, store.master_count),
    ):
        if not count:
            continue
        node = search_node(name)
        hourly = node.price(ledger.region)
        ledger.add(
            "search",
            f"{item}: {name}",
            Quantity.fixed(count),
            "nodes",
            None if hourly is None else hourly * HOURS_PER_MONTH.value,
            NOT_SOURCED if hourly is None else node.sources["price"],
        )
