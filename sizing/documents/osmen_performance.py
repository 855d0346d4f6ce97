"""Document 003, what was timed: response times, throughput, starts, load test, databases.

Source: document-003, 2024-11-18, benchmark version 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.documents.amounts import Amount, Base, amount, amounts
from sizing.documents.block import Block, BlockKind, code, points, table
from sizing.documents.machines import Machines, machines


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimeRow:
    """Latency percentiles of one kind of operation."""

    operation: str
    p50: Amount
    p95: Amount
    p99: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputRow:
    """What one configuration carries."""

    configuration: Machines
    concurrent_users: Amount
    requests_per_second: Amount
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRow:
    """How long one run of an agent takes, by what is already in memory."""

    agent: str
    cold: Amount
    warm: Amount
    with_context: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Clients at once, and how many requests each of them makes."""

    written: str
    users: Amount
    requests_per_user: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A number of vectors and the space that they take."""

    written: str
    vectors: Amount
    size: Amount


def _responses(operation: str, p50: str, p95: str, p99: str) -> ResponseTimeRow:
    return ResponseTimeRow(operation=operation, p50=amount(p50), p95=amount(p95), p99=amount(p99))


def _carries(configuration: str, users: str, rate: str, notes: str) -> ThroughputRow:
    return ThroughputRow(
        configuration=machines(configuration),
        concurrent_users=amount(users),
        requests_per_second=amount(rate),
        notes=notes,
    )


def _starts(agent: str, cold: str, warm: str, with_context: str) -> StartRow:
    return StartRow(
        agent=agent, cold=amount(cold), warm=amount(warm), with_context=amount(with_context)
    )


def _load(written: str) -> Load:
    users, requests = amounts(written)
    return Load(written=written, users=users, requests_per_user=requests)


def _stored(written: str) -> Stored:
    one, other = amounts(written)
    vectors, size = (other, one) if one.unit is Base.BYTES else (one, other)
    return Stored(written=written, vectors=vectors, size=size)


RESPONSE_TIMES = (
    _responses("Agent Query (GPT-4)", "2-3s", "5-8s", "10-15s"),
    _responses("Agent Query (Local LLM)", "5-10s", "15-20s", "25-30s"),
    _responses("Memory Search", "100-200ms", "300-500ms", "500ms-1s"),
    _responses("Workflow Trigger", "50-100ms", "200-300ms", "400-500ms"),
    _responses("API Request", "20-50ms", "100-150ms", "200-300ms"),
)

THROUGHPUT = (
    _carries("Minimum (4 core, 16GB)", "1-5", "1-2", "Development only"),
    _carries("Recommended (8 core, 32GB)", "5-20", "5-10", "Small team"),
    _carries("Production (16 core, 64GB)", "20-100", "20-50", "Medium deployment"),
    _carries("Enterprise (32+ core, 128GB+)", "100-500", "100+", "Large scale"),
)

START_SETUP = machines("8 core, 32GB RAM, SSD, GPT-4")
STARTS = (
    _starts("Daily Brief", "3.2s", "2.1s", "2.8s"),
    _starts("Focus Guardrails", "2.5s", "1.8s", "2.3s"),
    _starts("Boot Hardening", "4.1s", "3.2s", "3.8s"),
    _starts("Knowledge Query", "1.9s", "1.2s", "2.5s"),
)

LOAD_TEST_LOAD = _load("Scenario: 10 concurrent users, 100 requests each")
LOAD_TEST_DURATION = amount("Duration: 5 minutes")
LOAD_TEST_SUCCESS = amount("Success Rate: 99.2%")
LOAD_TEST_P50 = amount("P50 Latency: 2.4s")
LOAD_TEST_P95 = amount("P95 Latency: 6.8s")
LOAD_TEST_P99 = amount("P99 Latency: 12.3s")
LOAD_TEST_LONGEST = amount("Max Latency: 18.7s")
LOAD_TEST_THROUGHPUT = amount("Throughput: 15 req/s")

POSTGRES_QUERIES_PER_SECOND = amount("1,000-5,000")
POSTGRES_INSERTS_PER_SECOND = amount("500-2,000/sec")
POSTGRES_POOL = amount("20 connections")
POSTGRES_QUERY_LATENCY = amount("<10ms (P95)")

QDRANT_SEARCH_LATENCY = amount("<100ms (P95)")
QDRANT_INSERTS_PER_SECOND = amount("100-500 vectors/sec")
QDRANT_INDEX = _stored("1M vectors = ~2GB")
QDRANT_MEMORY = _stored("~4GB for 1M vectors")

LOAD_SCRIPT = _load("asyncio.run(run_load_test(concurrent_users=10, requests_per_user=100))")
"""The line of the load test's script that says how much it asks for."""
STRESS_REQUESTS = amount("ab -n 1000")
STRESS_CLIENTS = amount("-c 10")
STRESS_USERS = amount("k6 run --vus 10")
STRESS_DURATION = amount("--duration 30s load_test.js")

