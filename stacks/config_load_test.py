"""The load test in a stack's config: who it asks as, and how much."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stacks.config_parts import Strict
from stacks.config_values import PositiveShare, SecretName

LoadScenario = Literal["requests", "tokens", "document-000", "document-003"]


class LoadTestConfig(Strict):
    """A load test that stands ready in the cluster and runs when somebody asks for it."""

    existing_secret: SecretName = Field(
        description="name of a secret in the cloud's store that holds a key of the model gateway, "
        "made for the test and with a budget of its own; `up` waits until it is there"
    )
    scenario: LoadScenario = Field(
        default="requests",
        description='the peak of the request axis, "requests", of the token axis, "tokens", or a '
        "document's own test",
    )
    scale: PositiveShare = Field(default="1", description='part of the peak that is made ("0.25")')
    minutes: int = Field(default=5, ge=1, le=1440, description="minutes that are measured")
