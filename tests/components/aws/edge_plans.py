"""Plans of the way in and of the document database, built by hand."""

from __future__ import annotations

from sizing.plans import Parameter
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan, IngressTarget


def ingress(*, internal: bool = False, waf: bool = True) -> IngressPlan:
    return IngressPlan(
        internal=internal,
        idle_timeout_seconds=660,
        client_keep_alive_seconds=3600,
        waf=waf,
        bandwidth_mbps=1000,
        targets=(
            IngressTarget(
                name="api",
                host="api",
                port=4000,
                health_path="/health/readiness",
                health_port=4000,
                priority=10,
            ),
            IngressTarget(
                name="mcp",
                host="mcp",
                port=3000,
                health_path="/healthz/ready",
                health_port=15021,
                priority=20,
            ),
        ),
        deregistration_delay_seconds=120,
        slow_start_seconds=0,
        algorithm="least_outstanding_requests",
        health_interval_seconds=10,
        health_timeout_seconds=5,
        healthy_threshold=2,
        unhealthy_threshold=3,
        waf_rate_limit=30_000,
        deletion_protection=True,
        log_retention_days=90,
    )


def documents() -> DocumentDatabasePlan:
    return DocumentDatabasePlan(
        engine_version="8.0.0",
        family="docdb8.0",
        instance_class="db.r5.large",
        vcpu=2,
        memory_bytes=16 * 1024**3,
        instances=3,
        storage_type="standard",
        planning_gib=10,
        parameters=(
            Parameter(name="audit_logs", value="enabled", static=False),
            Parameter(name="profiler", value="enabled", static=False),
            Parameter(name="tls", value="tls1.2+", static=True),
        ),
        backup_retention_days=14,
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=True,
        final_snapshot=True,
        log_exports=("audit", "profiler"),
        log_retention_days=90,
        databases=("collections", "permissions", "users"),
    )
