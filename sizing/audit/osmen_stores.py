"""Claims of document 003: settings beside container limits, vectors, GPUs, triggers and costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import Said, agrees, at_most, of
from sizing.capacity import osmen_settings as model
from sizing.capacity import qdrant
from sizing.capacity.ends import highest, lowest
from sizing.documents import osmen_performance, osmen_resources
from sizing.documents import osmen_settings as document
from sizing.documents.amounts import Base
from sizing.documents.osmen_resources import GpuRow
from sizing.triggers import ruling, steering
from sizing.units import GIB, GIGA, MILLIS_PER_CPU

POSTGRES = Block("003-postgres-performance", "Database Performance")
SETTINGS = Block("003-postgres-settings", "Database Optimization")
REDIS = Block("003-redis-settings", "Caching Strategy")
VECTORS = Block("003-qdrant-performance", "Database Performance")
GPUS = Block("003-gpus", "GPU Acceleration (Optional)")
TRIGGERS = Block("003-scale-up", "Vertical Scaling")
LIMITS = Block("003-gateway-limits", "Vertical Scaling")
MANIFEST = Block("003-kubernetes", "Kubernetes Deployment")
BINARY = GIB / GIGA - 1  # "2 GB" may mean 2 GiB
DIMENSIONS = (384, 768, 1024, 1536)  # usual sizes of embeddings; the document names none


def claims() -> Iterator[Claim]:
    """Return the claims of settings, vectors, GPUs, triggers and costs."""
    yield from _postgres()
    yield from _vectors()
    for row in osmen_resources.GPUS:
        if row.memory.unit is not Base.WORDS:
            yield _gpu(row)
    yield from _triggers()
    yield from _gateway()


def _postgres() -> Iterator[Claim]:
    rates = osmen_performance.POSTGRES_QUERIES_PER_SECOND
    for words, rate in (("least", lowest(rates)), ("most", highest(rates))):
        yield POSTGRES.claim(
            f"pool-{words}",
            f"{osmen_performance.POSTGRES_POOL.written} make {rate:,.0f} queries/s",
            pool,
            queries_per_second=rate,
            connections=osmen_performance.POSTGRES_POOL.value,
            latency_s=highest(osmen_performance.POSTGRES_QUERY_LATENCY),
        )
    limit = model.container(model.POSTGRES).memory_limit.value
    host = osmen_performance.TEST_ENVIRONMENT.memory.value
    named = {
        name: one.value.value for name, one in document.POSTGRES_SETTINGS.items() if _set(name)
    }
    for words, room in (("container", limit), ("test-host", host)):
        for name in ("shared_buffers", "effective_cache_size"):
            yield SETTINGS.claim(
                f"{name.replace('_', '-')}-{words}",
                f"{document.POSTGRES_SETTINGS[name].written} in the {words}",
                setting,
                setting_bytes=named[name],
                memory_bytes=room,
            )
        yield SETTINGS.claim(
            f"work-mem-{words}",
            f"{document.POSTGRES_SETTINGS['work_mem'].written} for every connection in the {words}",
            work_memory,
            buffers_bytes=named["shared_buffers"],
            work_bytes=named["work_mem"],
            connections=named["max_connections"],
            memory_bytes=room,
        )
    shares = (
        ("shared_buffers", document.POSTGRES_SHARED_BUFFERS_SHARE),
        ("effective_cache_size", document.POSTGRES_CACHE_SHARE),
    )
    for name, share in shares:
        yield SETTINGS.claim(
            f"{name.replace('_', '-')}-share",
            f"{document.POSTGRES_SETTINGS[name].written} of the test host",
            share_of_memory,
            setting_bytes=named[name],
            share=share.value,
            memory_gb=host / GIGA,
        )
    yield REDIS.claim(
        "maxmemory",
        f"{document.REDIS_SETTINGS['maxmemory'].written} in a container of "
        f"{model.container(model.REDIS).memory_limit.written}",
        redis_memory,
        maximum_bytes=document.REDIS_SETTINGS["maxmemory"].value.value,
        memory_bytes=model.container(model.REDIS).memory_limit.value,
    )


def _set(name: str) -> bool:
    return document.POSTGRES_SETTINGS[name].value.unit is not Base.WORDS


def pool(*, queries_per_second: float, connections: float, latency_s: float) -> Recomputed:
    """Compare a rate of queries with what a pool carries at the stated latency."""
    found = model.pool(queries_per_second, connections=connections, seconds=latency_s)
    return of(found, Said.DEMAND)


def setting(*, setting_bytes: float, memory_bytes: float) -> Recomputed:
    """Compare a setting of PostgreSQL with the memory of its server."""
    return of(model.shared_buffers(memory_bytes, setting_bytes), Said.DEMAND)


def share_of_memory(*, setting_bytes: float, share: float, memory_gb: float) -> Recomputed:
    """Compare a setting with its share of a server's memory, "GB" read as the setting has it."""
    return agrees(
        setting_bytes, memory_gb * GIB * share, unit="bytes", formula="share x memory of the host"
    )


