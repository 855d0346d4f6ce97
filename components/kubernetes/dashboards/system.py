"""Nodes, pods and volumes: CPU, memory, disk and network of the machine room."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import INTERVAL, planned, rate
from sizing.triggers import ruling

POD = ["namespace", "pod"]
POD_LEGEND = "{{namespace}}/{{pod}}"
MOST = 20  # more lines than that nobody tells apart


def system(facts: Facts) -> Dashboard:
    """Return the dashboard of nodes and pods."""
    return Dashboard(
        uid="aigw-system",
        title="Nodes and pods",
        description="What machines and containers use of what they have.",
        rows=(
            Row(title="Containers", panels=_containers(facts)),
            Row(title="Nodes", panels=_nodes(facts)),
            Row(title="Volumes", panels=_volumes(facts)),
        ),
    )


def _containers(facts: Facts) -> tuple[Graph, ...]:
    inside = facts.everywhere[:-1] + ', container!=""}'
    return (
        Graph(
            title="CPU of the request",
            description="The busiest pods; table 5.2's lines.",
            queries=(Query(expr=_busiest(ruling("cpu").query), legend=POD_LEGEND),),
            unit=Unit.SHARE,
            steps=steps("cpu"),
            lines=("000-cpu", "003-cpu", "003-panel-resources"),
        ),
        Graph(
            title="Memory of the limit",
            description="The fullest pods: at 1 the kernel kills.",
            queries=(Query(expr=_busiest(ruling("memory").query), legend=POD_LEGEND),),
            unit=Unit.SHARE,
            steps=steps("memory"),
            lines=("000-memory", "003-memory", "003-panel-resources"),
        ),
        Graph(
            title="CPU held back",
            description="Share of the time slices in which a container had used its limit up.",
            queries=(
                Query(
                    expr=_busiest(
                        f"{rate('container_cpu_cfs_throttled_periods_total', POD, of=inside)} / "
                        f"{rate('container_cpu_cfs_periods_total', POD, of=inside)}"
                    ),
                    legend=POD_LEGEND,
                ),
            ),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Disk of containers",
            description="Bytes that containers read and write.",
            queries=(
                Query(
                    expr=_busiest(rate("container_fs_reads_bytes_total", POD, of=inside)),
                    legend=f"{POD_LEGEND} read",
                ),
                Query(
                    expr=_busiest(rate("container_fs_writes_bytes_total", POD, of=inside)),
                    legend=f"{POD_LEGEND} written",
                ),
            ),
            unit=Unit.BYTES_PER_SECOND,
        ),
        Graph(
            title="Network of pods",
            queries=(
                Query(
                    expr=rate(
                        "container_network_receive_bytes_total",
                        ["namespace"],
                        of=facts.everywhere,
                    ),
                    legend="{{namespace}} in",
                ),
                Query(
                    expr=rate(
                        "container_network_transmit_bytes_total",
                        ["namespace"],
                        of=facts.everywhere,
                    ),
                    legend="{{namespace}} out",
                ),
            ),
            unit=Unit.BYTES_PER_SECOND,
            lines=("000-network", "003-network"),
        ),
        Graph(
            title="Restarts",
            description="In the last quarter of an hour.",
            queries=(
                Query(
                    expr="sum by (namespace, pod) "
                    f"(increase(kube_pod_container_status_restarts_total{facts.everywhere}[15m]))"
                    " > 0",
                    legend=POD_LEGEND,
                ),
            ),
            steps=(Step(value=3, colour=Colour.CRITICAL),),
        ),
    )


def _busiest(expr: str) -> str:
    return f"topk({MOST}, {expr})"


def _nodes(facts: Facts) -> tuple[Graph, ...]:
    most = sum(pool.scale.maximum for pool in facts.plan.node_pools)
    now = sum(pool.scale.planned for pool in facts.plan.node_pools)
    device = '{device!~"lo|veth.*|eni.*|cali.*"}'
    waited = [
        f"rate(node_disk_{done}_time_seconds_total[{INTERVAL}]) / "
        f"rate(node_disk_{ops}_completed_total[{INTERVAL}])"
        for done, ops in (("read", "reads"), ("write", "writes"))
    ]
    return (
        Graph(
            title="Nodes",
            description="The autoscaler goes no further than the upper line.",
            queries=(
                Query(expr="count(kube_node_info)", legend="nodes"),
                planned(now, "planned"),
                planned(most, "at most"),
            ),
        ),
        Graph(
            title="CPU of nodes",
            queries=(
                Query(
                    expr="1 - avg by (instance) "
                    f'(rate(node_cpu_seconds_total{{mode="idle"}}[{INTERVAL}]))',
                    legend="{{instance}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("cpu"),
            lines=("000-cpu",),
        ),
        Graph(
            title="Memory of nodes",
            queries=(
                Query(
                    expr="1 - max by (instance) "
                    "(node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
                    legend="{{instance}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("memory"),
            lines=("000-memory",),
        ),
        Graph(
            title="Disk of nodes",
            queries=(
                Query(expr=rate("node_disk_read_bytes_total"), legend="read"),
                Query(expr=rate("node_disk_written_bytes_total"), legend="written"),
            ),
            unit=Unit.BYTES_PER_SECOND,
            lines=("000-disk", "003-disk"),
        ),
        Graph(
            title="Latency of disks",
            description="Time of a read and of a write, the slowest disk of each node.",
            queries=(
                Query(expr=f"max by (instance) ({waited[0]})", legend="{{instance}} read"),
                Query(expr=f"max by (instance) ({waited[1]})", legend="{{instance}} write"),
            ),
            unit=Unit.SECONDS,
            lines=("000-disk",),
        ),
        Graph(
            title="Network of nodes",
            queries=(
                Query(
                    expr=rate("node_network_receive_bytes_total", ["instance"], of=device),
                    legend="{{instance}} in",
                ),
                Query(
                    expr=rate("node_network_transmit_bytes_total", ["instance"], of=device),
                    legend="{{instance}} out",
                ),
            ),
            unit=Unit.BYTES_PER_SECOND,
            lines=("000-network",),
        ),
        Graph(
            title="Nodes that are not ready",
            queries=(
                Query(
                    expr='sum(kube_node_status_condition{condition="Ready", status!="true"})',
                    legend="not ready",
                ),
            ),
            steps=(Step(value=1, colour=Colour.CRITICAL),),
        ),
    )


def _volumes(facts: Facts) -> tuple[Graph, ...]:
    used, there = "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"
    inside = facts.everywhere
    return (
        Graph(
            title="Volumes in use",
            queries=(
                Query(
                    expr="1 - max by (namespace, persistentvolumeclaim) "
                    f"({used}{inside} / {there}{inside})",
                    legend="{{namespace}}/{{persistentvolumeclaim}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("volume"),
            width=16,
        ),
    )
