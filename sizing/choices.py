"""What a stack has chosen that a plan takes otherwise by itself, and the request without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.options import Option, foremost, with_load, with_model
from sizing.plans import PlanRequest
from sizing.workload import ServedModel
from sizing.workload.reference import OBJECTIVES, SELF_HOSTED_MODEL


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
