"""What is said of a plan: adjustments, findings, bill, quotas."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.words import Direction, Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Any difference between the plan and the documented table.

    Attributes:
        field: dotted path of the plan ("postgres.iops").
        rule: id of the rule that made it ("rds-gp3-floor").
        monthly_usd: what it adds to the bill, None where the price is unknown.
    """

    field: str
    documented: str
    planned: str
    direction: Direction
    rule: str
    reason: str
    monthly_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One checked constraint.

    Attributes:
        id: stable, "<component>.<constraint>".
        demand: what is asked, in `unit`; None where the constraint is not a number.
        capacity: what the plan gives, in `unit`.
        utilisation: demand / capacity, None where either is missing.
        fix: exactly what to change, "" where nothing needs to.
        source: id of an entry of `sizing.sources`.
    """

    id: str
    component: str
    constraint: str
    demand: float | None
    capacity: float | None
    unit: str
    utilisation: float | None
    verdict: Verdict
    severity: Severity
    message: str
    fix: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillItem:
    """One line of the monthly bill; None is a price that no source shows, never zero.

    Attributes:
        line: the line of the documented cost table that it belongs to, "" for none.
        quantity: how many units at planned size; floor and ceiling are at minimum and maximum.
    """

    component: str
    item: str
    line: str
    quantity: float
    unit: str
    unit_usd: float | None
    planned_usd: float | None
    floor_usd: float | None
    ceiling_usd: float | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillComparison:
    """One line of table 4.1 beside what the plan costs, the difference in words."""

    line: str
    documented_usd: float
    planned_usd: float | None
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a month costs at list price. Totals are "at least" where `unpriced` is not empty."""

    currency: str
    region: str
    prices_as_of: str
    monthly_usd: float
    floor_usd: float
    ceiling_usd: float
    unpriced: tuple[str, ...]
    items: tuple[BillItem, ...]
    comparison: tuple[BillComparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRequest:
    """A service quota to ask for before the first `up`: pool maximum and surge."""

    service: str
    name: str
    needed: float
    unit: str
    reason: str
