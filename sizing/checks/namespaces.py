"""Namespaces: whether each holds what is planned in it, all at its maximum at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sizing.checks.verdicts import Amount, Subject, finding
from sizing.planning.namespaces import Asked, asked
from sizing.plans import Finding, NamespacePlan
from sizing.units import format_cpu, format_memory
from sizing.words import Verdict

SOURCE = "kubernetes-quota"


def check_namespaces(subject: Subject) -> list[Finding]:
    """Return the findings of every namespace, in the plan's order."""
    return [_quota(subject, one) for one in subject.plan.namespaces]


def _quota(subject: Subject, plan: NamespacePlan) -> Finding:
    """Judge a quota: where it is short, Kubernetes refuses pods without a word to their owner."""
    held = asked(plan.name, subject.plan.services, subject.plan.helpers)
    pods = sum(one.pods for one in held)
    short = [
        *(name for name, most, need in _sums(plan, held) if need > most),
        *(name for name, most, need in _largest(plan, held) if need > most),
    ]
    return finding(
        subject,
        f"namespaces.{plan.name}",
        "quota",
        Verdict.REFUTED if short else Verdict.HOLDS,
        f"all services at their maximum, rollouts and jobs take {pods} of {plan.pods} pods, "
        f"{format_cpu(plan.cpu_request_millis)} CPU and "
        f"{format_memory(plan.memory_request_bytes)}"
        + (f"; too small: {', '.join(short)}" if short else ""),
        amount=Amount(demand=pods, capacity=plan.pods, unit="pods"),
        fix="plan anew: quotas follow from the services",
        source=SOURCE,
        blocking=True,
    )


def _sums(plan: NamespacePlan, held: Iterable[Asked]) -> list[tuple[str, int, int]]:
    """Return each part of a quota: its name, what it allows and what is asked."""
    found = tuple(held)
    parts: tuple[tuple[str, int, Callable[[Asked], int]], ...] = (
        ("pods", plan.pods, lambda one: one.pods),
        ("CPU requests", plan.cpu_request_millis, lambda one: one.copies * one.cpu_request_millis),
        ("CPU limits", plan.cpu_limit_millis, lambda one: one.copies * one.cpu_limit_millis),
        (
            "memory requests",
            plan.memory_request_bytes,
            lambda one: one.copies * one.memory_request_bytes,
        ),
        ("memory limits", plan.memory_limit_bytes, lambda one: one.copies * one.memory_limit_bytes),
        ("GPUs", plan.gpus, lambda one: one.copies * one.gpus),
        ("volumes", plan.volumes, lambda one: one.volumes),
        ("storage", plan.volume_gib, lambda one: one.volume_gib),
    )
    return [(name, most, sum(map(need, found))) for name, most, need in parts]


def _largest(plan: NamespacePlan, held: Iterable[Asked]) -> list[tuple[str, int, int]]:
    """Return what one container may have: its name, what is allowed and what the largest asks."""
    found = tuple(held)
    return [
        ("CPU of one", plan.largest_cpu_millis, max(one.cpu_limit_millis for one in found)),
        ("memory of one", plan.largest_memory_bytes, max(one.memory_limit_bytes for one in found)),
    ]
