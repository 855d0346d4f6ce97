"""Simulate the gateway and the engines that the queueing rules plan, and print Markdown tables.

Each figure is the mean over the seeds, the warm-up left out: at the planned and at the needed
count, with one fewer than needed, and with half as much load again on the needed count. A figure
over the target misses it. `--seconds` is the simulated time of the engines: long answers are rare,
and it takes many minutes until as many are in flight as there will be. All four tiers with five
seeds take about an hour; `--tiers small medium` a few minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from functools import partial
from statistics import mean

from sizing.queueing.engine import engine
from sizing.queueing.erlang import Crew
from sizing.queueing.serving import engines
from sizing.queueing.staffing import workers
from sizing.words import Tier
from sizing.workload import OBJECTIVES, reference
from tests.sizing.queueing.engine_simulation import simulate_engines
from tests.sizing.queueing.samples import A100, H100, LENGTHS, VARIABILITY, Sample
from tests.sizing.queueing.simulation import (
    Routing,
    Run,
    lognormal,
    simulate_gateway,
    token_lengths,
)

WORKER_RATE = 25.0  # requests/s of a gateway's worker (litellm-bench-2026-10: 22.7 measured)
GATEWAY_VARIABILITY = 1.3
GATEWAY_REQUESTS = 40_000
ZONES = 3
CREW = Crew(service_rate_per_second=WORKER_RATE, per_queue=1)
WAIT_MS = OBJECTIVES.proxy_queue_p99_ms.value
FIRST_TOKEN_MS = OBJECTIVES.first_token_p95_ms.value
INTER_TOKEN_MS = OBJECTIVES.inter_token_latency_ms.value


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print one Markdown table, a row as soon as it is known."""
    names = list(head)
    sys.stdout.write(f"\n| {' | '.join(names)} |\n|{'---|' * len(names)}\n")
    for row in rows:
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()


def waits(replicas: int, arrivals: float, seeds: range, routing: Routing = Routing.LEAST) -> str:
    """Return P95 and P99 of the wait at a gateway, in milliseconds."""
    runs = [
        simulate_gateway(
            replicas=replicas,
            workers_per_replica=1,
            arrivals_per_second=arrivals,
            service=lognormal(1 / WORKER_RATE, GATEWAY_VARIABILITY),
            routing=routing,
            run=Run(requests=GATEWAY_REQUESTS, warm_up=GATEWAY_REQUESTS // 8, seed=seed),
        )
        for seed in seeds
    ]
    shares = (mean(run.percentile_ms(share) for run in runs) for share in (0.95, 0.99))
    return " / ".join(f"{one:,.0f}" for one in shares)


def latencies(
    sample: Sample, slots: int, seeds: range, seconds: float, count: int, arrivals: float
) -> str:
    """Return P95 of the first token in seconds and of the time between tokens in milliseconds."""
    requests = round(arrivals * seconds)
    runs = [
        simulate_engines(
            engines=count,
            slots=slots,
            kv_tokens=sample.kv_tokens,
            step=sample.step,
            arrivals_per_second=arrivals,
            lengths=token_lengths(LENGTHS.input_tokens, LENGTHS.output_tokens, VARIABILITY),
            run=Run(requests=requests, warm_up=requests // 4, seed=seed),
        )
        for seed in seeds
    ]
    first = mean(run.first_token_percentile_ms(0.95) for run in runs) / 1000
    between = mean(run.inter_token_percentile_ms(0.95) for run in runs)
    return f"{first:,.2f} s / {between:.0f}"


def four(
    measure: Callable[[int, float], str], planned: int, needed: int, arrivals: float
) -> list[str]:
    """Return the figures of the four cases; none with no replica left."""
    return [
        measure(planned, arrivals),
        measure(needed, arrivals),
        measure(needed - 1, arrivals) if needed > 1 else "-",
        measure(needed, 1.5 * arrivals),
    ]


def gateway_rows(tiers: list[Tier], seeds: range) -> Iterable[list[str]]:
    """Simulate the gateway at each tier's peak."""
    for tier in tiers:
        arrivals = reference(tier).requests_per_second_peak
        plan = workers(arrivals, CREW, WAIT_MS, zones=ZONES)
        head = [tier, f"{arrivals:g}", f"{plan.replicas} ({plan.binding})", f"{plan.needed}"]
        yield head + four(partial(waits, seeds=seeds), plan.replicas, plan.needed, arrivals)


def routing_rows(tiers: list[Tier], seeds: range) -> Iterable[list[str]]:
    """Simulate the planned gateway under other ways to choose a replica."""
    for tier in tiers:
        arrivals = reference(tier).requests_per_second_peak
        planned = workers(arrivals, CREW, WAIT_MS, zones=ZONES).replicas
        found = [waits(planned, arrivals, seeds, routing) for routing in Routing]
        yield [tier, f"{arrivals:g}", f"{planned}", *found]


def engine_rows(tiers: list[Tier], seeds: range, seconds: float) -> Iterable[list[str]]:
    """Simulate the engines of each tier's self-hosted requests, all on one kind of GPU."""
    for sample in (A100, H100):
        one = engine(
            sample.step, LENGTHS, kv_tokens=sample.kv_tokens, inter_token_ms=INTER_TOKEN_MS
        )
        for tier in tiers:
            load = reference(tier)
            arrivals = (
                load.requests_per_second_peak * (1 - load.cache_hit_share) * load.self_hosted_share
            )
            plan = engines(arrivals, one, FIRST_TOKEN_MS, spare=1)
            measure = partial(latencies, sample, one.slots, seeds, seconds)
            head = [
                sample.name,
                tier,
                f"{arrivals:g}",
                f"{plan.engines} ({plan.binding})",
                f"{plan.needed}",
            ]
            yield head + four(measure, plan.engines, plan.needed, arrivals)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="simulations of each case")
    parser.add_argument("--seconds", type=float, default=1500, help="simulated for the engines")
    parser.add_argument("--tiers", nargs="+", type=Tier, default=list(Tier), help="which tiers")
    given = parser.parse_args()
    tiers: list[Tier] = given.tiers
    seeds = range(1, given.seeds + 1)
    cases = ("at planned", "at needed", "one fewer", "1.5 x load")
    sys.stdout.write(f"Wait at the gateway, P95 / P99 in ms; target {WAIT_MS:g} at P99\n")
    table(("Tier", "requests/s", "planned", "needed", *cases), gateway_rows(tiers, seeds))
    sys.stdout.write("\nThe planned gateway by routing, P95 / P99 in ms\n")
    table(("Tier", "requests/s", "planned", *Routing), routing_rows(tiers, seeds))
    sys.stdout.write(
        f"\nEngines, P95 of the first token / of the time between tokens in ms; targets "
        f"{FIRST_TOKEN_MS / 1000:g} s and {INTER_TOKEN_MS:g}\n"
    )
    table(
        ("Engine", "Tier", "requests/s", "planned", "needed", *cases),
        engine_rows(tiers, seeds, given.seconds),
    )


if __name__ == "__main__":
    main()
