"""The words that alerts, their routes and their runbooks share."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SEVERITY_LABEL: Final = "severity"
WATCHDOG: Final = "Watchdog"
"""The alert that always fires: whoever waits for it learns that alerting itself is away."""


class Severity(StrEnum):
    """How soon somebody should look: at the next working day, or now."""

    WARNING = "warning"
    CRITICAL = "critical"
