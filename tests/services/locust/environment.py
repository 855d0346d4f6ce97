"""An environment of Locust's own."""

from __future__ import annotations

from pathlib import Path

from tests.services.environments import built

REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def locust() -> str:
    """Return Locust's program; its environment is built if need be."""
    return str(built("locust", REQUIREMENTS) / "locust")
