"""Quantities come to the numbers that Kubernetes takes them for."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest

from tests.kubernetes.quantities import number


@pytest.mark.parametrize(
    ("quantity", "worth"),
    [("1500m", "1.5"), ("2Gi", "2147483648"), ("2G", "2e9"), ("4", "4"), (3, "3"), ("1e3", "1000")],
)
def test_a_quantity_comes_to_its_number(quantity: str | int, worth: str) -> None:
    assert number(quantity) == Decimal(worth)


def test_what_is_no_quantity_is_an_error() -> None:
    with pytest.raises(InvalidOperation):
        number("2GB")
