"""Document 001, chapters 2.1 to 2.3: LiteLLM, Agent Gateway and vLLM.

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import Count, ServiceRow, Span, VllmRow
from sizing.tiers.schema_common import (
    EngineResources,
    HpaBlock,
    ModelSpec,
    ScalingPolicy,
    VllmStackBlock,
)
from sizing.units import GIB, MIB
from sizing.words import Tier

LITELLM_ROWS = (
    ServiceRow(
        section="2.1",
        tier=Tier.SMALL,
        replicas=Count(value=2),
        cpu_request_millis=500,
        cpu_limit_millis=1000,
        memory_request_bytes=512 * MIB,
        memory_limit_bytes=1 * GIB,
        max_rps=Count(value=50),
    ),
    ServiceRow(
        section="2.1",
        tier=Tier.MEDIUM,
        replicas=Count(value=3),
        cpu_request_millis=1000,
        cpu_limit_millis=2000,
        memory_request_bytes=1 * GIB,
        memory_limit_bytes=2 * GIB,
        max_rps=Count(value=200),
    ),
    ServiceRow(
        section="2.1",
        tier=Tier.LARGE,
        replicas=Count(value=5),
        cpu_request_millis=2000,
        cpu_limit_millis=4000,
        memory_request_bytes=2 * GIB,
        memory_limit_bytes=4 * GIB,
        max_rps=Count(value=500),
    ),
    ServiceRow(
        section="2.1",
        tier=Tier.ENTERPRISE,
        replicas=Count(value=10, open_ended=True),
        cpu_request_millis=2000,
        cpu_limit_millis=4000,
        memory_request_bytes=4 * GIB,
        memory_limit_bytes=8 * GIB,
        max_rps=Count(value=1000, open_ended=True),
    ),
)

HPA = HpaBlock(
    section="2.1",
    api_version="autoscaling/v2",
    name="litellm",
    target_api_version="apps/v1",
    target_kind="Deployment",
    minimum=2,
    minimum_by_tier=((Tier.SMALL, 2), (Tier.MEDIUM, 3), (Tier.LARGE, 5)),
    maximum=20,
    maximum_over_minimum=4,
    cpu_percent=70,
    memory_percent=80,
    scale_down=ScalingPolicy(stabilization_s=300, change_percent=25, period_s=60),
    scale_up=ScalingPolicy(stabilization_s=0, change_percent=100, period_s=15),
)

AGENT_GATEWAY_ROWS = (
    ServiceRow(
        section="2.2",
        tier=Tier.SMALL,
        replicas=Count(value=2),
        cpu_request_millis=250,
        cpu_limit_millis=500,
        memory_request_bytes=256 * MIB,
        memory_limit_bytes=512 * MIB,
        max_rps=Count(value=500),
    ),
    ServiceRow(
        section="2.2",
        tier=Tier.MEDIUM,
        replicas=Count(value=2),
        cpu_request_millis=500,
        cpu_limit_millis=1000,
        memory_request_bytes=512 * MIB,
        memory_limit_bytes=1 * GIB,
        max_rps=Count(value=2000),
    ),
    ServiceRow(
        section="2.2",
        tier=Tier.LARGE,
        replicas=Count(value=3),
        cpu_request_millis=1000,
        cpu_limit_millis=2000,
        memory_request_bytes=1 * GIB,
        memory_limit_bytes=2 * GIB,
        max_rps=Count(value=5000),
    ),
    ServiceRow(
        section="2.2",
        tier=Tier.ENTERPRISE,
        replicas=Count(value=5, open_ended=True),
        cpu_request_millis=2000,
        cpu_limit_millis=4000,
        memory_request_bytes=2 * GIB,
        memory_limit_bytes=4 * GIB,
        max_rps=Count(value=10000, open_ended=True),
    ),
)

VLLM_ROWS = (
    VllmRow(
        section="2.3",
        model="Llama-3.1-8B",
        gpu_model="A10G",
        gpus=1,
        tensor_parallel=False,
        memory_gb=24,
        tokens_per_second=Span(low=2000, high=3000),
    ),
    VllmRow(
        section="2.3",
        model="Llama-3.1-8B",
        gpu_model="A100-40GB",
        gpus=1,
        tensor_parallel=False,
        memory_gb=40,
        tokens_per_second=Span(low=4000, high=5000),
    ),
    VllmRow(
        section="2.3",
        model="Llama-3.1-70B",
        gpu_model="A100-40GB",
        gpus=2,
        tensor_parallel=True,
        memory_gb=80,
        tokens_per_second=Span(low=500, high=800),
    ),
    VllmRow(
        section="2.3",
        model="Llama-3.1-70B",
        gpu_model="A100-80GB",
        gpus=2,
        tensor_parallel=True,
        memory_gb=160,
        tokens_per_second=Span(low=1000, high=1500),
    ),
    VllmRow(
        section="2.3",
        model="Llama-3.1-70B",
        gpu_model="H100",
        gpus=2,
        tensor_parallel=True,
        memory_gb=160,
        tokens_per_second=Span(low=2000, high=3000),
    ),
)

VLLM_STACK = VllmStackBlock(
    section="2.3",
    router_replicas=2,
    engine_minimum=1,
    engine_maximum=4,
    requests=EngineResources(gpus=1, memory_bytes=32 * GIB, cpu_millis=8000),
    limits=EngineResources(gpus=1, memory_bytes=48 * GIB, cpu_millis=16000),
    model=ModelSpec(
        name="llama-3.1-8b",
        repository="meta-llama/Llama-3.1-8B-Instruct",
        tensor_parallel=1,
        context_tokens=32768,
    ),
    autoscaling=True,
    autoscaling_minimum=1,
    autoscaling_maximum=4,
    trigger_type="prometheus",
    trigger_query="vllm:num_requests_running",
    trigger_threshold=10,
)
