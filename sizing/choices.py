"""What a stack has chosen that a plan takes otherwise by itself, and the request without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sizing.options import Option, foremost, with_load, with_model
from sizing.plans import PlanRequest
from sizing.words import Placement
from sizing.workload import ServedModel
from sizing.workload.reference import OBJECTIVES, SELF_HOSTED_MODEL

STORES = {
    "postgres_instance_class": "postgres.instance_class",
    "postgres_storage_gib": "postgres.storage_gib",
    "search_volume_gib": "search.volume_gib",
    "backup_retention_days": "backup.retention_days",
}
"""Field of the overrides -> where it stands in the stack file."""


def undone(request: PlanRequest) -> Iterator[Option]:
    """Yield the request without each choice of its own."""
    load = request.whole_load
    for index, model in foremost(load):
        yield from _plain_model(request, index, model)
    if load.objectives.inter_token_latency_ms.value != OBJECTIVES.inter_token_latency_ms.value:
        token = OBJECTIVES.inter_token_latency_ms
        yield with_load(
            request,
            replace(load, objectives=replace(load.objectives, inter_token_latency_ms=token)),
            id_="without.inter-token-latency",
            what=f"a token every {token.value:g} ms",
            change="objectives.inter_token_latency left out",
        )
    for one in request.overrides.pools:
        rest = tuple(other for other in request.overrides.pools if other is not one)
        yield Option(
            id=f"without.pools.{one.role}",
            what=f"the {one.role} pool as planned",
            change=f"sizing.overrides.pools.{one.role} left out",
            gives_up="",
            request=replace(request, overrides=replace(request.overrides, pools=rest)),
        )
    yield from _stores(request)
    if request.placement is not Placement.DOCUMENTED:
        yield Option(
            id="without.placement",
            what="the documented machines where they hold",
            change="sizing.placement left out",
            gives_up="",
            request=replace(request, placement=Placement.DOCUMENTED),
        )


def _stores(request: PlanRequest) -> Iterator[Option]:
    for field, path in STORES.items():
        own = getattr(request.overrides, field)
        if own is not None:
            unset: dict[str, Any] = {field: None}
            yield Option(
                id=f"without.{path}",
                what=f"{path} as planned instead of {own}",
                change=f"sizing.overrides.{path} left out",
                gives_up="",
                request=replace(request, overrides=replace(request.overrides, **unset)),
            )


def _plain_model(request: PlanRequest, index: int, model: ServedModel) -> Iterator[Option]:
    """Yield a model without each field that departs from what a statement leaves out."""
    plain = SELF_HOSTED_MODEL
    for field, key in (
        ("precision", "precision"),
        ("cache_precision", "cache_precision"),
        ("context_tokens", "context"),
        ("tensor_parallel", "tensor_parallel"),
    ):
        own, usual = getattr(model, field), getattr(plain, field)
        if own != usual:
            yield with_model(
                request,
                index,
                replace(model, **{field: usual}),
                name=f"without-{key}",
                what=f"{model.name} with {key} {usual} instead of {own}",
                change=f"{key} left out",
                gives_up="",
            )
