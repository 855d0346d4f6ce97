"""Workloads for the component models: a tier's reference with some fields of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sizing.words import Tier
from sizing.workload import Workload, reference


def load(tier: Tier = Tier.LARGE, **changes: Any) -> Workload:  # noqa: ANN401 - fields of a dataclass
    """Return a tier's reference with some fields changed."""
    return replace(reference(tier), **changes)
