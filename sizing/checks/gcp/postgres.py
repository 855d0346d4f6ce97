"""Cloud SQL: tier, IOPS, connections, points in time, price."""

from __future__ import annotations

from sizing.catalog import UnknownNameError, price
from sizing.catalog.google import cloud_sql, cloud_sql_tier
from sizing.checks.postgres import check_connections, check_growth, larger_disk
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm, Verdict


def check_postgres(subject: Subject) -> list[Finding]:
    """Return the findings of the relational store."""
    return [
        *check_connections(subject),
        _flag(subject),
        _iops(subject),
        *check_growth(subject),
        _recovery(subject),
        _tier(subject),
        _price(subject),
    ]


def _flag(subject: Subject) -> Finding:
    return finding(
        subject,
        "postgres",
        "connection-flag",
        Verdict.UNPROVEN,
        f"max_connections is set to {subject.plan.postgres.max_connections}, more than Cloud SQL's "
        "default; what each connection takes of the memory is not measured there",
        fix="open as many connections and read the memory that is left",
        source="cloudsql-flags",
    )


def _iops(subject: Subject) -> Finding:
    plan = subject.plan.postgres
    demand = subject.setting.quantity(subject.setting.tables.postgres.iops.value)
    short = limit(demand, plan.iops_delivered) is Verdict.REFUTED
    return finding(
        subject,
        "postgres",
        "iops",
        # A small machine passes less than its disk gives; how much, no source shows.
        Verdict.REFUTED if short else Verdict.UNPROVEN,
        f"{plan.storage_gib} GiB of {plan.storage_type} give {plan.iops_delivered} of {demand} "
        f"IOPS; what {plan.vcpu} vCPU let through is not known",
        amount=Amount(demand=demand, capacity=plan.iops_delivered, unit="IOPS"),
        fix=larger_disk(subject, demand)
        if short
        else "measure reads and writes of the server at its peak",
        source=cloud_sql().sources["iops"],
    )


def _recovery(subject: Subject) -> Finding:
    plan, most = subject.plan.postgres, cloud_sql().recovery_days_most
    regional = plan.form is not PostgresForm.SINGLE
    kept = plan.backup_retention_days
    days = min(kept, most)
    return finding(
        subject,
        "postgres",
        "point-in-time",
        Verdict.REFUTED if regional and not kept else Verdict.HOLDS,
        f"any point of {days} days, and {kept} daily backups"
        if kept
        else "a regional server needs backups and points in time, and none are kept",
        fix="set sizing.overrides.backup_retention_days to 1 or more",
        source=cloud_sql().sources["recovery"],
        blocking=True,
    )


def _tier(subject: Subject) -> Finding:
    name = subject.plan.postgres.instance_class
    try:
        sold = cloud_sql_tier(name).valid
    except UnknownNameError:
        sold = False
    return finding(
        subject,
        "postgres",
        "offered",
        Verdict.HOLDS if sold else Verdict.REFUTED,
        f"Cloud SQL {'takes' if sold else 'refuses'} tier {name}",
        fix="leave sizing.overrides.postgres.instance_class out: the smallest that fits is taken",
        source=cloud_sql().sources["shape"],
        blocking=True,
    )


def _price(subject: Subject) -> Finding:
    plan, region = subject.plan.postgres, subject.plan.request.region
    kind = "zonal" if plan.form is PostgresForm.SINGLE else "regional_ha"
    figure = price(f"cloudsql.enterprise.{kind}.vcpu_hour", region)
    return finding(
        subject,
        "postgres",
        "price",
        Verdict.UNPROVEN if figure is None else Verdict.HOLDS,
        f"no source shows Cloud SQL's prices in {region}; the bill is incomplete"
        if figure is None
        else f"a vCPU costs {figure.value:g} USD an hour in {region}",
        fix="look the prices up, or choose a region that the catalogue prices",
        source="infracost",
    )
