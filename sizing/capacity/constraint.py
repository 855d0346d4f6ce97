"""One constraint: what is asked, what is surely there, what can be there at most, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.model import Figure
from sizing.words import Kind, Verdict

RATE_HEADROOM = Figure(
    value=0.80,
    unit="share of the conservative capacity that a rate may take",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Demand and capacity of one component in one unit.

    A rate holds up to `RATE_HEADROOM` of the conservative capacity; a hard limit up to all of it.

    Attributes:
        name: what it must do, "<constraint>" of the finding ("requests", "memory").
        demand: what is asked, in `unit`; None where the load does not say.
        conservative: what is surely there; None where no source shows it.
        physical: what can be there at most; None where no source shows it. For a hard limit the
            same as `conservative` unless a constant between them is assumed.
        hard: a limit (connections, memory), not a rate.
        assumption: the assumed or missing constant that the result rests on, "" for none: with one
            the verdict is unproven at best.
        formula: how both figures come about, in words and symbols.
        measure: what to measure or state where the verdict is unproven.
        source: id of an entry of `sizing.sources`.
    """

    name: str
    unit: str
    demand: float | None
    conservative: float | None
    physical: float | None
    hard: bool
    formula: str
    source: str
    assumption: str = ""
    measure: str = ""

    @property
    def held(self) -> float | None:
        """Return the demand up to which the constraint surely holds."""
        if self.conservative is None:
            return None
        return self.conservative * (1 if self.hard else RATE_HEADROOM.value)

    @property
    def verdict(self) -> Verdict:
        """Return what the constraint comes to."""
        if self.demand is None:
            return Verdict.UNPROVEN
        if self.physical is not None and self.demand > self.physical:
            return Verdict.REFUTED
        held = self.held
        if held is None or self.demand > held or self.assumption:
            return Verdict.UNPROVEN
        return Verdict.HOLDS
