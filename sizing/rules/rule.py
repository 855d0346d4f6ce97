"""What one rule of the table is, and what it says when it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sizing.model import Json

Inputs: TypeAlias = Mapping[str, Json]
"""A resource's inputs in the provider's wire form: camelCase names, plain JSON values."""

Check: TypeAlias = Callable[[Inputs], str | None]
"""Returns what is wrong with the inputs, None where nothing is or where it is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule that given inputs break; `reason` says how they do."""

    rule: str
    type: str
    property: str
    statement: str
    reason: str
    source: str

    def __str__(self) -> str:
        return f"{self.property}: {self.statement} ({self.reason}) [{self.rule}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What every rule says of itself.

    Attributes:
        id: stable, "<service>.<what>".
        types: resource type tokens ("aws:eks/nodeGroup:NodeGroup").
        property: the input it is about, in the provider's spelling; dots lead into blocks.
        statement: what must hold, in one sentence.
        source: id of an entry of `sizing.sources`.
    """

    id: str
    types: tuple[str, ...]
    property: str
    statement: str
    source: str

    def refusal(self, type_token: str, reason: str) -> Refusal:
        """Return what is said of a resource of this type that breaks the rule."""
        return Refusal(
            rule=self.id,
            type=type_token,
            property=self.property,
            statement=self.statement,
            reason=reason,
            source=self.source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Stated):
    """One thing that the cloud refuses.

    Attributes:
        check: says what is wrong with given inputs.
        passing: the part of a resource's inputs that matters here, as it is accepted.
        failing: the same part, as it is refused.
    """

    check: Check
    passing: Inputs
    failing: Inputs
