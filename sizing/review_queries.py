"""What the quarterly review has to ask a running platform: PromQL, and SQL on LiteLLM's tables.

A quarter is longer than Prometheus keeps samples and the spend log keeps rows unless they are told
otherwise, so everything that looks back over months asks the daily totals, which stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sizing.triggers import STORES, TABLE, WINDOW


class Language(StrEnum):
    """What a query is written in."""

    PROMQL = "PromQL"
    SQL = "SQL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to a running platform.

    Attributes:
        asks: what its result is.
        source: id of the source that shows the names it uses.
    """

    asks: str
    language: Language
    text: str
    source: str


MONTHS = "4 months"  # a quarter and the month before it, so that the first month has a predecessor

PEAK_REQUESTS = Query(
    asks="highest requests a second of as many days as Prometheus keeps",
    language=Language.PROMQL,
    text="max_over_time(sum(rate(litellm_proxy_total_requests_metric_total"
    f"[{WINDOW}]))[90d:{WINDOW}])",
    source="litellm-metrics",
)
MONTHLY_USE = Query(
    asks="requests, failures and tokens of each month",
    language=Language.SQL,
    text="SELECT left(date, 7) AS month, sum(api_requests) AS requests, "
    "sum(failed_requests) AS failed, sum(prompt_tokens) AS tokens_in, "
    "sum(completion_tokens) AS tokens_out "
    'FROM "LiteLLM_DailyUserSpend" '
    f"WHERE date >= to_char(now() - interval '{MONTHS}', 'YYYY-MM-DD') "
    "GROUP BY 1 ORDER BY 1",
    source="litellm-schema",
)
MONTHLY_COST = Query(
    asks="what outside models charge for 1,000 requests, by month and model",
    language=Language.SQL,
    text="SELECT left(date, 7) AS month, model, sum(spend) AS usd, "
    "1000 * sum(spend) / nullif(sum(api_requests), 0) AS usd_per_1000_requests "
    'FROM "LiteLLM_DailyUserSpend" '
    f"WHERE date >= to_char(now() - interval '{MONTHS}', 'YYYY-MM-DD') "
    "GROUP BY 1, 2 ORDER BY 1, 3 DESC",
    source="litellm-schema",
)
CACHE_HITS = Query(
    asks="share of requests that the response cache answered",
    language=Language.PROMQL,
    text="sum(increase(litellm_cache_hits_metric_total[30d])) "
    "/ (sum(increase(litellm_cache_hits_metric_total[30d])) "
    "+ sum(increase(litellm_cache_misses_metric_total[30d])))",
    source="litellm-metrics",
)
EVICTIONS = Query(
    asks="answers that were thrown out before their time, for want of memory",
    language=Language.PROMQL,
    text="sum by (instance) (increase(redis_evicted_keys_total[30d]))",
    source="redis-exporter",
)
MONTHLY_GROWTH = Query(
    asks="growth of requests from each month to the next",
    language=Language.SQL,
    text="SELECT month, requests::numeric / nullif(lag(requests) OVER (ORDER BY month), 0) - 1 "
    "AS growth FROM (SELECT left(date, 7) AS month, sum(api_requests) AS requests "
    'FROM "LiteLLM_DailyUserSpend" '
    f"WHERE date >= to_char(now() - interval '{MONTHS}', 'YYYY-MM-DD') "
    "GROUP BY 1) AS months ORDER BY month",
    source="litellm-schema",
)
AT_MAXIMUM = Query(
    asks="autoscalers that stood at their maximum",
    language=Language.PROMQL,
    text="max_over_time((kube_horizontalpodautoscaler_status_current_replicas "
    f">= kube_horizontalpodautoscaler_spec_max_replicas)[30d:{WINDOW}])",
    source="kubernetes-metrics",
)
VOLUME_DAYS = Query(
    asks="days until a volume is full, at the last week's pace",
    language=Language.PROMQL,
    text="kubelet_volume_stats_available_bytes "
    "/ -deriv(kubelet_volume_stats_available_bytes[7d]) / 86400",
    source="kubernetes-metrics",
)


def bottlenecks() -> tuple[Query, ...]:
    """Return the query of each trigger that watches the platform itself."""
    return tuple(
        Query(
            asks=one.metric,
            language=Language.PROMQL,
            text=one.query,
            source=one.exporter,
        )
        for one in (*TABLE, *STORES)
    )
