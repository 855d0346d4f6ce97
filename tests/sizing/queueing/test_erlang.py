"""Erlang's formulas against textbook values, and what must be true of any of them."""

from __future__ import annotations

from math import exp, factorial, inf, sqrt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sizing.queueing.erlang import (
    Crew,
    busy_share,
    late_share,
    limit_wait_probability,
    loss_probability,
    mean_wait_ms,
    normal_quantile,
    servers_for,
    square_root_servers,
    wait_percentile_ms,
    wait_probability,
)

pytestmark = pytest.mark.cloud_free("arithmetic of queues")

loads = st.floats(0.001, 3000)
rates = st.floats(0.01, 1000)
percentiles = st.floats(0.5, 0.9999)
crews = st.builds(
    Crew,
    service_rate_per_second=rates,
    per_queue=st.one_of(st.none(), st.integers(1, 64)),
    variability=st.floats(0, 5),
)


# The load that trunks carry at a blocking: the worked examples of ErlbTrafFromBlockage
# (abstractmicro.com/erlang/helppages, read 2026-11-21).
@pytest.mark.parametrize(
    ("servers", "load", "blocking"), [(17, 9.65160, 0.01), (17, 12.4613, 0.05), (25, 16.1245, 0.01)]
)
def test_published_examples_of_erlang_b(servers: int, load: float, blocking: float) -> None:
    assert loss_probability(servers, load) == pytest.approx(blocking, rel=1e-4)


# Erlang C in closed form: M/M/1 waits with its utilisation, M/M/2 with 2 rho^2 / (1 + rho)
# (Kleinrock, Queueing Systems I, 3.5).
@pytest.mark.parametrize("rho", [0.01, 0.3, 0.6, 0.99])
def test_one_and_two_servers_in_closed_form(rho: float) -> None:
    assert wait_probability(1, rho) == pytest.approx(rho)
    assert wait_probability(2, 2 * rho) == pytest.approx(2 * rho * rho / (1 + rho))


@pytest.mark.parametrize(
    ("servers", "load"), [(3, 0.5), (8, 4.0), (14, 10.0), (23, 20.0), (64, 60.0), (150, 99.5)]
)
def test_erlang_c_is_the_sum_of_its_definition(servers: int, load: float) -> None:
    last = load**servers / factorial(servers) * servers / (servers - load)
    below = sum(load**k / factorial(k) for k in range(servers))

    assert wait_probability(servers, load) == pytest.approx(last / (below + last), rel=1e-9)


@given(servers=st.integers(1, 2000), load=loads)
@settings(max_examples=100, deadline=None)
def test_the_sum_equals_the_recursion(servers: int, load: float) -> None:
    loss = 1.0
    for count in range(1, servers + 1):
        loss = load * loss / (count + load * loss)

    assert loss_probability(servers, load) == pytest.approx(loss, rel=1e-9, abs=1e-290)


# Workers of 25 requests/s whose one queue may hold 1 % for longer than 50 ms.
@pytest.mark.parametrize(
    ("arrivals", "servers"),
    [
        (0.17, 1),
        (1.74, 2),
        (10, 2),
        (30, 4),
        (100, 7),
        (173.6, 10),
        (300, 15),
        (500, 23),
        (1500, 64),
    ],
)
def test_workers_of_the_capacity_table(arrivals: float, servers: int) -> None:
    assert servers_for(arrivals, Crew(service_rate_per_second=25), 50, 0.99) == servers


# Halfin and Whitt (1981): who must wait with so many square roots to spare, of very many.
@pytest.mark.parametrize(
    ("beta", "waiting"), [(0.5, 0.504), (1.0, 0.223), (1.5, 0.085), (2.0, 0.027)]
)
def test_square_root_staffing_in_the_limit(beta: float, waiting: float) -> None:
    assert limit_wait_probability(beta) == pytest.approx(waiting, abs=0.001)
    many = 100_000
    found = wait_probability(round(many + beta * sqrt(many)), many)
    assert found == pytest.approx(waiting, rel=0.02)


@pytest.mark.parametrize(
    ("percentile", "deviations"), [(0.5, 0), (0.95, 1.6449), (0.99, 2.3263), (0.999, 3.0902)]
)
def test_normal_quantiles(percentile: float, deviations: float) -> None:
    assert normal_quantile(percentile) == pytest.approx(deviations, abs=1e-4)


@given(load=st.floats(1, 3000), wait=st.floats(0, 200), percentile=st.floats(0.5, 0.999))
@settings(max_examples=100, deadline=None)
def test_square_root_staffing_is_within_two_of_erlang(
    load: float, wait: float, percentile: float
) -> None:
    crew = Crew(service_rate_per_second=25)
    exact = servers_for(load * 25, crew, wait, percentile)

    assert abs(square_root_servers(load * 25, crew, wait, percentile) - exact) <= 2


