"""Which metrics exist: what every component exports at its pinned version, with labels and source.

Dashboards and alerts ask for nothing else; a misspelt name would be silent for ever. Pure data: one
file for each component under `metrics`, each line a metric with its kind and its own labels. What a
scrape adds to each series, whoever exports it, stands here once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

# Of a target that a ServiceMonitor or PodMonitor finds: Prometheus' own two, the operator's others.
# https://github.com/prometheus-operator/prometheus-operator: pkg/prometheus/promcfg.go
TARGET_LABELS = frozenset(
    {"job", "instance", "namespace", "pod", "container", "service", "endpoint", "node"}
)
# What every server writes on what leaves it: to Alertmanager, to Thanos.
EXTERNAL_LABELS = frozenset({"environment", "prometheus", "prometheus_replica"})
_FOLDER = "metrics"


class Kind(StrEnum):
    """What a metric is; a histogram and a summary are several series each."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"
    UNTYPED = "untyped"


# Suffix of each series of a kind, and the label that it has beside the metric's own.
_SERIES: Mapping[Kind, tuple[tuple[str, frozenset[str]], ...]] = MappingProxyType(
    {
        Kind.HISTOGRAM: (
            ("_bucket", frozenset({"le"})),
            ("_count", frozenset()),
            ("_sum", frozenset()),
        ),
        Kind.SUMMARY: (
            ("", frozenset({"quantile"})),
            ("_count", frozenset()),
            ("_sum", frozenset()),
        ),
    }
)
_ONE = (("", frozenset[str]()),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric with the labels that its exporter gives it."""

    name: str
    kind: Kind
    labels: frozenset[str]

    def series(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Return the names that a query may use, each with the labels of its exporter."""
        for suffix, further in _SERIES.get(self.kind, _ONE):
            yield self.name + suffix, self.labels | further


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What one program exports.

    Attributes:
        version: the pinned one that the names are of.
        source: where they were read, or what was scraped; `seen` is when.
        own_labels: its labels win over those of its target, as its monitor says (honorLabels), or
            its target has none of that name; otherwise they are found as "exported_<label>".
        metrics: by name, histograms and summaries without a suffix.
    """

    name: str
    version: str
    source: str
    seen: str
    own_labels: bool
    metrics: Mapping[str, Metric]


def _components() -> Iterator[Component]:
    for file in sorted(files(__package__).joinpath(_FOLDER).iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".json"):
            continue
        found = json.loads(file.read_text(encoding="utf-8"))
        yield Component(
            name=file.name.removesuffix(".json"),
            version=found["version"],
            source=found["source"],
            seen=found["seen"],
            own_labels=found.get("own_labels", False),
            metrics=MappingProxyType(
                {
                    name: Metric(name=name, kind=Kind(kind), labels=frozenset(own))
                    for name, (kind, *own) in found["metrics"].items()
                }
            ),
        )


METRICS: Mapping[str, Component] = MappingProxyType({one.name: one for one in _components()})
"""Components by name."""


@cache
def _series() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for component in METRICS.values():
        for metric in component.metrics.values():
            for name, own in metric.series():
                # several programs may export one name: a query may use the labels of each
                found[name] = found.get(name, frozenset()) | _scraped(component, own)
    return MappingProxyType(found)


def _scraped(component: Component, own: frozenset[str]) -> frozenset[str]:
    taken = frozenset() if component.own_labels else own & TARGET_LABELS
    return own | {f"exported_{label}" for label in taken}


def names() -> frozenset[str]:
    """Return every name that a query may use, those of buckets, sums and counts included."""
    return frozenset(_series())


def labels(name: str) -> frozenset[str]:
    """Return the labels that series of a name may have, those of their target included.

    Raises:
        KeyError: no component exports that name.
    """
    return _series()[name] | TARGET_LABELS
