"""The config and formula blocks of document 001, line by line, from their typed values."""

from __future__ import annotations

from sizing.tiers import GROWTH, HPA, PGBOUNCER, VLLM_STACK
from sizing.tiers.cells import span
from sizing.tiers.schema_common import EngineResources, ScalingPolicy
from sizing.tiers.vocabulary import Unit
from sizing.units import MILLIS_PER_CPU, format_memory

WIDTH = 27
"""Column of the second comment in the PgBouncer block (document 001, 2.4)."""


def hpa_lines() -> tuple[str, ...]:
    """Return the HorizontalPodAutoscaler of 2.1, its comments included."""
    minimum = ", ".join(
        f"{tier.value.capitalize()}: {value}" for tier, value in HPA.minimum_by_tier
    )
    return (
        f"apiVersion: {HPA.api_version}",
        "kind: HorizontalPodAutoscaler",
        "metadata:",
        f"  name: {HPA.name}",
        "spec:",
        "  scaleTargetRef:",
        f"    apiVersion: {HPA.target_api_version}",
        f"    kind: {HPA.target_kind}",
        f"    name: {HPA.name}",
        f"  minReplicas: {HPA.minimum}   # {minimum}",
        f"  maxReplicas: {HPA.maximum}  # {HPA.maximum_over_minimum}x min for burst",
        "  metrics:",
        *_utilisation("cpu", HPA.cpu_percent),
        *_utilisation("memory", HPA.memory_percent),
        "  behavior:",
        *_policy("scaleDown", HPA.scale_down),
        *_policy("scaleUp", HPA.scale_up),
    )


def vllm_stack_lines() -> tuple[str, ...]:
    """Return the Helm values of 2.3."""
    stack, model = VLLM_STACK, VLLM_STACK.model
    return (
        "# vLLM Production Stack Helm values",
        "replicaCount:",
        f"  router: {stack.router_replicas}",
        "  engine:",
        f"    min: {stack.engine_minimum}",
        f"    max: {stack.engine_maximum}",
        "",
        "engine:",
        "  resources:",
        *_resources("requests", stack.requests),
        *_resources("limits", stack.limits),
        "",
        "  modelSpec:",
        f'    - name: "{model.name}"',
        f'      repository: "{model.repository}"',
        f"      tensorParallelSize: {model.tensor_parallel}",
        f"      maxModelLen: {model.context_tokens}",
        "",
        "  autoscaling:",
        f"    enabled: {str(stack.autoscaling).lower()}",
        f"    minReplicas: {stack.autoscaling_minimum}",
        f"    maxReplicas: {stack.autoscaling_maximum}",
        "    metrics:",
        f"      - type: {stack.trigger_type}",
        f"        {stack.trigger_type}:",
        f"          query: {stack.trigger_query}",
        f"          threshold: {stack.trigger_threshold}",
    )


def pgbouncer_lines() -> tuple[str, ...]:
    """Return the pool settings of 2.4; the sizes after the first stand as comments."""
    (first_tier, first_size), *others = PGBOUNCER.default_pool_size
    return (
        "# PgBouncer configuration",
        f"pool_mode: {PGBOUNCER.pool_mode}",
        f"default_pool_size: {first_size}        # {first_tier.value.capitalize()}",
        *(
            f"# {f'default_pool_size: {size}'.ljust(WIDTH)}# {tier.value.capitalize()}"
            for tier, size in others
        ),
        f"max_client_conn: {PGBOUNCER.max_client_connections}",
        f"reserve_pool_size: {PGBOUNCER.reserve_pool_size}",
    )


def growth_lines() -> tuple[str, ...]:
    """Return the formula of 5.1 and what its factors are."""
    return (
        GROWTH.formula,
        "",
        "Where:",
        f"- Growth_Factor = {GROWTH.growth_factor}",
        f"- Peak_Factor = typically {span(GROWTH.peak_factor, Unit.TIMES)} average",
        f"- Safety_Margin = {span(GROWTH.safety_margin, Unit.TIMES)}",
    )


def _utilisation(resource: str, percent: int) -> tuple[str, ...]:
    return (
        "    - type: Resource",
        "      resource:",
        f"        name: {resource}",
        "        target:",
        "          type: Utilization",
        f"          averageUtilization: {percent}",
    )


def _policy(direction: str, policy: ScalingPolicy) -> tuple[str, ...]:
    return (
        f"    {direction}:",
        f"      stabilizationWindowSeconds: {policy.stabilization_s}",
        "      policies:",
        "        - type: Percent",
        f"          value: {policy.change_percent}",
        f"          periodSeconds: {policy.period_s}",
    )


def _resources(kind: str, amount: EngineResources) -> tuple[str, ...]:
    return (
        f"    {kind}:",
        f"      nvidia.com/gpu: {amount.gpus}",
        f'      memory: "{format_memory(amount.memory_bytes)}"',
        f'      cpu: "{amount.cpu_millis // MILLIS_PER_CPU}"',
    )
