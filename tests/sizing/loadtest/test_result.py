"""Parts of a run add up, and what is no part of it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.loadtest import ResultError, read
from sizing.loadtest.result import Spread
from tests.sizing.loadtest.results import BASE, asked, bucket, line, part

pytestmark = pytest.mark.cloud_free("parts of a run")

times = st.lists(st.floats(0.001, 100), min_size=1, max_size=200)


def spread(values: list[float]) -> Spread:
    counts: dict[int, int] = {}
    for one in values:
        counts[int(bucket(one))] = counts.get(int(bucket(one)), 0) + 1
    return Spread(base=BASE, counts=counts)


@given(times, times)
def test_two_parts_are_as_one_that_measured_both(first: list[float], second: list[float]) -> None:
    assert (spread(first) + spread(second)) == spread(first + second)


@given(times, st.floats(0.01, 1))
def test_a_percentile_is_never_below_the_true_one_nor_a_bucket_above(
    values: list[float], share: float
) -> None:
    found = spread(values).percentile(share)
    wanted = next(
        one for place, one in enumerate(sorted(values), 1) if place >= share * len(values)
    )
    assert found is not None
    assert wanted * (1 - 1e-9) <= found <= wanted * BASE * (1 + 1e-9)


@given(times, st.floats(0.001, 100))
def test_no_more_are_said_to_be_above_a_limit_than_are(values: list[float], limit: float) -> None:
    above = sum(one >= limit * (1 - 1e-9) for one in values)
    assert spread(values).above(limit) <= above


def test_parts_are_found_among_other_lines_and_added() -> None:
    made = asked()
    lines = [
        "[2026-11-21 22:46:15] INFO/locust.main: Starting",
        line(part(made, parts=2, part=1, began=1001.0, failed={"429": 3})),
        "",
        "  " + line(part(made, parts=2, part=0, failed={"429": 1, "timeout": 1})) + "\n",
    ]
    found = read(lines)
    assert (found.parts, found.sent, found.apart_seconds) == ((2, 2), 2000, 1.0)
    assert found.failed == {"429": 4, "timeout": 1}
    assert found.tokens_out == {"self-hosted": 100_000}
    assert found.whole["cached"].total == 300
    assert found.between_total == (40.0, 2000)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no line begins with"),
        (["nothing of interest"], "no line begins with"),
        (['{"aigw_load_test": {"profile"'], "a part's line is broken"),
        (['{"aigw_load_test": 5}'], "holds no result"),
        ([line(part(asked())), line(part(asked()))], "a part is there twice"),
        (
            [line(part(asked(), parts=2)), line(part(asked(scale=0.5), parts=2, part=1))],
            "of different runs",
        ),
        (
            [line(part(asked(), parts=2)), line(part(asked(), parts=2, part=1, base=1.1))],
            "of different versions",
        ),
    ],
)
def test_what_is_no_result_is_refused(lines: list[str], said: str) -> None:
    with pytest.raises(ResultError, match=said):
        read(lines)
