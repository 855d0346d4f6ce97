"""The options that a plan leaves to its operator: how each changes the request, and what it costs.

Nothing is planned or priced here; `sizing.alternatives` does both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sizing.capacity.serving import asked
from sizing.capacity.serving_constraints import long_request
from sizing.catalog import InstanceType, UnknownNameError, instance, instances
from sizing.planning.environment import Setting, setting
from sizing.planning.machines import documented_machine, sold
from sizing.plans import PlanRequest, PoolOverride
from sizing.serving.memory import fit
from sizing.words import Placement, Verdict
from sizing.workload import ServedModel, Workload

# Bits of a weight, widest first: an option is narrower than what is served. Source: sizing.serving.
PRECISION_BITS = {"bf16": 16, "fp8": 8, "int8": 8, "int4": 4}
OFFERED_PRECISIONS = ("fp8", "int4")
PARALLEL = (2, 4)  # GPUs an engine; beyond, machines of eight serve one. Source: sizing-decisions.
# A token every 100 ms is still read faster than aloud. Source: sizing-decisions.
SLOWER_TOKEN_MS = 100
SMALLEST_CONTEXT = 1024  # tokens; below, nobody serves a model. Source: sizing-decisions.
HALF = 2
# Models that options are made for, those with most requests: each takes some eight plans, and
# what one of fifty models would save is lost beside the others. Source: sizing-decisions.
MOST_MODELS = 3
GPU, GENERAL = "gpu", "general"
PRECISION_LOSS = {
    "fp8": "answers of 8-bit weights: to be held against your own prompts first",
    "int4": "answers of 4-bit weights, which lose more: to be held against your own prompts first",
}
CACHE_LOSS = "a cache of 8 bits: long contexts are recalled less exactly; measure on your own"
ARM_LOSS = "every image of the general pool must be built for arm64"
SPOT_LOSS = "GPU machines are taken back at two minutes' notice, and may not be had again soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that an operator may choose.

    Attributes:
        change: what to write into the stack file.
        serves: it changes how models are served, and nothing else.
    """

    id: str
    what: str
    change: str
    gives_up: str
    request: PlanRequest
    serves: bool = False


def options(request: PlanRequest) -> Iterator[Option]:
    """Yield every option of a request, whatever it comes to."""
    given, load = setting(request), request.whole_load
    if load.self_hosted_share:
        for index, model in foremost(load):
            yield from _precision(request, index, model)
            yield from _cache(request, index, model)
            yield from _context(given, index, model)
            yield from _parallel(request, index, model)
        yield from _slower(request)
        yield from _spot(given)
    yield from _arm(given)
    yield from _placement(request)


def foremost(load: Workload) -> tuple[tuple[int, ServedModel], ...]:
    """Return the models that most requests go to, with their place in the load; none unserved."""
    if not load.self_hosted_share:
        return ()
    ranked = sorted(enumerate(load.models), key=lambda one: (-one[1].share, one[0]))
    return tuple(ranked[:MOST_MODELS])


def _placement(request: PlanRequest) -> Iterator[Option]:
    if request.placement is Placement.DOCUMENTED:
        yield Option(
            id="placement-optimised",
            what="the cheapest machines that hold, whatever the document names",
            change="sizing.placement: optimised",
            gives_up="the documented machines and what of their number is above the need",
            request=replace(request, placement=Placement.OPTIMISED),
        )


def _precision(request: PlanRequest, index: int, model: ServedModel) -> Iterator[Option]:
    for precision in OFFERED_PRECISIONS:
        if PRECISION_BITS[precision] < PRECISION_BITS[model.precision]:
            yield with_model(
                request,
                index,
                replace(model, precision=precision),
                name=f"precision-{precision}",
                what=f"{model.name} with {precision} weights",
                change=f"precision: {precision}",
                gives_up=PRECISION_LOSS[precision],
            )


def _cache(request: PlanRequest, index: int, model: ServedModel) -> Iterator[Option]:
    if model.cache_precision == "fp8":
        return
    yield with_model(
        request,
        index,
        replace(model, cache_precision="fp8"),
        name="cache-fp8",
        what=f"{model.name} with an fp8 key-value cache",
        change="cache_precision: fp8",
        gives_up=CACHE_LOSS,
    )


