"""The reader of PromQL finds what is asked for, and nothing else."""

from __future__ import annotations

import pytest

from tests.kubernetes.promql import groupings, selectors


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
    assert {one.name: set(one.labels) for one in selectors(expression)} == asked


def test_labels_of_groupings_are_found() -> None:
    assert groupings("sum by (a, b) (x) / on (c) group_left (d) y") == {"a", "b", "c", "d"}
    assert groupings('sum(x{by="(e)"})') == frozenset()
