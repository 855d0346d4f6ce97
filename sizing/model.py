"""What every sizing type shares: figures with their provenance, and JSON in one form."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import TypeAlias

from sizing.words import Kind

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its provenance.

    Attributes:
        value: the number, in `unit`.
        unit: what one is, spelled out ("GiB a month", "share of node memory").
        source: id of an entry of `sizing.sources`.
        date: when the source said so, ISO 8601 (year, month or day).
        kind: how far to trust it.
    """

    value: float
    unit: str
    source: str
    date: str
    kind: Kind

    def __int__(self) -> int:
        """Return the value of a figure that counts whole things.

        Raises:
            ValueError: the value is not whole.
        """
        if not float(self.value).is_integer():
            raise ValueError(f"{self.value} {self.unit} ({self.source}) is not a whole number")
        return int(self.value)


def plain(value: object) -> Json:
    """Turn sizing data into JSON's own types, field by field and in the order declared.

    Raises:
        TypeError: the value is not plain data.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} is not plain data")
