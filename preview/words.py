"""Amounts in words: dollars, shares, counts and scales as the report prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.words import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sizing.plans import Finding, Scale

CENTS_BELOW = 100
"""Below this many, dollars show their cents and amounts their decimals."""


def dollars(amount: float | None) -> str:
    """Return a sum; None is a price that no source shows."""
    if amount is None:
        return "unknown"
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    exact = 0 < size < CENTS_BELOW
    return f"{sign}${size:,.2f}" if exact else f"{sign}${size:,.0f}"


def amount(value: float | None) -> str:
    """Return a quantity without an exponent; nothing where it is not a number."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= CENTS_BELOW else f"{value:,.4g}"


def percent(share: float) -> str:
    """Return a share in whole percent."""
    return f"{share * 100:.0f} %"


def count(number: int, noun: str) -> str:
    """Return "1 pool" or "2 pools"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def scale(sizes: Scale) -> str:
    """Return minimum / planned / maximum."""
    return f"{sizes.minimum} / {sizes.planned} / {sizes.maximum}"


def short_type(token: str) -> str:
    """Return "ec2.Subnet" for "aws:ec2/subnet:Subnet"; a component's token stays whole."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    group = module.partition("/")[0]
    return f"{package if group in ('', 'index') else group}.{name}"


def advice(finding: Finding) -> str:
    """Return what a finding says, and what to change where anything is."""
    return "; ".join(filter(None, (finding.message.rstrip("."), finding.fix)))


def refusals(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return a line for each finding that refuses a stack."""
    return tuple(
        f"error: {one.id}: {advice(one)}" for one in findings if one.severity is Severity.ERROR
    )
