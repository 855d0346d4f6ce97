"""The relational store: connections, IOPS, storage, survival, price."""

from __future__ import annotations

from math import ceil

from sizing.catalog import rds_class
from sizing.checks.verdicts import DIGITS, Amount, Subject, finding, limit
from sizing.model import Figure
from sizing.planning import connections
from sizing.planning.connections import RESERVED_CONNECTIONS
from sizing.planning.postgres_storage import documented_storage
from sizing.planning.sizes import ROLLOUT_SURGE
from sizing.plans import Finding, ServicePlan
from sizing.tiers import PGBOUNCER
from sizing.units import GIGA, SECONDS_PER_DAY
from sizing.words import Kind, PostgresForm, Verdict

WORKER_POOL = Figure(
    value=10,
    unit="connections a LiteLLM worker opens",
    source="litellm-prod-2026-10",
    date="2026-10",
    kind=Kind.VENDOR,
)
WORKERS_PER_POD = Figure(
    value=1,
    unit="LiteLLM workers a pod",
    source="litellm-prod-2026-10",
    date="2026-10",
    kind=Kind.VENDOR,
)
SPEND_ROW_BYTES = Figure(
    value=1500,
    unit="bytes a request in the spend log",
    source="litellm-db-sizing",
    date="2026-10-10",
    kind=Kind.VENDOR,
)
DOCUMENT_003_CONNECTIONS = Figure(
    value=100, unit="connections", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)


def check_postgres(subject: Subject) -> list[Finding]:
    """Return the findings of the relational store."""
    return [
        *check_connections(subject),
        _iops(subject),
        *check_growth(subject),
        _offered(subject),
        _price(subject),
    ]


def check_connections(subject: Subject) -> list[Finding]:
    """Return what is asked of connections, on any cloud."""
    return [_client_connections(subject), _server_connections(subject), _document_003(subject)]


def check_growth(subject: Subject) -> list[Finding]:
    """Return what is asked of storage and survival, on any cloud."""
    return [_storage(subject), _spend_log(subject), _survival(subject)]


def server_connections(subject: Subject) -> int:
    """Return the connections that all PgBouncers may open on the server."""
    poolers = _service(subject, "pgbouncer").scale.planned
    return connections.server_connections(
        subject.setting, poolers, len(subject.plan.postgres.databases)
    )


def _service(subject: Subject, name: str) -> ServicePlan:
    return next(one for one in subject.plan.services if one.name == name)


def _client_connections(subject: Subject) -> Finding:
    scale = _service(subject, "litellm").scale
    pods = scale.maximum + ceil(scale.maximum * ROLLOUT_SURGE.value)
    demand = int(WORKER_POOL) * int(WORKERS_PER_POD) * pods
    bouncers = max(1, _service(subject, "pgbouncer").scale.planned - 1)
    capacity = PGBOUNCER.max_client_connections * bouncers
    return finding(
        subject,
        "postgres",
        "client-connections",
        limit(demand, capacity),
        f"{pods} LiteLLM pods at maximum and surge open {demand} connections; PgBouncer takes "
        f"{capacity} with one replica lost",
        amount=Amount(demand=demand, capacity=capacity, unit="connections"),
        fix="raise PgBouncer's max_client_conn or lower LiteLLM's maximum",
        source="litellm-prod-2026-10",
    )


def _server_connections(subject: Subject) -> Finding:
    demand = server_connections(subject)
    most = subject.plan.postgres.max_connections
    capacity = most - int(RESERVED_CONNECTIONS)
    return finding(
        subject,
        "postgres",
        "server-connections",
        limit(demand, capacity, capacity - int(RESERVED_CONNECTIONS)),
        f"PgBouncer opens up to {demand} of {most} connections, {int(RESERVED_CONNECTIONS)} kept "
        "back",
        amount=Amount(demand=demand, capacity=capacity, unit="connections"),
        fix="set sizing.overrides.postgres.instance_class to one with more memory",
        source="rds-maxconn",
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


def _iops(subject: Subject) -> Finding:
    row, plan = subject.setting.tables.postgres, subject.plan.postgres
    demand = subject.setting.quantity(row.iops.value)
    return finding(
        subject,
        "postgres",
        "iops",
        limit(demand, plan.iops_delivered),
        f"{plan.storage_gib} GiB of {plan.storage_type} give {plan.iops_delivered} of {demand} "
        "IOPS",
        amount=Amount(demand=demand, capacity=plan.iops_delivered, unit="IOPS"),
        fix="set sizing.overrides.postgres.storage_gib to 400 or more: gp3 then gives 12,000 IOPS",
        source="cdk-preflight",
    )


def _storage(subject: Subject) -> Finding:
    demand = subject.setting.quantity(documented_storage(subject.setting))
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


def _spend_log(subject: Subject) -> Finding:
    load = subject.plan.request.load
    rows = load.requests_per_second_average * SECONDS_PER_DAY
    daily = rows * SPEND_ROW_BYTES.value / GIGA
    have = subject.plan.postgres.storage_gib
    return finding(
        subject,
        "postgres",
        "spend-log",
        Verdict.UNPROVEN,
        f"the spend log grows by {daily:.2f} GB a day at the tier's request rate and fills "
        f"{have} GiB in {have / daily:.0f} days; no document says how long rows are kept",
        amount=Amount(demand=round(daily, DIGITS), capacity=have, unit="GB a day"),
        fix="set a retention for spend logs and measure a row's size",
        source="litellm-db-sizing",
    )


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
