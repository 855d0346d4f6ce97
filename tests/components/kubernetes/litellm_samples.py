"""A proxy's models, stores and plan, for tests of what its generators make of them."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.litellm_models import ExternalModel, Models, Provider, SelfHostedModel
from components.kubernetes.litellm_settings import ProxyConfig, Redis
from sizing.plans import HelperPlan, ModelPlan, PoolerPlan, ServicePlan
from sizing.units import GIB
from tests.components.kubernetes.samples import SCALING, service_plan

ENGINE = "http://vllm-llama.prod-serving.svc.cluster.local:8000"
OPENAI = Provider(name="openai", prefix="openai")
BEDROCK = Provider(name="bedrock", prefix="bedrock", by_identity=True, region="us-east-1")
STATE = Redis(role="STATE", port=6379)
CACHE = Redis(role="CACHE", port=6379, clustered=True)
MODEL = ModelPlan(
    name="llama",
    service="vllm-llama",
    repository="meta-llama/Llama-3.1-8B-Instruct",
    revision="",
    precision="bf16",
    quantization="",
    cache_dtype="auto",
    tensor_parallel=1,
    context_tokens=32_768,
    max_sequences=27,
    gpu_memory_utilisation=0.9,
    shared_memory_bytes=2 * GIB,
    weight_bytes=16 * GIB,
    gated=False,
    share=1.0,
)
POOLER = PoolerPlan(
    poolers=2,
    pool_size=20,
    reserve=5,
    databases=("litellm",),
    client_pool=10,
    max_clients=1000,
    max_server_connections=50,
)
MIGRATIONS = HelperPlan(
    name="litellm-migrations",
    namespace="prod-gateway",
    kind="job",
    pods=1,
    cpu_request_millis=500,
    cpu_limit_millis=1000,
    memory_request_bytes=GIB,
    memory_limit_bytes=2 * GIB,
)


def plan(*, workers: int = 1) -> ServicePlan:
    return replace(service_plan("litellm", scaling=SCALING), workers=workers)


def ours(name: str = "llama") -> SelfHostedModel:
    return SelfHostedModel(name=name, served=name, address=ENGINE, context_tokens=32_768)


def bought(name: str = "gpt", provider: str = "openai") -> ExternalModel:
    return ExternalModel(name=name, provider=provider, model_id="gpt-4o-mini")


def models(*external: ExternalModel, providers: tuple[Provider, ...] = (OPENAI,)) -> Models:
    return Models(self_hosted=(ours(),), external=external or (bought(),), providers=providers)


def config() -> ProxyConfig:
    return ProxyConfig(
        models=models(),
        state=STATE,
        cache=CACHE,
        cache_ttl_seconds=3600,
        client_pool=10,
        buffer_spend=False,
        prompts_stored=False,
        retention_days=30,
    )
