"""Self-hosted models: memory, tokens, slots and latency of the engines that stand at peak."""

from __future__ import annotations

from sizing.capacity.serving_constraints import constraints
from sizing.catalog import instance
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Amount, Subject, finding
from sizing.pack import most_of
from sizing.planning.items import item
from sizing.planning.serving import standing_in_update, survivors
from sizing.plans import Finding, NodePoolPlan, ServicePlan
from sizing.reserve import room
from sizing.units import SECONDS_PER_MINUTE
from sizing.words import Verdict
from sizing.workload import ServedModel

POOL = "gpu"


def check_serving(subject: Subject) -> list[Finding]:
    """Return the findings of every self-hosted model, in the plan's order."""
    models = {model.name: model for model in subject.setting.load.models}
    found: list[Finding] = []
    for service in subject.plan.services:
        if service.model:
            found += _model(subject, service, models[service.model])
    return found


def _model(subject: Subject, service: ServicePlan, model: ServedModel) -> list[Finding]:
    pool = next(one for one in subject.plan.node_pools if one.name == service.pool)
    machine = instance(subject.plan.request.cloud, pool.instance_types[0])
    each = max(1, most_of(item(service, 1), room(machine)))
    standing = _standing(subject, service, pool, each)
    component = f"services.{service.name}"
    fix = _fix(subject, "override the model's precision, context or tensor parallelism")
    judged = constraints(subject.setting.load, model, machine, standing)
    said = f"{model.name} in {model.precision} on {machine.name}"
    return [
        *(constrained(subject, component, one, said=said, fix=fix) for one in judged),
        _rolling(subject, service, pool, each),
        _cold_start(subject, service),
    ]


def _fix(subject: Subject, otherwise: str) -> str:
    """Return what raises engines: the mode, the pool without what is set by hand, or the rest."""
    if not subject.setting.proven:
        return "plan in proven mode, which raises engines and machine"
    by_hand = subject.setting.override(POOL)
    if by_hand.planned is None and by_hand.instance_type is None:
        return otherwise
    return f"leave planned and instance_type of sizing.overrides.pools.{POOL} out, or {otherwise}"


def _standing(subject: Subject, service: ServicePlan, pool: NodePoolPlan, each: int) -> int:
    """Return the engines that stand with a zone lost; in dev none is lost."""
    nodes, zones = pool.scale.planned, len(pool.zone_ids)
    if subject.setting.is_dev or min(nodes, zones) == 1:
        return service.scale.planned
    return survivors(service.scale.planned, nodes, zones, each)


def _rolling(subject: Subject, service: ServicePlan, pool: NodePoolPlan, each: int) -> Finding:
    """Judge an update that takes a machine away first: its engines stand nowhere meanwhile."""
    planned, nodes, zones = service.scale.planned, pool.scale.planned, len(pool.zone_ids)
    left = standing_in_update(planned, nodes, zones, each, pool.max_unavailable)
    if subject.setting.is_dev:
        verdict, message = Verdict.NOT_APPLICABLE, "dev may stand still while a node is updated"
    else:
        verdict = Verdict.HOLDS if left >= service.needed else Verdict.REFUTED
        message = (
            f"{left} of {planned} engines stand while a node is updated, "
            f"{service.needed} carry the peak"
        )
    return finding(
        subject,
        f"services.{service.name}",
        "rolling",
        verdict,
        message,
        amount=Amount(demand=service.needed, capacity=left, unit="engines"),
        fix=f"set sizing.overrides.pools.{POOL}.planned to "
        f"{-(-service.needed // each) + pool.max_unavailable}",
        source="terraform-provider-aws",
    )


def _cold_start(subject: Subject, service: ServicePlan) -> Finding:
    """Judge what stands before a peak comes: a new engine answers minutes after it is asked for."""
    minutes = service.cold_start_seconds / SECONDS_PER_MINUTE
    return finding(
        subject,
        f"services.{service.name}",
        "cold-start",
        Verdict.HOLDS if service.scale.minimum >= service.needed else Verdict.REFUTED,
        f"a new engine answers after {minutes:.0f} minutes (node, image, weights, compilation); "
        f"{service.scale.minimum} stand at all times, {service.needed} carry the peak",
        amount=Amount(demand=service.needed, capacity=service.scale.minimum, unit="engines"),
        fix=_fix(subject, f"let {service.needed} engines stand at all times"),
        source="kaito-2325",
    )
