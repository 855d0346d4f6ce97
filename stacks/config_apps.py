"""The parts of a stack's config that say what runs in the cluster and who reaches it.

Knows no file, no engine and no cloud. A key's description is what an editor, the documentation
and the error messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sizing.plans.request import APPLICATION_MAXIMUM, APPLICATION_REPLICAS, ApplicationRequest
from sizing.units import parse_cpu, parse_memory
from stacks.config_alerts import AlertsConfig
from stacks.config_grafana import GrafanaConfig
from stacks.config_load_test import LoadTestConfig
from stacks.config_osmen import ToolServices
from stacks.config_parts import Strict
from stacks.config_providers import Provider
from stacks.config_telemetry import LogsConfig, TracingConfig
from stacks.config_values import (
    UNPRIVILEGED_PORTS,
    CallerBlock,
    CommitHash,
    Cpu,
    Domain,
    HealthPath,
    ImageReference,
    Memory,
    ModelName,
    Registry,
    SecretName,
    Url,
    VariableName,
    Word,
    WritablePath,
)
from stacks.config_vault import VaultConfig

Upstream = Literal["docker-hub", "ghcr"]
"""Upstreams that a registry may be given credentials for; ECR reads both with them alone (Amazon
ECR user guide), Artifact Registry reads without them within the upstream's limits."""


class IngressConfig(Strict):
    """How callers reach the platform; hosts are `api.<domain>` and `mcp.<domain>`."""

    domain: Domain = Field(
        description="DNS name below which the hosts stand: `api.<domain>` is the model gateway, "
        "`mcp.<domain>` the agent gateway; at most 60 characters"
    )
    zone_id: str
    internal: bool = Field(
        default=False,
        description="the load balancer is reached from the VPC and connected networks alone",
    )
    allow_list: tuple[CallerBlock, ...] = Field(
        default=(),
        description="IPv4 blocks that callers come from; where it is empty everybody, or with "
        "`internal` the VPC",
    )

    @property
    def api_host(self) -> str:
        """Return the host of the model gateway."""
        return f"api.{self.domain}"

    @property
    def mcp_host(self) -> str:
        """Return the host of the agent gateway."""
        return f"mcp.{self.domain}"


class ImagesConfig(Strict):
    """Where images are pulled from; who opens an upstream is written in each cloud's own way."""

    registry: Registry = Field(
        default="",
        description="pull-through registry that every image is rewritten to; each one's own "
        "where it is left out",
    )
    mirror: bool = Field(
        default=False,
        description="create what fills the own registry of the account or project from its "
        "upstreams on the first pull, which `registry` then names; on AWS `credentials` of both "
        "upstreams are needed",
    )


class ExternalModelConfig(Strict):
    """A model that an outside provider answers."""

    name: ModelName = Field(description="what callers name")
    provider: Provider = Field(description="who answers, by LiteLLM's prefix")
    model: ModelName = Field(description="the provider's own name of the model, without the prefix")
    requests_per_minute: int | None = Field(
        default=None, ge=1, description="requests a minute that the provider grants"
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, description="tokens a minute that the provider grants"
    )
    fallbacks: tuple[ModelName, ...] = Field(
        default=(), description="models to ask in this order when it fails"
    )


class ProviderConfig(Strict):
    """How one provider is reached."""

    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store that holds the key; else the key is "
        "set by `pulumi config set --secret aigw:key-<provider>`",
    )
    endpoint: Url | None = Field(
        default=None,
        description="https:// address of the service; azure, azure_ai and databricks need it",
    )
    api_version: Word | None = Field(
        default=None, description="version of the interface; LiteLLM's own where it is left out"
    )
    project: Word | None = Field(
        default=None, description="Google Cloud project; vertex_ai needs it"
    )
    location: Word | None = Field(
        default=None,
        description="region that answers; vertex_ai needs it, bedrock asks the stack's own",
    )


class HuggingFaceConfig(Strict):
    """Who the platform is to Hugging Face, which asks for a token before gated weights."""

    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store that holds the token; else it is set "
        "by `pulumi config set --secret aigw:huggingface-token`",
    )


class ModelsConfig(Strict):
    """What callers can name besides the self-hosted models, and how models are fetched."""

    external: tuple[ExternalModelConfig, ...] = Field(default=(), description="outside models")
    fallbacks: dict[ModelName, tuple[ModelName, ...]] = Field(
        default_factory=dict,
        description="models to ask in this order when a self-hosted one fails, by its name",
    )
    providers: dict[Provider, ProviderConfig] = Field(
        default_factory=dict, description="how each provider is reached, by its name"
    )
    huggingface: HuggingFaceConfig = Field(
        default_factory=HuggingFaceConfig, description="who the platform is to Hugging Face"
    )
    revisions: dict[ModelName, CommitHash] = Field(
        default_factory=dict,
        description="commit of the weights, 40 hexadecimal digits in quotes, by self-hosted model",
    )
    cache: Literal["object-store", "files", "node"] = Field(
        default="object-store",
        description='where engines read weights from: "object-store", streamed; "files", the '
        'shared file system; "node", the machine\'s own disk',
    )


