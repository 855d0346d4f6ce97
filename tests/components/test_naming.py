"""Names of stores stay legal and different, whatever a stack is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.naming import store_name

STACKS = st.from_regex(r"(dev|staging|prod)-[a-z]{3,12}(-gcp)?", fullmatch=True)


@settings(max_examples=50)
@given(stack=STACKS, store=st.sampled_from(["search", "cache-crawler", "postgres"]))
def test_a_name_is_within_every_service_s_limit_and_grammar(stack: str, store: str) -> None:
    for most in (28, 40, 63):
        name = store_name(stack, store, most)
        assert len(name) <= most
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)


def test_cut_names_of_different_stacks_stay_different() -> None:
    one = store_name("staging-enterprise-a", "search", 28)
    other = store_name("staging-enterprise-b", "search", 28)
    assert one != other


def test_a_name_too_short_to_say_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        store_name("prod-large", "search", 8)
