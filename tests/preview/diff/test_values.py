"""Differences of JSON values: everything that differs, nothing else, and enough to apply them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.diff.values import ABSENT, applied, differences
from sizing.model import Json

pytestmark = pytest.mark.cloud_free("JSON values")

SCALARS: st.SearchStrategy[Json] = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from((0.5, 1.0, "a", "b"))
)
KEYS = st.sampled_from(("a", "b", "name", "id", "urn", "with.dot"))
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
NAMED: st.SearchStrategy[Json] = st.lists(
    st.builds(
        lambda name, value: {"name": name, "value": value}, st.sampled_from("pqrstu"), SCALARS
    ),
    unique_by=lambda member: str(member["name"]),
    max_size=6,
).map(list)


def where(old: Json, new: Json) -> list[str]:
    return [one.where for one in differences(old, new)]


@given(old=VALUES, new=VALUES)
def test_the_differences_of_any_two_values_make_one_the_other(old: Json, new: Json) -> None:
    result = applied(old, list(differences(old, new)))
    assert repr(result) == repr(ordered(result, new))


def ordered(result: Json, new: Json) -> Json:
    """Return the new value with its keys in the order of the result: maps have none."""
    if isinstance(result, dict) and isinstance(new, dict):
        assert result.keys() == new.keys()
        return {key: ordered(result[key], new[key]) for key in result}
    if isinstance(result, list) and isinstance(new, list):
        assert len(result) == len(new)
        return [ordered(one, other) for one, other in zip(result, new, strict=True)]
    return new


@given(old=NAMED, new=NAMED)
def test_members_with_names_keep_their_order_when_others_come_and_go(old: Json, new: Json) -> None:
    assert applied({"list": old}, list(differences({"list": old}, {"list": new}))) == {"list": new}


@given(value=VALUES)
def test_a_value_does_not_differ_from_itself(value: Json) -> None:
    assert list(differences(value, value)) == []


def test_one_more_environment_variable_is_one_difference() -> None:
    old: Json = {"env": [{"name": "A", "value": "1"}, {"name": "C", "value": "3"}]}
    new: Json = {
        "env": [
            {"name": "A", "value": "1"},
            {"name": "B", "value": "2"},
            {"name": "C", "value": "3"},
        ]
    }
    (found,) = differences(old, new)
    assert (found.where, found.before, found.place) == ("env[B]", ABSENT, 1)


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"a": 1}, {"a": 1.0}, ["a"]),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": [1]}, {"a": [True]}, ["a"]),
        ({"a": None}, {}, ["a"]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, ["a"]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, ["a[1].b"]),
        ({"a": [{"id": "p", "b": 1}]}, {"a": [{"id": "p", "b": 2}]}, ["a[p].b"]),
        ({"x.y": {"z": 1}}, {"x.y": {"z": 2}}, ['["x.y"].z']),
    ],
)
def test_what_differs_is_named(old: Json, new: Json, paths: list[str]) -> None:
    assert where(old, new) == paths


def test_a_number_and_its_text_name_different_members_and_are_not_taken_for_names() -> None:
    old: Json = [{"port": 80}, {"port": "80"}]
    assert where({"a": old}, {"a": old[:1] if isinstance(old, list) else None}) == ["a"]


def test_differences_of_another_value_are_not_applied() -> None:
    found = list(differences({"a": [{"name": "p"}]}, {"a": []}))
    with pytest.raises(LookupError):
        applied({"a": {"b": 1}}, found)
