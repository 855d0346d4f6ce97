"""Claims of document 001, 3.3, 5.2 and appendix A: disks, triggers and instance shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_serving import PUBLISHED, card, mix, serving
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, agrees, at_most, of, same
from sizing.capacity import files, opensearch, prometheus, qdrant
from sizing.catalog import instance
from sizing.serving.models import model_shape, weight_bytes
from sizing.serving.profiles import ProfileName
from sizing.serving.throughput import slots_within
from sizing.tiers import (
    AWS_INSTANCES,
    GCP_INSTANCES,
    HPA,
    PLANNING_FACTORS,
    TIERS,
    VLLM_STACK,
    TierTables,
)
from sizing.tiers.schema_common import AwsInstanceRow, GcpInstanceRow
from sizing.triggers import ruling, steering
from sizing.triggers.trigger import Trigger
from sizing.units import GIB, GIGA
from sizing.words import Cloud, Tier
from sizing.workload import OBJECTIVES, SELF_HOSTED_MODEL

DISKS = Block("001-3.3", "3.3")
TRIGGERS = Block("001-5.2", "5.2")
SHAPES = Block("001-A", "A")
NOT_GIVEN = None


def claims() -> Iterator[Claim]:
    """Return the claims of disks, triggers and instance shapes."""
    for tier, tables in TIERS.items():
        yield from _disks(tier, tables)
    yield from _left_out()
    yield from _triggers()
    for aws in AWS_INSTANCES:
        yield from _aws(aws)
    for gcp in GCP_INSTANCES:
        yield from _shape(Cloud.GCP, gcp)


def _disks(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    column, users = tables.storage, tables.profile.concurrent_users
    yield DISKS.claim(
        f"prometheus-{tier}",
        f"{column.prometheus_gb:,} GB keep the samples",
        prometheus_disk,
        disk_gb=column.prometheus_gb,
        keys=users.high or users.low,
        models=load().model_names,
        replicas=tables.litellm.replicas.value,
        retention_days=prometheus.RETENTION_DAYS.value,
        scrape_seconds=prometheus.SCRAPE_SECONDS.value,
        other_series=None,
    )
    yield DISKS.claim(
        f"model-cache-{tier}",
        f"{column.model_cache_gb:,} GB keep the models",
        model_cache,
        cache_gb=column.model_cache_gb,
        model=VLLM_STACK.model.name,
        precision=PUBLISHED,
        releases=files.RELEASES,
    )


def prometheus_disk(
    *,
    disk_gb: float,
    keys: float,
    models: float,
    replicas: float,
    retention_days: float,
    scrape_seconds: float,
    other_series: float | None,
) -> Recomputed:
    """Compare the samples of the proxy's series with a disk."""
    asked = load(keys=round(keys), model_names=round(models))
    found = prometheus.series(asked, replicas=round(replicas), base=other_series)
    return of(
        prometheus.disk(
            found,
            volume_bytes=disk_gb * GIGA,
            retention_days=retention_days,
            scrape_seconds=scrape_seconds,
        )
    )


def model_cache(*, cache_gb: float, model: str, precision: str, releases: float) -> Recomputed:
    """Compare the weights of a tier's model, as often as they are there, with the cache."""
    served = replace(SELF_HOSTED_MODEL, name=model, precision=precision)
    return of(
        files.model_cache(
            replace(load(), models=(served,)),
            cache_bytes=cache_gb * GIGA,
            weigh=lambda one: weight_bytes(model_shape(one.name), one.precision),
            releases=round(releases),
        )
    )


def _left_out() -> Iterator[Claim]:
    tables = TIERS[Tier.LARGE]
    yield DISKS.claim(
        "opensearch",
        "no disk is given to search and traces",
        search_disk,
        disk_gb=NOT_GIVEN,
        requests_per_second=tables.profile.requests_per_second.high,
        retention_days=prometheus.RETENTION_DAYS.value,
    )
    yield DISKS.claim(
        "qdrant",
        "no memory is given to vectors",
        vector_memory,
        memory_gb=NOT_GIVEN,
        vectors=load().vectors,
    )


def search_disk(
    *, disk_gb: float | None, requests_per_second: float, retention_days: float
) -> Recomputed:
    """Compare the traces alone, at a span a request, with a disk."""
    source = opensearch.source_bytes(
        load(requests_per_second_peak=requests_per_second),
        retention_days=retention_days,
        log_bytes_per_request=None,
        spans_per_request=None,
    )
    return at_most(
        opensearch.disk_bytes(source, copies=1) / GIGA,
        disk_gb,
        unit="GB",
        formula="requests x share traced x 500 bytes x days x 2 x 1.45, logs left out",
        measure="state the disk of the search store",
    )


def vector_memory(*, memory_gb: float | None, vectors: float) -> Recomputed:
    """Compare vectors by document 003's bytes with a memory."""
    return at_most(
        qdrant.stored_bytes(load(vectors=vectors)) / GIGA,
        memory_gb,
        unit="GB",
        formula="vectors x 4 GB / 1 M (document 003)",
        measure="state the memory of the vector store",
    )


