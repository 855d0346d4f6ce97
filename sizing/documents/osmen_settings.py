"""Document 003, what is set: scale-up triggers, replicas, PostgreSQL, Qdrant, Redis, cache.

Source: document-003, 2024-11-18. The triggers differ from document 001's table 5.2, and the store
settings from the document's own container limits; both stay as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.documents.amounts import Amount, amount, binary_size, words
from sizing.documents.block import Block, code, points
from sizing.documents.osmen_manifests import (
    COMPOSE_LIMITS_LINES,
    COMPOSE_REPLICAS_LINES,
    DEPLOYMENT_LINES,
)
from sizing.units import GIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One line of a configuration file: a name, its value and the comment behind it."""

    written: str
    name: str
    value: Amount
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """CPU and memory of one gateway: thousandths of a vCPU and bytes."""

    cpu_millis: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayDeployment:
    """The gateway's Kubernetes Deployment and its autoscaler."""

    name: str
    replicas: int
    requests: GatewayLimits
    limits: GatewayLimits
    minimum: int
    maximum: int
    cpu_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One line of sample metrics."""

    written: str
    metric: str
    value: float


def _setting(written: str, sign: str, comment_sign: str) -> Setting:
    body, _, comment = written.partition(comment_sign)
    name, _, value = body.strip().partition(sign)
    return Setting(
        written=written, name=name.strip(), value=_value(value.strip()), comment=comment.strip()
    )


def _settings(lines: tuple[str, ...], sign: str, comment_sign: str) -> Mapping[str, Setting]:
    found = (_setting(line, sign, comment_sign) for line in lines)
    return MappingProxyType({one.name: one for one in found if one.value.written})


def _value(text: str) -> Amount:
    if not text[:1].isdigit():
        return words(text)
    return amount(text) if text[-1].isdigit() else binary_size(text)


def _sample(written: str) -> Sample:
    series, _, value = written.rpartition(" ")
    return Sample(written=written, metric=series.partition("{")[0], value=float(value))


SCALE_UP_CPU = amount("CPU usage consistently >70%")
SCALE_UP_MEMORY = amount("Memory usage >80%")
SCALE_UP_RESPONSE = words("Response times degrading")
SCALE_UP_QUEUE = words("Queue depths increasing")
SCALE_UP_TRIGGERS = (SCALE_UP_CPU, SCALE_UP_MEMORY, SCALE_UP_RESPONSE, SCALE_UP_QUEUE)

GATEWAY_SCALED_UP = GatewayLimits(cpu_millis=4000, memory_bytes=8 * GIB)
GATEWAY_BEFORE = GatewayLimits(cpu_millis=2000, memory_bytes=4 * GIB)
"""The limits that the comments of the same block raise from; the container table says 2 GB."""
GATEWAY_REPLICAS = 3
"""Of the Compose file, with as many servers behind its load balancer."""

GATEWAY_DEPLOYMENT = GatewayDeployment(
    name="osmen-gateway",
    replicas=3,
    requests=GatewayLimits(cpu_millis=1000, memory_bytes=2 * GIB),
    limits=GatewayLimits(cpu_millis=2000, memory_bytes=4 * GIB),
    minimum=3,
    maximum=10,
    cpu_percent=70,
)

POSTGRES_LINES = (
    "-- postgresql.conf optimizations",
    "shared_buffers = 8GB              -- 25% of RAM",
    "effective_cache_size = 24GB       -- 75% of RAM",
    "work_mem = 64MB",
    "maintenance_work_mem = 2GB",
    "max_connections = 100",
    "random_page_cost = 1.1            -- For SSD",
    "effective_io_concurrency = 200    -- For SSD",
    "",
    "-- Vacuum settings",
    "autovacuum = on",
    "autovacuum_max_workers = 4",
)
POSTGRES_SETTINGS = _settings(POSTGRES_LINES, "=", "--")
POSTGRES_SHARED_BUFFERS_SHARE = amount("25% of RAM")
POSTGRES_CACHE_SHARE = amount("75% of RAM")

QDRANT_LINES = (
    "# qdrant_config.yaml",
    "service:",
    "  max_request_size_mb: 100",
    "",
    "storage:",
    "  # Use on-disk storage for large collections",
    "  storage_path: /qdrant/storage",
    "  ",
    "  # Optimize for query speed",
    "  performance:",
    "    max_search_threads: 4",
)
QDRANT_SETTINGS = _settings(QDRANT_LINES, ":", "#")

REDIS_LINES = (
    "# redis.conf",
    "maxmemory 4gb",
    "maxmemory-policy allkeys-lru  # Evict least recently used",
    'save ""  # Disable persistence for cache-only usage',
)
REDIS_SETTINGS = _settings(REDIS_LINES, " ", "#")

CACHE_TTL = amount("@cache(ttl=3600)")
"""Seconds that an agent's configuration is kept; the comment says one hour."""

METRIC_SAMPLES = (
    _sample('osmen_request_duration_seconds{agent="daily_brief",quantile="0.95"} 6.8'),
    _sample('osmen_requests_total{agent="daily_brief",status="success"} 1234'),
    _sample("osmen_active_users 42"),
)


def blocks() -> tuple[Block, ...]:
    """Return the blocks of settings, in the document's order."""
    databases, caching = "Database Optimization", "Caching Strategy"
    return (
        points(
            "003-scale-up",
            "Vertical Scaling",
            (
                ("CPU usage", SCALE_UP_CPU),
                ("Memory usage", SCALE_UP_MEMORY),
                ("Response times", SCALE_UP_RESPONSE),
                ("Queue depths", SCALE_UP_QUEUE),
            ),
            title="When to Scale Up",
        ),
        code("003-gateway-limits", "Vertical Scaling", "How to Scale", COMPOSE_LIMITS_LINES),
        code(
            "003-gateway-replicas",
            "Horizontal Scaling",
            "Multi-Instance Deployment",
            COMPOSE_REPLICAS_LINES,
        ),
        code("003-kubernetes", "Kubernetes Deployment", "yaml", DEPLOYMENT_LINES),
        code("003-postgres-settings", databases, "PostgreSQL Tuning", POSTGRES_LINES),
        code("003-qdrant-settings", databases, "Qdrant Optimization", QDRANT_LINES),
        code("003-redis-settings", caching, "Redis Configuration", REDIS_LINES),
        code("003-cache-ttl", caching, "Application-Level Caching", (CACHE_TTL.written,)),
        code(
            "003-metric-samples",
            "Prometheus Metrics",
            "Example Metrics",
            (sample.written for sample in METRIC_SAMPLES),
        ),
    )