def work_memory(
    *, buffers_bytes: float, work_bytes: float, connections: float, memory_bytes: float
) -> Recomputed:
    """Compare one work_mem for every connection, and the buffers, with a server's memory."""
    each = document.POSTGRES_SETTINGS["work_mem"].value.value
    buffers = document.POSTGRES_SETTINGS["shared_buffers"].value.value
    as_many = connections * work_bytes / each + (buffers_bytes - buffers) / each
    return of(model.work_memory(memory_bytes, connections=as_many))


def redis_memory(*, maximum_bytes: float, memory_bytes: float) -> Recomputed:
    """Compare maxmemory with its container's limit."""
    return of(model.redis_memory(memory_bytes, maximum_bytes), Said.DEMAND)


def _vectors() -> Iterator[Claim]:
    # the vendor's formula is of memory: of an index on disk only the dimensions can be asked for
    for words, stored, sizes in (
        ("index", osmen_performance.QDRANT_INDEX, ()),
        ("memory", osmen_performance.QDRANT_MEMORY, DIMENSIONS),
    ):
        shared = {"stated_bytes": stored.size.value, "vectors": stored.vectors.value}
        for dimensions in (None, *sizes):
            yield VECTORS.claim(
                f"{words}-{dimensions or 'unstated'}",
                f"{stored.written}"
                + (f" of {dimensions} dimensions" if dimensions else ", dimensions unstated"),
                vectors,
                **shared,
                dimensions=dimensions,
            )
    yield VECTORS.claim(
        "container",
        f"{osmen_performance.QDRANT_MEMORY.written} in a container of "
        f"{model.container('Qdrant').memory_limit.written}",
        vectors_in_container,
        stated_bytes=osmen_performance.QDRANT_MEMORY.size.value,
        memory_bytes=model.container("Qdrant").memory_limit.value,
    )


def vectors(*, stated_bytes: float, vectors: float, dimensions: float | None) -> Recomputed:
    """Compare what vectors take by the vendor's formula with what is stated."""
    if dimensions is None:
        return at_most(
            None,
            qdrant.dimensions_at(stated_bytes / vectors),
            unit="dimensions",
            formula="bytes stated / vectors / (4 x 1.5)",
            said=Said.DEMAND,
            measure="state the dimensions of a vector",
        )
    return at_most(
        vectors * qdrant.vector_bytes(max(1, round(dimensions))),
        stated_bytes,
        unit="bytes",
        formula="vectors x dimensions x 4 x 1.5 <= bytes stated",
    )


def vectors_in_container(*, stated_bytes: float, memory_bytes: float) -> Recomputed:
    """Compare the memory of the vectors with their container's limit."""
    return at_most(
        stated_bytes, memory_bytes, unit="bytes", formula="memory of 1 M vectors <= container"
    )


