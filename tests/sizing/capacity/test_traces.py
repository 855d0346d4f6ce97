"""Spans at peak and their bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import traces
from sizing.units import GIB, GIGA
from sizing.words import Tier, Verdict
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("spans and their bytes")


def test_collectors_get_every_span_whatever_part_of_the_traces_is_kept() -> None:
    # 500 requests/s x 8 spans
    large = load(Tier.LARGE, trace_share=0.10)

    assert traces.received_per_second(large, spans_per_request=8) == pytest.approx(4000)


def test_a_day_of_spans_follows_the_average_and_not_the_peak() -> None:
    # 500 / 3 requests/s x 10 % x 8 spans x 86,400 s x 500 bytes
    large = load(Tier.LARGE, trace_share=0.10)

    assert traces.bytes_per_day(large, spans_per_request=8) == pytest.approx(5.76 * GIGA)


@pytest.mark.parametrize(
    ("collectors", "millis", "spans", "verdict"),
    [  # one collector is lost; a core takes 15,000 spans/s, of which 80 % count as held
        (2, 1000, 12, Verdict.HOLDS),  # 12,000 spans/s on one core: each span passes two
        (2, 1000, 13, Verdict.UNPROVEN),
        (3, 1000, 13, Verdict.HOLDS),
        (1, 1000, 24, Verdict.HOLDS),  # a single collector has nothing to lose it to, or to ask
        (2, 1000, None, Verdict.UNPROVEN),
    ],
)
def test_collectors_take_the_spans_with_one_of_them_lost(
    collectors: int, millis: int, spans: float | None, verdict: Verdict
) -> None:
    found = traces.ingest(
        load(Tier.LARGE), collectors=collectors, cpu_millis=millis, spans_per_request=spans
    )

    assert found.verdict is verdict


@given(share=st.floats(0, 1))
def test_collectors_take_every_span_whatever_part_of_the_traces_is_kept(share: float) -> None:
    kept, everything = load(trace_share=share), load(trace_share=1)

    assert (
        traces.ingest(kept, collectors=2, cpu_millis=1000).demand
        == traces.ingest(everything, collectors=2, cpu_millis=1000).demand
    )


def test_a_request_may_leave_as_many_spans_as_collectors_take() -> None:
    # 500 requests/s, and each span passes two collectors where there are two
    large = load(Tier.LARGE)

    assert traces.most_spans(large, collectors=2, spans_a_second=12_000) == pytest.approx(12)
    assert traces.most_spans(large, collectors=1, spans_a_second=12_000) == pytest.approx(24)


@pytest.mark.parametrize(
    ("volume", "spans", "verdict"),
    [
        (57.6 * GIGA, 8, Verdict.HOLDS),
        (57.5 * GIGA, 8, Verdict.REFUTED),
        (57.6 * GIGA, None, Verdict.UNPROVEN),
        (7 * GIGA, None, Verdict.REFUTED),  # one span a request is the least
        (None, 8, Verdict.UNPROVEN),
    ],
)
def test_ten_days_of_spans_need_their_space(
    volume: float | None, spans: float | None, verdict: Verdict
) -> None:
    found = traces.storage(
        load(Tier.LARGE, trace_share=0.10),
        retention_days=10,
        volume_bytes=volume,
        spans_per_request=spans,
    )

    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("gib", "spans", "verdict"),
    [  # 500 requests/s x 33 s x 2,968 bytes are 49 MB a span of each request
        (1, 17, Verdict.HOLDS),  # 80 % of a GiB, one of two collectors lost
        (1, 18, Verdict.UNPROVEN),  # the limiter refuses, the container still has room
        (1, 22, Verdict.REFUTED),
        (1, None, Verdict.UNPROVEN),
    ],
)
def test_collectors_hold_every_span_until_its_trace_is_whole(
    gib: int, spans: float | None, verdict: Verdict
) -> None:
    large = load(Tier.LARGE)
    found = traces.waiting(large, collectors=2, memory_bytes=gib * GIB, spans_per_request=spans)

    assert traces.wait_seconds(large) == 33
    assert found.verdict is verdict


@given(share=st.floats(0, 1), rate=st.floats(0.01, 5000), more=st.floats(1, 10))
@settings(max_examples=50)
def test_more_requests_never_leave_fewer_spans(share: float, rate: float, more: float) -> None:
    few = load(requests_per_second_peak=rate, trace_share=share)
    many = load(requests_per_second_peak=rate * more, trace_share=share)

    assert traces.received_per_second(many, spans_per_request=3) >= traces.received_per_second(
        few, spans_per_request=3
    )
    assert traces.bytes_per_day(many, spans_per_request=3) >= traces.bytes_per_day(
        few, spans_per_request=3
    )
