"""The relational store: form, class, storage and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.catalog import RdsClass, price, rds_class, rds_classes
from sizing.model import Figure
from sizing.planning.classes import cheapest
from sizing.planning.environment import Setting
from sizing.planning.notes import difference, monthly, note, share_note
from sizing.planning.parameters import parameters
from sizing.plans import Adjustment, PostgresPlan
from sizing.tiers import cells
from sizing.units import GIB, GIGA
from sizing.versions import VERSIONS
from sizing.words import Direction, Environment, Kind, PostgresForm

# RDS gp3 below this size gives a fixed baseline and takes no iops (cloud rule 19).
GP3_FLOOR = Figure(value=400, unit="GiB", source="cdk-preflight", date="2026", kind=Kind.MEASURED)
GP3_LEAST = Figure(value=20, unit="GiB", source="rds-api", date="2026", kind=Kind.VENDOR)
GP3_SMALL_IOPS = Figure(
    value=3000, unit="IOPS", source="rds-user-guide", date="2026", kind=Kind.VENDOR
)
GP3_LARGE_IOPS = Figure(
    value=12000, unit="IOPS", source="cdk-preflight", date="2026", kind=Kind.MEASURED
)
STORAGE_GROWTH = Figure(
    value=2,
    unit="times the storage, the ceiling of storage autoscaling",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# Days of point-in-time recovery. Source: sizing-decisions; RDS takes up to 35 (rds-api).
RECOVERY_DAYS: Mapping[Environment, int] = MappingProxyType(
    {Environment.DEV: 1, Environment.STAGING: 7, Environment.PROD: 30}
)
INSIGHTS_DAYS = 7  # the retention that costs nothing. Source: rds-api, 2026.
MONITORING_SECONDS = 60
SINGLE_NODES = 1
STANDBY_NODES = 2
CLUSTER_NODES = 3  # rds-user-guide, 2026: one writer and two readers
# Document 000 names the first three; LiteLLM keeps keys and spend in its own.
DATABASES = ("collections", "litellm", "permissions", "users")
FORMS: Mapping[int, PostgresForm] = MappingProxyType(
    {
        SINGLE_NODES: PostgresForm.SINGLE,
        STANDBY_NODES: PostgresForm.MULTI_AZ_INSTANCE,
        CLUSTER_NODES: PostgresForm.MULTI_AZ_CLUSTER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Disk of one node: size, what is asked for in IOPS and what it delivers."""

    gib: int
    iops: int | None
    delivered: int


def postgres(setting: Setting) -> tuple[PostgresPlan, tuple[Adjustment, ...]]:
    """Return the relational store and how it differs from tables 2.4 and 3.3.

    Raises:
        ValueError: the region sells no class that holds what is asked.
    """
    row = setting.tables.postgres
    form = PostgresForm.SINGLE if setting.is_dev else FORMS[row.nodes]
    chosen = _class(setting, form)
    storage = _storage(setting, form)
    growing = form is not PostgresForm.MULTI_AZ_CLUSTER
    retention = setting.request.overrides.backup_retention_days
    plan = PostgresPlan(
        form=form,
        instance_class=chosen.name,
        vcpu=chosen.vcpu,
        memory_bytes=chosen.memory_bytes,
        nodes=SINGLE_NODES if setting.is_dev else row.nodes,
        storage_gib=storage.gib,
        storage_type="gp3",
        iops=storage.iops,
        iops_delivered=storage.delivered,
        throughput_mibps=None,
        max_allocated_gib=int(STORAGE_GROWTH) * storage.gib if growing else None,
        engine_version=VERSIONS.postgres.version.value,
        family=VERSIONS.postgres.family,
        max_connections=chosen.max_connections,
        parameters=parameters(chosen),
        backup_retention_days=RECOVERY_DAYS[setting.environment]
        if retention is None
        else retention,
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=setting.is_prod,
        final_snapshot=not setting.is_dev,
        insights_mode="standard",
        insights_retention_days=INSIGHTS_DAYS,
        monitoring_interval_s=MONITORING_SECONDS,
        log_exports=("postgresql", "upgrade"),
        log_retention_days=setting.log_days,
        databases=DATABASES,
    )
    return plan, (
        *_form_notes(setting, plan),
        *_storage_notes(setting, plan),
        *_size_notes(setting, plan),
    )


def documented_storage(setting: Setting) -> int:
    """Return the larger of the two storage figures that document 001 gives, in GB."""
    return max(setting.tables.postgres.storage_gb, setting.tables.storage.postgres_gb)


def _class(setting: Setting, form: PostgresForm) -> RdsClass:
    wanted = setting.request.overrides.postgres_instance_class
    if wanted is not None:
        return rds_class(wanted)
    row = setting.tables.postgres
    found = cheapest(
        rds_classes(form),
        region=setting.request.region,
        vcpu=setting.quantity(row.vcpu),
        memory_bytes=setting.quantity(row.memory_gb) * GIGA,
        usd=lambda one: one.rank_usd(form),
    )
    if found is None:
        raise ValueError(
            f"{setting.request.region} sells no {form} class with {row.vcpu} vCPU and "
            f"{row.memory_gb} GB; choose another region or set "
            "sizing.overrides.postgres.instance_class"
        )
    return found


