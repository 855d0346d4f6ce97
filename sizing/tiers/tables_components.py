"""Document 001's header and chapters 1 and 2 as printed tables."""

from __future__ import annotations

from sizing.tiers import DOCUMENT, PLANNING_FACTORS, VLLM_ROWS
from sizing.tiers import cells as c
from sizing.tiers.printed import TIER_HEADER, Printed, across, by_tier
from sizing.tiers.schema import ServiceRow
from sizing.units import format_cpu, format_memory


def workload_tables() -> tuple[Printed, ...]:
    """Return the document's header table and chapter 1."""
    factors = (
        PLANNING_FACTORS.input_tokens,
        PLANNING_FACTORS.output_tokens,
        PLANNING_FACTORS.streaming_share,
        PLANNING_FACTORS.cache_hit_share,
        PLANNING_FACTORS.peak_factor,
    )
    return (
        Printed(
            section=DOCUMENT.section,
            name="document",
            title="Document Information",
            header=("Field", "Value"),
            rows=(
                ("Version", DOCUMENT.version),
                ("Last Updated", DOCUMENT.updated),
                ("Owner", DOCUMENT.owner),
            ),
        ),
        Printed(
            section="1.1",
            name="profiles",
            title="Profile Definitions",
            header=("Profile", "Requests/sec", "Concurrent Users", "Daily Tokens", "Use Case"),
            rows=by_tier(
                lambda t: (
                    c.span(t.profile.requests_per_second),
                    c.span(t.profile.concurrent_users),
                    c.token_span(t.profile.daily_tokens),
                    t.profile.use_case,
                )
            ),
        ),
        Printed(
            section="1.2",
            name="planning-factors",
            title="Request Characteristics",
            header=("Metric", "Typical Range", "Planning Factor"),
            rows=tuple(
                (f.metric, c.span(f.typical, f.unit), f"Use {c.number(f.planned, f.unit)}")
                for f in factors
            ),
        ),
    )


def service_tables() -> tuple[Printed, ...]:
    """Return tables 2.1 to 2.3."""
    header = ("Size", "Replicas", "CPU (request/limit)", "Memory (request/limit)", "Max RPS")

    def cells(row: ServiceRow) -> tuple[str, ...]:
        return (
            c.count(row.replicas),
            f"{format_cpu(row.cpu_request_millis)} / {format_cpu(row.cpu_limit_millis)}",
            f"{format_memory(row.memory_request_bytes)} / {format_memory(row.memory_limit_bytes)}",
            c.count(row.max_rps),
        )

    return (
        Printed(
            section="2.1",
            name="litellm",
            title="LiteLLM Proxy",
            header=header,
            rows=by_tier(lambda t: cells(t.litellm)),
        ),
        Printed(
            section="2.2",
            name="agent-gateway",
            title="Agent Gateway",
            header=header,
            rows=by_tier(lambda t: cells(t.agent_gateway)),
        ),
        Printed(
            section="2.3",
            name="vllm",
            title="vLLM (Self-Hosted Inference)",
            header=("Model", "GPU Type", "GPU Count", "Memory", "Throughput (tok/s)"),
            rows=tuple(
                (
                    row.model,
                    row.gpu_model,
                    f"{row.gpus} (TP)" if row.tensor_parallel else str(row.gpus),
                    c.tight_gb(row.memory_gb),
                    c.span(row.tokens_per_second),
                )
                for row in VLLM_ROWS
            ),
        ),
    )


def store_tables() -> tuple[Printed, ...]:
    """Return tables 2.4 to 2.6."""
    return (
        Printed(
            section="2.4",
            name="postgres",
            title="PostgreSQL",
            header=("Size", "Type", "vCPU", "Memory", "Storage", "IOPS"),
            rows=by_tier(lambda t: c.postgres(t.postgres)),
        ),
        Printed(
            section="2.5",
            name="redis",
            title="Redis",
            header=("Size", "Type", "Memory", "Persistence"),
            rows=by_tier(lambda t: c.redis(t.redis)),
        ),
        Printed(
            section="2.6",
            name="vault",
            title="Vault",
            header=("Size", "Type", "CPU", "Memory", "Storage"),
            rows=by_tier(lambda t: c.vault(t.vault)),
        ),
    )


def observability_table() -> Printed:
    """Return table 2.7."""
    return Printed(
        section="2.7",
        name="observability",
        title="Observability Stack",
        header=TIER_HEADER,
        rows=across(
            (
                ("OTel Collector", lambda t: c.replicas(t.otel_collector)),
                ("Prometheus", lambda t: c.prometheus(t.prometheus)),
                ("Grafana", lambda t: c.replicas(t.grafana)),
                ("Jaeger", lambda t: t.jaeger.form.value),
            )
        ),
    )
