"""The cost tables of the other documents beside what the same costs here.

Document 001's own tables stand in `sizing.comparison` (4.1) and `sizing.external` (4.2). Document
003 prices models and machines; documents 000, 002 and 004 state no cost. A row that prices what
this platform does not use is said to be not comparable, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, REFERENCE_REGIONS, UnknownNameError, instance
from sizing.documents.osmen import SOURCE
from sizing.documents.osmen_cost import (
    INFRASTRUCTURE_COST,
    LLM_COST,
    OLLAMA_COST,
    InfrastructureCostRow,
    LlmCostRow,
)
from sizing.pricing.traffic import DAYS_PER_MONTH
from sizing.units import MEGA
from sizing.words import Cloud

if TYPE_CHECKING:
    from sizing.external import ExternalCost
    from sizing.plans import PlatformPlan

MODELS, MACHINES = "003-llm-cost", "003-infrastructure-cost"  # ids of the blocks
RENTED = "t3.xlarge"  # the machine that the first row of the second table names
WITHOUT_COSTS = ("document-000", "document-002", "document-004")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCost:
    """One line of a document's cost table.

    Attributes:
        documented: as the document writes it.
        here_usd: the same a month here; None where it is not comparable or has no known price.
    """

    source: str
    block: str
    line: str
    documented: str
    comparable: bool
    here_usd: float | None
    explanation: str


def document_costs(
    plan: PlatformPlan, external: ExternalCost, own_usd_per_million: float | None
) -> tuple[DocumentCost, ...]:
    """Return document 003's costs in its order, then the documents that state none.

    Args:
        plan: whose requests are priced.
        external: what outside models cost this plan.
        own_usd_per_million: what own tokens cost it, None where unknown.
    """
    return (
        *(_model(plan, row, external, own_usd_per_million) for row in LLM_COST),
        *(_machine(row) for row in INFRASTRUCTURE_COST),
        *_silent(),
    )


def _model(
    plan: PlatformPlan,
    row: LlmCostRow,
    external: ExternalCost,
    own_usd_per_million: float | None,
) -> DocumentCost:
    load = plan.request.load
    own = row is OLLAMA_COST
    daily = LLM_COST[0].requests_per_day if own else row.requests_per_day
    tokens = daily.value * DAYS_PER_MONTH * (load.input_tokens + load.output_tokens)
    rate = own_usd_per_million if own else external.usd_per_million
    whose = "own models, their machines included" if own else f"{external.model} here"
    words = (
        f"{daily.value:,.0f} requests a day of {load.input_tokens:,g} tokens in and "
        f"{load.output_tokens:,g} out, by {whose}"
    )
    return DocumentCost(
        source=SOURCE,
        block=MODELS,
        line=row.model,
        documented=row.monthly.written,
        comparable=True,
        here_usd=None if rate is None else round(tokens / MEGA * rate, 2),
        explanation=f"{words}; {_by_its_own_price(plan, row)}",
    )


def _by_its_own_price(plan: PlatformPlan, row: LlmCostRow) -> str:
    """Return what the same requests cost at the prices that the row itself states."""
    if row is OLLAMA_COST:
        return "the document counts no machine"
    load, price = plan.request.load, row.price_per_thousand_tokens
    each = load.input_tokens * price.input_usd.value + load.output_tokens * price.output_usd.value
    usd = row.requests_per_day.value * DAYS_PER_MONTH * each / 1000
    return f"at the row's own price they would cost {usd:,.0f} USD"


def _machine(row: InfrastructureCostRow) -> DocumentCost:
    comparable = RENTED in row.option
    hourly = _hourly(RENTED) if comparable else None
    if not comparable:
        words = "not comparable: the platform stands on neither this vendor nor own machines"
    elif hourly is None:
        words = f"no source shows the price of {RENTED}, which no pool uses"
    else:
        words = f"one {RENTED} at list price, 730 hours"
    return DocumentCost(
        source=SOURCE,
        block=MACHINES,
        line=row.option,
        documented=row.monthly.written,
        comparable=comparable,
        here_usd=None if hourly is None else round(hourly * HOURS_PER_MONTH.value, 2),
        explanation=words,
    )


def _hourly(machine: str) -> float | None:
    try:
        return instance(Cloud.AWS, machine).price(REFERENCE_REGIONS[Cloud.AWS])
    except UnknownNameError:
        return None


def _silent() -> Iterator[DocumentCost]:
    for source in WITHOUT_COSTS:
        yield DocumentCost(
            source=source,
            block="",
            line="",
            documented="",
            comparable=False,
            here_usd=None,
            explanation="not comparable: the document states no cost",
        )
