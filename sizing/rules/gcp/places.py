"""Conditions on where things of Google Cloud stand."""

from __future__ import annotations

import re

from sizing.rules.rule import Check, Inputs
from sizing.rules.values import text

_PLACE = re.compile(r"/locations/([^/]+)/")


def key_in_region(key: str, region: str) -> Check:
    """The key at a path is in the region of what it encrypts: the region's own, or a zone's."""

    def check(inputs: Inputs) -> str | None:
        name, place = text(inputs, key), text(inputs, region)
        found = _PLACE.search(name or "")
        if found is None or place is None or place == found[1] or place.startswith(f"{found[1]}-"):
            return None
        return f"{key} is in {found[1]}, {region} is {place}"

    return check
