"""Document 001, header and chapter 1: workload profiles and request characteristics.

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import PlanningFactor, PlanningFactors, ProfileRow, Span
from sizing.tiers.schema_common import DocumentInformation
from sizing.tiers.vocabulary import Unit
from sizing.units import GIGA, MEGA
from sizing.words import Tier

DOCUMENT = DocumentInformation(
    section="Document Information", version="1.0", updated="2026-02", owner="Platform Team"
)

PROFILE_ROWS = (
    ProfileRow(
        section="1.1",
        tier=Tier.SMALL,
        requests_per_second=Span(low=1, high=10),
        concurrent_users=Span(low=50, high=100),
        daily_tokens=Span(low=None, high=10 * MEGA),
        use_case="Dev/staging, small teams",
    ),
    ProfileRow(
        section="1.1",
        tier=Tier.MEDIUM,
        requests_per_second=Span(low=10, high=100),
        concurrent_users=Span(low=100, high=500),
        daily_tokens=Span(low=10 * MEGA, high=100 * MEGA),
        use_case="Mid-size org, multiple teams",
    ),
    ProfileRow(
        section="1.1",
        tier=Tier.LARGE,
        requests_per_second=Span(low=100, high=500),
        concurrent_users=Span(low=500, high=2000),
        daily_tokens=Span(low=100 * MEGA, high=1 * GIGA),
        use_case="Enterprise, high throughput",
    ),
    ProfileRow(
        section="1.1",
        tier=Tier.ENTERPRISE,
        requests_per_second=Span(low=500, high=None),
        concurrent_users=Span(low=2000, high=None),
        daily_tokens=Span(low=1 * GIGA, high=None),
        use_case="Multi-region, mission-critical",
    ),
)

PLANNING_FACTORS = PlanningFactors(
    input_tokens=PlanningFactor(
        section="1.2",
        metric="Avg input tokens",
        typical=Span(low=500, high=2000),
        planned=1500,
        unit=Unit.NONE,
    ),
    output_tokens=PlanningFactor(
        section="1.2",
        metric="Avg output tokens",
        typical=Span(low=200, high=1000),
        planned=500,
        unit=Unit.NONE,
    ),
    streaming_share=PlanningFactor(
        section="1.2",
        metric="Streaming ratio",
        typical=Span(low=0.60, high=0.80),
        planned=0.70,
        unit=Unit.PERCENT,
    ),
    cache_hit_share=PlanningFactor(
        section="1.2",
        metric="Cache hit rate",
        typical=Span(low=0.10, high=0.30),
        planned=0.15,
        unit=Unit.PERCENT,
    ),
    peak_factor=PlanningFactor(
        section="1.2",
        metric="Peak/avg ratio",
        typical=Span(low=2, high=5),
        planned=3,
        unit=Unit.TIMES,
    ),
)