def _context(given: Setting, index: int, model: ServedModel) -> Iterator[Option]:
    """Yield half the context, and the longest that the documented GPU holds for sure."""
    least = max(SMALLEST_CONTEXT, long_request(given.load))
    wanted = {model.context_tokens // HALF, _held(given, model)}
    for tokens in sorted(wanted, reverse=True):
        if least <= tokens < model.context_tokens:
            yield with_model(
                given.request,
                index,
                replace(model, context_tokens=tokens),
                name=f"context-{tokens}",
                what=f"{model.name} with a context of {tokens:,} tokens",
                change=f"context: {tokens}",
                gives_up=f"requests of more than {tokens:,} tokens, in and out, are refused",
            )


def _parallel(request: PlanRequest, index: int, model: ServedModel) -> Iterator[Option]:
    for gpus in PARALLEL:
        if gpus != model.tensor_parallel:
            yield with_model(
                request,
                index,
                replace(model, tensor_parallel=gpus),
                name=f"tensor-parallel-{gpus}",
                what=f"{model.name} on {gpus} GPUs an engine",
                change=f"tensor_parallel: {gpus}",
                gives_up=f"an engine is {gpus} GPUs: one that fails takes more with it",
            )


def _slower(request: PlanRequest) -> Iterator[Option]:
    load = request.whole_load
    goal = load.objectives.inter_token_latency_ms
    if goal.value >= SLOWER_TOKEN_MS:
        return
    slower = replace(goal, value=SLOWER_TOKEN_MS)
    yield with_load(
        request,
        replace(load, objectives=replace(load.objectives, inter_token_latency_ms=slower)),
        id_="objectives.inter-token-latency",
        what=f"a token every {SLOWER_TOKEN_MS} ms instead of {goal.value:g} ms",
        change=f"objectives.inter_token_latency: {SLOWER_TOKEN_MS}ms",
        gives_up=f"answers may come at {1000 / SLOWER_TOKEN_MS:g} tokens a second",
    )


def _spot(given: Setting) -> Iterator[Option]:
    """Yield the GPU pool on spot; in prod nobody is offered machines that may be taken back."""
    if given.is_prod or given.override(GPU).spot is not False:
        return
    yield Option(
        id="pools.gpu.spot",
        what="GPU pools on spot",
        change="sizing.overrides.pools.gpu.spot: true",
        gives_up=SPOT_LOSS,
        request=with_pool(given.request, replace(given.override(GPU), spot=True)),
    )


def _arm(given: Setting) -> Iterator[Option]:
    """Yield the general pool on the cheapest arm64 machine of the same size."""
    by_hand = given.override(GENERAL).instance_type
    cloud = given.request.cloud
    own = instance(cloud, by_hand) if by_hand else documented_machine(given, GENERAL)
    if own.architecture == "arm64":
        return
    priced = [
        (hourly, one.name)
        for one in instances(cloud)
        if _stands_in(given, one, own) and (hourly := one.price(given.request.region)) is not None
    ]
    if priced:
        _, name = min(priced)
        yield Option(
            id="pools.general.arm64",
            what=f"the general pool on {name} (arm64)",
            change=f"sizing.overrides.pools.general.instance_type: {name}",
            gives_up=ARM_LOSS,
            request=with_pool(given.request, replace(given.override(GENERAL), instance_type=name)),
        )


def _stands_in(given: Setting, one: InstanceType, own: InstanceType) -> bool:
    return (
        one.architecture == "arm64"
        and not one.gpus
        and one.vcpu == own.vcpu
        and one.memory_bytes >= own.memory_bytes
        and sold(given, one)
    )


def _held(given: Setting, model: ServedModel) -> int:
    """Return the longest context, a power of two, that the documented GPU surely holds; 0: none."""
    machine, tokens = documented_machine(given, GPU), model.context_tokens
    if isinstance(asked(given.load, model, machine), str):
        return 0
    power = 1 << (tokens.bit_length() - 1)
    while power >= SMALLEST_CONTEXT:
        try:
            if fit(replace(model, context_tokens=power), machine).verdict is Verdict.HOLDS:
                return power
        except (UnknownNameError, ValueError):
            return 0
        power //= HALF
    return 0


def with_model(
    request: PlanRequest,
    index: int,
    model: ServedModel,
    *,
    name: str,
    what: str,
    change: str,
    gives_up: str,
) -> Option:
    """Return a request with one model replaced; `change` is a field of it and its value."""
    load = request.whole_load
    models = (*load.models[:index], model, *load.models[index + 1 :])
    return with_load(
        request,
        replace(load, models=models),
        id_=f"models.{model.name}.{name}",
        what=what,
        change=f"models[{index}].{change}",
        gives_up=gives_up,
    )


def with_load(
    request: PlanRequest, load: Workload, *, id_: str, what: str, change: str, gives_up: str = ""
) -> Option:
    """Return a request with another load; `change` is a field of the workload and its value."""
    return Option(
        id=id_,
        what=what,
        change=f"workload.{change}",
        gives_up=gives_up,
        request=replace(request, workload=load),
        serves=True,
    )


def with_pool(request: PlanRequest, override: PoolOverride) -> PlanRequest:
    """Return a request with one pool's override replaced."""
    overrides = request.overrides
    rest = tuple(one for one in overrides.pools if one.role != override.role)
    pools = tuple(sorted((*rest, override), key=lambda one: one.role))
    return replace(request, overrides=replace(overrides, pools=pools))
