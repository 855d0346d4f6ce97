"""Where each value of a resolved workload comes from, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from sizing.model import Figure
from sizing.words import Kind, Tier
from sizing.workload.load import Workload
from sizing.workload.reference import CACHE_TTL_SECONDS, RETENTION_DAYS, TRACE_SHARE


class Basis(StrEnum):
    """Who says so: the statement itself, arithmetic on it, a document, or nobody."""

    GIVEN = "given"
    DERIVED = "derived"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value comes from.

    Attributes:
        how: the formula, the table or the reason, "" for what is given.
        value: the amount itself where it is no field of the workload.
    """

    basis: Basis
    how: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two statements that cannot both be true; both values are in `unit`."""

    axis_a: str
    value_a: float
    axis_b: str
    value_b: float
    unit: str
    message: str

    @property
    def ratio(self) -> float:
        """Return how many times the larger exceeds the smaller."""
        low, high = sorted((self.value_a, self.value_b))
        return high / low


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What is written down while a statement is resolved.

    Attributes:
        base: the reference that fills in what is not stated.
        tier: the tier whose reference also gives the load where none is stated; else None.
    """

    base: Workload
    tier: Tier | None
    origins: dict[str, Origin] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)

    def how(self, name: str, basis: Basis, how: str = "", value: float | None = None) -> None:
        """Write down where a value comes from."""
        self.origins[name] = Origin(basis=basis, how=how, value=value)

    def default(self, name: str) -> None:
        """Write down that a value is nobody's statement."""
        self.origins[name] = DEFAULTS[name]

    def contradiction(self, found: Contradiction) -> None:
        """Write down two statements that cannot both be true."""
        self.contradictions.append(found)


def _of(figure: Figure) -> Origin:
    assumed = figure.kind is Kind.ASSUMED
    return Origin(
        basis=Basis.ASSUMED if assumed else Basis.DOCUMENTED, how=f"{figure.source}: {figure.unit}"
    )


_FACTORS = Origin(basis=Basis.DOCUMENTED, how="document-001, table 1.2")
_RANGE = Origin(basis=Basis.DERIVED, how="typical range of document-001, table 1.2, as P5 to P95")
DEFAULTS: Mapping[str, Origin] = MappingProxyType(
    {
        "peak_factor": _FACTORS,
        "input_tokens": _FACTORS,
        "output_tokens": _FACTORS,
        "input_spread": _RANGE,
        "output_spread": _RANGE,
        "streaming_share": _FACTORS,
        "cache_hit_share": _FACTORS,
        "self_hosted_share": Origin(basis=Basis.DOCUMENTED, how="document-001, table 4.2"),
        "models": Origin(basis=Basis.DOCUMENTED, how="document-001, chapter 2.3"),
        "model_names": Origin(basis=Basis.DOCUMENTED, how="document-004"),
        "providers": Origin(basis=Basis.ASSUMED, how="none is named"),
        "users": Origin(basis=Basis.ASSUMED, how="not stated: no population is counted"),
        "keys": Origin(
            basis=Basis.DOCUMENTED, how="a key for each user of document-001, table 1.1"
        ),
        "regions": Origin(basis=Basis.ASSUMED, how="one region, as the plan has one"),
        "retention_days": _of(RETENTION_DAYS),
        "cache_ttl_seconds": _of(CACHE_TTL_SECONDS),
        "trace_share": _of(TRACE_SHARE),
        "vectors": Origin(basis=Basis.DOCUMENTED, how="document-003"),
        "vector_dimensions": Origin(basis=Basis.ASSUMED, how="not stated"),
        "prompts_stored": Origin(
            basis=Basis.ASSUMED, how="the spend log keeps no prompts unless told to"
        ),
        "limits_requests_per_minute": Origin(basis=Basis.ASSUMED, how="no limit is set"),
        "objectives": Origin(basis=Basis.ASSUMED, how="sizing-decisions; outside: document-000"),
    }
)
"""Whose figure stands where nothing is stated."""
