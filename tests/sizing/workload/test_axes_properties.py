"""Whatever is validly stated is resolved, its axes agree, and more load names no smaller tier."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.words import Tier, Verdict
from sizing.workload.axes import Resolved, resolve
from sizing.workload.findings import findings
from sizing.workload.statement import AXES, Statement, WorkloadError, parse
from sizing.workload.tier import tier_for

pytestmark = pytest.mark.cloud_free("what users do, wherever it is served")


def within_range(stated: Statement) -> Resolved | None:
    try:
        return resolve(stated)
    except WorkloadError as error:
        if all("derived from" in one.found for one in error.problems):
            return None
        raise


def rates(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Draw statements as wide as their ranges, with at least one axis."""
    names = draw(st.lists(st.sampled_from(sorted(RANGES)), unique=True, max_size=12))
    axis = draw(st.sampled_from(["rps_peak", "rps_avg", "calls_per_month", "tokens_per_day"]))
    values: dict[str, Any] = {name: draw(RANGES[name]) for name in {axis, *names}}
    return Statement(**values)


RANGES: dict[str, st.SearchStrategy[Any]] = {
    "rps_peak": rates(1e-4, 1e5),
    "rps_avg": rates(1e-4, 1e5),
    "calls_per_month": rates(1, 1e11),
    "tokens_per_day": rates(1, 1e13),
    "users": st.integers(1, 10**9),
    "interactions_per_user": rates(0.1, 1e4),
    "arrivals_per_second": rates(1e-4, 1e5),
    "session_seconds": rates(1, 86_400),
    "peak_factor": rates(1, 1000),
    "burst": rates(1, 100),
    "headroom": rates(0, 10),
    "input_tokens": rates(1, 1e7),
    "output_tokens": rates(1, 1e6),
    "cache_hit_share": rates(0, 0.99),
    "self_hosted_share": rates(0, 1),
    "model_names": st.integers(1, 10_000),
}


@settings(max_examples=300, deadline=None)
@given(statements())
def test_every_valid_statement_is_resolved_unless_it_amounts_to_too_much(
    stated: Statement,
) -> None:
    found = within_range(stated)
    if found is None:
        return
    load = found.workload
    assert load.requests_per_second_peak <= 100_000
    assert load.tokens_per_day <= 1e13
    assert load.requests_per_second_peak > 0
    assert load.tokens_per_day > 0
    assert load.requests_per_second_peak >= load.requests_per_second_average * (1 - 1e-9)
    assert found.primary in stated.stated_axes
    assert all(one.ratio > 1 for one in found.contradictions)
    assert tier_for(load).tier in Tier
    said = findings(found)
    assert len({one.id for one in said}) == len(said)
    assert all(one.verdict in {Verdict.HOLDS, Verdict.UNPROVEN} for one in said)
    assert sum(".contradiction." in one.id for one in said) == len(found.contradictions)


@settings(max_examples=200, deadline=None)
@given(statements())
def test_axes_derived_from_one_agree(stated: Statement) -> None:
    axis = next(one for one in AXES if one in stated.stated_axes)
    alone = Statement(
        **{axis: getattr(stated, axis)} if axis != "arrivals" else {"rps_peak": 1.0},
        input_tokens=stated.input_tokens,
        burst=stated.burst,
    )
    found = within_range(alone)
    if found is None:
        return
    assert not found.contradictions
    average = found.workload.requests_per_second_average
    tokens = found.workload.input_tokens + found.workload.output_tokens
    assert found.workload.tokens_per_day == pytest.approx(average * 86_400 * tokens)


@settings(max_examples=200, deadline=None)
@given(rates(1, 1e8), rates(1, 50), st.sampled_from(["24h/30d", "8h/22d", "2h/22d"]))
def test_more_calls_never_name_a_smaller_tier(calls: float, times: float, window: str) -> None:
    ranks = list(Tier)
    less, more = (_tier(one, window) for one in (calls, calls * times))
    assert ranks.index(less) <= ranks.index(more)


def _tier(calls: float, window: str) -> Tier:
    stated = parse({"requests": {"per_month": calls}, "peak": {"window": window}})
    return tier_for(resolve(stated).workload).tier
