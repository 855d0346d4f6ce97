"""Both themes are readable: text at 4.5 to 1, lines and bars at 3 to 1 (WCAG 2.2 AA)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preview.report_page.palette import DARK, LETTERS, LIGHT, NAMES, READ, ROLES, SEEN, role

pytestmark = pytest.mark.cloud_free("colours")

THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: Mapping[str, str], one: str, other: str) -> float:
    high, low = sorted((luminance(theme[one]), luminance(theme[other])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_written_can_be_read(theme: str) -> None:
    poor = {pair: contrast(THEMES[theme], *pair) for pair in READ}
    assert {pair: found for pair, found in poor.items() if found < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_can_be_seen(theme: str) -> None:
    poor = {pair: contrast(THEMES[theme], *pair) for pair in SEEN}
    assert {pair: found for pair, found in poor.items() if found < 3} == {}


def test_both_themes_have_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)


def test_a_kind_is_told_by_a_letter_of_its_own_beside_its_colour() -> None:
    assert set(LETTERS) == set(NAMES) == set(ROLES)
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert role("gpu") == role("node") == "system"
