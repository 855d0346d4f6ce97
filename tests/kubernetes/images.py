"""Images as a chart's values name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def of_values(said: Mapping[str, Any]) -> Iterator[str]:
    """Return whatever a chart's values name as an image, whole."""
    for value in said.values():
        if not isinstance(value, Mapping):
            continue
        if "repository" in value:
            host = f"{value['registry']}/" if "registry" in value else ""
            digest = f"@sha256:{value['sha']}" if value.get("sha") else ""
            yield f"{host}{value['repository']}:{value['tag']}{digest}"
        yield from of_values(value)
