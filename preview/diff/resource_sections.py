"""What `aigw diff` says of the resources: a section a component, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from preview.diff.masks import changed_text
from preview.diff.resources import Operation
from preview.tables import Section, Table
from preview.words import count, short_type
from sizing.rules.replaces_change import Effect

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison
    from preview.diff.resources import Change, Changed


def resources(compared: Comparison) -> Iterator[Section]:
    """Yield a section a component: its resources by gravity, and which decisions of it change."""
    groups: dict[str, list[Change]] = {}
    for one in compared.changes or ():
        groups.setdefault(one.group, []).append(one)
    order = list(Operation)
    graver = {
        name: min((order.index(one.operation) for one in own if one.own), default=len(order))
        for name, own in groups.items()
    }
    for name in sorted(groups, key=lambda one: (graver[one], one)):
        own = sorted(groups[name], key=lambda one: (not one.own, order.index(one.operation)))
        yield Section(
            title=f"{name or 'the stack'}: {_counted(own)}",
            table=Table(
                columns=("operation", "resource", "property", "before", "after"),
                rows=tuple(row for one in own for row in _rows(one)),
            ),
        )


def _counted(changes: Sequence[Change]) -> str:
    told = [
        f"{number} to {operation.value}"
        for operation in Operation
        if (number := sum(one.own and one.operation is operation for one in changes))
    ]
    decided = sum(not one.own for one in changes)
    props = [f"decisions of {count(decided, 'component')}"] if decided else []
    return ", ".join([*told, *props]).replace("to may", "that may")


def _rows(change: Change) -> Iterator[tuple[str, ...]]:
    operation = change.operation.value if change.own else _decided(change)
    title = named(change)
    if change.earlier:
        yield operation, title, "address", change.earlier.rpartition("::")[2], change.name
        operation, title = "", ""
    if not change.changed:
        if not change.earlier:
            yield operation, title, "", "", ""
        return
    for one in change.changed:
        yield operation, title, *_property(one)
        operation, title = "", ""


def _decided(change: Change) -> str:
    return "decide" if change.operation is Operation.UPDATE else change.operation.value


def _property(one: Changed) -> tuple[str, str, str]:
    before, after = changed_text(one.difference.before, one.difference.after)
    mark = "" if one.effect is Effect.UPDATE else f" ({one.effect.value}s)"
    return f"{one.difference.where}{mark}", before, after


def named(change: Change) -> str:
    """Return a resource's type and name, as both are printed."""
    kind = short_type(change.type) if change.own else change.type.rpartition(":")[2]
    return f"{kind} {change.name}"
