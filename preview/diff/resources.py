"""What happens to each resource between two sides: created, updated, replaced, deleted.

What a plan cannot know is what already stands in the cloud: the old side is taken for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from preview.diff.masks import UNKNOWN
from preview.diff.side import State
from preview.diff.values import Absent, Difference, differences
from sizing.model import Json
from sizing.rules import update_refusals
from sizing.rules.replaces_change import Effect, effect, refused

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


class Operation(StrEnum):
    """What is done to a resource; the gravest first."""

    DELETE = "delete"
    REPLACE = "replace"
    MAY_REPLACE = "may replace"
    UPDATE = "update"
    CREATE = "create"
    FORGET = "forget"
    """Taken out of the state and left in the cloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One property that changes, and what its change does to the resource."""

    difference: Difference
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one resource.

    Attributes:
        group: the component below the stack that it belongs to, by name; "" for none.
        changed: what of its inputs changes; empty for a creation and a deletion.
        because: names of replaced resources that take this one with them.
        earlier: its URN so far, where that was another.
        refused: why the cloud does not make the change, so that `up` fails.
    """

    operation: Operation
    urn: str
    type: str
    name: str
    group: str
    own: bool
    changed: tuple[Changed, ...] = ()
    because: tuple[str, ...] = ()
    earlier: str = ""
    refused: tuple[str, ...] = ()

    @property
    def forcing(self) -> tuple[Changed, ...]:
        """What of its inputs makes it another resource, or may."""
        return tuple(one for one in self.changed if one.effect is not Effect.UPDATE)


def changes(old: Mapping[str, State], new: Mapping[str, State]) -> tuple[Change, ...]:
    """Return what happens to the resources of a stack, the stack itself and reads left out.

    Args:
        old: what stands, by URN.
        new: what is to stand, by URN.
    """
    moved = _moved(old, new)
    found: dict[str, Change] = {}
    for urn, state in new.items():
        before = old.get(urn) or old.get(moved.get(urn, ""))
        if not counts(state):
            continue
        if before is None:
            found[urn] = described(Operation.CREATE, state, new)
        elif change := _update(before, state, new):
            found[urn] = change
    gone = old.keys() - new.keys() - set(moved.values())
    for urn in old:
        if urn in gone and counts(old[urn]):
            state = old[urn]
            kept = Operation.FORGET if state.retained and state.own else Operation.DELETE
            found[urn] = described(kept, state, old)
    return tuple(_with_followers(found, new).values())


def group(state: State, among: Mapping[str, State]) -> str:
    """Return the component below the stack that a resource belongs to, by name."""
    top = "" if state.own else state.name
    above = among.get(state.parent)
    while above is not None and above.type != STACK_TYPE:
        top, above = above.name, among.get(above.parent)
    return top


def counts(state: State) -> bool:
    """Say whether a resource is the stack's own: neither the stack itself nor a read."""
    return state.type != STACK_TYPE and not state.external


def _moved(old: Mapping[str, State], new: Mapping[str, State]) -> dict[str, str]:
    """Return the earlier URN of what has another one now, by its new URN."""
    moved = {}
    for urn, state in new.items():
        before = [one for one in state.aliases if one in old and one not in new]
        if urn not in old and before:
            moved[urn] = before[0]
    return moved


def described(
    operation: Operation,
    state: State,
    among: Mapping[str, State],
    changed: tuple[Changed, ...] = (),
) -> Change:
    """Return what happens to a resource.

    Args:
        operation: what is done to it.
        state: the resource.
        among: by URN, the resources that its parents are found in.
        changed: which of its inputs change.
    """
    return Change(
        operation=operation,
        urn=state.urn,
        type=state.type,
        name=state.name,
        group=group(state, among),
        own=state.own,
        changed=changed,
    )


def _update(before: State, state: State, among: Mapping[str, State]) -> Change | None:
    changed = tuple(_changed(before, state))
    if not changed and before.urn == state.urn:
        return None
    return replace(
        described(_operation(changed), state, among),
        changed=changed,
        earlier=before.urn if before.urn != state.urn else "",
        refused=tuple(_refused(before, state, changed)),
    )


