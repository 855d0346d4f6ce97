"""Document 001's chapters 3 to 5 and its appendix as printed tables."""

from __future__ import annotations

from sizing.tiers import AWS_INSTANCES, COST_REGION, GCP_INSTANCES, SCALING_TRIGGERS, TIERS
from sizing.tiers import cells as c
from sizing.tiers.printed import TIER_HEADER, Printed, across, by_tier


def infrastructure_tables() -> tuple[Printed, ...]:
    """Return chapter 3."""
    return (
        Printed(
            section="3.1",
            name="cluster",
            title="Kubernetes Cluster Sizing",
            header=("Size", "Control Plane", "Worker Nodes (CPU)", "Worker Nodes (GPU)"),
            rows=by_tier(lambda t: c.cluster(t.cluster)),
        ),
        Printed(
            section="3.2",
            name="network",
            title="Network Requirements",
            header=("Size", "Ingress Bandwidth", "Internal Bandwidth", "VPC Endpoints"),
            rows=by_tier(
                lambda t: (
                    c.bandwidth(t.network.ingress_mbps),
                    c.bandwidth(t.network.internal_mbps),
                    t.network.vpc_endpoints.value,
                )
            ),
        ),
        Printed(
            section="3.3",
            name="storage",
            title="Storage Requirements",
            header=TIER_HEADER,
            rows=across(
                (
                    ("PostgreSQL", lambda t: c.spaced_gb(t.storage.postgres_gb)),
                    ("Redis", lambda t: c.spaced_gb(t.storage.redis_gb)),
                    ("Prometheus", lambda t: c.spaced_gb(t.storage.prometheus_gb)),
                    ("Model Cache", lambda t: c.spaced_gb(t.storage.model_cache_gb)),
                )
            ),
        ),
    )


def cost_tables() -> tuple[Printed, ...]:
    """Return chapter 4."""
    columns = [tables.cost for tables in TIERS.values()]
    by_line = zip(*(column.lines for column in columns), strict=True)
    external = f"{next(iter(TIERS.values())).llm_cost.external_share:.0%}"
    return (
        Printed(
            section="4.1",
            name="infrastructure-cost",
            title=f"Monthly Infrastructure Cost (AWS, {COST_REGION})",
            header=TIER_HEADER,
            rows=(
                *((lines[0].name, *(c.money(x.monthly) for x in lines)) for lines in by_line),
                ("Total", *(c.money(column.total) for column in columns)),
            ),
        ),
        Printed(
            section="4.2",
            name="llm-cost",
            title=f"LLM API Cost (assuming {external} external)",
            header=("Size", "Daily Tokens", f"External ({external})", "Monthly Cost"),
            rows=by_tier(
                lambda t: (
                    c.tokens(t.llm_cost.daily_tokens),
                    c.tokens(t.llm_cost.external_tokens),
                    c.money(t.llm_cost.monthly),
                )
            ),
        ),
    )


def trigger_table() -> Printed:
    """Return table 5.2."""
    return Printed(
        section="5.2",
        name="scaling-triggers",
        title="Scaling Triggers",
        header=("Metric", "Warning", "Critical", "Action"),
        rows=tuple(
            (
                t.metric,
                f">{c.number(t.warning, t.unit)}",
                f">{c.number(t.critical, t.unit)}",
                t.action,
            )
            for t in SCALING_TRIGGERS
        ),
    )


def instance_tables() -> tuple[Printed, ...]:
    """Return the appendix's two tables."""
    start = ("Use Case", "Instance Type", "vCPU", "Memory")
    return (
        Printed(
            section="A",
            name="aws-instances",
            title="AWS Instance Types",
            header=(*start, "Network", "Notes"),
            rows=tuple(c.aws_instance(row) for row in AWS_INSTANCES),
        ),
        Printed(
            section="A",
            name="gcp-instances",
            title="GCP Instance Types",
            header=(*start, "GPU", "Notes"),
            rows=tuple(c.gcp_instance(row) for row in GCP_INSTANCES),
        ),
    )
