"""Document 004: an agent router for 60,000 users, its reference workload and sizing method.

Source: document-004, undated. The document states no rate of a replica: it is to be measured.
Cells that are whole sentences stand here in short words of our own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.documents.amounts import Amount, Base, amount, amounts, words
from sizing.documents.block import Block, BlockKind, points, table
from sizing.documents.questions import QUESTIONS

SOURCE = "document-004"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """One dimension of the reference workload."""

    dimension: str
    target: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedRow:
    """One quantity that follows from the reference workload."""

    quantity: str
    value: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """When the traffic comes: hours of a day and days of a month, None where unsaid."""

    written: str
    hours_per_day: Amount | None
    days_per_month: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """A month's calls within a window of so many seconds, and the rate that it makes."""

    assumption: Concentration
    window: Amount
    peak_requests_per_second: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRow:
    """What drives the sizing besides the rate, and why."""

    dimension: str
    drives: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRow:
    """A part of a request's latency, its relative size, and what moves it."""

    component: str
    contribution: str
    moved_by: str


def _window(written: str, window: Amount, rate: Amount) -> WindowRow:
    figures = amounts(written)
    *hours, days = figures or (None,)
    return WindowRow(
        assumption=Concentration(
            written=written, hours_per_day=hours[0] if hours else None, days_per_month=days
        ),
        window=window,
        peak_requests_per_second=rate,
    )


USERS = TargetRow(dimension="Users", target=amount("~60,000"))
MODELS = TargetRow(dimension="Models", target=amount("~25"))
CALLS_PER_MONTH = TargetRow(dimension="LLM calls per month", target=amount("~1.9 million"))
REFERENCE_WORKLOAD = (USERS, MODELS, CALLS_PER_MONTH)

DERIVED_CALLS = DerivedRow(quantity="Calls per month", value=amount("1,900,000"))
DERIVED_SECONDS = DerivedRow(quantity="Seconds per 30-day month", value=amount("2,592,000"))
DERIVED_AVERAGE = DerivedRow(quantity="Average requests per second", value=amount("~0.7"))
DERIVED = (DERIVED_CALLS, DERIVED_SECONDS, DERIVED_AVERAGE)

PEAK_OVER_AVERAGE = Amount(
    written="one to two orders of magnitude", low=10, high=100, unit=Base.TIMES
)
"""How far a peak may stand above the monthly average, by the text under the table."""

EVEN_WINDOW = _window("Traffic spread evenly across 30 days", amount("2,592,000 s"), amount("~0.7"))
WORKING_DAY_WINDOW = _window(
    "Traffic within an 8-hour working day, 22 working days", amount("633,600 s"), amount("~3")
)
DAILY_PEAK_WINDOW = _window(
    "Traffic within a 2-hour daily peak, 22 working days", amount("158,400 s"), amount("~12")
)
BURST_WINDOW = _window(
    "Bursty interactive load (short spikes)",
    words("Not applicable"),
    words("well above the figures above"),
)
WINDOWS = (EVEN_WINDOW, WORKING_DAY_WINDOW, DAILY_PEAK_WINDOW, BURST_WINDOW)

DIMENSIONS = (
    DimensionRow(dimension="Concurrent requests", drives="memory and connection pools, at peak"),
    DimensionRow(
        dimension="Tokens per request", drives="CPU, memory, provider latency and quota, cost"
    ),
    DimensionRow(
        dimension="Streaming vs. non-streaming", drives="connections held for a whole generation"
    ),
    DimensionRow(
        dimension="Number of models and providers", drives="routing, fallback, limits and quotas"
    ),
    DimensionRow(dimension="Regions", drives="footprint per region, latency between regions"),
)

SCALED_BY = (
    ("Agent Router", "peak concurrent connections and tokens of a request, plus headroom"),
    ("Controller", "routing rules, API keys, models and providers"),
)
"""What each part of the data plane grows with; replicas are added, none is enlarged."""

METHOD = (
    ("concurrency", "peak concurrent requests from average rate and peaking factor"),
    ("mix", "token distribution and streaming share"),
    ("measurement", "throughput of one replica on the target infrastructure"),
    ("replicas", "peak concurrency over throughput of a replica, plus headroom"),
)
"""The document's four steps; the last divides a number by a rate."""

LATENCY = (
    LatencyRow(
        component="Gateway processing",
        contribution="Small",
        moved_by="routing, policies, normalisation",
    ),
    LatencyRow(
        component="Provider inference",
        contribution="Dominant",
        moved_by="output tokens, provider load",
    ),
    LatencyRow(component="Network", contribution="Variable", moved_by="hops between regions"),
)

HEADROOM_RULES = (
    ("limits", "of keys and groups: above the expected peak, still bounding runaway clients"),
    ("quotas", "sum of key limits against each provider's quota, with room for fallback"),
    ("budgets", "modelled together with limits"),
)

CARDINALITY_LABELS = ("api_key_id", "requested_model")
CARDINALITY_DRIVERS = (
    ("metrics", "time series are multiplied by " + " and ".join(CARDINALITY_LABELS)),
    ("traces", "grow with the request rate; sampled below 100 %"),
)


def blocks() -> tuple[Block, ...]:
    """Return the document's tables and sizing lists, in its order."""
    return (*_workload(), *_data_plane(), *_limits())


def _workload() -> tuple[Block, ...]:
    section = "Reference workload"
    return (
        table("004-reference", section, ("Dimension", "Target"), REFERENCE_WORKLOAD),
        table(
            "004-derived",
            section,
            ("Derived quantity", "Approximate value"),
            DERIVED,
            title="Derived quantities",
        ),
        points(
            "004-peak-over-average",
            section,
            (("Peak above monthly average", PEAK_OVER_AVERAGE),),
            title="Peak over average",
            kind=BlockKind.PROSE,
        ),
        table(
            "004-windows",
            section,
            (
                "Concentration assumption",
                "Effective window",
                "Approximate peak requests per second",
            ),
            WINDOWS,
            title="Concentration windows",
        ),
        table("004-dimensions", "Sizing dimensions", ("Dimension", "Why it matters"), DIMENSIONS),
    )


def _data_plane() -> tuple[Block, ...]:
    section = "Data-plane sizing"
    return (
        points("004-scaled-by", section, SCALED_BY, title="What each part scales with"),
        points("004-method", section, METHOD, title="Method"),
        table(
            "004-latency",
            "Throughput and latency",
            ("Latency component", "Relative contribution", "Notes"),
            LATENCY,
        ),
    )


def _limits() -> tuple[Block, ...]:
    return (
        points("004-headroom", "Headroom for rate limits and budgets", HEADROOM_RULES),
        points("004-cardinality", "Observability at scale", CARDINALITY_DRIVERS),
        points(
            "004-questions",
            "Capacity questions to confirm",
            ((question.id, question.text) for question in QUESTIONS),
        ),
    )
