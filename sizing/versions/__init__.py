"""Every version that the world can change, with the day and the place where it was seen."""

from __future__ import annotations

from sizing.versions.charts import CHARTS, ChartPin
from sizing.versions.clouds import (
    GOOGLE_VERSIONS,
    VERSIONS,
    Engine,
    GoogleVersions,
    Pin,
    Support,
    Versions,
)
from sizing.versions.images import IMAGES, ImagePin

__all__ = [
    "CHARTS",
    "GOOGLE_VERSIONS",
    "IMAGES",
    "VERSIONS",
    "ChartPin",
    "Engine",
    "GoogleVersions",
    "ImagePin",
    "Pin",
    "Support",
    "Versions",
]
