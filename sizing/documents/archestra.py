"""Document 002: Archestra Platform, measured in one process, and its four deployment sizes.

Source: document-002, last updated 2025-10-15. The rates were measured with a mocked model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.documents.amounts import Amount, amount, amounts
from sizing.documents.block import Block, BlockKind, points, table
from sizing.documents.machines import Machines, machines
from sizing.words import Tier

SOURCE = "document-002"
DATE = "2025-10-15"

ADDED_LATENCY = amount("30-50ms")
ADDED_LATENCY_P99 = amount("41ms at p99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Requests a second of one process with so many clients at once."""

    written: str
    requests_per_second: Amount
    concurrency: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class EndToEnd:
    """Latency percentiles of whole requests."""

    written: str
    p50: Amount
    p95: Amount
    p99: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilization:
    """What the measured process used."""

    written: str
    cpu: Amount
    memory: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationRow:
    """One recommended deployment; `tier` is this document's, not document 001's load."""

    tier: str
    requests_per_day: Amount
    requests_per_second: Amount
    platform: Machines
    database: Machines
    architecture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """How many calls to the model one request becomes."""

    written: str
    factor: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """An operation's name, with its rounds of the second model."""

    written: str
    rounds: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    """What one kind of request takes."""

    operation: str | Rounds
    average: Amount
    notes: str | Calls


def _throughput(written: str) -> Throughput:
    rate, concurrency = amounts(written)
    return Throughput(written=written, requests_per_second=rate, concurrency=concurrency)


def _end_to_end(written: str) -> EndToEnd:
    p50, p95, p99 = amounts(written)
    return EndToEnd(written=written, p50=p50, p95=p95, p99=p99)


def _utilization(written: str) -> Utilization:
    cpu, memory = amounts(written)
    return Utilization(written=written, cpu=cpu, memory=memory)


def _rounds(written: str) -> Rounds:
    return Rounds(written=written, rounds=amount(written))


def _calls(written: str) -> Calls:
    return Calls(written=written, factor=amount(written))


SERVER = "Single-threaded Node.js process"
HARDWARE = machines("GCP e2-standard-2 (2 vCPU, 8GB RAM)")
DATABASE_HARDWARE = machines("Cloud SQL PostgreSQL 16 (8 vCPU, 32GB RAM)")
THROUGHPUT_FEW = _throughput("155 req/s @ concurrency=10")
THROUGHPUT_MANY = _throughput("272 req/s @ concurrency=500")
LATENCY_CONCURRENCY = amount("@ concurrency=10")
BACKEND = amount("20-23ms")
END_TO_END = _end_to_end("P50=25ms, P95=31ms, P99=41ms")
DATABASE_TIME = amount("<0.5ms (not the bottleneck)")
UTILIZATION = _utilization("0.44% CPU, 222MB RAM")

MINIMUM_CPU = amount("2 cores")
MINIMUM_MEMORY = amount("4GB")
MINIMUM_STORAGE = amount("20GB")

CONFIGURATIONS = (
    ConfigurationRow(
        tier="Small",
        requests_per_day=amount("<100K"),
        requests_per_second=amount("1-100"),
        platform=machines("1 instance: 2 vCPU, 4GB RAM", counted=True),
        database=machines("2 vCPU, 4GB RAM"),
        architecture="Single instance + shared DB",
    ),
    ConfigurationRow(
        tier="Medium",
        requests_per_day=amount("100K-1M"),
        requests_per_second=amount("100-500"),
        platform=machines("2-4 instances: 4 vCPU, 8GB RAM each", counted=True),
        database=machines("4 vCPU, 8GB RAM, read replicas"),
        architecture="Load balancer + DB replication",
    ),
    ConfigurationRow(
        tier="Large",
        requests_per_day=amount("1M-10M"),
        requests_per_second=amount("500-2K"),
        platform=machines("4-8 instances: 4 vCPU, 16GB RAM each", counted=True),
        database=machines("8 vCPU, 16GB RAM, connection pooling"),
        architecture="Multi-region, dedicated DB cluster",
    ),
    ConfigurationRow(
        tier="Enterprise",
        requests_per_day=amount(">10M"),
        requests_per_second=amount("2K+"),
        platform=machines("8+ instances: 8 vCPU, 16GB RAM each", counted=True),
        database=machines("8+ vCPU, 32GB RAM, sharding"),
        architecture="Multi-region, DB cluster + caching",
    ),
)

TIERS: Mapping[Tier, ConfigurationRow] = MappingProxyType(
    dict(zip(Tier, CONFIGURATIONS, strict=True))
)
"""The same rows by the name of the tier."""

CHAT_COMPLETION = OperationRow(
    operation="Chat completion (with tools)",
    average=amount("~30ms"),
    notes="+ Tool metadata persistence",
)
DUAL_LLM_ONE_ROUND = OperationRow(
    operation=_rounds("Dual LLM quarantine (1 round)"),
    average=amount("~2-3s"),
    notes=_calls("2x LLM API calls (provider-dependent)"),
)
DUAL_LLM_THREE_ROUNDS = OperationRow(
    operation=_rounds("Dual LLM quarantine (3 rounds)"),
    average=amount("~6-9s"),
    notes=_calls("6x LLM API calls (provider-dependent)"),
)
OPERATIONS = (CHAT_COMPLETION, DUAL_LLM_ONE_ROUND, DUAL_LLM_THREE_ROUNDS)


def blocks() -> tuple[Block, ...]:
    """Return every block of the document that holds figures, in its order."""
    return (
        points(
            "002-overview",
            "Overview",
            (("Added latency", ADDED_LATENCY), ("Added latency, P99", ADDED_LATENCY_P99)),
            kind=BlockKind.PROSE,
        ),
        _measured(),
        points(
            "002-minimum",
            "Minimum Requirements",
            (("CPU", MINIMUM_CPU), ("RAM", MINIMUM_MEMORY), ("Storage", MINIMUM_STORAGE)),
        ),
        table(
            "002-configurations",
            "Recommended Deployment Configurations",
            (
                "Tier",
                "Requests/Day",
                "Requests/Second",
                "Platform Resources",
                "Database Resources",
                "Architecture",
            ),
            CONFIGURATIONS,
        ),
        table(
            "002-operations",
            "Operation-Specific Performance",
            ("Operation", "Average Time", "Notes"),
            OPERATIONS,
        ),
    )


def _measured() -> Block:
    return points(
        "002-measured",
        "Current Performance Results",
        (
            ("Server Configuration", SERVER),
            ("Hardware", HARDWARE),
            ("Hardware, database", DATABASE_HARDWARE),
            ("Throughput", THROUGHPUT_FEW),
            ("Throughput, more clients", THROUGHPUT_MANY),
            ("Latency", LATENCY_CONCURRENCY),
            ("Backend processing", BACKEND),
            ("End-to-end", END_TO_END),
            ("Database", DATABASE_TIME),
            ("Resource utilization", UTILIZATION),
        ),
    )
