"""The relational store: form, class, storage and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from sizing.catalog import RdsClass, rds_class, rds_classes
from sizing.model import Figure
from sizing.planning.classes import cheapest, climb
from sizing.planning.connections import GRAFANA, pooled
from sizing.planning.environment import Setting
from sizing.planning.needs import DatabaseNeed, database
from sizing.planning.notes import by_hand_note, difference, monthly, note, share_note
from sizing.planning.parameters import parameters
from sizing.planning.postgres_storage import GP3_MOST, storage, storage_notes
from sizing.plans import Adjustment, PostgresPlan, ServicePlan
from sizing.tiers import cells
from sizing.units import GIB, GIGA
from sizing.versions import VERSIONS
from sizing.words import Direction, Environment, Kind, PostgresForm

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
# Document 000 names three; LiteLLM keeps keys and spend in its own.
DATABASES = ("collections", "litellm", "permissions", "users")
FORMS: Mapping[int, PostgresForm] = MappingProxyType(
    {
        SINGLE_NODES: PostgresForm.SINGLE,
        STANDBY_NODES: PostgresForm.MULTI_AZ_INSTANCE,
        CLUSTER_NODES: PostgresForm.MULTI_AZ_CLUSTER,
    }
)


def postgres(
    setting: Setting, services: Iterable[ServicePlan]
) -> tuple[PostgresPlan, tuple[Adjustment, ...]]:
    """Return the relational store and how it differs from tables 2.4 and 3.3.

    Args:
        setting: the request's setting.
        services: the workloads; their poolers decide the connections.

    Raises:
        ValueError: the region sells no class that holds what is asked.
    """
    row = setting.tables.postgres
    form = PostgresForm.SINGLE if setting.is_dev else FORMS[row.nodes]
    names = databases(setting)
    need = database(setting, services, pairs=len(pooled(names)))
    asked = _documented_class(setting, form)
    chosen, disk = _class(setting, form, asked, need), storage(setting, form, need)
    plan = PostgresPlan(
        form=form,
        instance_class=chosen.name,
        vcpu=chosen.vcpu,
        memory_bytes=chosen.memory_bytes,
        nodes=SINGLE_NODES if setting.is_dev else row.nodes,
        storage_gib=disk.gib,
        storage_type="gp3",
        iops=disk.iops,
        iops_delivered=disk.delivered,
        throughput_mibps=None,
        max_allocated_gib=_ceiling(form, disk.gib),
        engine_version=VERSIONS.postgres.version.value,
        family=VERSIONS.postgres.family,
        max_connections=chosen.max_connections,
        parameters=parameters(chosen),
        backup_retention_days=recovery_days(setting),
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=setting.is_prod,
        final_snapshot=not setting.is_dev,
        insights_mode="standard",
        insights_retention_days=INSIGHTS_DAYS,
        monitoring_interval_s=MONITORING_SECONDS,
        log_exports=("postgresql", "upgrade"),
        log_retention_days=setting.log_days,
        databases=names,
    )
    return plan, (
        *_form_notes(setting, plan),
        *storage_notes(setting, form, need),
        *_size_notes(setting, plan, asked),
        *_class_notes(setting, plan, asked, need),
    )


def databases(setting: Setting) -> tuple[str, ...]:
    """Return the databases, by name: the documents' and one for each service that keeps any."""
    # the agent router keeps its state at its vendor's (document 004)
    switches = setting.request.switches
    asked = () if switches.application is None else ("application",)
    shown = (GRAFANA,) if switches.grafana else ()
    tools = {
        "archestra": switches.archestra is not None,
        "langflow": switches.osmen.langflow,
        "n8n": switches.osmen.n8n,
    }
    kept = (name for name, is_on in tools.items() if is_on)
    return tuple(sorted((*DATABASES, *asked, *shown, *kept)))


def recovery_days(setting: Setting) -> int:
    """Return the days of point-in-time recovery: the environment's, or those set by hand."""
    by_hand = setting.request.overrides.backup_retention_days
    return RECOVERY_DAYS[setting.environment] if by_hand is None else by_hand


