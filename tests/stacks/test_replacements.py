"""Of the inputs that our stacks set, what a change of each does is known, but for a few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from preview.offline import Resource
from sizing.model import Json
from sizing.rules.replaces_change import Effect, effect, replacing
from sizing.rules.replaces_stateful import STATEFUL
from tests.stacks.manifests import STACKS, rendered

MOST = 0.05
"""Share of the inputs set of which it may be unknown whether their change replaces."""

WITH_STATE = ("sql", "rds", "docdb", "redis", "elasticache", "filestore", "efs/fileSystem")
"""Parts of the tokens of types that hold data."""


def leaves(value: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield each input that is set, with its path."""
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif isinstance(value, list) and value:
        for member in value:
            yield from leaves(member, path)
    else:
        yield path, value


def managed(stack: str) -> Iterator[Resource]:
    found = rendered(stack).recording.resources
    return (one for one in found if one.custom and one.operation == "create")


@pytest.mark.parametrize("stack", STACKS)
def test_what_a_change_does_is_known_of_nearly_all_inputs(stack: str) -> None:
    known: Counter[bool] = Counter()
    for one in managed(stack):
        for path, value in leaves(dict(one.inputs)):
            found = effect(one.type, path, [value], one.inputs, one.inputs)
            known[found is not Effect.UNKNOWN] += 1
    assert known[False] <= MOST * known.total()
    assert known[True]


@pytest.mark.parametrize("stack", STACKS)
def test_it_is_known_of_every_type_that_is_used(stack: str) -> None:
    assert [one.type for one in managed(stack) if replacing(one.type) is None] == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_instance_that_holds_data_counts_as_state(stack: str) -> None:
    made = {one.type for one in managed(stack)}
    stores = {
        token
        for token in made
        if any(part in token for part in WITH_STATE)
        and token.rpartition(":")[2] in ("Instance", "Cluster", "ReplicationGroup", "FileSystem")
    }
    assert stores <= STATEFUL.keys()
