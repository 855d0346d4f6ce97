"""Who opens a connection to whom: one table, of which a drawing shows what the plan has.

Scrapes of metrics, logs of every pod and names' look-ups reach everything and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preview.report_page.stores import BUCKET, CACHE, DOCUMENTS, FILES, POSTGRES, SEARCH, stores
from sizing.planning.gcp.firewall import has_policy
from sizing.plans import PlatformPlan
from sizing.words import Cloud

CALLERS, FIREWALL, BALANCER, OUTSIDE = "callers", "firewall", "balancer", "outside-models"
ENGINES = "engines"
"""In the table, every service that serves a model."""
LOGINS, ANSWERS, STATE = "logins and spend", "answers kept", "limits and routing"
TRACES, HISTORY = "traces", "older metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Connections that `source` opens to `target`; both are services, stores or ways in."""

    source: str
    target: str
    what: str


_TABLE: tuple[tuple[str, str, str], ...] = (
    (BALANCER, "litellm", "requests for models"),
    (BALANCER, "agent-gateway", "requests of agents"),
    (BALANCER, "grafana", "dashboards"),
    ("litellm", ENGINES, "prompts for own models"),
    ("litellm", "vllm-router", "prompts for own models"),
    ("vllm-router", ENGINES, "prompts"),
    ("litellm", OUTSIDE, "prompts for outside models"),
    ("litellm", f"{CACHE}cache", ANSWERS),
    ("litellm", f"{CACHE}state", STATE),
    ("litellm", "pgbouncer", LOGINS),
    ("pgbouncer", POSTGRES, "pooled connections"),
    ("litellm", "otel-collector", TRACES),
    ("agent-gateway", "otel-collector", TRACES),
    ("otel-collector", "jaeger-collector", TRACES),
    ("otel-collector", "jaeger", TRACES),
    ("otel-collector", "opensearch", "logs"),
    ("otel-collector", SEARCH, "logs"),
    ("jaeger-collector", "opensearch", TRACES),
    ("jaeger-collector", SEARCH, TRACES),
    ("jaeger", "opensearch", TRACES),
    ("jaeger", SEARCH, TRACES),
    ("jaeger-query", "opensearch", TRACES),
    ("jaeger-query", SEARCH, TRACES),
    (ENGINES, f"{BUCKET}models", "weights at start"),
    (ENGINES, "otel-collector", TRACES),
    ("grafana", POSTGRES, "dashboards' own state"),
    ("grafana", "prometheus", "metrics"),
    ("grafana", "thanos-query", "metrics"),
    ("grafana", "alertmanager", "alerts"),
    ("grafana", "jaeger", TRACES),
    ("grafana", "jaeger-query", TRACES),
    ("thanos-query", "thanos-store", HISTORY),
    ("thanos-query", "prometheus", "metrics"),
    ("thanos-store", f"{BUCKET}metrics", HISTORY),
    ("thanos-compact", f"{BUCKET}metrics", HISTORY),
    ("prometheus", "alertmanager", "alerts"),
    ("prometheus", f"{BUCKET}metrics", HISTORY),
    ("keda-operator", "prometheus", "metrics that scale"),
    ("application", "litellm", "models"),
    ("application", "qdrant", "vectors"),
    ("application", f"{CACHE}crawler", "pages fetched"),
    ("application", "pgbouncer", "documents and users"),
    ("application", DOCUMENTS, "documents"),
    ("application", FILES, "shared files"),
    ("application", f"{BUCKET}data", "uploads"),
    ("langflow", FILES, "flows' files"),
    ("ollama", FILES, "models' files"),
    ("vault", f"{BUCKET}backups", "snapshots"),
    ("qdrant", f"{BUCKET}backups", "snapshots"),
)


def flows(plan: PlatformPlan) -> tuple[Flow, ...]:
    """Return the connections among the parts that a plan has, in the table's order."""
    engines = [one.name for one in plan.services if one.model]
    there = {one.name for one in plan.services} | {one.id for one in stores(plan)} | ways(plan)
    entry = _entry(there)
    table = [(one.source, one.target, one.what) for one in entry] + list(_TABLE)
    wide = [
        Flow(source=source, target=target, what=what)
        for named, to, what in table
        for source in (engines if named == ENGINES else [named])
        for target in (engines if to == ENGINES else [to])
    ]
    shown = plan.request.switches.shows_grafana
    found = (one for one in wide if {one.source, one.target} <= there)
    return tuple(one for one in found if not _moot(one, there, engines, shown=shown))


def _moot(flow: Flow, there: set[str], engines: Sequence[str], *, shown: bool) -> bool:
    """Say whether a plan has both ends of a connection and yet not the connection."""
    if (flow.source, flow.target) == (BALANCER, "grafana"):
        return not shown
    if flow.source == "litellm" and flow.target in engines:
        return "vllm-router" in there  # which answers for the engines: nobody else asks them
    if (flow.source, flow.target) == ("grafana", "prometheus"):
        return "thanos-query" in there  # which asks it in turn
    if flow.source == "prometheus" and flow.target == f"{BUCKET}metrics":
        return "thanos-store" not in there  # nothing is kept beyond its own volume
    return False


def ways(plan: PlatformPlan) -> set[str]:
    """Return the ways in and out that a plan has, by id."""
    found = {CALLERS}
    if plan.request.switches.ingress:
        found.add(BALANCER)
        if _screened(plan):
            found.add(FIREWALL)
    if plan.request.load.self_hosted_share < 1:
        found.add(OUTSIDE)
    return found


def _screened(plan: PlatformPlan) -> bool:
    """Say whether a firewall stands before the balancer."""
    if plan.request.cloud is Cloud.GCP:
        # there a list of callers is a policy, too
        return has_policy(plan.ingress, plan.request.switches.callers)
    return plan.ingress.waf


def _entry(there: set[str]) -> tuple[Flow, ...]:
    """Return how callers come in: through firewall and balancer, or straight to the gateways."""
    if FIREWALL in there:
        return (
            Flow(source=CALLERS, target=FIREWALL, what="HTTPS"),
            Flow(source=FIREWALL, target=BALANCER, what="what its rules let pass"),
        )
    if BALANCER in there:
        return (Flow(source=CALLERS, target=BALANCER, what="HTTPS"),)
    return tuple(
        Flow(source=CALLERS, target=one, what="from inside the cluster")
        for one in ("litellm", "agent-gateway")
    )
