"""The OsMEN services by document 003: its containers, as many sets of them as a size has cores for.

The document's total of one set of containers is 8 cores. A size with twice the cores runs two sets,
of those that may run more than once; the gateway API has replicas of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from sizing.capacity.ends import highest, lowest
from sizing.documents import osmen_performance, osmen_resources
from sizing.documents.osmen_performance import ThroughputRow
from sizing.documents.osmen_settings import GATEWAY_DEPLOYMENT
from sizing.planning import ollama
from sizing.planning.engines import GpuPool
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment, Scale
from sizing.plans.tools import Configuration, OllamaRequest, OsmenRequest
from sizing.tiers import HPA
from sizing.words import Direction

LANGFLOW, OLLAMA, GATEWAY = "langflow", ollama.NAME, "osmen-gateway"
N8N, N8N_WORKER = "n8n", "n8n-worker"
CONTAINERS = {
    LANGFLOW: "Langflow",
    N8N: "n8n",
    N8N_WORKER: "n8n",
}
SPARE_REPLICAS = 2  # one may be lost. Source: sizing-decisions, 2026-11.
# A second main process fires every schedule again, without a licence that elects one of them.
# Source: n8n-docs, 2026.
N8N_MAINS = 1


def osmen(setting: Setting, gpus: Iterable[GpuPool]) -> tuple[Wanted, ...]:
    """Return the services that the stack has switched on; on GPUs, in the pool that has room."""
    asked = setting.request.switches.osmen
    if not asked.any:
        return ()
    sets = container_sets(asked)
    return (
        *((_langflow(sets),) if asked.langflow else ()),
        *((_n8n(), _n8n_worker(sets)) if asked.n8n else ()),
        *((_ollama(asked.ollama, gpus),) if asked.ollama else ()),
        *((_gateway(setting),) if asked.gateway else ()),
    )


def osmen_notes(setting: Setting, gpus: Iterable[GpuPool]) -> tuple[Adjustment, ...]:
    """Return what document 003 runs in containers of its own and the platform keeps elsewhere."""
    if not setting.request.switches.osmen.any:
        return ()
    return (
        *_gpu_note(setting, gpus),
        note(
            "services.osmen.redis",
            "a container with maxmemory 4gb, allkeys-lru and no persistence",
            "the platform's caches",
            direction=Direction.REPLACED,
            rule="osmen-stores",
            reason="the response cache evicts by allkeys-lru and keeps nothing it could not lose; "
            "its maxmemory is the node type's. Queues are in the store that evicts nothing",
        ),
        note(
            "services.osmen.postgresql",
            "a container with 2 cores and 4 GB, 100 connections",
            "databases on the platform's server",
            direction=Direction.REPLACED,
            rule="osmen-stores",
            reason="its shares of memory are the server's parameters; its max_connections is not "
            "applied (postgres.document-003-max-connections)",
        ),
        note(
            "services.osmen.qdrant",
            "max_request_size_mb: 100, max_search_threads: 4",
            "Qdrant's own",
            direction=Direction.UNSUPPORTED,
            rule="osmen-stores",
            reason="the platform's Qdrant is shared: requests have its own limit, and search "
            "threads follow its CPU",
        ),
    )


def _gpu_note(setting: Setting, gpus: Iterable[GpuPool]) -> tuple[Adjustment, ...]:
    if setting.request.switches.osmen.ollama is None:
        return ()
    on = next((one.machine.gpu_model for one in gpus if one.ollama), "CPU")
    cards = ", ".join(row.gpu for row in osmen_resources.GPUS)
    return (
        note(
            f"services.{OLLAMA}.gpus",
            f"optional: {cards}",
            on,
            direction=Direction.REPLACED,
            rule="ollama-gpu",
            reason="no cloud rents these; services.ollama.gpu names one that it does"
            if on == "CPU"
            else "no cloud rents these; the plan has one that holds as much",
        ),
    )


def configuration(asked: OsmenRequest) -> ThroughputRow:
    """Return the size: the stated one, else the smallest for the users, else the smallest."""
    rows = osmen_performance.THROUGHPUT
    if asked.configuration is not None:
        return dict(zip(Configuration, rows, strict=True))[asked.configuration]
    users = asked.concurrent_users or 0
    fits = (one for one in rows if users <= highest(one.concurrent_users))
    return next(fits, rows[-1])


def container_sets(asked: OsmenRequest) -> int:
    """Return how often a size holds the document's containers."""
    cores = lowest(configuration(asked).configuration.vcpu)
    return max(1, int(cores // lowest(osmen_resources.TOTAL_MINIMUM.vcpu)))


def size(service: str) -> Size:
    """Return the limits of the allocation table; half of the CPU is requested, and all memory."""
    return ollama.limits(CONTAINERS[service])


def _langflow(sets: int) -> Wanted:
    return Wanted(
        name=LANGFLOW,
        pool_role="general",
        minimum=max(SPARE_REPLICAS, sets),
        tabled=False,
        size=size(LANGFLOW),
        reason="document 003, container limits; a set for every 8 cores of the size",
    )


def _n8n() -> Wanted:
    return Wanted(
        name=N8N,
        pool_role="general",
        minimum=N8N_MAINS,
        tabled=False,
        size=size(N8N),
        reason="document 003, container limits; one main process keeps schedules and webhooks",
    )


def _n8n_worker(sets: int) -> Wanted:
    workers = max(SPARE_REPLICAS, sets)
    return Wanted(
        name=N8N_WORKER,
        pool_role="general",
        minimum=workers,
        maximum=HPA.maximum_over_minimum * workers,
        tabled=False,
        size=size(N8N_WORKER),
        reason="document 003, container limits; workers take executions from the queue",
    )


def _ollama(asked: OllamaRequest, gpus: Iterable[GpuPool]) -> Wanted:
    home = next((one.name for one in gpus if one.ollama), "")
    if home:
        return Wanted(
            name=OLLAMA,
            pool_role="gpu",
            pool=home,
            minimum=1,
            fixed=1,
            needed=0,  # no promise rests on it: while its node is away nobody waits for it
            tabled=False,
            size=ollama.SIZE,
            gpus=ollama.GPU_COUNT,
            reason="document 003, container limits and GPU acceleration: local models on a GPU, "
            "kept on its node's disk",
        )
    return Wanted(
        name=OLLAMA,
        pool_role="data",
        minimum=1,
        tabled=False,
        size=ollama.SIZE,
        volume_needed_gib=asked.volume_gib,
        reason="document 003, container limits: local models on CPU, kept on a volume",
    )


def _gateway(setting: Setting) -> Wanted:
    stated = GATEWAY_DEPLOYMENT
    least = setting.count(stated.minimum)
    return Wanted(
        name=GATEWAY,
        pool_role="general",
        minimum=stated.minimum,
        by_hand=Scale(minimum=least, planned=least, maximum=setting.count(stated.maximum)),
        tabled=False,
        watched=(stated.cpu_percent, 0),
        size=Size(
            cpu_millis=stated.requests.cpu_millis,
            cpu_limit_millis=stated.limits.cpu_millis,
            memory_bytes=stated.requests.memory_bytes,
            memory_limit_bytes=stated.limits.memory_bytes,
        ),
        reason="document 003, Kubernetes deployment: 3 to 10 replicas at 70 % CPU",
    )
