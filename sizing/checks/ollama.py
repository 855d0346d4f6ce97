"""Ollama: whether its models' files fit its disk, and its largest model the memory that computes.

How large a model is only its registry knows; what its name says is the least that it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.checks.constraints import constrained
from sizing.checks.load import named
from sizing.checks.verdicts import Subject
from sizing.planning import ollama
from sizing.plans import Finding, NodePoolPlan, ServicePlan
from sizing.plans.tools import OllamaRequest
from sizing.units import GIB

COMPONENT = f"services.{ollama.NAME}"


def check_ollama(subject: Subject, asked: OllamaRequest) -> Iterator[Finding]:
    """Yield its findings; on a GPU, of the GPU and of its node's disk as well."""
    plan = named(subject, ollama.NAME)
    yield constrained(subject, COMPONENT, _files(plan, asked))
    for pool in subject.plan.node_pools:
        if plan.pool == pool.name:
            yield constrained(
                subject,
                COMPONENT,
                _memory(subject, pool, asked),
                said=f"of the largest model, on one {pool.gpu_model}",
                fix="name a GPU with more memory in services.ollama.gpu, or a model with fewer "
                "parameters",
            )
            yield constrained(
                subject,
                COMPONENT,
                _disk(pool, asked),
                fix=f"set services.ollama.volume_gib to less than {pool.root_disk_gib}",
            )


def _files(plan: ServicePlan, asked: OllamaRequest) -> Constraint:
    held = f"{plan.memory_limit_bytes // GIB} GiB of memory for the one that answers"
    return Constraint(
        name="models",
        unit="GiB",
        demand=None if asked.models else 0,
        conservative=asked.volume_gib,
        physical=asked.volume_gib,
        hard=True,
        formula=f"files of its models; {'the disk' if plan.gpus else f'the volume, {held}'}",
        source="document-003",
        assumption="the size of a model's files" if asked.models else "",
        measure="add up what `ollama list` shows, and ask the largest model once",
    )


def _memory(subject: Subject, pool: NodePoolPlan, asked: OllamaRequest) -> Constraint:
    there = ollama.usable(instance(subject.plan.request.cloud, pool.instance_types[0]))
    weights = [ollama.weights(one) for one in asked.models]
    known = [one for one in weights if one is not None]
    # the largest that is known may be refuted though others say nothing
    refuted = max(known, default=0) > there
    return Constraint(
        name="gpu-memory",
        unit="bytes",
        demand=max(known, default=0) if refuted or len(known) == len(weights) else None,
        conservative=there,
        physical=there,
        hard=True,
        formula="parameters x bytes of each by the models' names; what a process has of the GPU",
        source="document-003",
        assumption="the key-value cache fits beside the weights" if asked.models else "",
        measure="read `ollama ps` while the largest model answers: 100 % GPU",
    )


def _disk(pool: NodePoolPlan, asked: OllamaRequest) -> Constraint:
    return Constraint(
        name="node-disk",
        unit="GiB",
        demand=asked.volume_gib,
        conservative=pool.root_disk_gib,
        physical=pool.root_disk_gib,
        hard=True,
        formula="disk for models; the node's, on which images lie too",
        source="sizing-decisions",
    )
