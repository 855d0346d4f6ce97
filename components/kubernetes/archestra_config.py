"""Archestra's variables, ports and shares of a pod. Pure.

Source: docs/reference/configuration and the Helm chart of archestra-ai/archestra, 1.3.60.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from components.kubernetes.container import Resources
from components.kubernetes.database_setup import AUTHORITY_FILE
from sizing.units import MIB

API_PORT, UI_PORT, METRICS_PORT = 9000, 3000, 9050
HEALTH, READY = "/health", "/ready"
"""The first answers without asking anybody; the second asks the database."""
DATA = "/app/data"
"""Reports of fatal errors go below it; nothing that is kept."""
UI_CACHE = "/app/frontend/.next/cache"
ADMIN_EMAIL = "admin@example.com"
"""Archestra's own default of the first administrator's name."""
# What the chart keeps back for the UI in a pod: 150 MiB were measured there (1.3.60).
UI_MEMORY_BYTES = 384 * MIB
# The UI forwards what browsers ask, its CPU is a small part of the API's.
_UI_CPU_PART = 5
# supervisord, which the image's own entrypoint starts, wants root: each program starts by itself
API_COMMAND = ("/bin/sh", "-c", "cd /app/backend && exec ./scripts/start-production.sh")
UI_COMMAND = ("/bin/sh", "-c", "cd /app/frontend && exec node server.js")
MIGRATE_COMMAND = ("/bin/sh", "-c", "cd /app/backend && exec node ./scripts/migrate-with-lock.mjs")


class Process(StrEnum):
    """Which part of the backend a process runs (ARCHESTRA_PROCESS_TYPE)."""

    WEB = "web"
    WORKER = "worker"


# Off, whatever the image says: it starts no servers in the cluster (which would take the right to
# make pods, secrets and policies there), runs no code in a sandbox, and reports to nobody.
_CLOSED: Mapping[str, str] = MappingProxyType(
    {
        "ARCHESTRA_ANALYTICS": "disabled",
        "ARCHESTRA_CODE_RUNTIME_ENABLED": "false",
        "ARCHESTRA_ORCHESTRATOR_LOAD_KUBECONFIG_FROM_CURRENT_CLUSTER": "false",
        "ARCHESTRA_QUICKSTART": "false",
    }
)


def environment(process: Process, *, queries: int, telemetry: str = "") -> dict[str, str]:
    """Return the plain variables of a process.

    Args:
        process: which part of the backend.
        queries: connections of its pool to the database; a cache and listeners come on top.
        telemetry: base URL of a collector (OTLP by HTTP), "" for none.
    """
    traced = {
        "ARCHESTRA_OTEL_EXPORTER_OTLP_ENDPOINT": telemetry,
        # prompts and answers stay out of traces
        "ARCHESTRA_OTEL_CAPTURE_CONTENT": "false",
    }
    return {
        **_CLOSED,
        "ARCHESTRA_PROCESS_TYPE": process,
        "ARCHESTRA_AUTH_ADMIN_EMAIL": ADMIN_EMAIL,
        "ARCHESTRA_DATABASE_POOL_MAX": str(queries),
        # a job has done that: of several replicas each would begin
        "ARCHESTRA_DATABASE_RUN_MIGRATIONS_ON_STARTUP": "false",
        "ARCHESTRA_METRICS_PORT": str(METRICS_PORT),
        "NODE_EXTRA_CA_CERTS": AUTHORITY_FILE,
        **(traced if telemetry else {}),
    }


def ui_environment() -> dict[str, str]:
    """Return the plain variables of the UI, which asks the API beside it."""
    return {
        "ARCHESTRA_ANALYTICS": "disabled",
        "ARCHESTRA_INTERNAL_API_BASE_URL": f"http://127.0.0.1:{API_PORT}",
        "HOSTNAME": "0.0.0.0",
        "PORT": str(UI_PORT),
    }


def shares(whole: Resources) -> tuple[Resources, Resources]:
    """Return what API and UI get of a pod.

    Raises:
        ValueError: the UI alone would take all of its memory.
    """
    if whole.memory_bytes <= UI_MEMORY_BYTES:
        raise ValueError(f"a pod of Archestra needs more than {UI_MEMORY_BYTES} bytes of memory")
    ui = Resources(
        cpu_millis=whole.cpu_millis // _UI_CPU_PART,
        cpu_limit_millis=whole.cpu_limit_millis // _UI_CPU_PART,
        memory_bytes=UI_MEMORY_BYTES,
        memory_limit_bytes=UI_MEMORY_BYTES,
    )
    api = Resources(
        cpu_millis=whole.cpu_millis - ui.cpu_millis,
        cpu_limit_millis=whole.cpu_limit_millis - ui.cpu_limit_millis,
        memory_bytes=whole.memory_bytes - UI_MEMORY_BYTES,
        memory_limit_bytes=whole.memory_limit_bytes - UI_MEMORY_BYTES,
    )
    return api, ui
