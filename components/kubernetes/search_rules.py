"""Who may do what in OpenSearch, how its indices are made, and when they go.

Pure. A domain whose administrator is a role knows nobody else: every other role of the cloud gets
its rights here, as requests that the administrator sends (`scripts/search_setup.py`). A role is
named by a variable, as only the cloud knows what it is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SECURITY = "_plugins/_security/api"
LIFETIMES = "_plugins/_ism"
# Above it stands nothing of ours; a template without a number loses against any.
PRIORITY = 100
# What a search engine asks before it is used: which version, which indices.
LOOK = ("cluster:monitor/main", "cluster:monitor/health")
BULK = "indices:data/write/bulk"
TEMPLATES = "cluster_manage_index_templates"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What the holders of a role may do.

    Attributes:
        name: of the role in OpenSearch.
        holders: variables that name roles of the cloud.
        cluster: actions that belong to no index.
        indices: patterns of names ("prod-logs-*").
        actions: there.
    """

    name: str
    holders: tuple[str, ...]
    cluster: tuple[str, ...]
    indices: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """When indices of a pattern are deleted: so many days after they were made."""

    name: str
    indices: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How indices of a pattern are made: shards, and copies beside each."""

    name: str
    indices: tuple[str, ...]
    shards: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that a domain is told."""

    rights: tuple[Right, ...]
    lifetimes: tuple[Lifetime, ...] = ()
    shapes: tuple[Shape, ...] = ()


def requests(rules: Rules) -> list[Entry]:
    """Return the requests in their order: method, path, body, and how an answer is taken."""
    return [
        *(_role(one) for one in rules.rights),
        *(_holders(one) for one in rules.rights),
        *(_template(one) for one in rules.shapes),
        *(_policy(one) for one in rules.lifetimes),
        *(_existing(one) for one in rules.lifetimes),
    ]


def text(rules: Rules) -> str:
    """Return the file that the script reads: the same for the same rules, to the byte."""
    return json.dumps(requests(rules), indent=1, sort_keys=True)


def holders(rules: Iterable[Right]) -> tuple[str, ...]:
    """Return the variables that name roles of the cloud, each once."""
    return tuple(sorted({name for one in rules for name in one.holders}))


def _put(path: str, body: Entry, **more: object) -> Entry:
    return {"method": "PUT", "path": path, "body": body, **more}


def _role(right: Right) -> Entry:
    allowed = {"index_patterns": [*right.indices], "allowed_actions": [*right.actions]}
    return _put(
        f"{SECURITY}/roles/{right.name}",
        {"cluster_permissions": [*right.cluster], "index_permissions": [allowed]},
    )


def _holders(right: Right) -> Entry:
    roles = [f"${{{name}}}" for name in right.holders]
    return _put(f"{SECURITY}/rolesmapping/{right.name}", {"backend_roles": roles})


def _template(shape: Shape) -> Entry:
    settings = {"number_of_shards": shape.shards, "number_of_replicas": shape.copies}
    return _put(
        f"_index_template/{shape.name}",
        {
            "index_patterns": [*shape.indices],
            "priority": PRIORITY,
            "template": {"settings": {"index": settings}},
        },
    )


def _policy(lifetime: Lifetime) -> Entry:
    gone = {"state_name": "gone", "conditions": {"min_index_age": f"{lifetime.days}d"}}
    return _put(
        f"{LIFETIMES}/policies/{lifetime.name}",
        {
            "policy": {
                "description": f"kept for {lifetime.days} days",
                "default_state": "kept",
                "states": [
                    {"name": "kept", "actions": [], "transitions": [gone]},
                    {"name": "gone", "actions": [{"delete": {}}], "transitions": []},
                ],
                "ism_template": [{"index_patterns": [*lifetime.indices], "priority": PRIORITY}],
            }
        },
        # a policy that exists is changed only by who says which state of it was seen
        seen=True,
    )


def _existing(lifetime: Lifetime) -> Entry:
    """Return what lets indices that are there already follow the policy as it is now."""
    return {
        "method": "POST",
        "path": f"{LIFETIMES}/change_policy/{','.join(lifetime.indices)}",
        "body": {"policy_id": lifetime.name},
        # there may be none yet
        "missing": True,
    }
