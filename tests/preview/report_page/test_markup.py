"""Markup is built by one function, and text that goes into it is escaped by another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.report_page.markup import Markup, escaped, joined, tag
from tests.preview.report_page.facts import Elements

pytestmark = pytest.mark.cloud_free("how markup is written")

TEXT = st.text(alphabet=st.sampled_from("<>&\"' abc/\u00e9=;"), max_size=20)


def test_an_element_has_its_attributes_in_order() -> None:
    made = tag("th", "a", scope="col", class_="r", data_pool="general", colspan=2, x=1.25)
    assert made == '<th scope="col" class="r" data-pool="general" colspan="2" x="1.2">a</th>'


def test_an_attribute_without_value_and_one_that_is_left_out() -> None:
    assert tag("details", open=True, id=None, hidden=False) == "<details open></details>"


def test_an_element_without_content_has_no_end() -> None:
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_markup_is_escaped_once() -> None:
    once = escaped("a < b")
    assert once == "a &lt; b"
    assert escaped(once) is once
    assert joined(["<", Markup("<b>"), "&"]) == "&lt;<b>&amp;"


@given(TEXT, TEXT)
def test_no_text_becomes_an_element_or_an_attribute(text: str, value: str) -> None:
    found = Elements(tag("p", text, title=value))
    assert [*found.by_name] == ["p"]
    assert found.by_name["p"] == [{"title": value}]
    assert found.text == text