def _refused(before: State, state: State, changed: Sequence[Changed]) -> Iterator[str]:
    """Yield why an update cannot be made; what is replaced is made anew and never refused."""
    if not state.own or _operation(changed) is Operation.REPLACE:
        return
    yield from map(str, update_refusals(state.type, before.inputs, state.inputs))
    for one in changed:
        if refused(state.type, one.difference.keys, _ends(one.difference)):
            yield f"{one.difference.where}: the API server refuses another value"


def _ends(difference: Difference) -> list[Json]:
    return [one for one in (difference.before, difference.after) if not isinstance(one, Absent)]


def _operation(changed: Sequence[Changed]) -> Operation:
    effects = {one.effect for one in changed}
    if Effect.REPLACE in effects:
        return Operation.REPLACE
    return Operation.MAY_REPLACE if Effect.UNKNOWN in effects else Operation.UPDATE


def _changed(before: State, state: State) -> Iterator[Changed]:
    for difference in differences(dict(before.inputs), dict(state.inputs)):
        if not _within(difference, state.ignored):
            yield Changed(difference=difference, effect=_effect(before, state, difference))


def _effect(before: State, state: State, difference: Difference) -> Effect:
    if not state.own:
        return Effect.UPDATE
    if _within(difference, state.forced):
        return Effect.REPLACE
    ends = _ends(difference)
    return effect(state.type, difference.keys, ends, before.inputs, state.inputs)


def _within(difference: Difference, paths: Sequence[str]) -> bool:
    """Say whether a difference is at one of the paths that a program names, or below it."""
    printed = difference.where
    return any(
        path == "*" or printed == path or printed.startswith((f"{path}.", f"{path}["))
        for path in paths
    )


def _with_followers(found: dict[str, Change], new: Mapping[str, State]) -> dict[str, Change]:
    """Add what a replacement takes with it: whoever is made from what only the cloud will tell.

    A value that is known already stays the same when its resource is made anew.
    """
    replaced = [urn for urn, one in found.items() if one.operation is Operation.REPLACE]
    users = _users(new)
    while replaced:
        source = replaced.pop()
        for urn, properties in users.get(source, {}).items():
            state = new[urn]
            change = found.get(urn) or described(Operation.UPDATE, state, new)
            if change.operation is Operation.CREATE or not counts(state):
                continue
            was = change.operation
            found[urn] = change = _following(change, state, properties, new[source].name)
            if change.operation is Operation.REPLACE and was is not Operation.REPLACE:
                replaced.append(urn)
    return found


def _users(new: Mapping[str, State]) -> dict[str, dict[str, list[Difference]]]:
    """Return who is made from whom: by source, by user, the places where it is not known yet."""
    users: dict[str, dict[str, list[Difference]]] = {}
    for urn, state in new.items():
        for key, sources in state.needs.items():
            open_ = list(_unknown(state.inputs.get(key), (key,)))
            for source in sources if open_ else ():
                users.setdefault(source, {}).setdefault(urn, []).extend(open_)
    return users


def _unknown(value: Json, path: tuple[str, ...]) -> Iterator[Difference]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _unknown(member, (*path, key))
    elif isinstance(value, list):
        for member in value:
            yield from _unknown(member, path)
    elif isinstance(value, str) and UNKNOWN in value:
        yield Difference(path=path, before=UNKNOWN, after=UNKNOWN)


def _following(change: Change, state: State, places: Sequence[Difference], source: str) -> Change:
    known = {one.difference.path for one in change.changed}
    added = tuple(
        Changed(difference=one, effect=_effect(state, state, one))
        for one in dict.fromkeys(places)
        if one.path not in known and not _within(one, state.ignored)
    )
    changed = (*change.changed, *added)
    return replace(
        change,
        operation=_graver(change.operation, _operation(changed)),
        changed=changed,
        because=tuple(sorted({*change.because, source})),
    )


def _graver(one: Operation, other: Operation) -> Operation:
    """Return the graver of two operations."""
    order = list(Operation)
    return min(one, other, key=order.index)
