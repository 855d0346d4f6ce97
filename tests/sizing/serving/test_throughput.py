"""What more of anything does to a prediction, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sizing.serving.gpus import Gpu, gpu, gpu_names
from sizing.serving.models import model_names, model_shape
from sizing.serving.profiles import PROFILES, ProfileName
from sizing.serving.request import Serving, ServingError
from sizing.serving.steps import step_costs
from sizing.serving.throughput import Prediction, predict, predictions, slots, slots_within

pytestmark = pytest.mark.cloud_free("GPUs and models by their published figures")

PROFILE = st.sampled_from(list(ProfileName))
HAIR = 1 + 1e-9


def serving(**changed: object) -> Serving:
    fields: dict[str, object] = {
        "gpu": gpu("H100"),
        "model": model_shape("llama-3.1-8b"),
        "input_tokens": 1500,
        "output_tokens": 500,
    }
    return Serving(**(fields | changed))  # type: ignore[arg-type]


@st.composite
def servings(draw: st.DrawFn) -> Serving:
    shape = model_shape(draw(st.sampled_from(model_names())))
    groups = [n for n in (1, 2, 4, 8) if shape.heads % n == 0]
    return Serving(
        gpu=gpu(draw(st.sampled_from(gpu_names()))),
        model=shape,
        tensor_parallel=draw(st.sampled_from(groups)),
        precision=draw(st.sampled_from(["bf16", "fp8", "int8", "int4"])),
        input_tokens=draw(st.integers(1, 30_000)),
        output_tokens=draw(st.integers(1, 4_000)),
        concurrency=draw(st.none() | st.integers(1, 2_000)),
    )


def rate(found: Prediction) -> float:
    return found.output_tokens_per_second or 0


@given(servings())
@settings(max_examples=200, deadline=None)
def test_the_profiles_stand_in_their_order(asked: Serving) -> None:
    careful, current, best = (rate(one) for one in predictions(asked).values())

    assert careful <= current * HAIR
    assert current <= best * HAIR


@given(servings(), PROFILE, st.floats(1, 10))
@settings(max_examples=100, deadline=None)
def test_more_bandwidth_never_lowers_throughput(
    asked: Serving, profile: ProfileName, factor: float
) -> None:
    faster = replace(asked.gpu, bandwidth=asked.gpu.bandwidth * factor)

    more = predict(replace(asked, gpu=faster), profile)

    assert rate(more) * HAIR >= rate(predict(asked, profile))


@given(servings(), PROFILE, st.integers(1, 500), st.integers(0, 500))
@settings(max_examples=150, deadline=None)
def test_more_requests_never_lower_throughput_nor_the_time_between_tokens(
    asked: Serving, profile: ProfileName, some: int, further: int
) -> None:
    few = predict(replace(asked, concurrency=some), profile)
    many = predict(replace(asked, concurrency=some + further), profile)
    assume(few.fits)

    assert few.itl_ms is not None
    assert many.itl_ms is not None
    assert many.ttft_ms is not None
    assert rate(many) * HAIR >= rate(few)
    assert many.itl_ms * HAIR >= few.itl_ms
    assert many.ttft_ms > 0


@given(servings(), PROFILE)
@settings(max_examples=100, deadline=None)
def test_more_gpus_leave_more_for_the_cache(asked: Serving, profile: ProfileName) -> None:
    assume(asked.tensor_parallel <= 4 and asked.model.heads % (asked.tensor_parallel * 2) == 0)
    wider = replace(asked, tensor_parallel=asked.tensor_parallel * 2)

    few, many = predict(asked, profile), predict(wider, profile)

    assert many.kv_pool_bytes >= few.kv_pool_bytes or few.kv_pool_bytes < 0
    assert many.fits or not few.fits


@given(servings(), PROFILE)
@settings(max_examples=100, deadline=None)
def test_a_prediction_is_whole_or_says_why_not(asked: Serving, profile: ProfileName) -> None:
    found = predict(asked, profile)

    if not found.fits:
        assert found.reason
        assert found.output_tokens_per_second is None
        return
    assert found.batch is not None
    assert found.requests_per_second is not None
    assert 1 <= found.batch <= min(asked.concurrency or 10**9, asked.max_num_seqs)
    assert rate(found) == pytest.approx(found.requests_per_second * asked.output_tokens)
    assert rate(found) <= (found.roofline_tokens_per_second or 0) * HAIR
    assert found.bound in {"memory-bandwidth", "compute", "kv-memory", "concurrency"}


@given(servings(), PROFILE, st.floats(5, 200))
@settings(max_examples=100, deadline=None)
def test_slots_are_the_most_that_keep_the_objective(
    asked: Serving, profile: ProfileName, objective: float
) -> None:
    kept = slots_within(asked, profile, itl_ms=objective)
    more = predict(replace(asked, concurrency=kept.slots + 1), profile)

    if kept.prediction is not None:
        assert kept.prediction.itl_ms is not None
        assert kept.prediction.itl_ms <= objective * HAIR
        assert kept.output_tokens_per_second > 0
    if more.fits and more.batch == kept.slots + 1:
        assert more.itl_ms is not None
        assert more.itl_ms > objective / HAIR


def test_no_slots_where_one_request_is_too_slow_already() -> None:
    """An A10G reads 16 GB of weights in no less than 26 ms."""
    assert slots(serving(gpu=gpu("A10G")), itl_ms=20) == 0
    assert slots(serving(gpu=gpu("A10G")), itl_ms=60) > 0


def test_a_gpu_of_no_table_is_predicted_from_its_datasheet() -> None:
    unknown = Gpu(
        name="next",
        gpu_model="NVIDIA Next",
        memory_gib=288,
        usable_bytes=280 * 2**30,
        flops_16=2e15,
        flops_8=4e15,
        ops_8=4e15,
        bandwidth=8e12,
        link=900e9,
        compute_capability=11.0,
        source="invented",
    )
    big = model_shape("llama-3.1-70b")

    here, there = (
        rate(predict(serving(gpu=card, model=big, precision="fp8")))
        for card in (gpu("H200"), unknown)
    )

    assert 1.5 < there / here < 4


def test_the_parts_of_a_step_add_up_to_it() -> None:
    asked = serving(model=model_shape("llama-3.1-8b"), concurrency=64)
    found, costs = predict(asked, ProfileName.CURRENT), step_costs(asked, ProfileName.CURRENT)
    assert costs is not None
    context = 64 * (1500 + 500 / 2)

    whole = costs.base_ms + 64 * costs.per_sequence_ms + context * costs.per_context_token_ms

    assert whole == pytest.approx(found.step_ms)
    assert costs.prefill_per_token_ms * 1500 == pytest.approx(found.prefill_ms)
    assert costs.cache_tokens * 131_072 == pytest.approx(found.kv_pool_bytes, rel=1e-4)


def test_requests_beyond_those_that_fit_wait_for_a_place() -> None:
    """NIM on 2 x H100: 90 s to the first token with 250 at a time, 1 s with 50."""
    big = model_shape("llama-3.3-70b")
    asked = serving(
        model=big, precision="fp8", tensor_parallel=2, input_tokens=5000, output_tokens=500
    )

    few, many = (predict(replace(asked, concurrency=count)) for count in (50, 250))

    assert few.ttft_ms == pytest.approx(835, rel=0.3)
    assert many.ttft_ms == pytest.approx(88_600, rel=0.3)
    assert many.batch is not None
    assert many.batch < 250


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"input_tokens": 0}, "input_tokens"),
        ({"input_tokens": -5}, "input_tokens"),
        ({"input_tokens": 10**9}, "input_tokens"),
        ({"output_tokens": float("nan")}, "output_tokens"),
        ({"output_tokens": True}, "output_tokens"),
        ({"concurrency": 0}, "concurrency"),
        ({"tensor_parallel": 3}, "tensor_parallel"),
        ({"tensor_parallel": 32}, "tensor_parallel"),
        ({"precision": "fp4"}, "precision"),
        ({"cache_precision": "int4"}, "cache_precision"),
        ({"memory_utilisation": 1.5}, "memory_utilisation"),
        ({"context_tokens": 0}, "context_tokens"),
        ({"max_num_seqs": 0}, "max_num_seqs"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(changed: dict[str, object], field: str) -> None:
    with pytest.raises(ServingError, match=rf"{field}: found .*; allowed: ") as refused:
        serving(**changed)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"gpu": gpu("T4")}, "no bf16"),
        ({"gpu": gpu("T4"), "precision": "fp8"}, "no engine loads fp8"),
        ({"gpu": gpu("A10G"), "model": model_shape("llama-3.1-70b")}, "leave no memory"),
        ({"gpu": gpu("A10G"), "context_tokens": 131_072}, "131,072 tokens need 16.0 GiB"),
    ],
)
def test_what_does_not_fit_says_why(changed: dict[str, object], reason: str) -> None:
    for profile in PROFILES:
        found = predict(serving(**changed), profile)
        assert not found.fits
        assert reason in found.reason


def test_fp8_on_ampere_saves_memory_and_costs_arithmetic() -> None:
    """Its weights are widened as they are read; only the physical cap takes that for free."""
    ampere = gpu("A100-80")
    wide, narrow = (
        predict(serving(gpu=ampere, precision=precision, input_tokens=8000, output_tokens=10))
        for precision in ("bf16", "fp8")
    )

    assert rate(narrow) > 0
    assert (narrow.prefill_ms or 0) > (wide.prefill_ms or 0)
    assert narrow.kv_pool_bytes > wide.kv_pool_bytes
    assert serving(gpu=ampere, precision="fp8").cache == "bf16"
