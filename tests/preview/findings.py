"""A finding that refuses a plan, for the tests of what is shown of it."""

from __future__ import annotations

from sizing.plans import Finding
from sizing.words import Severity, Verdict

REFUTED = Finding(
    id="postgres.connections",
    component="postgres",
    constraint="connections",
    demand=900,
    capacity=800,
    unit="connections",
    utilisation=1.125,
    verdict=Verdict.REFUTED,
    severity=Severity.ERROR,
    message="900 connections do not fit",
    fix="raise postgres.instance_class",
    source="sizing-decisions",
)
