"""What a change of one property does to its resource: replaces it, updates it, or nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sizing.model import Json
from sizing.rules import REPLACES
from sizing.rules.replaces_kubernetes import replacing as of_object


class Effect(StrEnum):
    """What becomes of a resource when a property of it changes."""

    REPLACE = "replace"
    UPDATE = "update"
    UNKNOWN = "may replace"


def replacing(token: str) -> frozenset[str] | None:
    """Return the properties whose change replaces a resource; None where no table knows its type.

    Args:
        token: the provider's type ("aws:eks/nodeGroup:NodeGroup").
    """
    found = REPLACES.get(token)
    return of_object(token) if found is None else found


def effect(token: str, keys: Sequence[str], values: Sequence[Json]) -> Effect:
    """Return what a change of a property does.

    Args:
        token: the type of the resource.
        keys: the path of what changes, without places in lists.
        values: what stood there, and what is to stand there, as far as either is there: of a
            whole block it matters what is in it.
    """
    table = replacing(token)
    if table is None:
        return Effect.UNKNOWN
    replaced = any(_touches(path.split("."), keys, values) for path in table)
    return Effect.REPLACE if replaced else Effect.UPDATE


def _touches(path: Sequence[str], keys: Sequence[str], values: Sequence[Json]) -> bool:
    """Say whether a change at `keys` changes what stands at a path of the table."""
    shared = min(len(path), len(keys))
    if list(path[:shared]) != list(keys[:shared]):
        return False
    return any(_holds(value, path[shared:]) for value in values)


def _holds(value: Json, path: Sequence[str]) -> bool:
    if isinstance(value, list) and path:
        return any(_holds(member, path) for member in value)
    if not path:
        return True
    return isinstance(value, dict) and path[0] in value and _holds(value[path[0]], path[1:])
