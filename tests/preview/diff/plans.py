"""Plans as JSON, small enough to say what must differ between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from preview.diff.comparison import Comparison, compared
from preview.diff.side import parsed, side
from preview.json_out import text
from sizing.model import Json

STACK = "prod-large"
PREFIX = f"urn:pulumi:{STACK}::aigw::"
ROOT = f"{PREFIX}pulumi:pulumi:Stack::aigw-{STACK}"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "[secret]"


def urn(token: str, name: str) -> str:
    return f"{PREFIX}{token}::{name}"


def step(token: str, name: str, inputs: Mapping[str, Json], **state: Json) -> dict[str, Json]:
    """Return a step as a plan has it: a custom resource unless `custom` says otherwise."""
    found: dict[str, Json] = {
        "urn": urn(token, name),
        "custom": True,
        "type": token,
        "inputs": dict(inputs),
        "parent": ROOT,
        **state,
    }
    return {"op": "create", "urn": found["urn"], "newState": found, "detailedDiff": None}


def stack() -> dict[str, Json]:
    return {
        "op": "create",
        "urn": ROOT,
        "newState": {"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack"},
        "detailedDiff": None,
    }


def finding(name: str, severity: str, **more: Json) -> dict[str, Json]:
    return {
        "id": name,
        "severity": severity,
        "verdict": "refuted",
        "message": f"{name} says so",
        "fix": "mend it",
        "utilisation": None,
        **more,
    }


def bill(items: Mapping[str, float | None], total: float, date: str = "2026-11-21") -> Json:
    return {
        "currency": "USD",
        "prices_as_of": date,
        "monthly_usd": total,
        "floor_usd": total,
        "ceiling_usd": total,
        "unpriced": [name for name, usd in items.items() if usd is None],
        "items": [{"component": name, "planned_usd": usd} for name, usd in items.items()],
    }


def plan(steps: Sequence[dict[str, Json]] = (), **own: Json) -> dict[str, Json]:
    """Return a plan of those steps below the stack's own."""
    return {
        "steps": [stack(), *steps],
        "diagnostics": [],
        "aigw": {"schema": 1, "stack": STACK, **own},
    }


def comparison(old: Mapping[str, Json], new: Mapping[str, Json]) -> Comparison:
    """Compare two plans as they would be read from files."""
    before, after = (
        side(parsed(text(dict(one)), label), label)
        for one, label in ((old, "before"), (new, "after"))
    )
    return compared(STACK, before, after)
