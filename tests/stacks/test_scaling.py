"""How every workload of a stack grows, shrinks, spreads and is moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sizing.tiers import HPA
from tests.stacks.manifests import (
    STACKS,
    Manifest,
    namespace,
    place,
    pod_labels,
    rendered,
    selects,
    template,
)

each_stack = pytest.mark.parametrize("stack", STACKS)


def rule(stated: Mapping[str, Any]) -> tuple[object, ...]:
    (policy,) = stated["policies"]
    return policy["type"], policy["value"], policy["periodSeconds"]


def behaviour(scaler: Manifest) -> Mapping[str, Any]:
    spec = scaler["spec"]
    if scaler["kind"] == "ScaledObject":
        spec = spec["advanced"]["horizontalPodAutoscalerConfig"]
    found = spec["behavior"]
    assert isinstance(found, Mapping)
    return found


@each_stack
def test_every_autoscaler_moves_as_the_guide_says(stack: str) -> None:
    for one in rendered(stack).of("HorizontalPodAutoscaler", "ScaledObject"):
        up, down = behaviour(one)["scaleUp"], behaviour(one)["scaleDown"]
        assert rule(up) == ("Percent", HPA.scale_up.change_percent, HPA.scale_up.period_s)
        assert up["stabilizationWindowSeconds"] == HPA.scale_up.stabilization_s
        assert rule(down) == ("Percent", HPA.scale_down.change_percent, HPA.scale_down.period_s)
        # longer where a new replica answers late: it would be missed again before it does
        assert down["stabilizationWindowSeconds"] >= HPA.scale_down.stabilization_s


@each_stack
def test_without_an_answer_of_the_monitoring_engines_stay(stack: str) -> None:
    for one in rendered(stack).of("ScaledObject"):
        spec, fallback = one["spec"], one["spec"]["fallback"]
        assert spec["minReplicaCount"] <= fallback["replicas"] <= spec["maxReplicaCount"]
        assert fallback["behavior"] == "currentReplicasIfHigher"
        for trigger in spec["triggers"]:
            assert trigger["metricType"] == "AverageValue"  # no other may fall back
            assert trigger["metadata"]["ignoreNullValues"] == "false"


@each_stack
def test_every_workload_may_be_moved_and_never_all_of_it(stack: str) -> None:
    made = rendered(stack)
    for workload in made.of("Deployment", "StatefulSet"):
        (budget,) = (
            one["spec"]
            for one in made.of("PodDisruptionBudget")
            if namespace(one) == namespace(workload)
            and selects(one["spec"]["selector"], pod_labels(workload))
        )
        least = least_replicas(stack, workload)
        away = budget["maxUnavailable"]
        if isinstance(away, str):
            away = -(-int(away.removesuffix("%")) * least // 100)
        assert 1 <= away < max(least, 2), place(workload)


def least_replicas(stack: str, workload: Manifest) -> int:
    """Return how many pods a workload has when nobody asks for anything."""
    for one in rendered(stack).of("HorizontalPodAutoscaler", "ScaledObject"):
        spec = one["spec"]
        target = f"{namespace(one)}/{spec['scaleTargetRef']['name']}"
        if target == place(workload):
            return int(spec.get("minReplicas") or spec["minReplicaCount"])
    return int(workload["spec"]["replicas"])


@each_stack
def test_replicas_are_kept_apart_by_zone_and_host(stack: str) -> None:
    for workload in rendered(stack).of("Deployment", "StatefulSet"):
        if least_replicas(stack, workload) == 1:
            continue
        spread = template(workload)["spec"]["topologySpreadConstraints"]
        assert [one["topologyKey"] for one in spread] == [
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        ]
        for one in spread:
            assert selects(one["labelSelector"], pod_labels(workload)), place(workload)
