"""The load that a plan must carry: stated by a tier or by what users say of themselves."""

from __future__ import annotations

from sizing.tiers import PLANNING_FACTORS
from sizing.workload.growth import required_capacity
from sizing.workload.load import Objectives, Provider, ServedModel, Workload
from sizing.workload.reference import (
    ENVIRONMENT_SHARES,
    OBJECTIVES,
    PEAK_REQUESTS_PER_SECOND,
    PROFILES,
    SELF_HOSTED_MODEL,
    environment_load,
    reference,
)

__all__ = [
    "ENVIRONMENT_SHARES",
    "OBJECTIVES",
    "PEAK_REQUESTS_PER_SECOND",
    "PLANNING_FACTORS",
    "PROFILES",
    "SELF_HOSTED_MODEL",
    "Objectives",
    "Provider",
    "ServedModel",
    "Workload",
    "environment_load",
    "reference",
    "required_capacity",
]
