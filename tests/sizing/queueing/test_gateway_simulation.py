"""The gateway that the rules plan, simulated: it keeps its objective, and a smaller one does not.

Service times follow token lengths: lognormal, with a tail heavier than the exponential one that
the rules assume. Figures are means over five seeds, the warm-up left out.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from random import Random
from statistics import mean

import pytest

from sizing.queueing.erlang import Crew, busy_share, wait_percentile_ms
from sizing.queueing.staffing import workers
from tests.sizing.queueing.simulation import Routing, Run, Service, lognormal, simulate_gateway

pytestmark = pytest.mark.cloud_free("a gateway by its rates")

TARGET_MS = 50.0
WITHIN = 1.15
SEEDS = range(1, 6)
RATE = 25.0  # requests/s of a worker
VARIABILITY = 1.3
HEAVY = lognormal(1 / RATE, VARIABILITY)
EXPONENTIAL: Service = partial(Random.expovariate, lambd=RATE)
CREWS = {
    Routing.LEAST: Crew(service_rate_per_second=RATE, per_queue=1),
    Routing.ONE_QUEUE: Crew(service_rate_per_second=RATE),
}
# One queue passes a long request's delay on to all, so that its crew must state the spread; the
# shortest queue goes around it, and the exponential assumption is enough.
PLANNED = {
    Routing.LEAST: CREWS[Routing.LEAST],
    Routing.ONE_QUEUE: Crew(service_rate_per_second=RATE, variability=VARIABILITY),
}
# The tiers' peaks at both percentiles; one queue at two of them, since its waits come in clusters.
CASES = [
    *((Routing.LEAST, peak, share) for peak in (10, 100, 500, 1000) for share in (0.95, 0.99)),
    (Routing.ONE_QUEUE, 100, 0.99),
    (Routing.ONE_QUEUE, 500, 0.95),
]


def simulated(
    replicas: int,
    arrivals: float,
    share: float,
    routing: Routing,
    *,
    requests: int = 14_000,
    service: Service = HEAVY,
) -> float:
    """Return the percentile of the wait, in milliseconds, over five seeds."""
    return mean(
        simulate_gateway(
            replicas=replicas,
            workers_per_replica=1,
            arrivals_per_second=arrivals,
            service=service,
            routing=routing,
            run=Run(requests=requests, warm_up=requests // 8, seed=seed),
        ).percentile_ms(share)
        for seed in SEEDS
    )


@pytest.mark.parametrize(("routing", "arrivals", "share"), CASES)
def test_the_needed_keep_the_target_and_one_fewer_misses_it(
    routing: Routing, arrivals: float, share: float
) -> None:
    needed = workers(arrivals, PLANNED[routing], TARGET_MS, percentile=share).needed

    assert simulated(needed, arrivals, share, routing) <= TARGET_MS * WITHIN
    assert simulated(needed - 1, arrivals, share, routing) > TARGET_MS


@pytest.mark.parametrize("arrivals", [10, 100, 500, 1000])
def test_the_planned_keep_the_target_with_a_zone_lost(arrivals: float) -> None:
    planned = workers(arrivals, PLANNED[Routing.LEAST], TARGET_MS, zones=3)

    for replicas in (planned.replicas, planned.survivors):
        found = simulated(replicas, arrivals, 0.99, Routing.LEAST, requests=4000)
        assert found <= TARGET_MS * WITHIN


@pytest.mark.parametrize("arrivals", [100, 500, 1000])
@pytest.mark.parametrize("routing", CREWS)
def test_half_as_much_again_misses_the_target(routing: Routing, arrivals: float) -> None:
    needed = workers(arrivals, PLANNED[routing], TARGET_MS).needed

    assert simulated(needed, 1.5 * arrivals, 0.99, routing, requests=4000) > TARGET_MS


def test_whole_workers_leave_a_small_tier_room_as_the_formula_says() -> None:
    # 3 workers are needed for 10 requests/s, and carry 15: a queue of its own costs the third.
    crew = CREWS[Routing.LEAST]
    needed = workers(10, crew, TARGET_MS).needed
    limit = next(n for n in count(10) if wait_percentile_ms(needed, n, crew, 0.99) > TARGET_MS)

    assert needed == 3
    assert 15 < limit < 25
    assert simulated(needed, 15, 0.99, Routing.LEAST) <= TARGET_MS
    assert simulated(needed, limit * 1.25, 0.99, Routing.LEAST) > TARGET_MS


@pytest.mark.parametrize(
    ("routing", "replicas", "arrivals"),
    [
        (Routing.LEAST, 2, 10),
        (Routing.LEAST, 6, 100),
        (Routing.LEAST, 8, 100),
        (Routing.LEAST, 25, 500),
        (Routing.ONE_QUEUE, 6, 100),
        (Routing.ONE_QUEUE, 7, 100),
    ],
)
def test_the_formula_predicts_exponential_service_within_15_percent(
    routing: Routing, replicas: int, arrivals: float
) -> None:
    crew, load = CREWS[routing], arrivals / RATE
    runs = [
        simulate_gateway(
            replicas=replicas,
            workers_per_replica=1,
            arrivals_per_second=arrivals,
            service=EXPONENTIAL,
            routing=routing,
            run=Run(requests=16_000, warm_up=2000, seed=seed),
        )
        for seed in SEEDS
    ]

    assert mean(run.busy_share for run in runs) == pytest.approx(
        busy_share(replicas, load, crew), rel=0.15
    )
    assert mean(run.percentile_ms(0.99) for run in runs) == pytest.approx(
        wait_percentile_ms(replicas, arrivals, crew, 0.99), rel=0.15
    )


def test_routing_at_random_breaks_what_the_plan_promises() -> None:
    planned = workers(500, CREWS[Routing.LEAST], TARGET_MS, zones=3).replicas

    assert simulated(planned, 500, 0.99, Routing.RANDOM, requests=4000) > 3 * TARGET_MS
