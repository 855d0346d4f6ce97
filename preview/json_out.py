"""A plan as JSON: the top level of `pulumi preview --json`, and what the plan says of itself.

Equal stacks give equal bytes: no path, time or source position stands in it, and whatever has no
order of its own is sorted.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from preview.fullness import fullness
from preview.words import advice
from sizing.model import Json, plain
from sizing.words import Severity

if TYPE_CHECKING:
    from preview.facts import Facts, Sized
    from preview.offline import Recording, Resource

SCHEMA = 1
"""Counts up when a field of "aigw" changes its meaning or goes away."""

DURATION = re.compile(r"(?P<amount>\d+(?:\.\d+)?)(?P<unit>h|m|s)")
SECONDS = {"h": 3600, "m": 60, "s": 1}
SIZES = (
    "network",
    "cluster",
    "services",
    "helpers",
    "namespaces",
    "models",
    "ingress",
    "pooler",
    "postgres",
    "document_database",
    "vectors",
    "caches",
    "files",
    "search",
    "buckets",
    "keys",
    "backups",
)


def text(document: Json) -> str:
    """Return JSON text as the engine indents it."""
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"


def plan_document(facts: Facts) -> dict[str, Json]:
    """Return a stack's plan; steps are missing where an error finding stops the program."""
    document: dict[str, Json] = {}
    if facts.recording is not None:
        config: dict[str, Json] = dict(facts.recording.config)
        document["config"] = config
    document["steps"] = _steps(facts.recording)
    document["diagnostics"] = _diagnostics(facts)
    document["changeSummary"] = _changes(facts.recording)
    document["aigw"] = _own(facts)
    return document


def step(resource: Resource) -> dict[str, Json]:
    """Return one step as the engine prints it, without what differs from clone to clone."""
    state: dict[str, Json] = {
        "urn": resource.urn,
        "custom": resource.custom,
        "type": resource.type,
        "inputs": dict(resource.inputs),
        "parent": resource.parent,
        "protect": resource.protect,
        "external": resource.operation == "read",
        "dependencies": list(resource.dependencies),
        "provider": resource.provider,
        "propertyDependencies": {
            key: list(urns) for key, urns in resource.property_dependencies.items()
        },
        "additionalSecretOutputs": list(resource.additional_secret_outputs),
        "aliases": list(resource.aliases),
        "customTimeouts": {
            operation: seconds(value) for operation, value in resource.custom_timeouts.items()
        },
        "importID": resource.import_id,
        "retainOnDelete": resource.retain_on_delete,
        "deletedWith": resource.deleted_with,
        "ignoreChanges": list(resource.ignore_changes),
        "replaceOnChanges": list(resource.replace_on_changes),
    }
    # the engine leaves out what is empty, but always says whether a plugin manages a resource
    kept = {key: value for key, value in state.items() if value or key == "custom"}
    provider: dict[str, Json] = {"provider": resource.provider} if resource.provider else {}
    return {
        "op": resource.operation,
        "urn": resource.urn,
        **provider,
        "newState": kept,
        "detailedDiff": None,
    }


def seconds(duration: str) -> int | float:
    """Return a duration of the SDK ("1h30m") in seconds, as the engine prints it.

    Raises:
        ValueError: the text is no duration.
    """
    parts = list(DURATION.finditer(duration))
    if not parts or "".join(part[0] for part in parts) != duration:
        raise ValueError(f"{duration!r} is no duration like 1h30m")
    total = sum(float(part["amount"]) * SECONDS[part["unit"]] for part in parts)
    return int(total) if total == int(total) else total


def _steps(recording: Recording | None) -> list[Json]:
    return [step(resource) for resource in recording.resources] if recording else []


def _changes(recording: Recording | None) -> dict[str, Json]:
    counts: dict[str, int] = {}
    for resource in recording.resources if recording else ():
        counts[resource.operation] = counts.get(resource.operation, 0) + 1
    return {operation: counts[operation] for operation in sorted(counts)}


def _diagnostics(facts: Facts) -> list[Json]:
    said = facts.recording.diagnostics if facts.recording else ()
    found: list[Json] = [
        {**({"urn": one.urn} if one.urn else {}), "message": one.message, "severity": one.severity}
        for one in said
    ]
    if facts.recording is None:
        errors = [one for one in facts.sized.findings if one.severity is Severity.ERROR]
        for one in errors:
            found.append({"message": f"error: {one.id}: {advice(one)}\n", "severity": "error"})
    return found


def _own(facts: Facts) -> dict[str, Json]:
    own: dict[str, Json] = {"schema": SCHEMA, "stack": facts.stack}
    own["request"] = plain(facts.sized.plan.request)
    own["sizes"] = {name: plain(getattr(facts.sized.plan, name)) for name in SIZES}
    own |= _said(facts.sized)
    own["pools"] = [
        {**_fields(pool), "fullness": plain(fullness(pool))} for pool in facts.sized.plan.node_pools
    ]
    own["bill"] = {
        **_fields(facts.sized.bill),
        "external": plain(facts.external),
        "self_hosted_usd_per_million": facts.own_usd_per_million,
        "costs": plain(facts.costs),
    }
    own |= _fields(facts.offers)
    own["parts"] = [plain(one) for one in facts.parts]
    own["quotas"] = [plain(request) for request in facts.quotas]
    if facts.documented is not None:
        own["documented"] = {**_said(facts.documented), "bill": plain(facts.documented.bill)}
    return own


def _said(sized: Sized) -> dict[str, Json]:
    return {
        "adjustments": [plain(one) for one in sized.plan.adjustments],
        "findings": [plain(one) for one in sized.findings],
    }


def _fields(value: object) -> dict[str, Json]:
    shown = plain(value)
    assert isinstance(shown, dict)
    return shown
