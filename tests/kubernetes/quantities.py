"""Quantities as Kubernetes writes them."""

from __future__ import annotations

from decimal import Decimal

_BINARY = {unit: Decimal(1024) ** power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti"), 1)}
_DECIMAL = {unit: Decimal(1000) ** power for power, unit in enumerate(("k", "M", "G", "T"), 1)}
_UNITS = {**_BINARY, **_DECIMAL, "m": Decimal("0.001")}


def number(quantity: str | int | float) -> Decimal:
    """Return what a quantity ("1500m", "2Gi", 3) comes to in its base unit.

    Raises:
        decimal.InvalidOperation: it is none.
    """
    text = str(quantity)
    for unit, worth in _UNITS.items():
        if text.endswith(unit):
            return Decimal(text.removesuffix(unit)) * worth
    return Decimal(text)
