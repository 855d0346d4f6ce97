"""The OsMEN services in a stack's config: each is switched on alone, and one size is for all."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sizing.catalog import instances
from sizing.plans.tools import (
    CHEAPEST_GPU,
    OLLAMA_VOLUME_GIB,
    Configuration,
    OllamaRequest,
    OsmenRequest,
)
from sizing.serving.gpus import gpu, gpu_of
from sizing.words import Cloud
from stacks.config_archestra import ArchestraConfig
from stacks.config_parts import Strict
from stacks.config_values import (
    UNPRIVILEGED_PORTS,
    HealthPath,
    ImageReference,
    ModelName,
    SecretName,
    VariableName,
    WritablePath,
)


def _gpu(text: str) -> str:
    if text == CHEAPEST_GPU:
        return text
    rented = {
        gpu_of(one.gpu_model, one.gpu_memory_gib) for cloud in Cloud for one in instances(cloud)
    }
    names = sorted(one.name for one in rented if one is not None)
    try:
        known = gpu(text) in rented
    except LookupError:
        known = False
    if not known:
        raise ValueError(f"{CHEAPEST_GPU}, or a GPU that a cloud rents: {', '.join(names)}")
    return text


GpuName = Annotated[str, AfterValidator(_gpu)]


class OsmenConfig(Strict):
    """For how many the OsMEN services are (document 003)."""

    configuration: Configuration | None = Field(
        default=None,
        description="size of document 003; the smallest for `concurrent_users` where it is left "
        "out",
    )
    concurrent_users: int | None = Field(
        default=None, ge=1, description="users of the OsMEN services at a time"
    )
    users: int | None = Field(
        default=None, ge=1, description="users of the OsMEN services in all (growth table)"
    )


class LangflowConfig(Strict):
    """Langflow, in which flows are drawn and run."""

    custom_components: bool = Field(
        default=False,
        description="every user may run Python of their own on the server; else administrators "
        "alone",
    )


class N8nConfig(Strict):
    """n8n in queue mode: one main process, and workers that take executions from a queue."""

    concurrency: int = Field(
        default=10, ge=1, le=100, description="executions of one worker at a time"
    )


class OllamaConfig(Strict):
    """Ollama, on CPU or on a GPU; the load's own models are served by the platform's engines."""

    models: tuple[ModelName, ...] = Field(
        default=(), description='models that it fetches before it answers ("llama3.2:3b")'
    )
    volume_gib: int = Field(
        default=OLLAMA_VOLUME_GIB,
        ge=1,
        le=1024,
        description="GiB for models: of a volume, or of the GPU node's own disk",
    )
    gpu: GpuName | None = Field(
        default=None,
        description=f'GPU that it computes on ("L4"), "{CHEAPEST_GPU}" for the cheapest that '
        "holds its models; on CPU where it is left out",
    )

    def request(self) -> OllamaRequest:
        """Return what a plan is made from."""
        return OllamaRequest(models=self.models, volume_gib=self.volume_gib, gpu=self.gpu or "")


class OsmenGatewayConfig(Strict):
    """The gateway API of document 003, by an image of the stack's own."""

    image: ImageReference = Field(description="its image, with its tag or digest")
    port: int = Field(
        default=8080,
        ge=UNPRIVILEGED_PORTS[0],
        le=UNPRIVILEGED_PORTS[1],
        description="port that it listens on",
    )
    health_path: HealthPath = Field(
        default="/", description="path that answers 200 once it can serve"
    )
    user: int = Field(default=1000, ge=1, le=65535, description="uid that it runs as")
    writable_paths: tuple[WritablePath, ...] = Field(
        default=(), description="folders that it writes to; the rest of its root is read-only"
    )
    environment: dict[VariableName, str] = Field(
        default_factory=dict, description="plain variables of its own by name"
    )
    secrets: dict[VariableName, SecretName] = Field(
        default_factory=dict,
        description="secret variables of its own by name: each is the whole text of a secret in "
        "the cloud's store, which it names",
    )

    @model_validator(mode="after")
    def _each_variable_once(self) -> OsmenGatewayConfig:
        both = sorted(self.environment.keys() & self.secrets.keys())
        if both:
            raise ValueError(f"plain or secret, not both: {', '.join(both)}")
        return self


class ToolServices(Strict):
    """Archestra and the OsMEN services: none is there where nothing is said."""

    archestra: ArchestraConfig | None = Field(
        default=None, description="Archestra, none where it is left out"
    )
    osmen: OsmenConfig = Field(
        default_factory=OsmenConfig, description="for how many the OsMEN services are"
    )
    langflow: LangflowConfig | None = Field(
        default=None, description="Langflow, none where it is left out; {} for its defaults"
    )
    n8n: N8nConfig | None = Field(
        default=None, description="n8n, none where it is left out; {} for its defaults"
    )
    ollama: OllamaConfig | None = Field(
        default=None, description="Ollama, none where it is left out; {} for its defaults"
    )
    osmen_gateway: OsmenGatewayConfig | None = Field(
        default=None, description="the OsMEN gateway API, none where it is left out"
    )

    def osmen_request(self) -> OsmenRequest:
        """Return which OsMEN services a plan is to have, and for how many."""
        return OsmenRequest(
            configuration=self.osmen.configuration,
            concurrent_users=self.osmen.concurrent_users,
            users=self.osmen.users,
            langflow=self.langflow is not None,
            n8n=self.n8n is not None,
            ollama=None if self.ollama is None else self.ollama.request(),
            gateway=self.osmen_gateway is not None,
        )
