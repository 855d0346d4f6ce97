"""How fast the error budgets of the platform's promises are used up, and that of its money.

Several windows and several rates at once: a long window shows that it matters, a short one that it
still goes on. https://sre.google/workbook/alerting-on-slos/, table 5-8: 14.4 times the even pace
over an hour uses 2 % of 30 days' budget, 6 times over six hours 5 %, the even pace over three days
10 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.alerts.lines import DECIDED
from sizing.alerts.model import PERCENT, AlertPlan, Facts, Line, Recording, Shown, number
from sizing.alerts.words import Severity
from sizing.plans import PlatformPlan
from sizing.triggers import ruling
from sizing.units import DAYS_PER_MONTH, MILLIS_PER_SECOND, SECONDS_PER_DAY

SOURCE = "sre-workbook-slo"
FAMILY = "objectives"
WINDOWS = ("5m", "30m", "1h", "6h", "3d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """One row of table 5-8: pace over the even one, and its two windows."""

    severity: Severity
    pace: float
    long: str
    short: str


# Table 5-8 of the SRE workbook, chapter 5.
TABLE_5_8 = (
    Burn(severity=Severity.CRITICAL, pace=14.4, long="1h", short="5m"),
    Burn(severity=Severity.CRITICAL, pace=6, long="6h", short="30m"),
    Burn(severity=Severity.WARNING, pace=1, long="3d", short="6h"),
)
# Upper ends of LiteLLM's latency buckets in seconds, as its labels write them.
# Source: litellm-metrics, 2026-11-21 (LATENCY_BUCKETS), those around an objective.
BUCKETS: Mapping[float, str] = MappingProxyType(
    {0.1: "0.1", 0.25: "0.25", 0.5: "0.5", 1: "1.0", 2: "2.0", 5: "5.0", 10: "10.0", 30: "30.0"}
)
FIRST_TOKEN_SHARE = 0.95  # the objective is a P95. Source: sizing.workload.Objectives
# A burn shows first where it matters: with less than a request a minute one failure is a share.
FEWEST_A_SECOND = 1 / 60

_REQUESTS = "litellm_proxy_total_requests_metric_total"
_TOKENS = "litellm_llm_api_time_to_first_token_metric"
_SPEND = "litellm_spend_metric_total"


def availability(facts: Facts) -> float:
    """Return the share of requests that is answered: the stack's own, else table 5.2's."""
    errors = ruling("errors").warning
    return facts.availability or 1 - (errors or 0)


def bucket(plan: PlatformPlan) -> str:
    """Return the bucket of LiteLLM's that ends at the first token's objective, or next below it.

    Raises:
        ValueError: the objective is below the smallest bucket that is looked at.
    """
    goal = plan.request.load.objectives.first_token_p95_ms.value / MILLIS_PER_SECOND
    below = [end for end in BUCKETS if end <= goal]
    if not below:
        raise ValueError(f"no bucket of first tokens ends at {goal:g} s or before")
    return BUCKETS[max(below)]


def recordings(plan: PlatformPlan) -> tuple[Recording, ...]:
    """Return the shares of failed and of late answers, over each window.

    Raises:
        ValueError: the objective of first tokens is below every bucket.
    """
    end = bucket(plan)
    failed: Callable[[str], str] = lambda span: (  # noqa: E731  (a template of one use)
        f'sum(rate({_REQUESTS}{{status_code=~"5.."}}[{span}])) / sum(rate({_REQUESTS}[{span}]))'
    )
    late: Callable[[str], str] = lambda span: (  # noqa: E731
        f'1 - sum(rate({_TOKENS}_bucket{{le="{end}"}}[{span}])) '
        f"/ sum(rate({_TOKENS}_count[{span}]))"
    )
    return (
        *(Recording(name=_failed(span), query=failed(span)) for span in WINDOWS),
        *(Recording(name=_late(span), query=late(span)) for span in WINDOWS),
    )


def objectives(plan: PlatformPlan, facts: Facts) -> tuple[AlertPlan, ...]:
    """Return the alerts of availability and of first tokens, and of money where it is capped."""
    goal = availability(facts)
    busy = f"sum(rate({_REQUESTS}[1h])) > {number(FEWEST_A_SECOND)}"
    spoken = f"sum(rate({_TOKENS}_count[1h])) > {number(FEWEST_A_SECOND)}"
    made = [
        _burn(
            "AvailabilityBudgetBurn",
            "the budget of failed requests is used up too fast",
            _failed,
            1 - goal,
            busy,
            f"the platform answers {number(goal * PERCENT)} % of the requests",
        ),
        _burn(
            "FirstTokenBudgetBurn",
            "the budget of late first tokens is used up too fast",
            _late,
            1 - FIRST_TOKEN_SHARE,
            spoken,
            f"{FIRST_TOKEN_SHARE:.0%} of the first tokens come within {bucket(plan)} s",
        ),
    ]
    if facts.budget_usd:
        made.append(_money(facts.budget_usd))
    return tuple(made)


def _failed(span: str) -> str:
    return f"aigw:requests_failed:ratio_rate{span}"


def _late(span: str) -> str:
    return f"aigw:first_tokens_late:ratio_rate{span}"


def _burn(
    name: str,
    summary: str,
    share: Callable[[str], str],
    budget: float,
    busy: str,
    planned: str,
) -> AlertPlan:
    def query(one: Burn) -> str:
        above = number(one.pace * budget)
        return f"{share(one.long)} > {above} and {share(one.short)} > {above} and on () ({busy})"

    return _rows(name, summary, query, planned, SOURCE, Shown.SHARE, budget)


def _money(budget: int) -> AlertPlan:
    """Return the alert of spending: the same paces over the same windows, of 30 days' cap."""
    paid = f"sum(rate({_SPEND}[{{span}}])) * {DAYS_PER_MONTH * SECONDS_PER_DAY} / {budget}"

    def query(one: Burn) -> str:
        above = number(one.pace)
        return f"{paid.format(span=one.long)} > {above} and {paid.format(span=one.short)} > {above}"

    return _rows(
        "SpendBudgetBurn",
        "outside models are paid for faster than the budget of 30 days lasts",
        query,
        f"all keys may spend {budget} US dollars in 30 days, an even pace is 1; the gateway then "
        "refuses",
        DECIDED,
        Shown.COUNT,
        1,
    )


def _rows(
    name: str,
    summary: str,
    query: Callable[[Burn], str],
    planned: str,
    source: str,
    shown: Shown,
    even: float,
) -> AlertPlan:
    return AlertPlan(
        name=name,
        family=FAMILY,
        summary=summary,
        query="",
        lines=tuple(
            # both windows have waited already
            Line(
                severity=one.severity,
                at=one.pace * even,
                minutes=0,
                query=query(one),
                labels=(("window", one.long),),
            )
            for one in TABLE_5_8
        ),
        shown=shown,
        planned=planned,
        source=source,
        labels=(("slo", name.removesuffix("BudgetBurn").lower()),),
    )
