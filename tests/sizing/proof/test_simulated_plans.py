"""Real plans under their own peak, simulated: with every zone and without the fullest.

Nothing of the plan's queueing rules is used here but its counts: requests come at random, prompts,
answers and service times are heavy-tailed, memory limits who is admitted. Figures are means over
the seeds, the warm-up left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from statistics import mean

import pytest

from sizing.capacity import litellm
from sizing.capacity.serving import ability, asked
from sizing.catalog import instance
from sizing.plan import plan
from sizing.plans import PlanRequest, PlatformPlan, ServicePlan
from sizing.queueing.engine import Step
from sizing.queueing.erlang import Crew
from sizing.queueing.serving import engines
from sizing.queueing.staffing import workers
from sizing.serving.models import kv_bytes_per_token
from sizing.serving.profiles import ProfileName
from sizing.serving.throughput import predict
from sizing.words import Tier
from sizing.workload import OBJECTIVES, reference
from tests.sizing.proof.cuts import ceil_share, pool_of
from tests.sizing.queueing.engine_simulation import simulate_engines
from tests.sizing.queueing.simulation import Run, lognormal, simulate_gateway, token_lengths
from tests.sizing.requests import request, service

WITHIN = 1.15
GATEWAY_VARIABILITY = 1.3  # of a lognormal service time: a tail heavier than the exponential one
WAIT_MS = OBJECTIVES.proxy_queue_p99_ms.value
FIRST_TOKEN_MS = OBJECTIVES.first_token_p95_ms.value
INTER_TOKEN_MS = OBJECTIVES.inter_token_latency_ms.value
TIERS = (Tier.SMALL, Tier.MEDIUM, Tier.LARGE)
SEEDS = range(1, 4)
GATEWAY_REQUESTS = 12_000
ENGINE_SECONDS = 200


def planned(tier: Tier, by: str = "tokens") -> PlatformPlan:
    """Return a tier's plan in prod; `by` requests lets all that the peak brings be served."""
    load = reference(tier)
    if by == "requests":
        load = replace(load, tokens_per_day=load.tokens_per_day_by_requests)
    return _planned(replace(request(tier=tier), workload=load))


@cache
def _planned(asked: PlanRequest) -> PlatformPlan:
    return plan(asked)


def left(service: ServicePlan, zones: int) -> int:
    """Return the replicas without the fullest zone."""
    return service.scale.planned - ceil_share(service.scale.planned, zones)