def _triggers() -> Iterator[Claim]:
    for subject, percent in (("cpu", HPA.cpu_percent), ("memory", HPA.memory_percent)):
        line = ruling(subject)
        yield TRIGGERS.claim(
            f"autoscaler-{subject}",
            f"alert above {line.warning:.0%} of {subject}, autoscaler aims at {percent} %",
            autoscaler_line,
            target_percent=percent,
            warning=line.warning,
        )
    latency = ruling("latency")
    yield TRIGGERS.claim(
        "latency",
        f"an answer takes more than {latency.critical:g} s only in a fault",
        answer_time,
        critical_s=latency.critical,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
    )
    gpu_line, machine = ruling("gpu"), TIERS[Tier.ENTERPRISE].cluster.gpu_pool.instance_type
    yield TRIGGERS.claim(
        "gpu-utilisation",
        f"a GPU busy {gpu_line.warning:.0%} of the time is full",
        gpu_signal,
        warning=gpu_line.warning,
        instance_type=machine,
        model=VLLM_STACK.model.name,
        precision=PUBLISHED,
        **mix(),
        inter_token_ms=OBJECTIVES.inter_token_latency_ms.value,
    )


def autoscaler_line(*, target_percent: float, warning: float) -> Recomputed:
    """Compare how far an autoscaler lets a metric rise with the line that alerts."""
    line: Trigger = replace(ruling("cpu"), warning=warning)
    return of(steering(target_percent, line))


def answer_time(*, critical_s: float, output_tokens: float) -> Recomputed:
    """Compare a whole answer at the objectives with the critical line."""
    return at_most(
        load(output_tokens=output_tokens).request_seconds,
        critical_s,
        unit="seconds",
        formula="first token + output tokens x time between two <= critical line; only the first "
        "token can be meant",
    )


def gpu_signal(
    *,
    warning: float,
    instance_type: str,
    model: str,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    inter_token_ms: float,
) -> Recomputed:
    """Compare the line with the share of its slots at which a GPU is busy all the time."""
    asked = serving(card(instance_type), model, 1, precision, input_tokens, output_tokens)
    found = slots_within(asked, ProfileName.CONSERVATIVE, itl_ms=inter_token_ms)
    return at_most(
        warning,
        1 / max(1, found.slots),
        unit="share of the slots",
        formula="warning line <= 1 / slots: one request alone already keeps the GPU busy",
        said=Said.DEMAND,
    )


def _aws(row: AwsInstanceRow) -> Iterator[Claim]:
    yield from _shape(Cloud.AWS, row)
    yield SHAPES.claim(
        f"network-{row.instance_type}",
        f"{row.instance_type}: {'up to ' if row.network_up_to else ''}{row.network_gbps} Gbps",
        burst_network if row.network_up_to else sustained_network,
        network_gbps=row.network_gbps,
        instance_type=row.instance_type,
    )


def _shape(cloud: Cloud, row: AwsInstanceRow | GcpInstanceRow) -> Iterator[Claim]:
    name = row.instance_type
    where = {"cloud": str(cloud), "instance_type": name}
    yield SHAPES.claim(f"vcpu-{name}", f"{name}: {row.vcpu} vCPU", vcpu, vcpu=row.vcpu, **where)
    yield SHAPES.claim(
        f"memory-{name}", f"{name}: {row.memory_gb} GB", memory, memory_gb=row.memory_gb, **where
    )
    if row.gpus:
        yield SHAPES.claim(
            f"gpus-{name}",
            f"{name}: {row.gpus} x {row.gpu_model}",
            gpus,
            gpus=row.gpus,
            gpu_model=row.gpu_model,
            **where,
        )


def vcpu(*, vcpu: float, cloud: str, instance_type: str) -> Recomputed:
    """Compare a type's vCPU with its vendor's list."""
    found = instance(Cloud(cloud), instance_type)
    return agrees(vcpu, found.vcpu, unit="vCPU", formula="the vendor's list", tolerance=0)


def memory(*, memory_gb: float, cloud: str, instance_type: str) -> Recomputed:
    """Compare a type's memory with its vendor's list, "GB" meaning GiB as vendors write it."""
    found = instance(Cloud(cloud), instance_type)
    size = found.memory_bytes / GIB
    return agrees(memory_gb, size, unit="GiB", formula="the vendor's list", tolerance=0)


def gpus(*, gpus: float, gpu_model: str, cloud: str, instance_type: str) -> Recomputed:
    """Compare a type's GPUs with its vendor's list."""
    found = instance(Cloud(cloud), instance_type)
    listed = found.gpu_model.removeprefix("NVIDIA ")
    return same(
        f"{gpus:g} x {gpu_model}",
        f"{found.gpus} x {listed}",
        unit="GPUs",
        formula="the vendor's list",
    )


def sustained_network(*, network_gbps: float, instance_type: str) -> Recomputed:
    """Compare a type's bandwidth with its vendor's sustained one."""
    sustained = instance(Cloud.AWS, instance_type).network_gbps
    return agrees(network_gbps, sustained, unit="Gbit/s", formula="the vendor's list")


def burst_network(*, network_gbps: float, instance_type: str) -> Recomputed:
    """Compare a type's "up to" bandwidth with its vendor's sustained one, which is below it."""
    return at_most(
        instance(Cloud.AWS, instance_type).network_gbps,
        network_gbps,
        unit="Gbit/s",
        formula="sustained bandwidth <= what it is said to reach",
    )
