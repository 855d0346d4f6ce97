"""What a change of one property does to its resource: replaces it, updates it, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sizing.model import Json
from sizing.rules import REPLACES
from sizing.rules.replaces_kubernetes import held_fast
from sizing.rules.replaces_kubernetes import replacing as of_object
from sizing.rules.replaces_when import REPLACES_WHEN, UNSURE
from sizing.rules.rule import Inputs
from sizing.rules.values import unwrap


class Effect(StrEnum):
    """What becomes of a resource when a property of it changes."""

    REPLACE = "replace"
    UPDATE = "update"
    UNKNOWN = "may replace"


PROVIDERS: Mapping[str, frozenset[str]] = {
    # pulumi-kubernetes, provider/pkg/provider/provider.go: with an identifier of the cluster, as
    # every provider here has, nothing else replaces it
    "pulumi:providers:kubernetes": frozenset({"clusterIdentifier"}),
    # pulumi-terraform-bridge, pkg/tfbridge/provider.go: only what `ForcesProviderReplace` marks,
    # which pulumi-gcp and pulumi-random have none of (provider/resources.go)
    "pulumi:providers:aws": frozenset(),
    "pulumi:providers:gcp": frozenset(),
    "pulumi:providers:random": frozenset(),
}


def replacing(token: str) -> frozenset[str] | None:
    """Return the properties whose change replaces a resource; None where no table knows its type.

    Args:
        token: the provider's type ("aws:eks/nodeGroup:NodeGroup").
    """
    found = REPLACES.get(token, PROVIDERS.get(token))
    if found is None:
        return of_object(token)
    # a regional resource moves by being made anew (terraform-provider-aws, internal/provider)
    return found | {"region"} if token.startswith("aws:") else found


def effect(
    token: str,
    keys: Sequence[str],
    values: Sequence[Json],
    olds: Inputs | None = None,
    news: Inputs | None = None,
) -> Effect:
    """Return what a change of a property does.

    Args:
        token: the type of the resource.
        keys: the path of what changes, without places in lists.
        values: what stood there, and what is to stand there, as far as either is there: of a
            whole block it matters what is in it.
        olds: all inputs as they were; None where they are not known.
        news: all inputs as they are to be.
    """
    table = replacing(token)
    if table is None or _any(UNSURE.get(token, ()), keys, values):
        return Effect.UNKNOWN
    rules = [one for one in REPLACES_WHEN if token in one.types]
    decided = {one.property for one in rules}
    if _any([path for path in table if path not in decided], keys, values):
        return Effect.REPLACE
    before = {name: unwrap(value) for name, value in (olds or {}).items()}
    after = {name: unwrap(value) for name, value in (news or {}).items()}
    said = (
        rule.check(before, after)
        for rule in rules
        if _touches(rule.property.split("."), keys, values)
    )
    return Effect.REPLACE if any(one is not None for one in said) else Effect.UPDATE


def refused(token: str, keys: Sequence[str], values: Sequence[Json]) -> bool:
    """Say whether the API server refuses the change of a field that replaces nothing."""
    return _any(held_fast(token), keys, values)


def _any(
    paths: Sequence[str] | frozenset[str], keys: Sequence[str], values: Sequence[Json]
) -> bool:
    return any(_touches(path.split("."), keys, values) for path in paths)


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
