"""Names as Kubernetes and findings take them."""

from __future__ import annotations

import re

_UNNAMED = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """Return a name in lower case, with a hyphen for whatever is neither letter nor digit."""
    return _UNNAMED.sub("-", name.lower()).strip("-")
