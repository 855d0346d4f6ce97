"""Arithmetic by precision, and requests that come at once and end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sizing.serving.profiles import ProfileName
from sizing.serving.request import Serving, ServingError
from sizing.serving.throughput import predict
from tests.sizing.serving.test_throughput import HAIR, PROFILE, rate, serving, servings

pytestmark = pytest.mark.cloud_free("GPUs and models by their published figures")


def test_weights_that_are_widened_are_multiplied_more_slowly_than_those_that_are_not() -> None:
    prompt = {
        precision: predict(serving(precision=precision)).prefill_ms or 0
        for precision in ("bf16", "fp8", "int8", "int4")
    }

    assert prompt["fp8"] < prompt["bf16"] < prompt["int8"] == prompt["int4"]


def test_attention_gains_from_eight_bits_only_with_a_cache_in_eight_bits() -> None:
    short, long = (
        [
            predict(serving(precision="fp8", cache_precision=kept, input_tokens=tokens)).prefill_ms
            or 0
            for kept in ("fp8", "bf16")
        ]
        for tokens in (100, 30_000)
    )

    assert short[1] == pytest.approx(short[0], rel=0.01)
    assert long[1] > long[0] * 1.2


@given(servings(), PROFILE, st.integers(1, 2_000))
@settings(max_examples=100, deadline=None)
def test_requests_that_end_are_served_no_faster_than_ones_that_keep_coming(
    asked: Serving, profile: ProfileName, requests: int
) -> None:
    ending = predict(replace(asked, requests=requests), profile)
    lasting = predict(replace(asked, concurrency=ending.batch), profile)
    assume(ending.fits)

    assert rate(ending) <= rate(lasting) * HAIR


def test_the_more_requests_come_at_once_the_less_the_last_of_them_weigh() -> None:
    chats = serving(input_tokens=217, output_tokens=201, max_num_seqs=256)
    steady = rate(predict(chats))
    shares = [rate(predict(replace(chats, requests=n))) / steady for n in (256, 1000, 100_000)]

    assert shares == sorted(shares)
    assert shares[0] < 0.6
    assert shares[-1] > 0.9


def test_one_request_in_all_is_one_at_a_time_that_reads_a_mean_square_of_its_cache() -> None:
    one = predict(serving(requests=1))
    alone = predict(serving(concurrency=1))

    assert one.batch == alone.batch == 1
    assert rate(one) == pytest.approx(rate(alone), rel=0.1)


def test_requests_that_come_at_once_wait_half_as_long_for_a_place_as_ones_that_return() -> None:
    full = {"max_num_seqs": 64, "input_tokens": 217, "output_tokens": 201}
    ending = predict(serving(requests=1000, **full))
    returning = predict(serving(concurrency=1000, **full))

    for found in (ending, returning):
        assert found.batch == 64
        assert found.ttft_ms is not None
        assert found.requests_per_second is not None
    waits = [
        (found.ttft_ms or 0) * (found.requests_per_second or 0) for found in (ending, returning)
    ]
    assert waits[0] == pytest.approx(waits[1] / 2, rel=0.1)


def test_a_number_of_requests_out_of_range_is_refused_by_name() -> None:
    with pytest.raises(ServingError, match=r"requests: found 0; allowed: a whole number from 1"):
        serving(requests=0)