TEST_ENVIRONMENT = machines("AWS EC2 c5.4xlarge, 16 vCPU, 32 GB RAM")
"""The document's last line; the single-agent benchmark names another machine."""


def blocks() -> tuple[Block, ...]:
    """Return the blocks of measured figures, in the document's order."""
    return (
        table(
            "003-response-times",
            "Response Times (Typical)",
            ("Operation", "Latency (P50)", "Latency (P95)", "Latency (P99)"),
            RESPONSE_TIMES,
        ),
        table(
            "003-throughput",
            "Throughput",
            ("Configuration", "Concurrent Users", "Requests/Second", "Notes"),
            THROUGHPUT,
        ),
        *_benchmarks(),
        *_databases(),
        *_scripts(),
    )


def _benchmarks() -> tuple[Block, ...]:
    section = "Single Agent Execution"
    return (
        points(
            "003-starts-setup",
            section,
            (("Test Setup", START_SETUP),),
            title="Test Setup",
            kind=BlockKind.PROSE,
        ),
        table("003-starts", section, ("Agent", "Cold Start", "Warm Start", "With Context"), STARTS),
        code(
            "003-load-test",
            "Concurrent Execution",
            "Load Test Results",
            (
                LOAD_TEST_LOAD.written,
                LOAD_TEST_DURATION.written,
                LOAD_TEST_SUCCESS.written,
                "",
                LOAD_TEST_P50.written,
                LOAD_TEST_P95.written,
                LOAD_TEST_P99.written,
                LOAD_TEST_LONGEST.written,
                "",
                LOAD_TEST_THROUGHPUT.written,
            ),
        ),
    )


def _databases() -> tuple[Block, ...]:
    section = "Database Performance"
    return (
        points(
            "003-postgres-performance",
            section,
            (
                ("Queries/sec", POSTGRES_QUERIES_PER_SECOND),
                ("Insert rate", POSTGRES_INSERTS_PER_SECOND),
                ("Connection pool", POSTGRES_POOL),
                ("Query latency", POSTGRES_QUERY_LATENCY),
            ),
            title="PostgreSQL",
        ),
        points(
            "003-qdrant-performance",
            section,
            (
                ("Vector search", QDRANT_SEARCH_LATENCY),
                ("Insert rate", QDRANT_INSERTS_PER_SECOND),
                ("Index size", QDRANT_INDEX),
                ("Memory usage", QDRANT_MEMORY),
            ),
            title="Qdrant",
        ),
    )


def _scripts() -> tuple[Block, ...]:
    return (
        code("003-load-script", "Load Testing Script", "python", (LOAD_SCRIPT.written,)),
        code(
            "003-stress",
            "Stress Testing",
            "bash",
            (
                f"{STRESS_REQUESTS.written} {STRESS_CLIENTS.written}",
                f"{STRESS_USERS.written} {STRESS_DURATION.written}",
            ),
        ),
        points(
            "003-test-environment",
            "Planning Checklist",
            (("Test Environment", TEST_ENVIRONMENT),),
            title="Test Environment",
            kind=BlockKind.PROSE,
        ),
    )
