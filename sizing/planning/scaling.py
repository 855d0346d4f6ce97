"""What autoscalers watch, and how fast they follow.

Replicas that are cheap to start follow CPU. An engine answers minutes after it is asked for, so
that its autoscaler follows requests, and a wish for fewer is remembered for longer than a cold
start takes.
"""

from __future__ import annotations

from sizing.capacity.litellm import CPU_TARGET_PERCENT
from sizing.planning.environment import Setting
from sizing.plans import Scale, ScalingPlan
from sizing.tiers import HPA, VLLM_STACK

# autoscaling/v2 refuses a window of more than an hour. Source: kubernetes-hpa.
LONGEST_WINDOW_SECONDS = 3600
# Any request that waits is one that a planned slot was not free for: the next asks for an engine.
WAITING_REQUESTS = 1


def scaling(
    setting: Setting, scale: Scale, slots: int, cold_start_seconds: int, gpus: int
) -> ScalingPlan | None:
    """Return what an autoscaler watches, None where replicas never change.

    Args:
        setting: the request's setting.
        scale: the replicas between which it moves.
        slots: requests at a time that an engine answers within the objectives.
        cold_start_seconds: until a further engine answers.
        gpus: of a replica; what has none follows CPU.
    """
    if scale.minimum == scale.maximum:
        return None
    return _by_requests(setting, scale, slots, cold_start_seconds) if gpus else _by_load(setting)


def _by_load(setting: Setting) -> ScalingPlan:
    up, down = HPA.scale_up, HPA.scale_down
    return ScalingPlan(
        cpu_percent=int(CPU_TARGET_PERCENT) if setting.proven else HPA.cpu_percent,
        memory_percent=0 if setting.proven else HPA.memory_percent,
        up_percent=up.change_percent,
        up_seconds=up.period_s,
        up_window_seconds=up.stabilization_s,
        down_percent=down.change_percent,
        down_seconds=down.period_s,
        down_window_seconds=down.stabilization_s,
    )


def _by_requests(
    setting: Setting, scale: Scale, slots: int, cold_start_seconds: int
) -> ScalingPlan:
    up, down = HPA.scale_up, HPA.scale_down
    # longer than a cold start: what went is not asked for again at once
    cooldown = cold_start_seconds + down.stabilization_s
    planned = setting.proven and slots > 0
    return ScalingPlan(
        running_requests=slots if planned else VLLM_STACK.trigger_threshold,
        waiting_requests=WAITING_REQUESTS if setting.proven else 0,
        fallback_replicas=scale.planned,
        cooldown_seconds=cooldown,
        up_percent=up.change_percent,
        up_seconds=up.period_s,
        up_window_seconds=up.stabilization_s,
        down_percent=down.change_percent,
        down_seconds=down.period_s,
        down_window_seconds=min(LONGEST_WINDOW_SECONDS, cooldown),
    )
