"""Two sides of one stack, compared: all that any output shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from preview.diff.resources import Change, Operation, changes
from preview.diff.side import Side
from sizing.difference import (
    AdjustmentChange,
    BillDifference,
    FindingChange,
    adjustments,
    bill,
    findings,
    refused,
)
from sizing.difference_capacity import CapacityChange, capacity
from sizing.rules.replaces_stateful import STATEFUL

GRAVE = (Operation.DELETE, Operation.REPLACE, Operation.MAY_REPLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A stack before and after.

    Attributes:
        changes: what happens to each resource; None where a side's program registers nothing.
        by_engine: whether an engine said so; else our tables do.
    """

    stack: str
    old: Side
    new: Side
    changes: tuple[Change, ...] | None
    findings: tuple[FindingChange, ...]
    capacity: tuple[CapacityChange, ...]
    bill: BillDifference
    adjustments: tuple[AdjustmentChange, ...]
    by_engine: bool = False

    @property
    def lost(self) -> tuple[Change, ...]:
        """Resources with state that are replaced or deleted, or may be; the gravest first."""
        found = [one for one in self.steps if one.operation in GRAVE and one.type in STATEFUL]
        order = list(Operation)
        return tuple(sorted(found, key=lambda one: (order.index(one.operation), one.urn)))

    @property
    def steps(self) -> tuple[Change, ...]:
        """What happens to resources of providers: what the engine would do."""
        return tuple(one for one in self.changes or () if one.own)

    @property
    def props(self) -> tuple[Change, ...]:
        """Components whose decisions change."""
        return tuple(one for one in self.changes or () if not one.own)

    @property
    def refused(self) -> bool:
        """Whether `up` would fail: by an error finding, or by a change that no cloud makes."""
        return refused(self.new.plan) or any(one.refused for one in self.steps)

    @property
    def nothing(self) -> bool:
        """Whether both sides are the same to a reader."""
        return not (
            self.changes
            or self.findings
            or self.capacity
            or self.bill.moved
            or self.adjustments
            or self.old.failed != self.new.failed
        )

    def counts(self) -> Mapping[Operation, int]:
        """Return how many resources each operation is done to, in the order of gravity."""
        counted = Counter(one.operation for one in self.steps)
        return {operation: counted[operation] for operation in Operation if counted[operation]}


def compared(
    stack: str, old: Side, new: Side, found: tuple[Change, ...] | None = None
) -> Comparison:
    """Return a comparison.

    Args:
        stack: its name.
        old: the side before.
        new: the side after.
        found: what an engine says of the resources; None to find it from both sides.
    """
    known = not (old.failed or new.failed)
    own = changes(old.resources, new.resources) if known else None
    # of a side whose program failed nothing is known: the other's findings neither come nor go
    before, after = (old.plan, new.plan) if known or (old.plan and new.plan) else ({}, {})
    return Comparison(
        stack=stack,
        old=old,
        new=new,
        changes=own if found is None else found,
        findings=findings(before, after),
        capacity=capacity(before, after),
        bill=bill(before, after),
        adjustments=adjustments(before, after),
        by_engine=found is not None,
    )