def _ranked(form: PostgresForm) -> Callable[[RdsClass], float | None]:
    return lambda one: one.rank_usd(form)


def _documented_class(setting: Setting, form: PostgresForm) -> RdsClass:
    """Return the cheapest class with what the document asks, or the one set by hand."""
    wanted = setting.request.overrides.postgres_instance_class
    if wanted is not None:
        return rds_class(wanted)
    row = setting.tables.postgres
    found = cheapest(
        rds_classes(form),
        region=setting.request.region,
        vcpu=setting.quantity(row.vcpu),
        memory_bytes=setting.quantity(row.memory_gb) * GIGA,
        usd=_ranked(form),
    )
    if found is None:
        raise ValueError(
            f"{setting.request.region} sells no {form} class with {row.vcpu} vCPU and "
            f"{row.memory_gb} GB; choose another region or set "
            "sizing.overrides.postgres.instance_class"
        )
    return found


def _class(setting: Setting, form: PostgresForm, asked: RdsClass, need: DatabaseNeed) -> RdsClass:
    """Return the class that takes the poolers' connections, the largest where none does."""
    if setting.request.overrides.postgres_instance_class is not None:
        return asked
    return climb(
        rds_classes(form),
        asked,
        region=setting.request.region,
        usd=_ranked(form),
        enough=lambda one: one.max_connections >= need.connections,
    )


def _ceiling(form: PostgresForm, gib: int) -> int | None:
    """Return the ceiling of storage autoscaling, which must lie above the storage."""
    if form is PostgresForm.MULTI_AZ_CLUSTER or gib >= int(GP3_MOST):
        return None
    return min(int(GP3_MOST), int(STORAGE_GROWTH) * gib)


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


def _size_notes(setting: Setting, plan: PostgresPlan, chosen: RdsClass) -> tuple[Adjustment, ...]:
    row = setting.tables.postgres
    notes: list[Adjustment] = []
    asked = f"{row.vcpu} vCPU, {row.memory_gb} GB"
    if setting.request.overrides.postgres_instance_class is not None:
        return (by_hand_note(asked, _words(chosen)),)
    notes += share_note(
        setting,
        "postgres.asked",
        asked,
        f"{setting.quantity(row.vcpu)} vCPU, {setting.quantity(row.memory_gb)} GB",
    )
    memory = setting.quantity(row.memory_gb)
    if (chosen.vcpu, chosen.memory_bytes) == (setting.quantity(row.vcpu), memory * GIB):
        return tuple(notes)
    smaller = [
        one
        for one in rds_classes(plan.form)
        if one.vcpu >= setting.quantity(row.vcpu)
        and memory * GIGA <= one.memory_bytes < chosen.memory_bytes
    ]
    least = min(smaller, key=lambda one: (one.memory_bytes, one.name), default=chosen)
    region = setting.request.region
    notes.append(
        note(
            "postgres.instance_class",
            f"{setting.quantity(row.vcpu)} vCPU, {memory} GB",
            _words(chosen),
            direction=Direction.RAISED,
            rule="cheapest-class",
            reason="no class of this form is nearer"
            if least is chosen
            else f"{least.name} is nearer, but dearer or without a price to rank it by",
            monthly_usd=difference(
                monthly(chosen.price(plan.form, region)), monthly(least.price(plan.form, region))
            ),
        )
    )
    return tuple(notes)


def _class_notes(
    setting: Setting, plan: PostgresPlan, asked: RdsClass, need: DatabaseNeed
) -> tuple[Adjustment, ...]:
    if plan.instance_class == asked.name:
        return ()
    region, chosen = setting.request.region, rds_class(plan.instance_class)
    return (
        note(
            "postgres.instance_class",
            _words(asked),
            _words(chosen),
            direction=Direction.RAISED,
            rule="pooled-connections",
            reason=f"{need.connections} connections of the poolers and kept back, "
            f"{asked.max_connections} taken",
            monthly_usd=difference(
                monthly(chosen.price(plan.form, region)), monthly(asked.price(plan.form, region))
            ),
        ),
    )


def _words(one: RdsClass) -> str:
    return f"{one.name}: {one.vcpu} vCPU, {one.memory_bytes // GIB} GiB"
