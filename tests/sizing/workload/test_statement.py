"""A stated workload is read whole or refused whole, with paths, findings and ranges."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.workload.fields import FIELDS, LISTS, Form
from sizing.workload.quantities import duration, number, share, window
from sizing.workload.statement import AXES, Problem, Statement, WorkloadError, parse

pytestmark = pytest.mark.cloud_free("what users do, wherever it is served")

AXIS = {"requests": {"per_month": "1.9e6"}}
WRITTEN = {Form.DURATION: "1{unit}", Form.WINDOW: "2h/22d", Form.FLAG: "true"}


def nested(path: str, value: object) -> dict[str, Any]:
    group, _, name = path.rpartition(".")
    return {group: {name: value}} if group else {name: value}


def problems(mapping: dict[str, Any]) -> list[Problem]:
    with pytest.raises(WorkloadError) as caught:
        parse(mapping)
    return list(caught.value.problems)


def refusals(mapping: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        parse(mapping)
    except WorkloadError as error:
        return error.problems
    return ()


def only(mapping: dict[str, Any]) -> Problem:
    found = problems(mapping)
    assert len(found) == 1, found
    return found[0]


NUMBERS = [field for field in FIELDS if field.form in {Form.NUMBER, Form.WHOLE, Form.SHARE}]
DURATIONS = [field for field in FIELDS if field.form is Form.DURATION]
NO_NUMBER = [
    float("nan"),
    "nan",
    ".nan",
    float("inf"),
    "-inf",
    "1e999",
    10**400,
    True,
    None,
    "",
    "many",
    "12 apples",
    "1,5",
    "0x10",
    [1],
    {"a": 1},
    "१२",
]


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
@pytest.mark.parametrize("wrong", NO_NUMBER, ids=repr)
def test_what_is_no_finite_number_is_refused(field: Any, wrong: object) -> None:  # noqa: ANN401
    problem = only(nested(field.path, wrong))
    assert problem.path == field.path
    assert problem.allowed == field.allowed


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
@pytest.mark.parametrize("text", [False, True])
def test_a_number_beyond_its_range_is_refused_and_its_ends_are_taken(
    field: Any,  # noqa: ANN401
    text: bool,
) -> None:
    written = str if text else float
    for wrong in (-1, field.low - 1, -field.high, field.high * 2):
        problem = only(nested(field.path, written(wrong)))
        assert problem.path == field.path
        assert "to" in problem.allowed
        assert field.unit in problem.allowed
    for end in (field.low, field.high):
        stated = parse(nested(field.path, written(end)))
        assert getattr(stated, field.attribute) == end


ZERO_MEANS_NONE = {
    "headroom",
    "tokens.input_spread",
    "tokens.output_spread",
    "shares.streaming",
    "shares.cache_hits",
    "shares.self_hosted",
    "shares.traced",
    "vectors.count",
}


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
def test_zero_is_refused_unless_it_means_none(field: Any) -> None:  # noqa: ANN401
    if field.path in ZERO_MEANS_NONE:
        assert getattr(parse(nested(field.path, 0)), field.attribute) == 0
    else:
        assert only(nested(field.path, 0)).found == "the number 0"


@pytest.mark.parametrize("field", DURATIONS, ids=lambda field: field.path)
def test_a_duration_needs_its_unit(field: Any) -> None:  # noqa: ANN401
    for bare in (30, 30.5, "30"):
        assert only(nested(field.path, bare)).found.endswith("without a unit")
    for wrong in ("0s", "-3d", "30 days", "1h30m", "nan d", "1e30d", ["1d"]):
        problem = only(nested(field.path, wrong))
        assert problem.path == field.path
        assert "with its unit" in problem.allowed
        assert field.unit in problem.allowed
    written = f"{field.high:g}{field.unit}"
    assert getattr(parse(nested(field.path, written)), field.attribute) == field.high


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("24h/30d", 2_592_000), ("8h/22d", 633_600), ("2h/22d", 158_400), ("90m / 20 d", 108_000)],
)
def test_a_window_is_hours_a_day_on_days_a_month(written: str, seconds: float) -> None:
    found = parse({"peak": {"window": written}}).window
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "wrong",
    [
        *("2/22", "2h", "2h/22", "2/22d", "25h/22d", "2h/31d", "0h/22d", "-2h/22d", "2h/0d"),
        *("2h/22h", "2h/22d/2", "", 2, None, ["2h", "22d"], "nanh/22d", "10s/22d"),
    ],
)
def test_another_window_is_refused(wrong: object) -> None:
    problem = only({"peak": {"window": wrong}})
    assert problem.path == "peak.window"
    assert "24 hours a day" in problem.allowed


@pytest.mark.parametrize("percent", ["70 %", "70%", 0.7, "0.7", "7e1 %"])
def test_a_share_may_be_a_percentage(percent: object) -> None:
    assert parse({"shares": {"streaming": percent}}).streaming_share == pytest.approx(0.7)


@pytest.mark.parametrize("slip", [70, "70", "170 %", "-1 %", "% 70"])
def test_a_share_of_more_than_all_is_a_slip(slip: object) -> None:
    problem = only({"shares": {"streaming": slip}})
    assert "0 to 1" in problem.allowed
    assert '"70 %"' in problem.allowed


def test_everything_wrong_is_told_at_once() -> None:
    found = problems(
        {
            "users": -1,
            "tokens": {"inputs": 5, "output": "lots"},
            "shares": 3,
            "retention": 30,
            "model": [],
            "primary": "rps_peak",
        }
    )
    assert [one.path for one in found] == [
        "users",
        "tokens.inputs",
        "tokens.output",
        "shares",
        "retention",
        "model",
        "primary",
    ]


@pytest.mark.parametrize(
    ("mapping", "path", "meant"),
    [
        ({"user": 5}, "user", "users"),
        ({"tokens": {"inputt": 5}}, "tokens.inputt", "input"),
        ({"models": [{"name": "qwen3-8b", "shar": 1}]}, "models[0].shar", "share"),
    ],
)
def test_an_unknown_key_names_the_nearest(mapping: dict[str, Any], path: str, meant: str) -> None:
    problem = only(mapping)
    assert problem.path == path
    assert f'did you mean "{meant}"?' in problem.found


def test_models_take_what_the_guide_says_where_nothing_is_stated() -> None:
    models = parse({"models": [{"name": "meta-llama/Llama-3.1-8B-Instruct"}]}).models
    assert models is not None
    assert (models[0].name, models[0].share) == ("llama-3.1-8b", 1)
    assert (models[0].precision, models[0].context_tokens) == ("bf16", 32_768)


def test_shares_of_models_and_providers_add_up() -> None:
    thirds = [{"name": name, "share": "33 %"} for name in ("qwen3-8b", "qwen3-14b", "qwen3-32b")]
    models = parse({"models": thirds}).models
    assert models is not None
    assert sum(one.share for one in models) == pytest.approx(1)
    assert only({"models": thirds[:2]}).found == "shares that add up to 0.66"
    assert only({"models": thirds[:2]}).path == "models[].share"
    assert "1 of 2" in only({"providers": [{"name": "a", "share": 1}, {"name": "b"}]}).found
    even = parse({"providers": [{"name": "a"}, {"name": "b"}]}).providers
    assert even is not None
    assert [one.share for one in even] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ({"models": [{"name": "qwen3-8b", "share": 1.5}]}, "models[0].share"),
        ({"models": [{"name": "llama-9"}]}, "models[0].name"),
        ({"models": [{"name": "qwen3-8b", "precision": "fp3"}]}, "models[0].precision"),
        ({"models": [{"name": "qwen3-8b", "context": "32k"}]}, "models[0].context"),
        ({"models": [{"share": 1}]}, "models[0].name"),
        ({"models": ["qwen3-8b"]}, "models[0]"),
        ({"models": []}, "models"),
        ({"models": 25}, "models"),
        ({"models": [{"name": "qwen3-8b"}, {"name": "qwen3-8b"}]}, "models"),
        (
            {"providers": [{"name": "a", "requests_per_minute": 0}]},
            "providers[0].requests_per_minute",
        ),
        ({"providers": {"name": "a"}}, "providers"),
        ({"regions": 0}, "regions"),
        ({"regions": 1.5}, "regions"),
        ({"regions": {"us-east-1": 1}}, "regions"),
        ({"regions": [{"name": "us-east-1", "share": "50 %"}]}, "regions[].share"),
    ],
)
def test_a_wrong_entry_of_a_list_is_named_by_its_place(mapping: dict[str, Any], path: str) -> None:
    assert path in {one.path for one in problems(mapping)}


def test_regions_are_a_number_or_a_list() -> None:
    even = parse({"regions": "2"}).regions
    assert even is not None
    assert [one.share for one in even] == [0.5, 0.5]
    listed = parse(
        {"regions": [{"name": "us-east-1", "share": 0.7}, {"name": "eu-west-1", "share": "30 %"}]}
    ).regions
    assert listed is not None
    assert {one.name: one.share for one in listed} == pytest.approx(
        {"us-east-1": 0.7, "eu-west-1": 0.3}
    )


def test_the_primary_axis_must_be_stated() -> None:
    assert parse({**AXIS, "primary": "calls_per_month"}).primary == "calls_per_month"
    assert only({**AXIS, "primary": "tokens_per_day"}).allowed == "calls_per_month"
    assert only({**AXIS, "primary": ["x"]}).path == "primary"
    assert set(AXES) <= set(only({"primary": "rps"}).allowed.replace(",", "").split())


def test_every_field_can_be_stated() -> None:
    for field in FIELDS:
        written = WRITTEN.get(field.form, "{low}").format(unit=field.unit, low=field.low)
        stated = parse(nested(field.path, written))
        assert getattr(stated, field.attribute) is not None, field.path
    assert parse({}) == Statement()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    sorted({path for field in FIELDS for path in field.path.split(".")} | {*LISTS, "primary"})
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=4))
def test_whatever_is_stated_is_read_or_refused(mapping: dict[str, Any]) -> None:
    for problem in refusals(mapping):
        assert problem.path
        assert problem.found
        assert problem.allowed
        assert str(problem).isprintable()


@given(st.text(max_size=12))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for read in (number, share, duration, window):
        read(text)