class AgentRouterConfig(Strict):
    """A vendor's agent router; its images and its credentials are the vendor's."""

    image: ImageReference = Field(description="image of the proxy, with its tag or digest")
    controller_image: ImageReference = Field(
        description="image of the controller, with its tag or digest"
    )
    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store that holds its credentials; else they "
        "are set by `pulumi config set --secret aigw:agent-router-<name>`",
    )
    key_labels: bool = Field(
        default=False,
        description="metrics carry a label for each API key, which multiplies their series",
    )


class ApplicationConfig(Strict):
    """An application that gets every store of the platform wired in."""

    image: ImageReference = Field(description="its image, with its tag or digest")
    port: int = Field(
        ge=UNPRIVILEGED_PORTS[0], le=UNPRIVILEGED_PORTS[1], description="port that it listens on"
    )
    replicas: int = Field(
        default=APPLICATION_REPLICAS, ge=1, le=1000, description="replicas that always stand"
    )
    maximum: int = Field(
        default=APPLICATION_MAXIMUM, ge=1, le=1000, description="replicas at the peak"
    )
    cpu: Cpu = Field(description='CPU of a replica ("500m", "2")')
    memory: Memory = Field(description='memory of a replica ("512Mi", "4Gi")')
    health_path: HealthPath = Field(
        default="/", description="path that answers 200 once it can serve"
    )
    writable_paths: tuple[WritablePath, ...] = Field(
        default=(), description="folders that it writes to; the rest of its root is read-only"
    )
    user: int = Field(
        default=1000,
        ge=1,
        le=65535,
        description="uid that it runs as; the shared folder is 1000's",
    )
    environment: dict[VariableName, str] = Field(
        default_factory=dict,
        description="plain variables of its own by name; they win over the platform's",
    )
    secrets: dict[VariableName, SecretName] = Field(
        default_factory=dict,
        description="secret variables of its own by name: each is the whole text of a secret in "
        "the cloud's store, which it names",
    )

    @model_validator(mode="after")
    def _each_variable_once(self) -> ApplicationConfig:
        both = sorted(self.environment.keys() & self.secrets.keys())
        if both:
            raise ValueError(f"plain or secret, not both: {', '.join(both)}")
        return self

    def request(self) -> ApplicationRequest:
        """Return what a plan is made from."""
        return ApplicationRequest(
            replicas=self.replicas,
            maximum=self.maximum,
            cpu_millis=parse_cpu(self.cpu),
            memory_bytes=parse_memory(self.memory),
        )


class ServicesConfig(ToolServices):
    """Services that a stack may have or not."""

    vllm_router: bool = Field(
        default=False,
        description="a router between gateway and engines; without it each model has a Service",
    )
    agent_router: AgentRouterConfig | None = Field(
        default=None, description="a vendor's agent router, none where it is left out"
    )
    application: ApplicationConfig | None = Field(
        default=None, description="an application, none where it is left out"
    )
    load_test: LoadTestConfig | None = Field(
        default=None, description="a load test that is run by hand, none where it is left out"
    )
    vault: VaultConfig = Field(
        default_factory=VaultConfig, description="the secret store, on where nothing is said"
    )
    alerts: AlertsConfig = Field(
        default_factory=AlertsConfig,
        description="rules from the plan, and who is told; on where nothing is said",
    )
    grafana: GrafanaConfig = Field(
        default_factory=GrafanaConfig, description="dashboards, on where nothing is said"
    )
    tracing: TracingConfig = Field(
        default_factory=TracingConfig, description="traces, on where nothing is said"
    )
    logs: LogsConfig = Field(
        default_factory=LogsConfig, description="log lines of pods, on where nothing is said"
    )


class GatewayConfig(Strict):
    """What every new key of the model gateway may use, and all; no limit where one is left out."""

    budget_usd: int | None = Field(
        default=None,
        ge=1,
        description="US dollars that all keys may spend in 30 days; the gateway then refuses",
    )
    budget_usd_per_key: int | None = Field(
        default=None, ge=1, description="US dollars that a key may spend in 30 days"
    )
    requests_per_minute_per_key: int | None = Field(
        default=None, ge=1, description="requests a minute of one key"
    )
    tokens_per_minute_per_key: int | None = Field(
        default=None, ge=1, description="tokens a minute of one key"
    )
