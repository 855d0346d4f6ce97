"""The relational store on Cloud SQL: tier, storage, flags.

`PostgresPlan` in its words: SINGLE is a zonal server, MULTI_AZ_INSTANCE a regional one (a primary
and a standby in another zone); `nodes` beyond these two are read replicas. `iops` is None, since
a disk's IOPS follow from its size; `insights_*` name Query Insights, `monitoring_interval_s` is 0,
for nothing is to be set. `backup_retention_days` is the number of daily backups kept; points in
time are kept as many days as the edition allows.
"""

from __future__ import annotations

from sizing.catalog import price
from sizing.catalog.google import CloudSqlTier, cloud_sql, cloud_sql_tier, smallest_tier
from sizing.model import Figure
from sizing.planning.connections import pooled
from sizing.planning.environment import Setting
from sizing.planning.gcp.flags import cache_note, flags
from sizing.planning.needs import DatabaseNeed, database
from sizing.planning.notes import by_hand_note, note, share_note
from sizing.planning.postgres import (
    SINGLE_NODES,
    STANDBY_NODES,
    STORAGE_GROWTH,
    databases,
    recovery_days,
)
from sizing.planning.postgres_storage import documented_storage
from sizing.plans import Adjustment, PostgresPlan, ServicePlan
from sizing.tiers import cells
from sizing.units import GIB, GIGA
from sizing.versions import GOOGLE_VERSIONS
from sizing.words import Direction, Kind, PostgresForm

# max_connections is a flag there; its default grows with memory and is below what the pools of
# chapter 2.4 take. The memory that a connection costs is PostgreSQL's, so the share is the same.
CONNECTION_BYTES = Figure(
    value=9_531_392,
    unit="bytes of memory a connection",
    source="rds-maxconn",
    date="2023",
    kind=Kind.DERIVED,
)
CONNECTIONS_MOST = Figure(
    value=5000, unit="connections", source="rds-maxconn", date="2023", kind=Kind.DERIVED
)
DISK_TYPE = "PD_SSD"
LOGS = ("postgresql",)
INSIGHTS_DAYS = 7  # what Query Insights keeps in this edition. Source: sizing-decisions.


def postgres(
    setting: Setting, services: tuple[ServicePlan, ...]
) -> tuple[PostgresPlan, tuple[Adjustment, ...]]:
    """Return the relational store and how it differs from tables 2.4 and 3.3.

    Args:
        setting: the request's setting.
        services: the workloads, of which the poolers open connections.

    Raises:
        ValueError: more than the largest tier has.
        UnknownNameError: the stack sets a tier that is not sold.
    """
    single = setting.is_dev or setting.tables.postgres.nodes == SINGLE_NODES
    names = databases(setting)
    need = database(setting, services, pairs=len(pooled(names)))
    tier, gib = _tier(setting, need), _storage_gib(setting, need)
    connections = max_connections(tier)
    plan = PostgresPlan(
        form=PostgresForm.SINGLE if single else PostgresForm.MULTI_AZ_INSTANCE,
        instance_class=tier.name,
        vcpu=tier.vcpu,
        memory_bytes=tier.memory_bytes,
        nodes=SINGLE_NODES if setting.is_dev else setting.tables.postgres.nodes,
        storage_gib=gib,
        storage_type=DISK_TYPE,
        iops=None,
        iops_delivered=disk_iops(gib),
        throughput_mibps=None,
        max_allocated_gib=min(int(STORAGE_GROWTH) * gib, max(gib, cloud_sql().disk_most_gib)),
        engine_version=GOOGLE_VERSIONS.postgres.value,
        family="",
        max_connections=connections,
        parameters=flags(tier, connections),
        backup_retention_days=recovery_days(setting),
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=setting.is_prod,
        final_snapshot=not setting.is_dev,
        insights_mode="standard",
        insights_retention_days=INSIGHTS_DAYS,
        monitoring_interval_s=0,
        log_exports=LOGS,
        log_retention_days=setting.log_days,
        databases=names,
    )
    return plan, tuple(_notes(setting, plan))


def replicas(plan: PostgresPlan) -> int:
    """Return the read replicas beside the primary and its standby."""
    return max(0, plan.nodes - STANDBY_NODES)