@given(load=loads, crew=crews, wait=st.floats(0, 1000), percentile=percentiles)
@settings(max_examples=200, deadline=None)
def test_the_count_suffices_and_one_fewer_does_not(
    load: float, crew: Crew, wait: float, percentile: float
) -> None:
    arrivals = load * crew.service_rate_per_second
    count = servers_for(arrivals, crew, wait, percentile)

    assert late_share(count, arrivals, crew, wait) <= (1 - percentile) * (1 + 1e-9)
    assert late_share(count - 1, arrivals, crew, wait) > (1 - percentile) * (1 - 1e-9)
    assert wait_percentile_ms(count, arrivals, crew, percentile) <= wait * (1 + 1e-6) + 1e-6


@given(
    load=loads, more=st.floats(1, 3), crew=crews, wait=st.floats(0, 1000), percentile=percentiles
)
@settings(max_examples=100, deadline=None)
def test_more_load_or_a_stricter_objective_never_needs_fewer(
    load: float, more: float, crew: Crew, wait: float, percentile: float
) -> None:
    arrivals = load * crew.service_rate_per_second
    count = servers_for(arrivals, crew, wait, percentile)

    assert servers_for(arrivals * more, crew, wait, percentile) >= count
    assert servers_for(arrivals, crew, wait / more, percentile) >= count
    assert servers_for(arrivals, crew, wait, 1 - (1 - percentile) / more) >= count


@given(load=loads, extra=st.integers(0, 50), crew=crews, percentile=percentiles)
@settings(max_examples=200, deadline=None)
def test_more_servers_never_wait_longer(
    load: float, extra: int, crew: Crew, percentile: float
) -> None:
    arrivals = load * crew.service_rate_per_second
    servers = int(load) + 1 + extra

    def waits(count: int) -> tuple[float, float, float]:
        return (
            busy_share(count, load, crew),
            wait_percentile_ms(count, arrivals, crew, percentile),
            mean_wait_ms(count, arrivals, crew),
        )

    for fewer, one_more in zip(waits(servers), waits(servers + 1), strict=True):
        assert one_more <= fewer * (1 + 1e-9)


@given(load=loads, extra=st.integers(1, 50), behind=st.integers(1, 64))
@settings(max_examples=100, deadline=None)
def test_a_queue_at_each_replica_never_beats_one_queue_for_all(
    load: float, extra: int, behind: int
) -> None:
    servers = int(load) + extra
    assume(load < servers)
    one = Crew(service_rate_per_second=1)
    many = Crew(service_rate_per_second=1, per_queue=behind)

    assert mean_wait_ms(servers, load, many) >= mean_wait_ms(servers, load, one) * 0.99
    assert servers_for(load, many, 2000, 0.99) >= servers_for(load, one, 2000, 0.99)
    assert servers_for(load, Crew(service_rate_per_second=1, per_queue=10**9), 500, 0.99) == (
        servers_for(load, one, 500, 0.99)
    )


def test_the_mean_wait_of_one_server_is_pollaczek_and_khinchins() -> None:
    for variability in (0, 1, 4):
        crew = Crew(service_rate_per_second=10, variability=variability)
        seconds = 0.7 / (1 - 0.7) * (1 + variability) / 2 / 10
        assert mean_wait_ms(1, 7, crew) == pytest.approx(seconds * 1000)


def test_the_percentile_of_one_server_is_exponential() -> None:
    crew = Crew(service_rate_per_second=10)
    wait = wait_percentile_ms(1, 7, crew, 0.99)

    assert 0.7 * exp(-3 * wait / 1000) == pytest.approx(0.01)


def test_overload_never_comes_to_rest() -> None:
    crew = Crew(service_rate_per_second=25)

    assert wait_percentile_ms(4, 100, crew, 0.5) == inf
    assert mean_wait_ms(4, 100, crew) == inf
    assert late_share(4, 100, crew, 10_000) == wait_probability(4, 4) == 1


def test_no_arrivals_need_nobody_and_very_many_are_no_trouble() -> None:
    crew = Crew(service_rate_per_second=1)

    assert servers_for(0, crew, 50, 0.99) == 0
    assert loss_probability(0, 0) == 1
    assert loss_probability(5, 0) == 0
    assert 100_000 < servers_for(100_000, crew, 0, 0.99) < 101_500
    assert loss_probability(1_000_000, 1) == 0


@pytest.mark.parametrize("bad", [float("nan"), inf, -1.0])
def test_what_cannot_be_is_refused(bad: float) -> None:
    crew = Crew(service_rate_per_second=25)

    for attempt in (
        lambda: servers_for(bad, crew, 50, 0.99),
        lambda: servers_for(10, crew, bad, 0.99),
        lambda: servers_for(10, crew, 50, bad),
        lambda: loss_probability(5, bad),
        lambda: Crew(service_rate_per_second=bad),
        lambda: Crew(service_rate_per_second=25, variability=bad),
        lambda: Crew(service_rate_per_second=25, per_queue=0),
        lambda: loss_probability(-1, 1),
    ):
        with pytest.raises(ValueError, match=r"cannot|serves nobody|percentile|empty none"):
            attempt()
