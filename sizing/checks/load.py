"""The load: what the request path carries with a zone lost, and where the documents disagree."""

from __future__ import annotations

from math import isfinite

from sizing.capacity import agent_gateway, litellm
from sizing.capacity.constraint import Constraint
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.model import Figure
from sizing.planning.gateways import GATEWAY, POOLER, PROXY
from sizing.plans import Finding, ServicePlan
from sizing.queueing.erlang import Crew, wait_percentile_ms
from sizing.queueing.staffing import WAIT_PERCENTILE, survivors
from sizing.tiers import PGBOUNCER
from sizing.tiers.schema import ServiceRow
from sizing.words import Kind, Verdict

# Two statements of one load agree within this; beyond it one of them is wrong.
AGREEMENT = Figure(
    value=1.1,
    unit="times the other axis",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)


def check_load(subject: Subject) -> list[Finding]:
    """Return the findings of the workload and of the request path."""
    tables = subject.setting.tables
    return [
        _axes(subject),
        *_proxy(subject),
        _gateway(subject),
        _pooler(subject),
        _claim(subject, PROXY, tables.litellm),
        _claim(subject, GATEWAY, tables.agent_gateway),
    ]


def standing(subject: Subject, service: ServicePlan) -> int:
    """Return the replicas that stand at peak with a zone lost; in dev none is lost."""
    zones = 1 if subject.setting.is_dev else subject.setting.zones
    return survivors(service.scale.planned, zones)


def named(subject: Subject, name: str) -> ServicePlan:
    """Return a service of the plan."""
    return next(one for one in subject.plan.services if one.name == name)


def _axes(subject: Subject) -> Finding:
    load = subject.plan.request.whole_load
    agree = max(load.axes_ratio, 1 / load.axes_ratio) <= AGREEMENT.value
    return finding(
        subject,
        "workload",
        "axes",
        Verdict.HOLDS if agree else Verdict.UNPROVEN,
        f"the requests imply {load.axes_ratio:.1f} times the tokens that are stated; "
        "gateways are sized by requests, serving by tokens",
        amount=Amount(
            demand=load.tokens_per_day_by_requests,
            capacity=load.tokens_per_day,
            unit="tokens a day",
        ),
        fix="measure one of the two and state it as the workload",
        source="document-001",
    )


def _proxy(subject: Subject) -> list[Finding]:
    service, load = named(subject, PROXY), subject.setting.load
    component = f"services.{PROXY}"
    each = max(1, service.workers)
    workers = standing(subject, service) * each
    millis = service.cpu_request_millis // each
    said = "" if subject.setting.is_dev else "with a zone lost"
    return [
        constrained(
            subject,
            component,
            litellm.requests(load, workers, worker_millis=millis),
            said=said,
            fix="plan in proven mode, which raises the replicas: "
            f"{litellm.workers_needed(load)} workers of a vCPU carry the peak's requests",
        ),
        constrained(
            subject,
            component,
            litellm.chunks(load, workers, worker_millis=millis),
            said=said,
            fix="stream less, or state a measured cost of a chunk",
        ),
        constrained(
            subject,
            component,
            litellm.memory(each, service.memory_limit_bytes),
            fix="plan in proven mode, which gives each worker 4 GiB",
        ),
        constrained(
            subject,
            component,
            litellm.autoscaler(load, service.scale.maximum * each),
            fix="plan in proven mode, which raises the maximum",
        ),
        constrained(subject, component, litellm.added_latency(load, max(1, workers))),
        _queue(subject, service, workers, each),
    ]


def _queue(subject: Subject, service: ServicePlan, workers: int, each: int) -> Finding:
    """Judge the wait for a worker; what spreads the requests decides it as much as the workers."""
    load = subject.setting.load
    crew = Crew(service_rate_per_second=litellm.REQUESTS_PER_WORKER.value, per_queue=each)
    objective = load.objectives.proxy_queue_p99_ms.value
    wait = wait_percentile_ms(workers, load.requests_per_second_peak, crew, WAIT_PERCENTILE.value)
    waiting = Constraint(
        name="queue",
        unit="ms at P99",
        demand=wait if isfinite(wait) else None,
        conservative=objective,
        physical=None if isfinite(wait) else objective,
        hard=True,
        formula="P99 of the wait for a worker at peak (Erlang C, a queue at each pod, each request "
        "to the pod with the fewest) <= objective; a balancer that takes turns or two choices "
        "waits longer",
        source="queueing-simulation",
        measure="plan in proven mode, or measure the wait for a worker at peak",
    )
    return constrained(
        subject,
        f"services.{service.name}",
        waiting,
        said="" if subject.setting.is_dev else "with a zone lost",
        fix="plan in proven mode, which raises the replicas",
    )


def _gateway(subject: Subject) -> Finding:
    service = named(subject, GATEWAY)
    millis = standing(subject, service) * service.cpu_request_millis
    return constrained(
        subject,
        f"services.{GATEWAY}",
        agent_gateway.requests(subject.setting.load, millis),
        said="" if subject.setting.is_dev else "with a zone lost",
        fix="plan in proven mode, which raises the replicas",
    )


def _pooler(subject: Subject) -> Finding:
    """Judge the poolers that stand with a zone lost by the clients of every planned proxy."""
    pooler, proxy = named(subject, POOLER), named(subject, PROXY)
    clients = int(litellm.WORKER_POOL) * max(1, proxy.workers) * proxy.scale.planned
    most = standing(subject, pooler) * PGBOUNCER.max_client_connections
    return finding(
        subject,
        f"services.{POOLER}",
        "zone-loss",
        Verdict.NOT_APPLICABLE if subject.setting.is_dev else limit(clients, most),
        "dev may stand still while a zone is away"
        if subject.setting.is_dev
        else f"{clients:,} connections of {proxy.scale.planned} proxies, of {most:,} that the "
        "poolers take with a zone lost",
        amount=Amount(demand=clients, capacity=most, unit="connections"),
        fix="plan in proven mode, which adds PgBouncers",
    )


def _claim(subject: Subject, name: str, row: ServiceRow) -> Finding:
    """Say what the document claims beside what is judged: no measurement stands behind it."""
    service, demand = named(subject, name), subject.setting.load.requests_per_second_peak
    claim = row.max_rps.value * service.scale.planned // row.replicas.value
    return finding(
        subject,
        f"services.{name}",
        "documented-rate",
        Verdict.NOT_APPLICABLE,
        f"{demand:g} requests/s at peak; the document claims {claim:g} for "
        f"{service.scale.planned} replicas and shows no measurement",
        amount=Amount(demand=demand, capacity=claim, unit="requests/s"),
        source="document-001",
    )
