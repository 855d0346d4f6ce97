"""Alerts as data: what is watched, and where the plan's own figures draw the lines."""

from __future__ import annotations

from sizing.alerts.words import SEVERITY_LABEL, WATCHDOG, Severity

__all__ = ["SEVERITY_LABEL", "WATCHDOG", "Severity"]
