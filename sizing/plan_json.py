"""Reading of a plan's JSON, in which anything may be missing: it may be of another commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sizing.model import Json

Plan: TypeAlias = Mapping[str, Json]
"""The part "aigw" of what `aigw plan STACK --json` writes, or a part of it."""


def text(of: Plan, key: str) -> str:
    """Return a value as text; "" where it is missing."""
    value = of.get(key)
    return "" if value is None else str(value)


def number(value: Json) -> float | None:
    """Return a number; None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def mapping(value: Json) -> dict[str, Json]:
    """Return a map; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def mappings(value: Json) -> Sequence[dict[str, Json]]:
    """Return the maps of a list."""
    return [one for one in items(value) if isinstance(one, dict)]
