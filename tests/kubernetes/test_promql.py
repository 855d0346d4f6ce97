"""The reader of queries finds metrics, matchers and groupings, and nothing else."""

from __future__ import annotations

import pytest

from tests.kubernetes.promql import gathered, groupings, selectors


def named(expr: str) -> list[str]:
    return [one.metric for one in selectors(expr)]


def test_metrics_are_told_from_functions_words_and_numbers() -> None:
    expr = 'sum by (a, b) (rate(x_total{c="d", e=~"f.*"}[5m])) / 1e9 or vector(0) * vllm:y > 0'
    assert named(expr) == ["x_total", "vllm:y"]


def test_matchers_are_read_without_what_they_match() -> None:
    (found,) = selectors('up{job!="a=b", pod=~"c{2}"}')
    assert found.labels == {"job", "pod"}


def test_a_metric_before_a_range_or_an_operator_is_found() -> None:
    assert named("increase(a[24h]) + b - c{d='1'} == 2".replace("'", '"')) == ["a", "b", "c"]


def test_a_grouping_knows_what_it_groups() -> None:
    outer, inner = groupings("max by (x) (sum by (x, le) (rate(h_bucket[5m])) / g)")
    assert outer.labels == {"x"}
    assert outer.metrics == {"h_bucket", "g"}
    assert inner.labels == {"x", "le"}
    assert inner.metrics == {"h_bucket"}


@pytest.mark.parametrize(
    ("expression", "asked"),
    [
        ("up", {"up": set()}),
        ("up == 0", {"up": set()}),
        ("vector(1)", {}),
        ('sum by (job) (rate(a_total{code=~"5..",job!="b"}[5m]))', {"a_total": {"code", "job"}}),
        ('a{x="{y=1}"} / on (z) group_left (w) b', {"a": {"x"}, "b": set()}),
        ("a offset 1d > bool 2e9 unless b", {"a": set(), "b": set()}),
        ('vllm:a{b!=""} + aigw:c:rate5m', {"vllm:a": {"b"}, "aigw:c:rate5m": set()}),
        ("max_over_time((a >= b)[30d:5m])", {"a": set(), "b": set()}),
        ("predict_linear(a[6h], 345600) < 0", {"a": set()}),
        ("1 - sum(a) / Inf", {"a": set()}),
    ],
)
def test_names_and_matchers_are_found(expression: str, asked: dict[str, set[str]]) -> None:
    assert {one.metric: set(one.labels) for one in selectors(expression)} == asked


def test_labels_by_which_series_are_gathered_or_joined_are_found() -> None:
    assert gathered("sum by (a, b) (x) / on (c) group_left (d) y") == {"a", "b", "c", "d"}
    assert gathered('sum(x{by="(e)"})') == frozenset()
