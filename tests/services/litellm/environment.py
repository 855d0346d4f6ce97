"""An environment of LiteLLM's own."""

from __future__ import annotations

from pathlib import Path

from tests.services.environments import built

REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def litellm() -> Path:
    """Return the folder of the programs of LiteLLM's environment, which is built if need be."""
    return built("litellm", REQUIREMENTS)
