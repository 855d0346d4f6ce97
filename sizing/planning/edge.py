"""The way in, and the document database where a stack asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType

from sizing.catalog import price
from sizing.documents.cluster import DATABASE_DISK, REPLICA_SET_NODE, REPLICA_SET_NODES
from sizing.model import Figure
from sizing.planning.environment import Setting
from sizing.planning.notes import monthly, note
from sizing.planning.postgres import recovery_days
from sizing.plans import Adjustment, Parameter
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan, IngressTarget
from sizing.units import GIB, GIGA
from sizing.versions import Engine, Pin
from sizing.words import Direction, Kind, Tier

REQUEST_TIMEOUT = Figure(
    value=600,
    unit="s that the proxy waits for a model, the longest that a request may be silent",
    source="litellm-prod-2026-10",
    date="2026-10-10",
    kind=Kind.VENDOR,
)
# On top of it, so that the proxy gives up first and says why. Source: sizing-decisions.
ANSWER_SECONDS = 60
IDLE_SECONDS = int(REQUEST_TIMEOUT) + ANSWER_SECONDS
# Whoever answers a balancer keeps an idle connection for longer than it does, or a request meets
# one that has just been closed, and a caller gets a 502. GCP's balancer keeps its own for 600 s.
# Source: Elastic Load Balancing, "Edit attributes", 2026; the minute is sizing-decisions'.
TARGET_IDLE_SECONDS = IDLE_SECONDS + ANSWER_SECONDS
IDLE_LIMITS = (1, 4000)  # cdk-preflight pf-elbv2-lb-idle-timeout-range, 2026
CLIENT_KEEP_ALIVE_SECONDS = 3600  # the balancer's default. Source: terraform-provider-aws, 2026.
DRAIN = Figure(
    value=90,
    unit="s that a proxy may take to end what it has begun",
    source="litellm-prod-2026-10",
    date="2026-10-10",
    kind=Kind.VENDOR,
)
# The balancer hears of a leaving pod later than the pod does. Source: sizing-decisions.
DEREGISTRATION_SLACK_SECONDS = 30
# A pod leaves after 3 missed checks, 30 s. Source: sizing-decisions; within elbv2's limits.
HEALTH_INTERVAL_SECONDS = 10
HEALTH_TIMEOUT_SECONDS = 5
HEALTHY_THRESHOLD = 2
UNHEALTHY_THRESHOLD = 3
ALGORITHM = "least_outstanding_requests"
"""The only one under which the proxies' planned wait holds: answers differ in length."""
WAF_TIERS = (Tier.LARGE, Tier.ENTERPRISE)
WAF_WINDOW_SECONDS = 300
WAF_LIMITS = (10, 2_000_000_000)  # requests of a rate rule. Source: waf-managed-rules, 2026.
TARGETS = (
    IngressTarget(  # ports and path: litellm-prod-2026-10
        name="api",
        host="api",
        port=4000,
        health_path="/health/readiness",
        health_port=4000,
        priority=10,
    ),
    IngressTarget(  # ports and path: agentgateway-ports
        name="mcp",
        host="mcp",
        port=3000,
        health_path="/healthz/ready",
        health_port=15021,
        priority=20,
    ),
)
"""What users reach: the model proxy, and the agent gateway with MCP and A2A."""
DASHBOARDS = IngressTarget(  # port and path: chart-grafana
    name="grafana",
    host="grafana",
    port=3000,
    health_path="/api/health",
    health_port=3000,
    priority=30,
)
"""What people reach where the stack asks for it."""

DOCUMENTDB = Engine(
    version=Pin(value="8.0.0", source="docdb-compatibility", seen="2026-11-21"), family="docdb8.0"
)
"""The version that serves document 000's "6 with path to 7"; 5.0 speaks neither."""
# Document 000's three; LiteLLM knows PostgreSQL alone.
DOCUMENT_DATABASES = ("collections", "permissions", "users")
NODE_GIB: Mapping[str, tuple[int, int]] = MappingProxyType(
    # vCPU and GiB of the smallest class with 2 vCPU, burstable or not. Source: infracost, 2026.
    {"db.t3.medium": (2, 4), "db.r5.large": (2, 16)}
)
BURSTABLE, STEADY = NODE_GIB
# Where the steady class is not sold. Source: cfn-lint, 2026-10-20.
WITHOUT_STEADY = ("ap-southeast-5", "ap-southeast-7", "mx-central-1")
SINGLE = 1
LEAST_BACKUP_DAYS = 1  # DocumentDB cannot switch backups off. Source: terraform-provider-aws.
TLS = "tls1.2+"  # docdb-parameters, 2026-11-21


