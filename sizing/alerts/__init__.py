"""Alerts as data: what is watched, and where the plan's own figures draw the lines."""

from __future__ import annotations

from sizing.alerts.model import AlertPlan, Facts, Line, Recording, Shown, Told
from sizing.alerts.plan import alert_plans, of_triggers, recordings
from sizing.alerts.words import SEVERITY_LABEL, WATCHDOG, Severity

__all__ = [
    "SEVERITY_LABEL",
    "WATCHDOG",
    "AlertPlan",
    "Facts",
    "Line",
    "Recording",
    "Severity",
    "Shown",
    "Told",
    "alert_plans",
    "of_triggers",
    "recordings",
]
