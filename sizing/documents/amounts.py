"""Figures as a document writes them ("300MB-1.5GB"), read into base units.

The written text is the only place of a number; what it means is worked out from it here, so the
two cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from sizing.units import GIB, GIGA, KIB, MEGA, MIB, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

KILO = 1000


class Base(StrEnum):
    """What one of an amount is, after reading."""

    NUMBER = "number"
    BYTES = "bytes"
    BYTES_PER_DAY = "bytes a day"
    SECONDS = "seconds"
    SHARE = "share of one"
    TIMES = "times"
    VCPU = "vCPU"
    PER_SECOND = "per second"
    USD = "US dollars"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A figure, or a range of them, with the text it was read from.

    Attributes:
        written: the cell or phrase as the document prints it.
        low: lower end in `unit`; None for "<5%" and for words such as "Variable".
        high: upper end in `unit`; None for "100+" and for words.
        about: the document writes "~" before it.
    """

    written: str
    low: float | None
    high: float | None
    unit: Base
    about: bool = False

    @property
    def value(self) -> float:
        """The one figure.

        Raises:
            ValueError: it is a range, open or in words.
        """
        if self.low is None or self.low != self.high:
            raise ValueError(f'"{self.written}" is not one figure')
        return self.low


DECIMAL_SIZES: Mapping[str, int] = MappingProxyType({"MB": MEGA, "GB": GIGA})
"""What a document's "MB" and "GB" mean beside a machine or a disk, as in document 001."""

UNITS: Mapping[str, tuple[Base, Decimal]] = MappingProxyType(
    {
        **{name: (Base.BYTES, Decimal(size)) for name, size in DECIMAL_SIZES.items()},
        **{f"{name}/day": (Base.BYTES_PER_DAY, Decimal(n)) for name, n in DECIMAL_SIZES.items()},
        "ms": (Base.SECONDS, Decimal(1) / KILO),
        "s": (Base.SECONDS, Decimal(1)),
        "minutes": (Base.SECONDS, Decimal(SECONDS_PER_MINUTE)),
        "hour": (Base.SECONDS, Decimal(SECONDS_PER_HOUR)),
        "%": (Base.SHARE, Decimal(1) / 100),
        "x": (Base.TIMES, Decimal(1)),
        "vCPU": (Base.VCPU, Decimal(1)),
        "core": (Base.VCPU, Decimal(1)),
        "cores": (Base.VCPU, Decimal(1)),
        "req/s": (Base.PER_SECOND, Decimal(1)),
        "/sec": (Base.PER_SECOND, Decimal(1)),
        "vectors/sec": (Base.PER_SECOND, Decimal(1)),
        "new users/second": (Base.PER_SECOND, Decimal(1)),
        "IOPS": (Base.PER_SECOND, Decimal(1)),
    }
)
"""What the documents write behind a number, and what it is in base units."""

BINARY_SIZES: Mapping[str, int] = MappingProxyType(
    {"kb": KIB, "mb": MIB, "gb": GIB, "MB": MIB, "GB": GIB, "G": GIB, "Mi": MIB, "Gi": GIB}
)
"""Sizes in settings of PostgreSQL, Redis, Compose and Kubernetes: all of them powers of 1024."""

SCALES: Mapping[str, int] = MappingProxyType(
    {"": 1, "K": KILO, "M": MEGA, "B": GIGA, " million": MEGA}
)

_UNIT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_END = (
    rf"([\d,]*\d(?:\.\d+)?)( million|[KMB](?![A-Za-z]))?(\+)? ?({_UNIT})?(?![A-Za-z\d]|[.,]\d)(\+)?"
)
_AMOUNT = re.compile(rf"(?<![\w.,-])(~|<|>=|>)?(\$)?{_END}(?:-{_END})?", re.ASCII)
_BINARY = re.compile(r"(\d+)([A-Za-z]+)", re.ASCII)


def amounts(written: str) -> tuple[Amount, ...]:
    """Return every figure of a phrase, in order; numbers inside names ("P95") are none."""
    return tuple(_read(match) for match in _AMOUNT.finditer(written))


def amount(written: str) -> Amount:
    """Return the one figure of a cell, under the whole of its text.

    Raises:
        ValueError: the text holds no figure, or several.
    """
    found = amounts(written)
    if len(found) != 1:
        raise ValueError(f'"{written}" holds {len(found)} figures, not one')
    one = found[0]
    return Amount(written=written, low=one.low, high=one.high, unit=one.unit, about=one.about)


def words(written: str) -> Amount:
    """Return what stands in the place of a figure without being one ("Variable")."""
    return Amount(written=written, low=None, high=None, unit=Base.WORDS)


def binary_size(written: str) -> Amount:
    """Return a size from a setting, where "8GB" and "8G" are powers of 1024.

    Raises:
        ValueError: not such a size.
    """
    match = _BINARY.fullmatch(written)
    if match is None or match[2] not in BINARY_SIZES:
        raise ValueError(f'"{written}" is not a size such as "8GB" or "512Mi"')
    size = int(match[1]) * BINARY_SIZES[match[2]]
    return Amount(written=written, low=size, high=size, unit=Base.BYTES)


def cells(row: object) -> tuple[str, ...]:
    """Return the fields of a row as written, in the order declared.

    Raises:
        TypeError: the row is no dataclass, or a field is neither text nor was it written so.
    """
    if not is_dataclass(row):
        raise TypeError(f"{row!r} is no row")
    return tuple(cell(getattr(row, field.name)) for field in fields(row))


def cell(value: object) -> str:
    """Return a figure, a phrase of figures or a text as written.

    Raises:
        TypeError: it was not written as text.
    """
    text = getattr(value, "written", value)
    if not isinstance(text, str):
        raise TypeError(f"{value!r} has no written form")
    return text


def _read(match: re.Match[str]) -> Amount:
    mark, dollar, *ends = match.groups()
    first, last = ends[: len(ends) // 2], ends[len(ends) // 2 :]
    unit_text = last[3] or first[3]
    base, _ = UNITS[unit_text] if unit_text else (Base.USD if dollar else Base.NUMBER, 1)
    low: float | None = _number(first, first[3] or unit_text)
    high: float | None = low if last[0] is None else _number(last, unit_text)
    if any((first[2], first[4], last[2], last[4])) or mark in {">", ">="}:
        high = None
    if mark == "<":
        low = None
    return Amount(written=match[0].strip(), low=low, high=high, unit=base, about=mark == "~")


def _number(end: list[str], unit: str | None) -> float:
    digits, scale, *_ = end
    factor = UNITS[unit][1] if unit else Decimal(1)
    exact = Decimal(digits.replace(",", "")) * SCALES[scale or ""] * factor
    return int(exact) if exact == exact.to_integral_value() else float(exact)
