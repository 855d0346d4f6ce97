"""How a service differs from the tables, and why."""

from __future__ import annotations

from sizing.planning.environment import Setting
from sizing.planning.gateways import PROXY
from sizing.planning.notes import note, share_note
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment, ServicePlan
from sizing.tiers import HPA, VLLM_STACK
from sizing.units import format_cpu, format_memory
from sizing.words import Direction


def service_notes(setting: Setting, wanted: Wanted, plan: ServicePlan) -> tuple[Adjustment, ...]:
    """Return the notes of one service: its size, its replicas, then the rest."""
    sizes = _proxy_size(setting, plan) if plan.name == PROXY else ()
    scale = (*_replicas(setting, wanted, plan), *_ceiling(setting, plan), *_engines(plan))
    return (*sizes, *scale, *wanted.notes)


def _replicas(setting: Setting, wanted: Wanted, plan: ServicePlan) -> tuple[Adjustment, ...]:
    field, floor = f"services.{plan.name}.scale.planned", wanted.floor(setting)
    documented = wanted.minimum if wanted.documented is None else wanted.documented
    if plan.model or not wanted.tabled:  # engines are told by their pool
        return ()
    lowered = share_note(setting, field, documented, floor)
    if plan.scale.planned <= floor:
        return lowered
    raised = note(
        field,
        floor,
        plan.scale.planned,
        direction=Direction.RAISED,
        rule="peak-with-zone-lost",
        reason=f"{plan.needed} carry the peak, and as many must stand with a zone lost",
    )
    return (*lowered, raised)


def _ceiling(setting: Setting, plan: ServicePlan) -> tuple[Adjustment, ...]:
    """Return how the proxy's maximum differs from the autoscaler block's."""
    field, most = f"services.{plan.name}.scale.maximum", plan.scale.maximum
    if plan.name != PROXY or most == HPA.maximum:
        return ()
    if not setting.proven:
        return share_note(setting, field, HPA.maximum, most)
    above = most > HPA.maximum_over_minimum * plan.scale.minimum
    return (
        note(
            field,
            HPA.maximum,
            most,
            direction=Direction.RAISED if most > HPA.maximum else Direction.REPLACED,
            rule="hpa-maximum",
            reason=f"{plan.scale.planned} are planned, and a rollout starts more beside them"
            if above
            else '"20 (4x min)" fits Large alone; four times the minimum rules',
        ),
    )


def _engines(plan: ServicePlan) -> tuple[Adjustment, ...]:
    """Return how a model's engines differ from the autoscaler of chapter 2.3."""
    documented = (VLLM_STACK.autoscaling_minimum, VLLM_STACK.autoscaling_maximum)
    planned = (plan.scale.minimum, plan.scale.maximum)
    if not plan.model or planned == documented:
        return ()
    return (
        note(
            f"services.{plan.name}.scale",
            "{} to {}".format(*documented),
            "{} to {}".format(*planned),
            direction=Direction.RAISED,
            rule="engines-stand",
            reason="what the peak takes stands at all times, since an engine answers minutes after "
            "it is asked for; a model alone takes every GPU of its pool, whose price is told there",
        ),
    )


def _proxy_size(setting: Setting, plan: ServicePlan) -> tuple[Adjustment, ...]:
    row, notes = setting.tables.litellm, []
    if plan.cpu_request_millis > row.cpu_request_millis:
        notes.append(
            note(
                f"services.{plan.name}.cpu_request_millis",
                format_cpu(row.cpu_request_millis),
                format_cpu(plan.cpu_request_millis),
                direction=Direction.RAISED,
                rule="litellm-worker",
                reason="a worker takes one vCPU",
            )
        )
    notes += [
        note(
            f"services.{plan.name}.{field}",
            format_memory(getattr(row, field)),
            format_memory(getattr(plan, field)),
            direction=Direction.RAISED,
            rule="litellm-worker",
            reason=f"4 GiB a worker, {plan.workers} a pod: the vendor's floor",
        )
        for field in ("memory_request_bytes", "memory_limit_bytes")
        if getattr(plan, field) > getattr(row, field)
    ]
    return tuple(notes)