def _storage(setting: Setting, form: PostgresForm) -> Storage:
    iops = setting.quantity(setting.tables.postgres.iops.value)
    gib = setting.quantity(documented_storage(setting))
    clustered, floor = form is PostgresForm.MULTI_AZ_CLUSTER, int(GP3_FLOOR)
    by_hand = setting.request.overrides.postgres_storage_gib
    if by_hand is not None:
        gib = by_hand
    elif clustered or (setting.proven and iops > int(GP3_SMALL_IOPS)):
        # What a cluster takes below the floor no source says: it stays above.
        gib = max(gib, floor)
    elif gib < int(GP3_LEAST):
        gib = int(GP3_LEAST)
    if gib < floor:
        return Storage(gib=gib, iops=None, delivered=int(GP3_SMALL_IOPS))
    delivered = max(iops, int(GP3_LARGE_IOPS))
    # A cluster must be told its IOPS; an instance only where it wants more than the base.
    asked = delivered if clustered or delivered > int(GP3_LARGE_IOPS) else None
    return Storage(gib=gib, iops=asked, delivered=delivered)


def _form_notes(setting: Setting, plan: PostgresPlan) -> tuple[Adjustment, ...]:
    row = setting.tables.postgres
    said = cells.postgres(row)[0]
    if plan.form is PostgresForm.SINGLE and row.nodes == plan.nodes:
        return ()
    if setting.is_dev:
        return share_note(setting, "postgres.form", said, plan.form)
    return (
        note(
            "postgres.form",
            said,
            plan.form,
            direction=Direction.REPLACED,
            rule="postgres-form",
            reason=(
                "RDS refuses read replicas of a source with a managed master password, and they "
                "never fail over; this form gives as many nodes and fails over by itself"
            ),
        ),
    )


def _storage_notes(setting: Setting, plan: PostgresPlan) -> tuple[Adjustment, ...]:
    row, storage = setting.tables.postgres, setting.tables.storage
    notes, said = [], f"{row.storage_gb} GB (2.4), {storage.postgres_gb} GB (3.3)"
    larger = documented_storage(setting)
    usd_gib = price(f"rds.gp3.gib_month.{plan.form}", setting.request.region)
    per_gib = None if usd_gib is None else usd_gib.value
    if row.storage_gb != storage.postgres_gb:
        added = larger - row.storage_gb
        notes.append(
            note(
                "postgres.storage_gib",
                said,
                f"{larger} GB",
                direction=Direction.RAISED,
                rule="postgres-storage-twice",
                reason="the document gives two figures; the larger holds both",
                monthly_usd=None if per_gib is None else added * per_gib,
            )
        )
    share = setting.quantity(larger)
    notes += share_note(setting, "postgres.storage_gib", f"{larger} GB", f"{share} GB")
    by_hand = setting.request.overrides.postgres_storage_gib is not None
    if plan.storage_gib != share:
        notes.append(
            note(
                "postgres.storage_gib",
                f"{share} GB",
                f"{plan.storage_gib} GiB",
                direction=Direction.RAISED if plan.storage_gib > share else Direction.LOWERED,
                rule="stack-override" if by_hand else "rds-gp3-floor",
                reason="set in the stack file" if by_hand else _floor_reason(setting, plan),
                monthly_usd=None if per_gib is None else (plan.storage_gib - share) * per_gib,
            )
        )
    if row.medium.value != "SSD":
        notes.append(
            note(
                "postgres.storage_type",
                row.medium,
                plan.storage_type,
                direction=Direction.REPLACED,
                rule="rds-network-storage",
                reason="RDS keeps data on network volumes; local NVMe is for temporary files",
            )
        )
    return tuple(notes)


def _floor_reason(setting: Setting, plan: PostgresPlan) -> str:
    if plan.storage_gib == int(GP3_LEAST):
        return f"RDS sells no gp3 volume below {plan.storage_gib} GiB"
    iops = setting.quantity(setting.tables.postgres.iops.value)
    return (
        f"{iops} IOPS asked: gp3 below {int(GP3_FLOOR)} GiB gives {int(GP3_SMALL_IOPS)} and takes "
        "no figure"
    )


def _size_notes(setting: Setting, plan: PostgresPlan) -> tuple[Adjustment, ...]:
    row = setting.tables.postgres
    notes: list[Adjustment] = []
    if setting.request.overrides.postgres_instance_class is not None:
        return ()
    asked = f"{row.vcpu} vCPU, {row.memory_gb} GB"
    notes += share_note(
        setting,
        "postgres.asked",
        asked,
        f"{setting.quantity(row.vcpu)} vCPU, {setting.quantity(row.memory_gb)} GB",
    )
    smaller = [
        one
        for one in rds_classes(plan.form)
        if one.vcpu >= setting.quantity(row.vcpu)
        and setting.quantity(row.memory_gb) * GIGA <= one.memory_bytes < plan.memory_bytes
    ]
    if smaller:
        least = min(smaller, key=lambda one: (one.memory_bytes, one.name))
        region = setting.request.region
        notes.append(
            note(
                "postgres.instance_class",
                f"{setting.quantity(row.vcpu)} vCPU, {setting.quantity(row.memory_gb)} GB",
                f"{plan.instance_class}: {plan.vcpu} vCPU, {plan.memory_bytes // GIB} GiB",
                direction=Direction.RAISED,
                rule="cheapest-class",
                reason=f"{least.name} is nearer, but dearer or without a price to rank it by",
                monthly_usd=difference(
                    monthly(rds_class(plan.instance_class).price(plan.form, region)),
                    monthly(least.price(plan.form, region)),
                ),
            )
        )
    return tuple(notes)
