"""What Grafana's types refuse of a dashboard: unknown fields, missing and odd values.

The schemas lie beside this module; where they come from is said in grafana/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft7Validator

_FILE = Path(__file__).with_name("grafana") / "schema.json"


def version() -> str:
    """Return the version of Grafana that the schemas are of."""
    return str(_recorded()["version"])


def refused(dashboard: Mapping[str, Any]) -> list[str]:
    """Return what Grafana's types refuse, one sentence for each; none for a good dashboard."""
    found = list(_errors("dashboard", dashboard, "dashboard"))
    for panel in dashboard.get("panels", []):
        if panel["type"] == "row":
            continue
        kind, at = panel["type"], f"{panel['title']!r}"
        if f"{kind}-options" not in _recorded()["schemas"]:
            found.append(f"{at}: no schema of {kind}")
            continue
        found += _errors(f"{kind}-options", panel["options"], f"{at} options")
        custom = panel["fieldConfig"]["defaults"].get("custom")
        if custom is not None:
            found += _errors(f"{kind}-custom", custom, f"{at} custom")
    return found


def _errors(schema: str, value: object, at: str) -> Iterator[str]:
    for error in _validator(schema).iter_errors(value):
        yield f"{at}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


@cache
def _recorded() -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(_FILE.read_text()))


@cache
def _validator(schema: str) -> Draft7Validator:
    return Draft7Validator(_recorded()["schemas"][schema])