def ingress(
    setting: Setting, *, internal: bool = False
) -> tuple[IngressPlan, tuple[Adjustment, ...]]:
    """Return the load balancer of a stack.

    Args:
        setting: the request's setting.
        internal: reachable from the VPC and what is connected to it alone.
    """
    asked = setting.tables.network.ingress_mbps
    least, most = WAF_LIMITS
    peak = ceil(setting.load.requests_per_second_peak * WAF_WINDOW_SECONDS)
    plan = IngressPlan(
        internal=internal,
        idle_timeout_seconds=IDLE_SECONDS,
        client_keep_alive_seconds=CLIENT_KEEP_ALIVE_SECONDS,
        waf=setting.request.tier in WAF_TIERS,
        bandwidth_mbps=setting.quantity(asked),
        targets=(*TARGETS, DASHBOARDS) if setting.request.switches.shows_grafana else TARGETS,
        deregistration_delay_seconds=int(DRAIN) + DEREGISTRATION_SLACK_SECONDS,
        slow_start_seconds=0,
        algorithm=ALGORITHM,
        health_interval_seconds=HEALTH_INTERVAL_SECONDS,
        health_timeout_seconds=HEALTH_TIMEOUT_SECONDS,
        healthy_threshold=HEALTHY_THRESHOLD,
        unhealthy_threshold=UNHEALTHY_THRESHOLD,
        # an office behind one address may be the whole peak, and nobody is more than that
        waf_rate_limit=min(max(peak, least), most),
        deletion_protection=setting.is_prod,
        log_retention_days=setting.log_days,
    )
    return plan, ()


def document_database(
    setting: Setting, *, asked: bool
) -> tuple[DocumentDatabasePlan | None, tuple[Adjustment, ...]]:
    """Return the document database, None where the stack leaves documents to PostgreSQL.

    Args:
        setting: the request's setting.
        asked: the stack says `document_db: documentdb`.
    """
    if not asked:
        return None, ()
    documented, node = _instances(), _class(setting)
    vcpu, gib = NODE_GIB[node]
    plan = DocumentDatabasePlan(
        engine_version=DOCUMENTDB.version.value,
        family=DOCUMENTDB.family,
        instance_class=node,
        vcpu=vcpu,
        memory_bytes=gib * GIB,
        instances=SINGLE if setting.is_dev else documented,
        storage_type="standard",
        planning_gib=max(1, ceil(DATABASE_DISK.value / GIB)),
        parameters=(
            Parameter(name="audit_logs", value="enabled", static=False),
            Parameter(name="profiler", value="enabled", static=False),
            Parameter(name="tls", value=TLS, static=True),
        ),
        backup_retention_days=max(LEAST_BACKUP_DAYS, recovery_days(setting)),
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=setting.is_prod,
        final_snapshot=not setting.is_dev,
        log_exports=("audit", "profiler"),
        log_retention_days=setting.log_days,
        databases=DOCUMENT_DATABASES,
    )
    return plan, _document_notes(setting, plan)


def _instances() -> int:
    return int(REPLICA_SET_NODES.value)


def _class(setting: Setting) -> str:
    """Return the node's class: credits run out under prod's steady load, elsewhere they do."""
    steady = setting.is_prod and setting.request.region not in WITHOUT_STEADY
    return STEADY if steady else BURSTABLE


def _document_notes(setting: Setting, plan: DocumentDatabasePlan) -> tuple[Adjustment, ...]:
    figure = price(f"docdb.{plan.instance_class}.hour", setting.request.region)
    hourly = None if figure is None else figure.value
    asked = f"{REPLICA_SET_NODE.vcpu.value:g} vCPU, {REPLICA_SET_NODE.memory.value / GIGA:g} GB"
    added = note(
        "document_database",
        f"{REPLICA_SET_NODES.value:g} x {asked}",
        f"{plan.instances} x {plan.instance_class}",
        direction=Direction.REPLACED,
        rule="document-database",
        reason="DocumentDB sells no class so small; MongoDB itself is not run in the cluster",
        monthly_usd=monthly(hourly, plan.instances),
    )
    return (added,)
