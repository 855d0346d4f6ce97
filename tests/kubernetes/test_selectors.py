"""The reader of queries finds metrics, matchers and groupings, and nothing else."""

from __future__ import annotations

from tests.kubernetes.selectors import groupings, selectors


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
