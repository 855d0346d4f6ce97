"""The ledger: items with their quantity at minimum, planned and maximum, priced or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, price
from sizing.plans import BillItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sizing.plans import Scale

UNIT_DECIMALS = 6  # of a unit price: list prices have at most six
NOT_SOURCED = "sizing-decisions"  # what an item without a price names: the rule to leave it open


class Line(StrEnum):
    """The lines of document 001, table 4.1; OTHER is what that table leaves out."""

    CONTROL_PLANE = "EKS Control Plane"
    CPU = "EC2 Workers (CPU)"
    GPU = "EC2 Workers (GPU)"
    POSTGRES = "RDS PostgreSQL"
    CACHE = "ElastiCache Redis"
    EBS = "EBS Storage"
    TRANSFER = "Data Transfer"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many units at the autoscaler's minimum, as planned, and at the maximum."""

    minimum: float
    planned: float
    maximum: float

    @classmethod
    def fixed(cls, amount: float) -> Quantity:
        """Return a quantity that no autoscaler moves."""
        return cls(amount, amount, amount)

    @classmethod
    def of(cls, scale: Scale, each: float = 1) -> Quantity:
        """Return `each` for every replica or node of a scale."""
        return cls(scale.minimum * each, scale.planned * each, scale.maximum * each)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(
            self.minimum + other.minimum,
            self.planned + other.planned,
            self.maximum + other.maximum,
        )

    def times(self, factor: float) -> Quantity:
        """Return every quantity multiplied."""
        return Quantity(self.minimum * factor, self.planned * factor, self.maximum * factor)


ZERO = Quantity(0, 0, 0)


@dataclass(slots=True)
class Ledger:
    """Collects the items of one plan in one region; USD a month, rounded to cents per item."""

    region: str
    items: list[BillItem] = field(default_factory=list)

    def add(
        self,
        component: str,
        item: str,
        quantity: Quantity,
        unit: str,
        unit_usd: float | None,
        source: str,
        line: Line = Line.OTHER,
    ) -> None:
        """Write an item; `unit_usd` is USD per unit and month, None where no source shows it."""

        def total(amount: float) -> float | None:
            return None if unit_usd is None else round(amount * unit_usd, 2)

        self.items.append(
            BillItem(
                component=component,
                item=item,
                line=line.value,
                quantity=round(quantity.planned, 2),
                unit=unit,
                unit_usd=None if unit_usd is None else round(unit_usd, UNIT_DECIMALS),
                planned_usd=total(quantity.planned),
                floor_usd=total(quantity.minimum),
                ceiling_usd=total(quantity.maximum),
                source=source,
            )
        )

    def priced(
        self,
        component: str,
        item: str,
        quantity: Quantity,
        unit: str,
        price_id: str,
        line: Line = Line.OTHER,
    ) -> None:
        """Write an item at the catalogue's price; prices by the hour run the whole month."""
        figure = price(price_id, self.region)
        if figure is None:
            self.add(component, item, quantity, unit, None, NOT_SOURCED, line)
            return
        hours = HOURS_PER_MONTH.value if price_id.endswith("hour") else 1
        self.add(component, item, quantity, unit, figure.value * hours, figure.source, line)


def tiered_price(
    amount: float, tiers: Iterable[tuple[float, str]], region: str
) -> tuple[float | None, str]:
    """Return the mean price of a unit that costs less from tier to tier, and its source.

    Args:
        amount: units of a month.
        tiers: how many units a tier holds and the id of its price, the first one first.
        region: where they are charged.
    """
    left, total, source = amount, 0.0, NOT_SOURCED
    for size, price_id in tiers:
        figure = price(price_id, region)
        if figure is None:
            return None, NOT_SOURCED
        part = min(left, size)
        total, left, source = total + part * figure.value, left - part, figure.source
    return (total / amount if amount else 0.0), source
