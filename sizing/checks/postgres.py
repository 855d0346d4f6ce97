"""The relational store: connections, writes, storage, machine, survival, price."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.capacity import litellm, postgres, vendor_sizes
from sizing.catalog import rds_class
from sizing.catalog.google import cloud_sql
from sizing.checks.constraints import constrained
from sizing.checks.load import named
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.model import Figure
from sizing.planning import connections
from sizing.planning.connections import RESERVED_CONNECTIONS
from sizing.planning.environment import Setting
from sizing.planning.gateways import POOLER, PROXY
from sizing.planning.needs import whole_gib
from sizing.planning.postgres_storage import GP3_FLOOR, GP3_LARGE_IOPS, documented_storage
from sizing.planning.sizes import ROLLOUT_SURGE
from sizing.plans import Finding
from sizing.tiers import PGBOUNCER
from sizing.units import GIB
from sizing.words import Cloud, Kind, PostgresForm, Verdict

COMPONENT = "postgres"
# What LiteLLM's table says of the machine.
MACHINE = ("vendor-vcpu", "vendor-memory")
DOCUMENT_003_CONNECTIONS = Figure(
    value=100, unit="connections", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)


def check_postgres(subject: Subject) -> list[Finding]:
    """Return the findings of the relational store."""
    return [
        *check_connections(subject),
        check_iops(subject, (subject.setting,)),
        *check_growth(subject),
        _offered(subject),
        _price(subject),
    ]


def check_connections(subject: Subject) -> list[Finding]:
    """Return what is asked of connections, on any cloud."""
    return [_client_connections(subject), _server_connections(subject), _document_003(subject)]


def check_growth(subject: Subject) -> list[Finding]:
    """Return what is asked of storage, machine and survival, on any cloud."""
    return [
        check_storage(subject, (subject.setting,)),
        _retention(subject),
        _row_writes(subject),
        *_vendor(subject),
        _survival(subject),
    ]


def server_connections(subject: Subject) -> int:
    """Return the connections that all PgBouncers may open on the server."""
    poolers = named(subject, POOLER).scale.planned
    return connections.server_connections(
        subject.setting, poolers, len(connections.pooled(subject.plan.postgres.databases))
    )


def _client_connections(subject: Subject) -> Finding:
    proxy = named(subject, PROXY)
    there = {
        "pool": int(litellm.WORKER_POOL),
        "workers_per_pod": proxy.workers,
        "max_client_connections": PGBOUNCER.max_client_connections,
        "bouncers": named(subject, POOLER).scale.planned,
    }
    return constrained(
        subject,
        COMPONENT,
        postgres.client_connections(
            pods=postgres.pods_at_once(proxy.scale.maximum, ROLLOUT_SURGE.value), **there
        ),
        said="at the autoscaler's maximum and a rollout's surge",
        fix="plan in proven mode, which adds PgBouncers, or lower LiteLLM's maximum: "
        f"{postgres.pods_carried(**there)} pods at once have room",
    )


def _server_connections(subject: Subject) -> Finding:
    plan, poolers = subject.plan.postgres, named(subject, POOLER).scale.planned
    return constrained(
        subject,
        COMPONENT,
        postgres.server_connections(
            pool=connections.pool_size(subject.setting, poolers),
            reserve=PGBOUNCER.reserve_pool_size,
            bouncers=connections.poolers_at_once(poolers),
            pairs=len(connections.pooled(plan.databases)),
            max_connections=plan.max_connections,
            kept_back=int(RESERVED_CONNECTIONS)
            + connections.direct_connections(subject.plan.services, subject.plan.request.switches),
        ),
        said="while a rollout replaces the poolers",
        fix="set sizing.overrides.postgres.instance_class to one with more memory",
    )


def _document_003(subject: Subject) -> Finding:
    asked, demand = int(DOCUMENT_003_CONNECTIONS), server_connections(subject)
    return finding(
        subject,
        "postgres",
        "document-003-max-connections",
        Verdict.NOT_APPLICABLE,
        f"document 003's max_connections = {asked} is not applied: the pools may open {demand}; "
        f"the class gives {subject.plan.postgres.max_connections}",
        amount=Amount(demand=demand, capacity=asked, unit="connections"),
        source="document-003",
    )


def check_iops(subject: Subject, users: Iterable[Setting]) -> Finding:
    """Return the finding of what the documents ask for those who use the server."""
    plan = subject.plan.postgres
    demand = sum(one.quantity(one.tables.postgres.iops.value) for one in users)
    return finding(
        subject,
        "postgres",
        "iops",
        limit(demand, plan.iops_delivered),
        f"{plan.storage_gib} GiB of {plan.storage_type} give {plan.iops_delivered} of {demand} "
        "IOPS",
        amount=Amount(demand=demand, capacity=plan.iops_delivered, unit="IOPS"),
        fix=larger_disk(subject, demand),
        source=cloud_sql().sources["iops"]
        if subject.plan.request.cloud is Cloud.GCP
        else GP3_LARGE_IOPS.source,
    )


def larger_disk(subject: Subject, demand: int) -> str:
    """Return which disk gives the IOPS that are asked for, as a finding's fix."""
    gib, why = int(GP3_FLOOR), f"gp3 then gives {int(GP3_LARGE_IOPS):,} IOPS"
    if subject.plan.request.cloud is Cloud.GCP:
        per_gib = cloud_sql().iops_per_gib
        gib, why = -(-demand // per_gib), f"an SSD gives {per_gib} IOPS a GiB"
    return f"set sizing.overrides.postgres.storage_gib to {gib} or more: {why}"


def check_storage(subject: Subject, users: Iterable[Setting]) -> Finding:
    """Return the finding of what the documents ask for those who use the server."""
    demand = sum(one.quantity(documented_storage(one)) for one in users)
    have = subject.plan.postgres.storage_gib
    return finding(
        subject,
        "postgres",
        "storage",
        limit(demand, have),
        f"{have} GiB for the {demand} GB that the document asks",
        amount=Amount(demand=demand, capacity=have, unit="GB"),
        fix=f"set sizing.overrides.postgres.storage_gib to {demand}",
        source="document-001",
    )


def _retention(subject: Subject) -> Finding:
    load, plan = subject.setting.load, subject.plan.postgres
    needed = whole_gib(postgres.storage_needed(load))
    return constrained(
        subject,
        COMPONENT,
        postgres.retention(load, plan.storage_gib * GIB),
        said=f"{plan.storage_gib} GiB keep the spend log",
        fix=f"keep the spend log for fewer days, or store {needed} GiB",
    )


def _row_writes(subject: Subject) -> Finding:
    return constrained(
        subject,
        COMPONENT,
        postgres.row_writes(subject.setting.load, subject.plan.postgres.iops_delivered),
        fix="give the store more IOPS, or write the spend log in batches",
    )


def _vendor(subject: Subject) -> list[Finding]:
    """Return LiteLLM's own table beside the machine; disk and IOPS are judged by the load."""
    plan = subject.plan.postgres
    rows = vendor_sizes.postgres(
        subject.setting.load,
        vcpu=plan.vcpu,
        memory_bytes=plan.memory_bytes,
        storage_bytes=plan.storage_gib * GIB,
        iops=plan.iops_delivered,
    )
    return [
        constrained(subject, COMPONENT, one, said=f"{plan.instance_class} beside LiteLLM's table")
        for one in rows
        if one.name in MACHINE
    ]


def _survival(subject: Subject) -> Finding:
    form = subject.plan.postgres.form
    if subject.setting.is_dev:
        verdict, message = Verdict.NOT_APPLICABLE, "dev may stand still while a zone is away"
    elif form is PostgresForm.SINGLE:
        verdict = Verdict.UNPROVEN
        message = (
            "the document gives this tier a single server: with its zone the platform waits for a "
            "restore to a point in time, and how long that takes is not measured"
        )
    else:
        verdict, message = Verdict.HOLDS, f"{form} fails over to another zone by itself"
    return finding(
        subject,
        "postgres",
        "zone-loss",
        verdict,
        message,
        fix="choose tier medium, or measure a restore and accept its length",
        source="document-001",
    )


def _offered(subject: Subject) -> Finding:
    plan, region = subject.plan.postgres, subject.plan.request.region
    chosen = rds_class(plan.instance_class)
    sold = chosen.offered(region) and plan.form in chosen.forms
    return finding(
        subject,
        "postgres",
        "offered",
        Verdict.HOLDS if sold else Verdict.REFUTED,
        f"{region} {'sells' if sold else 'does not sell'} {chosen.name} as {plan.form}",
        fix="leave sizing.overrides.postgres.instance_class out: the cheapest that fits is taken",
        source=chosen.sources.get("sold", "cfn-lint"),
        blocking=True,
    )


def _price(subject: Subject) -> Finding:
    plan, region = subject.plan.postgres, subject.plan.request.region
    chosen = rds_class(plan.instance_class)
    hourly = chosen.price(plan.form, region)
    known = hourly is not None
    ranked = f"; it was ranked by {chosen.rank_basis}" if chosen.rank_basis else ""
    return finding(
        subject,
        "postgres",
        "price",
        Verdict.HOLDS if known else Verdict.UNPROVEN,
        f"{chosen.name} as {plan.form} costs {hourly} USD an hour in {region}"
        if known
        else f"no source shows the price of {chosen.name} as {plan.form} in {region}{ranked}",
        fix="look the price up before the first up; the bill's total is a lower bound",
        source=chosen.sources.get("price", "rds-cluster-3x"),
    )
