"""How a document's figure is held against ours: the only places where a verdict comes about."""

from __future__ import annotations

from enum import StrEnum

from sizing.audit.claim import Recomputed
from sizing.capacity.constraint import Constraint
from sizing.documents.amounts import Amount
from sizing.model import Figure
from sizing.words import Kind, Verdict

# "~0.7" for 0.733, "~$950" for 953: half of the last digit that a document prints, and no more.
ROUNDED = Figure(
    value=0.05,
    unit="share by which a rounded figure may be off",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
# List prices fell and rose by about as much since the documents were written.
PRICED = Figure(
    value=0.15,
    unit="share by which a price may be off",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
EXACT = 1e-9  # what a float loses on the way
DIGITS = 4
SHOWN = 0.0005  # below it a difference reads as none
MANY = 10  # times: from here on no percentage


class Said(StrEnum):
    """Which side of a constraint is the document's figure."""

    DEMAND = "demand"
    CAPACITY = "capacity"


def agrees(
    documented: float | None,
    value: float | None,
    *,
    unit: str,
    formula: str,
    tolerance: float = ROUNDED.value,
    missing: str = "",
) -> Recomputed:
    """Compare two figures that should be the same."""
    if documented is None or value is None:
        return _open(documented, value, unit, formula, missing)
    off = abs(value - documented)
    holds = off <= max(EXACT, abs(documented) * tolerance)
    return Recomputed(
        documented=documented,
        value=value,
        unit=unit,
        formula=formula,
        verdict=Verdict.HOLDS if holds else Verdict.REFUTED,
        note=_times(value, documented),
    )


def same(documented: str, value: str, *, unit: str, formula: str) -> Recomputed:
    """Compare two words that should be the same."""
    return Recomputed(
        documented=documented,
        value=value,
        unit=unit,
        formula=formula,
        verdict=Verdict.HOLDS if documented == value else Verdict.REFUTED,
    )


def contains(
    low: float | None, high: float | None, value: float | None, *, unit: str, formula: str
) -> Recomputed:
    """Compare a figure with the range that should contain it; an open end takes everything."""
    said = span(low, high)
    if value is None:
        return _open(said, value, unit, formula, "")
    within = (low is None or low <= value) and (high is None or value <= high)
    return Recomputed(
        documented=said,
        value=value,
        unit=unit,
        formula=formula,
        verdict=Verdict.HOLDS if within else Verdict.REFUTED,
    )


def at_most(
    demand: float | None,
    capacity: float | None,
    *,
    unit: str,
    formula: str,
    said: Said = Said.CAPACITY,
    measure: str = "",
) -> Recomputed:
    """Compare what is asked with a hard limit."""
    return of(
        Constraint(
            name="limit",
            unit=unit,
            demand=demand,
            conservative=capacity,
            physical=capacity,
            hard=True,
            formula=formula,
            source="sizing-decisions",
            measure=measure,
        ),
        said,
    )


def of(found: Constraint, said: Said = Said.CAPACITY) -> Recomputed:
    """Return what a constraint says, its verdict included.

    Args:
        found: the constraint, one side of which is the document's figure.
        said: which side that is; the other one is ours.
    """
    sides = (found.conservative, found.demand)
    documented, value = sides if said is Said.CAPACITY else sides[::-1]
    verdict = found.verdict
    parts = [_use(found)]
    if verdict is Verdict.UNPROVEN:
        parts += [found.assumption and f"assumes {found.assumption}", found.measure]
    return Recomputed(
        documented=documented,
        value=value,
        unit=found.unit,
        formula=found.formula,
        verdict=verdict,
        note="; ".join(filter(None, parts)),
    )


def readings(
    documented: float | None, one: float, other: float, *, unit: str, formula: str, missing: str
) -> Recomputed:
    """Judge a figure that can be read in two ways: it is open while the ways differ."""
    alike = abs(one - other) <= EXACT * max(abs(one), abs(other))
    return Recomputed(
        documented=documented,
        value=span(one, other),
        unit=unit,
        formula=formula,
        verdict=Verdict.HOLDS if alike else Verdict.UNPROVEN,
        note="" if alike else missing,
    )


def span(low: float | None, high: float | None) -> str:
    """Return a range in words: "2,000-3,000", "500+", "< 10"."""
    if high is None:
        return f"{figure(low or 0)}+"
    return f"< {figure(high)}" if low is None else f"{figure(low)}-{figure(high)}"


def ends(amount: Amount) -> tuple[float | None, float | None]:
    """Return the ends of a document's range."""
    return amount.low, amount.high


def figure(value: float) -> str:
    """Return a number with four digits that count, thousands set apart."""
    if value and abs(value) < 1000:
        return f"{value:.{DIGITS}g}"
    return f"{value:,.0f}"


def _use(found: Constraint) -> str:
    if found.demand is None or found.conservative is None or found.conservative <= 0:
        return ""
    share = found.demand / found.conservative
    words = f"{share:.0%} of it" if share < MANY else f"{figure(share)} times it"
    if found.physical is None or found.physical == found.conservative:
        return words
    return f"{words}; at most {figure(found.physical)}"


def _times(value: float, documented: float) -> str:
    if not value or not documented or value == documented:
        return ""
    ratio = value / documented
    if abs(ratio - 1) < SHOWN:
        return ""
    return f"{figure(ratio)} times" if ratio > 1 + PRICED.value else f"{ratio - 1:+.1%}"


def _open(
    documented: float | str | None, value: float | None, unit: str, formula: str, missing: str
) -> Recomputed:
    return Recomputed(
        documented=documented,
        value=value,
        unit=unit,
        formula=formula,
        verdict=Verdict.UNPROVEN,
        note=missing,
    )
