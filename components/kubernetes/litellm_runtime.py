"""How the containers of the LiteLLM proxy are run: variables, arguments, ports, paths, draining.

Pure. The image is the one that runs as nobody: its interface and database engine are built in, so
that only /tmp has to be writable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sizing.planning.edge import DRAIN, TARGET_IDLE_SECONDS
from sizing.versions import IMAGES

IMAGE = "litellm"
VERSION = IMAGES[IMAGE].tag.removeprefix("v")
"""Of the image, and of the package that the tests start."""
PORT = 4000
METRICS_PORT = 4001
"""Metrics from a process of their own and without a key: for the monitoring's peers alone."""
LIVENESS = "/health/liveliness"
"""Says that the process answers; it asks neither database nor model."""
READINESS = "/health/readiness"
"""503 while the database cannot be reached; it calls no model, as /health would."""
METRICS = "/metrics"
CONFIG_FOLDER = "/etc/litellm"
CONFIG_FILE = "config.yaml"
METRICS_FOLDER = "/tmp/prometheus"
UI_FOLDER = "/var/lib/litellm/ui"
ASSETS_FOLDER = "/tmp/assets"
MIGRATIONS_FOLDER = "/tmp/migrations"
LEAVE_SECONDS = 20
"""How long a stopping pod answers on before it is told, so that balancers let go of it."""
DRAIN_SECONDS = 60
"""How long it waits for answers that are under way when it is told; each worker by itself."""
GRACE_SECONDS = int(DRAIN)
"""Until Kubernetes insists (LiteLLM's production page)."""
# A worker of several is asked for a sign of life from its start on, and is replaced when it gives
# none for so long. Before it can, it imports LiteLLM, which takes a busy machine more than the
# server's own five seconds: it would be replaced again and again, and never answer.
WORKER_SILENCE_SECONDS = 60
# A part of the workers' requests at random, so that they do not all start anew at once.
RECYCLE_JITTER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """How one pod runs.

    Attributes:
        workers: processes that answer.
        recycle_after_requests: requests after which a worker makes way for a new one, None for
            never. The only worker of a pod is its container, which then starts anew: not there.
        prepared_statements: False behind a pooler that hands out connections by transaction and
            does not follow prepared statements itself.
        trace_endpoint: where traces are sent (OTLP over HTTP), "" for nowhere.
        trace_share: part of the requests whose trace is kept.

    Raises:
        ValueError: no worker, a share outside 0 to 1, or recycling of the only worker.
    """

    workers: int
    recycle_after_requests: int | None = None
    prepared_statements: bool
    trace_endpoint: str = ""
    trace_share: float = 1.0

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError("a pod has a worker")
        if not 0 <= self.trace_share <= 1:
            raise ValueError("trace_share must be from 0 to 1")
        if self.recycle_after_requests is not None and self.workers < 2:
            raise ValueError("recycling the only worker would restart its container")


def environment(runtime: Runtime) -> Mapping[str, str]:
    """Return the plain variables of the Deployment; `litellm_config.variables` says the others."""
    return {
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOG": "ERROR",
        "DISABLE_SCHEMA_UPDATE": "true",
        "ENFORCE_PRISMA_MIGRATION_CHECK": "true",
        "DATABASE_DISABLE_PREPARED_STATEMENTS": str(not runtime.prepared_statements).lower(),
        # The file is the truth; models added by hand in the interface would outlive it.
        "STORE_MODEL_IN_DB": "False",
        "GRACEFUL_SHUTDOWN_TIMEOUT": str(DRAIN_SECONDS),
        "PROMETHEUS_MULTIPROC_DIR": METRICS_FOLDER,
        "LITELLM_UI_PATH": UI_FOLDER,
        "LITELLM_ASSETS_PATH": ASSETS_FOLDER,
        **_READ_ONLY,
        **_OFFLINE,
        **_traces(runtime),
    }


def migration_environment() -> Mapping[str, str]:
    """Return the plain variables of the Job that changes the database before the proxy starts."""
    return {
        "LITELLM_LOG": "INFO",
        "DISABLE_SCHEMA_UPDATE": "false",
        # A failed migration ends the Job, and the proxy that waits for it is not touched.
        "ENFORCE_PRISMA_MIGRATION_CHECK": "true",
        "LITELLM_MIGRATION_DIR": MIGRATIONS_FOLDER,
        **_READ_ONLY,
        **_OFFLINE,
    }


def migration_command() -> tuple[str, ...]:
    """Return what the Job runs in place of the image's own program."""
    return ("python3", "-m", "litellm.proxy.prisma_migration")


# HOME is the image's own folder, of which nothing may be written.
_READ_ONLY = {
    "LITELLM_NON_ROOT": "true",
    "HF_HOME": "/tmp/huggingface",
    "TMPDIR": "/tmp",
}


# What the proxy would otherwise fetch from GitHub at its start, through a policy that denies it.
_OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
}


def _traces(runtime: Runtime) -> dict[str, str]:
    if not runtime.trace_endpoint:
        return {}
    return {
        "LITELLM_OTEL_V2": "true",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": runtime.trace_endpoint,
        "OTEL_SERVICE_NAME": "litellm",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": f"{runtime.trace_share:g}",
    }


def arguments(
    runtime: Runtime,
    *,
    config: str = f"{CONFIG_FOLDER}/{CONFIG_FILE}",
    host: str = "0.0.0.0",
    port: int = PORT,
    metrics_port: int = METRICS_PORT,
) -> tuple[str, ...]:
    """Return what `litellm` is called with in the container; its image starts that program."""
    pairs: dict[str, object] = {
        "config": config,
        "host": host,
        "port": port,
        "num_workers": runtime.workers,
        "keepalive_timeout": TARGET_IDLE_SECONDS,
        "prometheus_metrics_port": metrics_port,
        "timeout_worker_healthcheck": WORKER_SILENCE_SECONDS,
    }
    if runtime.recycle_after_requests is not None:
        after = runtime.recycle_after_requests
        pairs["max_requests_before_restart"] = after
        pairs["max_requests_before_restart_jitter"] = after // RECYCLE_JITTER
    return tuple(word for name, value in pairs.items() for word in (f"--{name}", str(value)))
