"""Sizes of in-cluster workloads that document 001 names without figures, or does not name.

Source of every figure here unless its line says otherwise: sizing-decisions, 2026-11, assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.model import Figure
from sizing.units import GIB, MIB
from sizing.words import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Request and limit of one replica."""

    cpu_millis: int
    cpu_limit_millis: int
    memory_bytes: int
    memory_limit_bytes: int


ROUTER = Size(cpu_millis=500, cpu_limit_millis=1000, memory_bytes=512 * MIB, memory_limit_bytes=GIB)
# PgBouncer is single-threaded: a limit above one core buys nothing (source pgbouncer, 2026-07-10).
PGBOUNCER = Size(
    cpu_millis=250, cpu_limit_millis=1000, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
PGBOUNCER_REPLICAS = 2
# Document 003's container limits: 2 cores and 4 GB; half of the CPU is requested.
QDRANT = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=4 * GIB, memory_limit_bytes=4 * GIB
)
QDRANT_REPLICAS = 3
QDRANT_VOLUME_GIB = 10  # document-003, 2026-02
PROMETHEUS_CPU = Figure(
    value=1000,
    unit="thousandths of a vCPU a Prometheus server requests and half of its limit",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# Table 2.7 doubles memory from tier to tier; "HA + Thanos" continues that row with two servers.
PROMETHEUS_HA_REPLICAS = 2
PROMETHEUS_HA = Size(
    cpu_millis=2000, cpu_limit_millis=4000, memory_bytes=8 * GIB, memory_limit_bytes=32 * GIB
)
# What answers reads blocks through memory; who merges them holds a block's index in it, "10GB of
# memory should be enough" for a medium bucket (thanos-compact, 2026-08-22).
THANOS_QUERY_REPLICAS = 2
THANOS_QUERY = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=2 * GIB, memory_limit_bytes=4 * GIB
)
THANOS_STORE_REPLICAS = 2
THANOS_STORE = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=4 * GIB, memory_limit_bytes=8 * GIB
)
# 30 MB at most of each block's index, of two servers and a year of two-week blocks: what is left
# is room for the fresh ones that are not merged yet (thanos-store, 2026-08-22).
THANOS_STORE_GIB = 20
THANOS_COMPACT = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=4 * GIB, memory_limit_bytes=10 * GIB
)
# "For medium sized bucket about 100GB should be enough" (thanos-compact, 2026-08-22).
THANOS_COMPACT_GIB = 100
# Beside each server of a pair whose blocks go to objects; out of what the server's pod has.
THANOS_SIDECAR = Size(
    cpu_millis=100, cpu_limit_millis=500, memory_bytes=256 * MIB, memory_limit_bytes=GIB
)
ALERTMANAGER_REPLICAS = 2  # they tell each other what is told already; one may be lost
ALERTMANAGER = Size(
    cpu_millis=50, cpu_limit_millis=200, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
ALERTMANAGER_GIB = 1  # silences and what was told
EXPORTER = Size(
    cpu_millis=50, cpu_limit_millis=200, memory_bytes=64 * MIB, memory_limit_bytes=256 * MIB
)
# Beside each pooler, of whose pools it tells; out of what the pooler's pod has.
PGBOUNCER_EXPORTER = Size(
    cpu_millis=25, cpu_limit_millis=100, memory_bytes=32 * MIB, memory_limit_bytes=64 * MIB
)
# "0.1 cores, 250MiB memory" (kube-state-metrics-readme, 2026-08-20); more only where it is asked.
KUBE_STATE_METRICS = Size(
    cpu_millis=100, cpu_limit_millis=500, memory_bytes=250 * MIB, memory_limit_bytes=500 * MIB
)
# On every node, within what the reserve of each counts for its DaemonSets (sizing.reserve).
NODE_EXPORTER = Size(
    cpu_millis=50, cpu_limit_millis=200, memory_bytes=64 * MIB, memory_limit_bytes=128 * MIB
)
# "HA + DR" of table 2.6 gives no count: the five nodes of the row above it.
VAULT_HA_DR_NODES = 5
# Beside each member's data; the chart's own figure (chart-vault, 0.34.1).
VAULT_AUDIT_GIB = 10
# Beside each member: a loop of the shell that turns the log over and hands new certificates on.
VAULT_CARE = Size(
    cpu_millis=10, cpu_limit_millis=50, memory_bytes=16 * MIB, memory_limit_bytes=32 * MIB
)
JAEGER_SINGLE = Size(
    cpu_millis=500, cpu_limit_millis=1000, memory_bytes=GIB, memory_limit_bytes=2 * GIB
)
JAEGER_COLLECTOR = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=2 * GIB, memory_limit_bytes=4 * GIB
)
JAEGER_QUERY = Size(
    cpu_millis=500, cpu_limit_millis=1000, memory_bytes=GIB, memory_limit_bytes=2 * GIB
)
JAEGER_REPLICAS = 2
# On every node, within what the reserve of each counts for its DaemonSets (sizing.reserve).
OTEL_AGENT = Size(
    cpu_millis=50, cpu_limit_millis=200, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
# What document 004's controller takes nobody has published: as much as a small controller.
AGENT_ROUTER_CONTROLLER = Size(
    cpu_millis=250, cpu_limit_millis=500, memory_bytes=512 * MIB, memory_limit_bytes=GIB
)
AGENT_ROUTER_REPLICAS = 2  # one may be lost
# One copies a model into the bucket, one writes the schema with the proxy's own image, the others
# send a few statements.
MODEL_SYNC = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=2 * GIB, memory_limit_bytes=4 * GIB
)
MIGRATIONS = Size(
    cpu_millis=500, cpu_limit_millis=1000, memory_bytes=GIB, memory_limit_bytes=2 * GIB
)
STATEMENTS = Size(
    cpu_millis=100, cpu_limit_millis=500, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
# One process of the load test's generator, which Python keeps to one CPU; so many connections and
# the answers that they wait for take 60 MB here (load-test-measured), and thousands some hundreds.
LOAD_TEST = Size(
    cpu_millis=1000, cpu_limit_millis=1000, memory_bytes=512 * MIB, memory_limit_bytes=GIB
)
# On every GPU node; together no more than the reserve of such a node counts. The exporter's are
# its chart's (dcgm-exporter-chart, 2026-05-12), memory requested twice; the plugin states none.
DCGM_EXPORTER = Size(
    cpu_millis=100, cpu_limit_millis=200, memory_bytes=256 * MIB, memory_limit_bytes=512 * MIB
)
DEVICE_PLUGIN = Size(
    cpu_millis=50, cpu_limit_millis=100, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
# Beside each Prometheus server, as the operator adds it. Source: prometheus-operator-flags.
CONFIG_RELOADER = Size(
    cpu_millis=10, cpu_limit_millis=10, memory_bytes=50 * MIB, memory_limit_bytes=50 * MIB
)
# What a container gets that states nothing: sidecars that a webhook adds.
UNSTATED = Size(
    cpu_millis=100, cpu_limit_millis=200, memory_bytes=128 * MIB, memory_limit_bytes=256 * MIB
)
# Kubernetes' own default for Deployments: a quarter of the replicas beside the old ones.
ROLLOUT_SURGE = Figure(
    value=0.25,
    unit="share of the replicas",
    source="kubernetes-deployment",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
