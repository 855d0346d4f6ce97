"""The queries that many panels have in common."""

from __future__ import annotations

from collections.abc import Sequence

from components.kubernetes.dashboards.model import Query

INTERVAL = "$__rate_interval"
"""Grafana's: four scrapes at least, and no less than a pixel."""
RANGE = "$__range"
"""Grafana's: from one end of the page's time to the other."""
PERCENTILES = ((0.5, "P50"), (0.95, "P95"), (0.99, "P99"))


def where(**labels: str) -> str:
    """Return a selector of labels that equal these values, "" for none."""
    inside = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return f"{{{inside}}}" if inside else ""


def over(by: Sequence[str]) -> str:
    """Return the words that keep these labels in a sum, "" for none."""
    return f" by ({', '.join(by)}) " if by else ""


def rate(metric: str, by: Sequence[str] = (), *, of: str = "") -> str:
    """Return how much a counter rises in a second.

    Args:
        by: labels that are kept.
        of: selector of its series.
    """
    return f"sum{over(by)}(rate({metric}{of}[{INTERVAL}]))"


def total(metric: str, by: Sequence[str] = (), *, of: str = "") -> str:
    """Return the sum of a gauge."""
    return f"sum{over(by)}({metric}{of})"


def share(part: str, whole: str) -> str:
    """Return a part of a whole, 0 where the part has never happened and nothing without a whole."""
    return f"({part} or 0 * {whole}) / ({whole} > 0)"


def quantile(at: float, histogram: str, by: Sequence[str] = (), *, of: str = "") -> str:
    """Return the value that this share of a histogram's observations stays below."""
    return f"histogram_quantile({at}, {rate(f'{histogram}_bucket', (*by, 'le'), of=of)})"


def average(histogram: str, by: Sequence[str] = (), *, of: str = "") -> str:
    """Return the mean of a histogram's observations."""
    return f"{rate(f'{histogram}_sum', by, of=of)} / {rate(f'{histogram}_count', by, of=of)}"


def percentiles(histogram: str, *, of: str = "", scale: str = "") -> tuple[Query, ...]:
    """Return a histogram's median and tail."""
    return tuple(
        Query(expr=f"{quantile(at, histogram, of=of)}{scale}", legend=name)
        for at, name in PERCENTILES
    )


def planned(value: float, legend: str) -> Query:
    """Return a line that the plan draws, at one value for ever."""
    return Query(expr=f"vector({number(value)})", legend=legend, line=True)


def number(value: float) -> str:
    """Return a number as PromQL reads it, without an exponent and at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