def max_connections(tier: CloudSqlTier) -> int:
    """Return the flag's value for a tier."""
    return min(int(CONNECTIONS_MOST), tier.memory_bytes // int(CONNECTION_BYTES))


def disk_iops(gib: int) -> int:
    """Return what an SSD of that size gives at most, whatever the machine's vCPU allow."""
    return min(cloud_sql().iops_most, gib * cloud_sql().iops_per_gib)


def _tier(setting: Setting, need: DatabaseNeed) -> CloudSqlTier:
    wanted = setting.request.overrides.postgres_instance_class
    if wanted is not None:
        return cloud_sql_tier(wanted)
    row = setting.tables.postgres
    memory = setting.quantity(row.memory_gb) * GIGA
    if need.connections:
        asked = min(need.connections, int(CONNECTIONS_MOST))
        memory = max(memory, asked * int(CONNECTION_BYTES))
    return smallest_tier(setting.quantity(row.vcpu), memory)


def _storage_gib(setting: Setting, need: DatabaseNeed) -> int:
    by_hand = setting.request.overrides.postgres_storage_gib
    if by_hand is not None:
        return by_hand
    gib = max(setting.quantity(documented_storage(setting)), cloud_sql().disk_least_gib)
    if not setting.proven:
        return gib
    iops = max(setting.quantity(setting.tables.postgres.iops.value), need.iops)
    asked = max(gib, need.storage_gib, -(-iops // cloud_sql().iops_per_gib))
    return min(asked, cloud_sql().disk_most_gib)


def _notes(setting: Setting, plan: PostgresPlan) -> list[Adjustment]:
    return [
        *_form_notes(setting, plan),
        *_size_notes(setting, plan),
        *_storage_notes(setting, plan),
        cache_note(),
        note(
            "postgres.max_connections",
            "no word",
            plan.max_connections,
            direction=Direction.RAISED,
            rule="cloud-sql-connections",
            reason="Cloud SQL's default grows with memory and is less than PgBouncer's pools take",
        ),
        note(
            "postgres.point_in_time",
            "no word",
            f"{min(plan.backup_retention_days, cloud_sql().recovery_days_most)} days, "
            f"{plan.backup_retention_days} daily backups",
            direction=Direction.REPLACED,
            rule="cloud-sql-recovery",
            reason=f"the edition keeps logs {cloud_sql().recovery_days_most} days at most",
        ),
    ]


def _form_notes(setting: Setting, plan: PostgresPlan) -> tuple[Adjustment, ...]:
    row = setting.tables.postgres
    said = cells.postgres(row)[0]
    if setting.is_dev:
        return share_note(setting, "postgres.form", said, "one zonal server")
    if plan.form is PostgresForm.SINGLE:
        return ()
    more = replicas(plan)
    return (
        note(
            "postgres.form",
            said,
            "a regional server" + (f" and {more} read replica" if more else ""),
            direction=Direction.REPLACED,
            rule="postgres-form",
            reason="read replicas never take over by themselves; the standby in another zone does",
        ),
    )


def _size_notes(setting: Setting, plan: PostgresPlan) -> tuple[Adjustment, ...]:
    row = setting.tables.postgres
    if setting.request.overrides.postgres_instance_class is not None:
        asked = f"{row.vcpu} vCPU, {row.memory_gb} GB"
        words = f"{plan.instance_class}: {plan.vcpu} vCPU, {plan.memory_bytes / GIB:g} GiB"
        return (by_hand_note(asked, words),)
    vcpu, memory_gb = setting.quantity(row.vcpu), setting.quantity(row.memory_gb)
    notes = share_note(
        setting,
        "postgres.asked",
        f"{row.vcpu} vCPU, {row.memory_gb} GB",
        f"{vcpu} vCPU, {memory_gb} GB",
    )
    exact = -(-memory_gb * GIGA // GIB) * GIB
    if plan.vcpu == vcpu and plan.memory_bytes <= exact:
        return notes
    return (
        *notes,
        note(
            "postgres.instance_class",
            f"{vcpu} vCPU, {memory_gb} GB",
            f"{plan.instance_class}: {plan.vcpu} vCPU, {plan.memory_bytes / GIB:g} GiB",
            direction=Direction.RAISED,
            rule="cloud-sql-steps",
            reason="Cloud SQL sells 1 or an even number of vCPU, and memory in steps from a least; "
            "connections take memory",
            monthly_usd=None,
        ),
    )


def _storage_notes(setting: Setting, plan: PostgresPlan) -> list[Adjustment]:
    row, storage = setting.tables.postgres, setting.tables.storage
    larger = documented_storage(setting)
    kind = "zonal" if plan.form is PostgresForm.SINGLE else "regional_ha"
    figure = price(f"cloudsql.enterprise.{kind}.ssd_gib_month", setting.request.region)

    def usd(gib: int) -> float | None:
        return None if figure is None else figure.value * gib

    notes = []
    if row.storage_gb != storage.postgres_gb:
        notes.append(
            note(
                "postgres.storage_gib",
                f"{row.storage_gb} GB (2.4), {storage.postgres_gb} GB (3.3)",
                f"{larger} GB",
                direction=Direction.RAISED,
                rule="postgres-storage-twice",
                reason="the document gives two figures; the larger holds both",
                monthly_usd=usd(larger - row.storage_gb),
            )
        )
    share = setting.quantity(larger)
    notes += share_note(setting, "postgres.storage_gib", f"{larger} GB", f"{share} GB")
    if plan.storage_gib != share:
        by_hand = setting.request.overrides.postgres_storage_gib is not None
        notes.append(
            note(
                "postgres.storage_gib",
                f"{share} GB",
                f"{plan.storage_gib} GiB",
                direction=Direction.RAISED if plan.storage_gib > share else Direction.LOWERED,
                rule="stack-override" if by_hand else "cloud-sql-disk",
                reason="set in the stack file"
                if by_hand
                else f"a disk gives {cloud_sql().iops_per_gib} IOPS a GiB, has at least "
                f"{cloud_sql().disk_least_gib} GiB, and keeps the spend log for its retention",
                monthly_usd=usd(plan.storage_gib - share),
            )
        )
    if row.medium.value != "SSD":
        notes.append(
            note(
                "postgres.storage_type",
                row.medium,
                plan.storage_type,
                direction=Direction.REPLACED,
                rule="network-storage",
                reason="Cloud SQL keeps data on network volumes",
            )
        )
    return notes
