"""Archestra in a stack's config: how large it is. Its image is pinned with the others."""

from __future__ import annotations

from pydantic import Field, model_validator

from sizing.plans.tools import ArchestraRequest
from sizing.words import Tier
from stacks.config_parts import Strict


class ArchestraConfig(Strict):
    """Archestra, sized by its own table (document 002): by a day's requests, or by a size of it."""

    requests_per_day: int | None = Field(
        default=None, ge=1, description="requests of a day in prod; or `tier`"
    )
    tier: Tier | None = Field(
        default=None,
        description="size of document 002, for the most requests that it is for; or "
        "`requests_per_day`",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> ArchestraConfig:
        if (self.requests_per_day is None) == (self.tier is None):
            raise ValueError("requests_per_day or tier, exactly one of both")
        return self

    def request(self) -> ArchestraRequest:
        """Return what a plan is made from."""
        return ArchestraRequest(requests_per_day=self.requests_per_day, tier=self.tier)
