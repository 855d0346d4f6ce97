"""What the engine says in `pulumi preview --json`: each resource's state before and after.

A replacement is up to three steps of one resource; here it is one. The engine leaves out what
stays the same, and compares neither a component's inputs nor what is made anew: that is done here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from preview.diff.resources import Change, Changed, Operation, counts, described
from preview.diff.side import State, maps, state_of
from preview.diff.values import ABSENT, Difference, differences, printed
from sizing.model import Json
from sizing.rules.replaces_change import Effect

OPERATIONS: Mapping[str, Operation] = {
    "create": Operation.CREATE,
    "import": Operation.CREATE,
    "update": Operation.UPDATE,
    "refresh": Operation.UPDATE,
    "delete": Operation.DELETE,
    "replace": Operation.REPLACE,
    "create-replacement": Operation.REPLACE,
    "delete-replaced": Operation.REPLACE,
    "discard-replaced": Operation.REPLACE,
    "import-replacement": Operation.REPLACE,
    "remove-pending-replace": Operation.REPLACE,
}
"""The engine's steps (pulumi, pkg/resource/deploy/step.go); others change nothing."""

REFRESH = "refresh"
"""The step that reads a resource where it stands: `--refresh` does it to each of them."""

REPLACED = "replace"
"""What ends the kind of a property's change that replaces its resource ("update-replace")."""


def before_and_after(document: Mapping[str, Json]) -> tuple[dict[str, State], dict[str, State]]:
    """Return the resources that a preview speaks of: as they stand, and as they are to be."""
    before: dict[str, State] = {}
    after: dict[str, State] = {}
    for step in maps(document.get("steps")):
        old, new = step.get("oldState"), step.get("newState")
        operation = str(step.get("op"))
        if isinstance(old, dict):
            one = state_of(old, external=operation == "read")
            before.setdefault(one.urn, one)
        if isinstance(new, dict) and not operation.startswith("delete"):
            one = state_of(new, external=operation == "read")
            after[one.urn] = one
    return before, after


def changes_of(
    document: Mapping[str, Json], before: Mapping[str, State], after: Mapping[str, State]
) -> tuple[Change, ...]:
    """Return what a preview does to each resource, by the engine's own word."""
    steps: dict[str, list[Mapping[str, Json]]] = {}
    for step in maps(document.get("steps")):
        if str(step.get("op")) in OPERATIONS and not _found_alike(step):
            steps.setdefault(str(step.get("urn")), []).append(step)
    found = []
    for urn, own in steps.items():
        state = after.get(urn) or before.get(urn)
        if state is None or not counts(state):
            continue
        # what is done to a resource weighs more than how its cloud was found
        done = sorted(own, key=lambda step: step["op"] == REFRESH)
        operations = [OPERATIONS[str(step["op"])] for step in done]
        operation = Operation.REPLACE if Operation.REPLACE in operations else operations[0]
        if operation is Operation.DELETE and state.retained:
            operation = Operation.FORGET
        changed: tuple[Changed, ...] = ()
        if urn in before and urn in after:
            changed = tuple(_changed(own, before[urn], after[urn]))
        found.append(described(operation, state, {**before, **after}, changed))
    return tuple(found)


def _found_alike(step: Mapping[str, Json]) -> bool:
    """Say whether a resource was read and is as the state has it."""
    old, new = _map(step.get("oldState")), _map(step.get("newState"))
    known = ("inputs", "outputs")
    return (
        step.get("op") == REFRESH
        and bool(new)
        and all(old.get(key) == new.get(key) for key in known)
    )


def _changed(steps: Sequence[Mapping[str, Json]], old: State, new: State) -> Sequence[Changed]:
    """Return what of the inputs changes; where nothing does, what the provider names."""
    reasons = {text for step in steps for text in _texts(step.get("replaceReasons"))}
    detailed = {
        path: str(how.get("kind")) if isinstance(how, dict) else ""
        for step in steps
        for path, how in _map(step.get("detailedDiff")).items()
    }
    forcing = reasons | {path for path, kind in detailed.items() if kind.endswith(REPLACED)}
    found = [
        Changed(difference=one, effect=_effect(one, forcing))
        for one in differences(dict(old.inputs), dict(new.inputs))
    ]
    told = {one.difference.path[0] for one in found}
    named = detailed.keys() | {text for step in steps for text in _texts(step.get("diffReasons"))}
    for path in sorted(named | reasons):
        key = path.partition(".")[0].partition("[")[0]
        if key and key not in told:
            told.add(key)
            difference = Difference(path=(key,), before=_end(old, key), after=_end(new, key))
            found.append(Changed(difference=difference, effect=_effect(difference, forcing)))
    return found


def _effect(difference: Difference, forcing: set[str]) -> Effect:
    replaces = any(
        printed(difference.path).startswith(path) or path.startswith(printed(difference.path))
        for path in forcing
    )
    return Effect.REPLACE if replaces else Effect.UPDATE


def _end(state: State, key: str) -> Any:  # noqa: ANN401  # any JSON, or nothing
    return state.inputs.get(key, ABSENT)


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
