"""A claim of a document: its figures as named inputs, and the function that recomputes it.

Verdicts are never written down: `Claim.recompute` calls `sizing` with the inputs, and one of the
comparisons in `sizing.audit.judge` says what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sizing.words import Verdict

Input = float | str | None
"""A figure or a name from a typed table; None where the document says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """What a claim comes to.

    Attributes:
        documented: the document's figure, or its range as text ("2000-3000"); None if it has none.
        value: ours, in `unit`; None where an input is missing.
        formula: how it comes about, in words and symbols.
        note: what it rests on, by how much it is missed, or what to state or measure.
    """

    documented: float | str | None
    value: float | str | None
    unit: str
    formula: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row of the audit.

    Attributes:
        id: the document's block and short words ("001-1.1-axes-small"); it never changes.
        document: "000" to "004".
        section: the heading under which it stands.
        claim: what the document says, in short words with its figure.
        inputs: what `compute` takes, by name.
        compute: a pure function of the inputs.
    """

    id: str
    document: str
    section: str
    claim: str
    inputs: Mapping[str, Input]
    compute: Callable[..., Recomputed]

    def recompute(self) -> Recomputed:
        """Return what the claim comes to."""
        return self.compute(**self.inputs)

    def with_input(self, name: str, value: Input) -> Claim:
        """Return the same claim with one input changed.

        Raises:
            KeyError: the claim has no such input.
        """
        if name not in self.inputs:
            raise KeyError(f"{self.id} has no input {name!r}; it has {', '.join(self.inputs)}")
        return replace(self, inputs=MappingProxyType({**self.inputs, name: value}))


@dataclass(frozen=True, slots=True)
class Block:
    """Where claims stand: a block's id ("001-1.1"), and its heading."""

    id: str
    section: str

    def claim(
        self, words: str, said: str, compute: Callable[..., Recomputed], **inputs: Input
    ) -> Claim:
        """Return a claim of this block.

        Args:
            words: what the id ends with.
            said: what the document says.
            compute: what recomputes it, a function of the inputs by name.
            inputs: figures and names.
        """
        return Claim(
            id=f"{self.id}-{words}",
            document=self.id.partition("-")[0],
            section=self.section,
            claim=said,
            inputs=MappingProxyType(inputs),
            compute=compute,
        )
