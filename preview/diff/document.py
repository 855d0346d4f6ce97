"""A comparison as JSON, and its application: the old plan and the comparison give the new plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from preview.diff.values import ABSENT, Absent, Difference, Named, Path, applied, differences
from sizing.model import Json, plain

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison
    from preview.diff.resources import Change

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""


def document(found: Sequence[Comparison]) -> dict[str, Json]:
    """Return comparisons as JSON: secrets masked, everything else whole."""
    return {"schema": SCHEMA, "stacks": [_stack(one) for one in found]}


def _stack(one: Comparison) -> dict[str, Json]:
    bill = one.bill
    return {
        "stack": one.stack,
        "before": _side(one, before=True),
        "after": _side(one, before=False),
        "by": "engine" if one.by_engine else "plan",
        "nothing": one.nothing,
        "refused": one.refused,
        "summary": {operation.value: number for operation, number in one.counts().items()},
        "lost": [change.urn for change in one.lost],
        "findings": [{**_fields(each), "kind": each.kind} for each in one.findings],
        "capacity": [
            {**_fields(each), "headroom": each.after.headroom if each.after else None}
            for each in one.capacity
        ],
        "bill": {
            "currency": bill.currency,
            "prices_before": bill.dates[0],
            "prices_after": bill.dates[1],
            "components": [
                {**_fields(each), "difference": each.difference} for each in bill.components
            ],
            "totals": [{**_fields(each), "difference": each.difference} for each in bill.totals],
        },
        "adjustments": [plain(each) for each in one.adjustments],
        "resources": None if one.changes is None else [_resource(change) for change in one.changes],
        "patch": [] if one.by_engine else list(patch(one.old.document, one.new.document)),
    }


def _side(one: Comparison, *, before: bool) -> dict[str, Json]:
    side = one.old if before else one.new
    return {"label": side.label, "exists": bool(side.document), "failed": side.failed}


def _resource(change: Change) -> dict[str, Json]:
    return {
        "operation": change.operation.value,
        "urn": change.urn,
        "type": change.type,
        "name": change.name,
        "component": change.group,
        "custom": change.own,
        "earlier_urn": change.earlier,
        "because": list(change.because),
        "refused": list(change.refused),
        "changes": [
            {
                "property": one.difference.where,
                "effect": one.effect.value,
                **_ends(one.difference),
            }
            for one in change.changed
        ],
    }


def _fields(value: object) -> dict[str, Json]:
    shown = plain(value)
    assert isinstance(shown, dict)
    return shown


def _ends(difference: Difference) -> dict[str, Json]:
    """Return what stood and what is to stand; a side where nothing does is left out."""
    ends: dict[str, Json] = {}
    if not isinstance(difference.before, Absent):
        ends["before"] = difference.before
    if not isinstance(difference.after, Absent):
        ends["after"] = difference.after
    return ends


def patch(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Json]:
    """Yield all that makes the old plan the new one, in the order in which it is applied."""
    for one in differences(dict(old), dict(new)):
        entry: dict[str, Json] = {"path": [_step(step) for step in one.path], **_ends(one)}
        if one.place is not None:
            entry["place"] = one.place
        if one.order is not None:
            entry["order"] = list(one.order)
        yield entry


def _step(step: object) -> Json:
    if isinstance(step, Named):
        return {step.key: step.value}
    assert isinstance(step, str | int)
    return step


def patched(old: Mapping[str, Json], entries: Sequence[Mapping[str, Any]]) -> Json:
    """Return the new plan, given the old one and the `patch` of a stack.

    Args:
        old: the plan as it was compared: secrets masked; empty where the stack is new.
        entries: of the comparison's JSON.

    Raises:
        LookupError: the comparison is of another plan.
    """
    return applied(dict(old), [_difference(entry) for entry in entries])


def _difference(entry: Mapping[str, Any]) -> Difference:
    order = entry.get("order")
    return Difference(
        path=_path(entry["path"]),
        before=entry.get("before", ABSENT),
        after=entry.get("after", ABSENT),
        place=entry.get("place"),
        order=None if order is None else tuple(order),
    )


def _path(steps: Sequence[Any]) -> Path:
    return tuple(
        Named(*next(iter(step.items()))) if isinstance(step, dict) else step for step in steps
    )
