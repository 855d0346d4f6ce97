"""Models and what stands around them, for tests of what serves them."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.model_store import ModelStore
from sizing.plans import ServicePlan
from sizing.plans.workloads import HelperPlan, ModelPlan
from sizing.units import GIB, MIB
from tests.components.kubernetes.samples import NAMESPACES, SCALING, service_plan
from tests.components.kubernetes.surroundings import here

COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
FOLDER = f"meta-llama/Llama-3.1-8B-Instruct/{COMMIT}"


def store() -> ModelStore:
    """Return the bucket of weights."""
    return ModelStore(bucket="aigw-prod-models-1", region=here().region, kind=here().objects)


def url() -> str:
    """Return where the model stands in it."""
    return f"{here().objects.scheme}://aigw-prod-models-1/{FOLDER}"


def model_plan() -> ModelPlan:
    return ModelPlan(
        name="llama-3.1-8b",
        service="vllm-llama-3-1-8b",
        repository="meta-llama/Llama-3.1-8B-Instruct",
        revision=COMMIT,
        precision="bf16",
        quantization="",
        cache_dtype="auto",
        tensor_parallel=1,
        context_tokens=32_768,
        max_sequences=64,
        gpu_memory_utilisation=0.9,
        shared_memory_bytes=2 * GIB,
        weight_bytes=16_000_000_000,
        gated=False,
        share=1.0,
    )


def engine_plan(model: ModelPlan | None = None) -> ServicePlan:
    served = model or model_plan()
    scaling = replace(
        SCALING,
        cpu_percent=0,
        running_requests=48,
        waiting_requests=1,
        fallback_replicas=3,
        cooldown_seconds=1200,
    )
    plain = service_plan(
        served.service,
        role="serving",
        pool_role="gpu",
        gpus=served.tensor_parallel,
        scaling=scaling,
    )
    return replace(
        plain,
        memory_request_bytes=32 * GIB,
        memory_limit_bytes=48 * GIB,
        model=served.name,
        startup_seconds=370,
        cold_start_seconds=960,
    )


def helper_plan(name: str, role: str) -> HelperPlan:
    return HelperPlan(
        name=name,
        namespace=NAMESPACES[role],
        kind="daemon" if role == "gpu" else "job",
        pods=1,
        cpu_request_millis=100,
        cpu_limit_millis=200,
        memory_request_bytes=256 * MIB,
        memory_limit_bytes=512 * MIB,
    )
