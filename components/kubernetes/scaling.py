"""Autoscalers of a workload: by CPU and memory, or by what an engine itself says of its queue.

Exactly one object scales a workload; KEDA makes its own HorizontalPodAutoscaler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, autoscaling, meta

from components.kubernetes.cluster import labels
from sizing.plans import Scale
from sizing.plans.workloads import ScalingPlan

POLLING_SECONDS = 15
FAILURES_BEFORE_FALLBACK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A Prometheus query and the value at which one replica has enough."""

    query: str
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The workload that is scaled."""

    name: str
    namespace: pulumi.Input[str]
    kind: str
    scale: Scale
    plan: ScalingPlan


def by_load(
    name: str, target: Target, opts: pulumi.ResourceOptions
) -> autoscaling.v2.HorizontalPodAutoscaler:
    """Create the autoscaler that watches CPU and memory.

    Raises:
        ValueError: the plan watches neither.
    """
    watched = {"cpu": target.plan.cpu_percent, "memory": target.plan.memory_percent}
    metrics = [_resource(one, percent) for one, percent in watched.items() if percent]
    if not metrics:
        raise ValueError(f"{target.name}: an autoscaler needs CPU or memory to watch")
    return autoscaling.v2.HorizontalPodAutoscaler(
        name,
        metadata=meta.v1.ObjectMetaArgs(
            name=target.name, namespace=target.namespace, labels=labels(target.name)
        ),
        spec=autoscaling.v2.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=autoscaling.v2.CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind=target.kind, name=target.name
            ),
            min_replicas=target.scale.minimum,
            max_replicas=target.scale.maximum,
            metrics=metrics,
            behavior=autoscaling.v2.HorizontalPodAutoscalerBehaviorArgs(
                scale_up=_rules(
                    target.plan.up_percent, target.plan.up_seconds, target.plan.up_window_seconds
                ),
                scale_down=_rules(
                    target.plan.down_percent,
                    target.plan.down_seconds,
                    target.plan.down_window_seconds,
                ),
            ),
        ),
        opts=opts,
    )


def by_queue(
    name: str,
    target: Target,
    triggers: Sequence[Trigger],
    *,
    prometheus: str,
    opts: pulumi.ResourceOptions,
) -> apiextensions.CustomResource:
    """Create KEDA's ScaledObject: the highest wish of its queries holds.

    Args:
        prometheus: URL of the server that is asked.
    """
    return apiextensions.CustomResource(
        name,
        api_version="keda.sh/v1alpha1",
        kind="ScaledObject",
        metadata=meta.v1.ObjectMetaArgs(
            name=target.name, namespace=target.namespace, labels=labels(target.name)
        ),
        spec=_scaled(target, triggers, prometheus),
        opts=opts,
    )


def _resource(name: str, percent: int) -> autoscaling.v2.MetricSpecArgs:
    return autoscaling.v2.MetricSpecArgs(
        type="Resource",
        resource=autoscaling.v2.ResourceMetricSourceArgs(
            name=name,
            target=autoscaling.v2.MetricTargetArgs(type="Utilization", average_utilization=percent),
        ),
    )


def _rules(percent: int, seconds: int, window: int) -> autoscaling.v2.HPAScalingRulesArgs:
    return autoscaling.v2.HPAScalingRulesArgs(
        stabilization_window_seconds=window,
        policies=[
            autoscaling.v2.HPAScalingPolicyArgs(
                type="Percent", value=percent, period_seconds=seconds
            )
        ],
    )


def _scaled(target: Target, triggers: Sequence[Trigger], prometheus: str) -> Mapping[str, Any]:
    plan = target.plan
    return {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": target.kind, "name": target.name},
        "minReplicaCount": target.scale.minimum,
        "maxReplicaCount": target.scale.maximum,
        "pollingInterval": POLLING_SECONDS,
        "cooldownPeriod": plan.cooldown_seconds,
        "fallback": {
            "failureThreshold": FAILURES_BEFORE_FALLBACK,
            "replicas": plan.fallback_replicas,
            # a monitoring that is away takes no engine from callers that it does not see
            "behavior": "currentReplicasIfHigher",
        },
        "advanced": {
            "horizontalPodAutoscalerConfig": {
                "behavior": {
                    "scaleUp": _policy(plan.up_percent, plan.up_seconds, plan.up_window_seconds),
                    "scaleDown": _policy(
                        plan.down_percent, plan.down_seconds, plan.down_window_seconds
                    ),
                }
            }
        },
        "triggers": [
            {
                "type": "prometheus",
                "metricType": "AverageValue",
                "metadata": {
                    "serverAddress": prometheus,
                    "query": one.query,
                    "threshold": str(one.threshold),
                    # no answer is an error, for which the fallback stands, and never a zero
                    "ignoreNullValues": "false",
                },
            }
            for one in triggers
        ],
    }


def _policy(percent: int, seconds: int, window: int) -> Mapping[str, Any]:
    return {
        "stabilizationWindowSeconds": window,
        "policies": [{"type": "Percent", "value": percent, "periodSeconds": seconds}],
    }
