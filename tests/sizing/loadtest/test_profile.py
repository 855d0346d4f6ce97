"""A profile asks for what the workload says, neither more requests nor more tokens."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.loadtest import Answerer, Run, Scenario, document, profile
from sizing.loadtest.generator import BUSY, cpus, parts
from sizing.loadtest.profile import tokens_at_peak
from sizing.words import Tier
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("requests that a workload comes to")

RUN = Run(stack="prod-large", outside=("gpt", "claude"))


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    return replace(
        reference(draw(st.sampled_from(Tier))),
        requests_per_second_peak=draw(st.floats(0.1, 10_000)),
        tokens_per_day=draw(st.floats(1e5, 1e12)),
        input_tokens=draw(st.floats(1, 20_000)),
        output_tokens=draw(st.floats(1, 8_000)),
        self_hosted_share=draw(st.floats(0.1, 1)),
        cache_hit_share=draw(st.floats(0, 0.9)),
        streaming_share=draw(st.floats(0, 1)),
    )


@given(load=workloads(), scale=st.floats(0.001, 10))
def test_requests_come_at_the_peak_of_the_request_axis(load: Workload, scale: float) -> None:
    made = profile(load, replace(RUN, scale=scale))
    assert made.requests_per_second == pytest.approx(load.requests_per_second_peak * scale)
    assert made.tokens_per_second <= tokens_at_peak(load) * scale * (1 + 1e-9)
    assert made.lengths.output_tokens <= load.output_tokens


@given(load=workloads(), scale=st.floats(0.001, 10))
def test_tokens_come_at_the_peak_of_the_token_axis_at_full_length(
    load: Workload, scale: float
) -> None:
    made = profile(load, replace(RUN, scenario=Scenario.TOKENS, scale=scale))
    assert made.tokens_per_second == pytest.approx(tokens_at_peak(load) * scale)
    assert made.lengths.input_tokens == load.input_tokens
    assert made.lengths.output_tokens == load.output_tokens


@given(load=workloads())
def test_our_models_are_asked_for_the_tokens_that_they_are_planned_for(load: Workload) -> None:
    for outside in ((), ("gpt",)):
        made = profile(load, replace(RUN, scenario=Scenario.TOKENS, outside=outside))
        ours = sum(one.share for one in made.models if one.answerer is Answerer.OURS)
        written = made.requests_per_second * made.lengths.output_tokens * ours
        assert written * (1 - made.repeat_share) == pytest.approx(
            load.output_tokens_per_second_at_peak
        )


@given(load=workloads(), outside=st.lists(st.text(min_size=1), max_size=4))
def test_shares_are_whole_and_split_as_the_workload_says(
    load: Workload, outside: list[str]
) -> None:
    made = profile(load, replace(RUN, outside=tuple(outside)))
    assert sum(one.share for one in made.models) == pytest.approx(1)
    beyond = sum(one.share for one in made.models if one.answerer is Answerer.OUTSIDE)
    assert beyond == pytest.approx(1 - load.self_hosted_share if outside else 0)
    assert (made.streaming_share, made.repeat_share) == (
        load.streaming_share,
        load.cache_hit_share,
    )


@given(load=workloads())
def test_no_process_of_the_generator_is_busier_than_half(load: Workload) -> None:
    for scenario in (Scenario.REQUESTS, Scenario.TOKENS):
        assert cpus(profile(load, replace(RUN, scenario=scenario))) <= parts(load) * BUSY


def test_document_000_brings_100_users_a_second_with_4_to_10_requests_each() -> None:
    made = profile(reference(Tier.LARGE), replace(RUN, scenario=Scenario.USERS))
    assert made.sessions_per_second == 100
    assert made.requests_per_session == (4, 10)
    assert made.requests_per_second == 700


def test_document_003_has_10_clients_who_ask_100_times_at_full_length() -> None:
    load = reference(Tier.LARGE)
    made = profile(load, replace(RUN, scenario=Scenario.CLIENTS))
    assert (made.clients, made.requests_per_client) == (10, 100)
    assert made.requests == 1000
    assert made.requests_per_second == made.warm_up_seconds == 0
    assert made.lengths.output_tokens == load.output_tokens


def test_models_that_nobody_can_name_are_left_out_and_said() -> None:
    made = profile(reference(Tier.LARGE), replace(RUN, outside=()))
    assert [one.name for one in made.models] == ["llama-3.1-8b"]
    assert made.unasked_share == pytest.approx(0.3)


def test_a_workload_of_outside_models_alone_needs_one_that_has_a_name() -> None:
    load = replace(reference(Tier.SMALL), self_hosted_share=0.0, models=())
    assert profile(load, RUN).models[0].answerer is Answerer.OUTSIDE
    with pytest.raises(ValueError, match="callers can name no model"):
        profile(load, replace(RUN, outside=()))


def test_a_profile_survives_its_json() -> None:
    made = document(profile(reference(Tier.LARGE), RUN))
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scale": 0.0}, "--scale: found 0"),
        ({"scale": 11.0}, "--scale: found 11; allowed: above 0, at most 10"),
        ({"scale": float("nan")}, "--scale: found nan"),
        ({"duration_seconds": 0.0}, "--duration: found 0"),
        ({"answer_seconds": -1.0}, "--timeout: found -1"),
        ({"warm_up_seconds": -1.0}, "--warm-up: found -1"),
    ],
)
def test_what_cannot_be_run_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(RUN, **wrong)  # type: ignore[arg-type]
