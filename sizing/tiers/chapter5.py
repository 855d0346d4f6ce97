"""Document 001, chapter 5: growth, scaling triggers and the quarterly review.

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import Span
from sizing.tiers.schema_common import GrowthModel, ReviewChecklist, ScalingTrigger
from sizing.tiers.vocabulary import Unit

GROWTH = GrowthModel(
    section="5.1",
    formula="Required_Capacity = Current_Load × Growth_Factor × Peak_Factor × Safety_Margin",  # noqa: RUF001
    growth_factor="(1 + monthly_growth_rate)^months_ahead",
    peak_factor=Span(low=2, high=3),
    safety_margin=Span(low=1.2, high=1.5),
)

SCALING_TRIGGERS = (
    ScalingTrigger(
        section="5.2",
        metric="CPU utilization",
        warning=0.70,
        critical=0.85,
        unit=Unit.PERCENT,
        action="Scale horizontally",
    ),
    ScalingTrigger(
        section="5.2",
        metric="Memory utilization",
        warning=0.75,
        critical=0.90,
        unit=Unit.PERCENT,
        action="Scale vertically first",
    ),
    ScalingTrigger(
        section="5.2",
        metric="Request latency (P95)",
        warning=2,
        critical=5,
        unit=Unit.SECONDS,
        action="Investigate bottleneck",
    ),
    ScalingTrigger(
        section="5.2",
        metric="Error rate",
        warning=0.01,
        critical=0.05,
        unit=Unit.PERCENT,
        action="Incident response",
    ),
    ScalingTrigger(
        section="5.2",
        metric="Queue depth",
        warning=100,
        critical=500,
        unit=Unit.NONE,
        action="Add capacity",
    ),
    ScalingTrigger(
        section="5.2",
        metric="GPU utilization",
        warning=0.80,
        critical=0.95,
        unit=Unit.PERCENT,
        action="Add GPU nodes",
    ),
)

REVIEW_CHECKLIST = ReviewChecklist(
    section="5.3",
    items=(
        "Review actual vs projected usage",
        "Analyze cost per request trends",
        "Evaluate cache effectiveness",
        "Check for hotspots/bottlenecks",
        "Update capacity projections",
        "Plan infrastructure changes",
    ),
)
