"""Time series of every metric that queries ask for, as an exporter would give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from components.kubernetes import metric_catalog
from components.kubernetes.metric_catalog import METRICS, Kind
from tests.kubernetes.promql import Matcher, selectors

RISING, STANDING, NOUGHT = "0+10x120", "1x120", "0x120"
BUCKETS = ("0.1", "1", "10", "+Inf")
# What a query waits for: a target that is away, replicas that are not there.
AWAY = frozenset({"up", "kube_deployment_status_replicas_ready"})
_COUNTED = ("_total", "_count", "_sum", "_bucket")


def series(queries: Iterable[str]) -> list[dict[str, str]]:
    """Return a series for each way in which a query selects a metric, as promtool reads it."""
    found = {
        f"{one.metric}{{{labels}}}": _values(one.metric)
        for query in queries
        for one in selectors(query)
        for labels in _labels(one.metric, one.matchers)
    }
    return [{"series": name, "values": values} for name, values in sorted(found.items())]


def _labels(metric: str, matchers: tuple[Matcher, ...]) -> Iterator[str]:
    named = dict.fromkeys(metric_catalog.labels(metric), "some")
    named |= {one.label: _matching(one) for one in matchers}
    buckets = BUCKETS if metric.endswith("_bucket") else ("",)
    for bucket in buckets:
        whole = named | ({"le": bucket} if bucket else {})
        yield ", ".join(f'{label}="{value}"' for label, value in sorted(whole.items()))


def _matching(one: Matcher) -> str:
    """Return a value that a matcher takes."""
    if one.operator == "=":
        return one.value
    if one.operator == "=~":
        return re.sub(r"\.\*$", "", one.value.split("|")[0]).replace(".", "0")
    return "another"


def _values(metric: str) -> str:
    if metric in AWAY:
        return NOUGHT
    # what counts; n8n and the collector leave the ending out
    return RISING if metric.endswith(_COUNTED) or metric in _counters() else STANDING


@cache
def _counters() -> frozenset[str]:
    return frozenset(
        name
        for component in METRICS.values()
        for name, metric in component.metrics.items()
        if metric.kind is Kind.COUNTER
    )