def _gpu(row: GpuRow) -> Claim:
    size = row.models.parameters
    return GPUS.claim(
        row.gpu.rpartition(" ")[-1].lower(),
        f"{row.models.written} on {row.gpu} with {row.memory.written}",
        gpu_memory,
        parameters=None if size is None else size.value,
        memory_bytes=row.memory.value,
    )


def gpu_memory(*, parameters: float | None, memory_bytes: float) -> Recomputed:
    """Compare a model's weights at four bits with a GPU's memory."""
    row = osmen_resources.GPUS[0]
    memory = replace(row.memory, low=memory_bytes, high=memory_bytes)
    return of(model.model_on_gpu(replace(row, memory=memory), parameters))


def _triggers() -> Iterator[Claim]:
    for subject, amount in (("cpu", document.SCALE_UP_CPU), ("memory", document.SCALE_UP_MEMORY)):
        yield TRIGGERS.claim(
            subject,
            f"{amount.written}; document 001 warns above {ruling(subject).warning:.0%}",
            one_trigger,
            share=lowest(amount),
            warning=ruling(subject).warning,
        )


def one_trigger(*, share: float, warning: float) -> Recomputed:
    """Compare the two documents' lines for the same metric."""
    return agrees(share, warning, unit="share", formula="document 003; table 5.2 of document 001")


def _gateway() -> Iterator[Claim]:
    gateway, container = document.GATEWAY_DEPLOYMENT, model.container(model.GATEWAY)
    before = document.GATEWAY_BEFORE
    yield LIMITS.claim(
        "container",
        f"scaled up from {before.memory_bytes // GIB} GiB, allotted "
        f"{container.memory_limit.written}",
        same_memory,
        memory_bytes=before.memory_bytes,
        other_bytes=container.memory_limit.value,
    )
    yield LIMITS.claim(
        "cpu",
        f"scaled up from {before.cpu_millis // MILLIS_PER_CPU} vCPU, allotted "
        f"{container.cpu_limit.written}",
        same_cpu,
        cpu_millis=before.cpu_millis,
        cores=container.cpu_limit.value,
    )
    yield MANIFEST.claim(
        "memory",
        f"limit {gateway.limits.memory_bytes // GIB} GiB, allotted "
        f"{container.memory_limit.written}",
        same_memory,
        memory_bytes=gateway.limits.memory_bytes,
        other_bytes=container.memory_limit.value,
    )
    yield MANIFEST.claim(
        "autoscaler",
        f"the autoscaler aims at {gateway.cpu_percent} %, {document.SCALE_UP_CPU.written} alerts",
        autoscaler,
        target_percent=gateway.cpu_percent,
        warning=lowest(document.SCALE_UP_CPU),
    )
    yield MANIFEST.claim(
        "replicas",
        f"{gateway.replicas} replicas, at least {gateway.minimum}",
        replicas,
        replicas=gateway.replicas,
        minimum=gateway.minimum,
    )


def same_memory(*, memory_bytes: float, other_bytes: float) -> Recomputed:
    """Compare two statements of the same memory limit, "GB" against GiB allowed to differ."""
    return agrees(
        memory_bytes, other_bytes, unit="bytes", formula="one limit; the other", tolerance=BINARY
    )


def same_cpu(*, cpu_millis: float, cores: float) -> Recomputed:
    """Compare two statements of the same CPU limit."""
    return agrees(cpu_millis / MILLIS_PER_CPU, cores, unit="vCPU", formula="one limit; the other")


def autoscaler(*, target_percent: float, warning: float) -> Recomputed:
    """Compare how far the autoscaler lets CPU rise with the line that says to scale up."""
    return of(steering(target_percent, replace(ruling("cpu"), warning=warning)))


def replicas(*, replicas: float, minimum: float) -> Recomputed:
    """Compare a Deployment's replicas with its autoscaler's minimum."""
    return agrees(replicas, minimum, unit="replicas", formula="replicas; minReplicas")