def waits_ms(tier: Tier, replicas: int, share: float, load: float = 1) -> float:
    """Return a percentile of the wait for one of a plan's workers."""
    made = planned(tier)
    rate = litellm.REQUESTS_PER_WORKER.value
    return mean(
        simulate_gateway(
            replicas=replicas,
            workers_per_replica=service(made, "litellm").workers,
            arrivals_per_second=made.request.load.requests_per_second_peak * load,
            service=lognormal(1 / rate, GATEWAY_VARIABILITY),
            run=Run(requests=GATEWAY_REQUESTS, warm_up=GATEWAY_REQUESTS // 8, seed=seed),
        ).percentile_ms(share)
        for seed in SEEDS
    )


@pytest.mark.parametrize("tier", TIERS)
def test_the_planned_proxies_keep_the_wait_with_a_zone_lost(tier: Tier) -> None:
    proxy = service(planned(tier), "litellm")

    for share in (0.95, 0.99):
        assert waits_ms(tier, proxy.scale.planned, share) <= WAIT_MS * WITHIN
        assert waits_ms(tier, left(proxy, 3), share) <= WAIT_MS * WITHIN


def fewest(tier: Tier) -> int:
    """Return the proxies that the wait alone asks for, nothing lost and nothing spare."""
    made = planned(tier)
    each = service(made, "litellm").workers
    crew = Crew(service_rate_per_second=litellm.REQUESTS_PER_WORKER.value, per_queue=each)
    peak = made.request.load.requests_per_second_peak
    return workers(peak, crew, WAIT_MS, workers_per_replica=each).needed


@pytest.mark.parametrize("tier", TIERS)
def test_one_proxy_fewer_than_the_wait_asks_for_misses_it(tier: Tier) -> None:
    assert fewest(tier) <= left(service(planned(tier), "litellm"), 3)
    assert waits_ms(tier, fewest(tier) - 1, 0.99) > WAIT_MS


@pytest.mark.parametrize("tier", [Tier.MEDIUM, Tier.LARGE])
def test_proxies_for_the_peak_miss_the_wait_at_half_as_much_again(tier: Tier) -> None:
    """Small is left out: its three whole workers happen to carry 15 requests/s."""
    assert waits_ms(tier, fewest(tier), 0.99, load=1.5) > WAIT_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Engines as the careful profile predicts them, and what comes to them."""

    step: Step
    slots: int
    kv_tokens: float
    arrivals: float
    input_tokens: float
    output_tokens: float
    variability: float

    def latencies(self, count: int, load: float = 1) -> tuple[float, float]:
        """Return P95 of the first token and of the time between tokens, in milliseconds."""
        arrivals = self.arrivals * load
        requests = max(1500, round(arrivals * ENGINE_SECONDS))
        runs = [
            simulate_engines(
                engines=count,
                slots=self.slots,
                kv_tokens=self.kv_tokens,
                step=self.step,
                arrivals_per_second=arrivals,
                lengths=token_lengths(self.input_tokens, self.output_tokens, self.variability),
                run=Run(requests=requests, warm_up=requests // 4, seed=seed),
            )
            for seed in SEEDS
        ]
        return (
            mean(run.first_token_percentile_ms(0.95) for run in runs),
            mean(run.inter_token_percentile_ms(0.95) for run in runs),
        )


def engine_of(made: PlatformPlan) -> ServicePlan:
    """Return the engines of the only model."""
    return next(one for one in made.services if one.model)


def simulated(made: PlatformPlan) -> Simulated:
    """Return a plan's engines by steps of the throughput model, without its queueing."""
    load, pool = made.request.load, pool_of(made, engine_of(made))
    machine = instance(made.request.cloud, pool.instance_types[0])
    serving = asked(load, load.models[0], machine)
    assert not isinstance(serving, str)
    slots = engine_of(made).slots
    one, full = (
        predict(replace(serving, concurrency=count), ProfileName.CONSERVATIVE)
        for count in (1, slots)
    )
    assert one.step_ms is not None
    assert full.step_ms is not None
    assert one.prefill_ms is not None
    per_request = (full.step_ms - one.step_ms) / (slots - 1)
    return Simulated(
        step=Step(
            base_ms=one.step_ms - per_request,
            per_request_ms=per_request,
            per_context_token_ms=0,  # within each request's part, at its mean length
            prefill_per_token_ms=one.prefill_ms / load.input_tokens,
        ),
        slots=slots,
        kv_tokens=one.kv_pool_bytes / kv_bytes_per_token(serving.model, serving.cache),
        arrivals=load.served_requests_per_second_at_peak,
        input_tokens=load.input_tokens,
        output_tokens=load.output_tokens,
        variability=load.output_spread**2,
    )


@pytest.mark.parametrize(
    ("tier", "by"),
    [(Tier.SMALL, "tokens"), (Tier.SMALL, "requests"), (Tier.MEDIUM, "tokens")],
)
def test_the_planned_engines_keep_both_objectives_with_a_zone_lost(tier: Tier, by: str) -> None:
    made = planned(tier, by)
    engine, model = engine_of(made), simulated(made)
    zones = min(len(pool_of(made, engine).zone_ids), pool_of(made, engine).scale.planned)

    for count in {engine.scale.planned, left(engine, zones), engine.needed}:
        first_ms, between_ms = model.latencies(count)
        assert first_ms <= FIRST_TOKEN_MS * WITHIN
        assert between_ms <= INTER_TOKEN_MS * WITHIN


def test_engines_for_every_request_of_medium_keep_both_and_miss_them_once_short() -> None:
    made = planned(Tier.MEDIUM, "requests")
    engine, model = engine_of(made), simulated(made)
    load, pool = made.request.load, pool_of(made, engine)
    machine = instance(made.request.cloud, pool.instance_types[0])
    serving = asked(load, load.models[0], machine)
    assert not isinstance(serving, str)
    sure = ability(serving, ProfileName.CONSERVATIVE, INTER_TOKEN_MS, FIRST_TOKEN_MS).engine
    assert sure is not None
    fewest = engines(model.arrivals, sure, FIRST_TOKEN_MS).needed
    assert fewest <= engine.needed

    first_ms, between_ms = model.latencies(left(engine, 3))
    assert first_ms <= FIRST_TOKEN_MS * WITHIN
    assert between_ms <= INTER_TOKEN_MS * WITHIN
    assert model.latencies(fewest - 1)[0] > FIRST_TOKEN_MS
    assert model.latencies(engine.needed, load=1.5)[0] > FIRST_TOKEN_MS
