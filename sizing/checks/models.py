"""What engines serve: whether the files are pinned, and are what the plan takes them for."""

from __future__ import annotations

from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding, ModelPlan
from sizing.serving.checkpoints import narrowed_to
from sizing.units import format_memory
from sizing.words import Verdict

WIDE = "bf16"  # what models are published in


def check_models(subject: Subject) -> list[Finding]:
    """Return the findings of every model that engines serve, in the plan's order."""
    return [
        one
        for model in subject.plan.models
        for one in (
            _revision(subject, model),
            _checkpoint(subject, model),
            _shared_memory(subject, model),
        )
    ]


def _revision(subject: Subject, model: ModelPlan) -> Finding:
    pinned = bool(model.revision)
    return finding(
        subject,
        _component(model),
        "revision",
        Verdict.HOLDS if pinned else Verdict.UNPROVEN,
        f"{model.repository} is pinned at {model.revision}"
        if pinned
        else f"no source shows a commit of {model.repository}: what is fetched can change",
        fix="pin the model's revision in the stack file, read from its page of commits",
        source="hf-revisions",
    )


def _checkpoint(subject: Subject, model: ModelPlan) -> Finding:
    named = narrowed_to(model.repository) or WIDE
    fits = named == model.precision or bool(model.quantization)
    how = "narrows while it loads" if model.quantization else "loads as they are"
    return finding(
        subject,
        _component(model),
        "checkpoint",
        Verdict.HOLDS if fits else Verdict.UNPROVEN,
        f"the engine {how} the weights of {model.repository}, {model.precision}"
        if fits
        else f"{model.precision} is planned, and the name of {model.repository} says that its "
        f"weights are {named}",
        fix="name the repository of a checkpoint in the planned precision, or plan with its own",
        source="vllm-quantization",
    )


def _shared_memory(subject: Subject, model: ModelPlan) -> Finding:
    """Judge /dev/shm, which counts as memory of the container."""
    service = next(one for one in subject.plan.services if one.name == model.service)
    demand, capacity = model.shared_memory_bytes, service.memory_limit_bytes
    return finding(
        subject,
        _component(model),
        "shared-memory",
        limit(demand, capacity),
        f"{format_memory(demand)} of /dev/shm count against the engine's {format_memory(capacity)}",
        amount=Amount(demand=demand, capacity=capacity, unit="bytes"),
        fix="give the engine more memory",
        source="vllm-production-stack",
    )


def _component(model: ModelPlan) -> str:
    return f"models.{model.name}"
