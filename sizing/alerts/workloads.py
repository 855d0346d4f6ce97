"""Alerts of pods, volumes, jobs, autoscalers and nodes, by what the plan promises of them."""

from __future__ import annotations

from sizing.alerts import lines
from sizing.alerts.lines import MIXIN
from sizing.alerts.model import AlertPlan, Shown, number, one_of
from sizing.alerts.replicas import FAMILY, autoscalers, replicas
from sizing.plans import NodePoolPlan, PlatformPlan
from sizing.triggers import Trigger, ruling
from sizing.units import SECONDS_PER_DAY, SECONDS_PER_MINUTE

STORAGE = "storage"
NODES = "nodes"
SYSTEM_ROLE = "system"
CLOUD_NAMESPACE = "kube-system"
# kubernetes-mixin, KubePersistentVolumeFillingUp: by what went in six hours, full within four days.
FULL_SAMPLE = "6h"
FULL_DAYS = 4
# A critical line waits a minute there, a warning an hour.
FULL_MINUTES = (60, 1)


def watched(plan: PlatformPlan) -> str:
    """Return an expression that matches the plan's namespaces, the cluster's own included."""
    return one_of(one.name for one in plan.namespaces)


def workloads(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of everything that runs in the plan's namespaces."""
    return (
        *replicas(one for one in plan.services if one.namespace != CLOUD_NAMESPACE),
        *autoscalers(plan.services),
        *_pods(plan),
        *_use(plan),
        *_jobs(plan),
        *_volumes(plan),
        *_nodes(plan),
    )


def _pods(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    spaces = watched(plan)
    slowest = max((one.cold_start_seconds for one in plan.services), default=0)
    return (
        AlertPlan(
            name="PodsPending",
            family=FAMILY,
            summary="{{ $labels.namespace }}/{{ $labels.pod }} finds no node",
            query="max by (namespace, pod) "
            f'(kube_pod_status_phase{{phase="Pending",namespace=~"{spaces}"}})',
            lines=lines.warning(0, minutes=lines.at_least_minutes(slowest)),
            shown=Shown.COUNT,
            planned=f"a node and its first pod are there within {number(slowest)} s"
            if slowest
            else "a node is there within minutes",
            source=MIXIN,
        ),
        AlertPlan(
            name="PodCrashLooping",
            family=FAMILY,
            summary="{{ $labels.namespace }}/{{ $labels.pod }} ends again and again",
            query="max by (namespace, pod, container) (max_over_time("
            'kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",'
            f'namespace=~"{spaces}"}}[5m]))',
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned="no container restarts in a healthy platform",
            source=MIXIN,
        ),
        AlertPlan(
            name="PodOutOfMemory",
            family=FAMILY,
            summary="{{ $labels.namespace }}/{{ $labels.pod }} was ended for want of memory",
            query="max by (namespace, pod, container) ("
            'kube_pod_container_status_last_terminated_reason{reason="OOMKilled",'
            f'namespace=~"{spaces}"}}) and max by (namespace, pod, container) '
            "(increase(kube_pod_container_status_restarts_total[15m])) > 0",
            lines=lines.warning(0, minutes=0),
            shown=Shown.COUNT,
            planned="limits are the plan's; what outgrows them leaks or carries more than planned",
            source=lines.DECIDED,
        ),
    )


def _use(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    return tuple(
        AlertPlan(
            name=name,
            family=FAMILY,
            summary=f"{{{{ $labels.namespace }}}}/{{{{ $labels.pod }}}} uses {what}",
            query=_within(rule, plan),
            lines=lines.of(rule),
            shown=Shown.SHARE,
            planned=f"table 5.2: {rule.action.lower()}",
            source=rule.source,
        )
        for name, what, rule in (
            ("PodCpu", "the CPU that it asked for", ruling("cpu")),
            ("PodMemory", "the memory that it may have", ruling("memory")),
        )
    )


def _within(rule: Trigger, plan: PlatformPlan) -> str:
    """Return a trigger's query of the plan's namespaces alone."""
    return f'({rule.query}) and on (namespace, pod) kube_pod_info{{namespace=~"{watched(plan)}"}}'


def _jobs(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    return (
        AlertPlan(
            name="JobFailed",
            family=FAMILY,
            summary="{{ $labels.namespace }}/{{ $labels.job_name }} has failed",
            query="max by (namespace, job_name) "
            f'(kube_job_status_failed{{namespace=~"{watched(plan)}"}})',
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned="jobs make databases, roles, schemas, weights and snapshots",
            source=MIXIN,
        ),
        AlertPlan(
            name="SnapshotMissing",
            family=STORAGE,
            summary="{{ $labels.namespace }}/{{ $labels.cronjob }} has not ended well for long",
            query="time() - max by (namespace, cronjob) (kube_cronjob_status_last_successful_time"
            f'{{namespace=~"{watched(plan)}",cronjob=~".*snapshots"}})',
            # daily, and the time that a backup may take; two of them lost cannot wait
            lines=lines.both(
                SECONDS_PER_DAY + plan.backups.completion_window_minutes * SECONDS_PER_MINUTE,
                (1 + 1) * SECONDS_PER_DAY
                + plan.backups.completion_window_minutes * SECONDS_PER_MINUTE,
                minutes=0,
                soon=0,
            ),
            shown=Shown.SECONDS,
            planned=f"snapshots by {plan.vectors.snapshot_schedule}, kept for "
            f"{plan.vectors.snapshot_days} days",
            source=lines.DECIDED,
        ),
    )


def _volumes(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    rule = ruling("volume")
    sizes = ", ".join(f"{one.name} {one.volume_gib}" for one in plan.services if one.volume_gib)
    spaces = f'{{namespace=~"{watched(plan)}"}}'
    left = f"kubelet_volume_stats_available_bytes{spaces}"
    used = f"1 - {left} / kubelet_volume_stats_capacity_bytes{spaces}"
    filling = f"predict_linear({left}[{FULL_SAMPLE}], {FULL_DAYS * SECONDS_PER_DAY}) < 0"
    at = rule.warning or 1
    return (
        AlertPlan(
            name="VolumeFull",
            family=STORAGE,
            summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} fills up",
            query=used,
            lines=(
                *lines.warning(
                    at,
                    minutes=FULL_MINUTES[0],
                    query=f"({used}) > {number(at)} and {filling}",
                ),
                *lines.critical(rule.critical or 1, minutes=FULL_MINUTES[1]),
            ),
            shown=Shown.SHARE,
            planned=f"GiB of a volume: {sizes}",
            source=rule.source,
        ),
        AlertPlan(
            name="VolumeInodes",
            family=STORAGE,
            summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} runs out of files",
            query=f"1 - kubelet_volume_stats_inodes_free{spaces} "
            f"/ kubelet_volume_stats_inodes{spaces}",
            lines=lines.critical(rule.critical or 1, minutes=FULL_MINUTES[1]),
            shown=Shown.SHARE,
            planned=f"GiB of a volume: {sizes}",
            source=rule.source,
        ),
    )


def _nodes(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of the cluster; none where it is somebody else's."""
    if not any(one.role == SYSTEM_ROLE for one in plan.namespaces):
        return ()
    return (
        *(_pool(one) for one in plan.node_pools if one.scale.minimum < one.scale.maximum),
        AlertPlan(
            name="NodeNotReady",
            family=NODES,
            summary="{{ $labels.node }} is not ready",
            query='max by (node) (kube_node_status_condition{condition="Ready",status="true"})',
            sign="<",
            lines=lines.warning(1),
            shown=Shown.COUNT,
            planned=f"{sum(one.scale.planned for one in plan.node_pools)} nodes at the peak",
            source=MIXIN,
        ),
        AlertPlan(
            name="ScaleUpFailed",
            family=NODES,
            summary="nodes were asked for and did not come ({{ $labels.reason }})",
            query="sum by (reason) (increase(cluster_autoscaler_failed_scale_ups_total[1h]))",
            lines=lines.warning(0, minutes=0),
            shown=Shown.COUNT,
            planned="quotas and reservations for every pool's maximum (`aigw plan`)",
            source=lines.DECIDED,
        ),
    )


def _pool(pool: NodePoolPlan) -> AlertPlan:
    return AlertPlan(
        name="NodePoolAtMaximum",
        family=NODES,
        summary=f"pool {pool.name} cannot grow further",
        # EKS names the scaling group after the node group, between "eks-" and an id
        query="max(cluster_autoscaler_node_group_target_count"
        f'{{node_group=~"eks-.+-{pool.name}-.+"}})',
        sign=">=",
        lines=lines.warning(pool.scale.maximum),
        shown=Shown.COUNT,
        planned=f"{pool.scale.planned} nodes at the peak, {pool.scale.maximum} at most; "
        f"{pool.binding} decides",
        source=lines.DECIDED,
        labels=(("pool", pool.name),),
    )
