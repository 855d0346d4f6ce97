"""Document 001, chapter 4: what the document estimates a month to cost (AWS, us-east-1).

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import CostColumn, CostLine, LlmCostRow, Money
from sizing.units import GIGA, MEGA
from sizing.words import Tier

COST_REGION = "us-east-1"

COST_COLUMNS = (
    CostColumn(
        section="4.1",
        tier=Tier.SMALL,
        lines=(
            CostLine(name="EKS Control Plane", monthly=Money(usd=73)),
            CostLine(name="EC2 Workers (CPU)", monthly=Money(usd=300)),
            CostLine(name="EC2 Workers (GPU)", monthly=Money(usd=380)),
            CostLine(name="RDS PostgreSQL", monthly=Money(usd=50)),
            CostLine(name="ElastiCache Redis", monthly=Money(usd=50)),
            CostLine(name="EBS Storage", monthly=Money(usd=50)),
            CostLine(name="Data Transfer", monthly=Money(usd=50)),
        ),
        total=Money(usd=950, approximate=True),
    ),
    CostColumn(
        section="4.1",
        tier=Tier.MEDIUM,
        lines=(
            CostLine(name="EKS Control Plane", monthly=Money(usd=73)),
            CostLine(name="EC2 Workers (CPU)", monthly=Money(usd=800)),
            CostLine(name="EC2 Workers (GPU)", monthly=Money(usd=1520)),
            CostLine(name="RDS PostgreSQL", monthly=Money(usd=200)),
            CostLine(name="ElastiCache Redis", monthly=Money(usd=200)),
            CostLine(name="EBS Storage", monthly=Money(usd=200)),
            CostLine(name="Data Transfer", monthly=Money(usd=200)),
        ),
        total=Money(usd=3200, approximate=True),
    ),
    CostColumn(
        section="4.1",
        tier=Tier.LARGE,
        lines=(
            CostLine(name="EKS Control Plane", monthly=Money(usd=146)),
            CostLine(name="EC2 Workers (CPU)", monthly=Money(usd=3200)),
            CostLine(name="EC2 Workers (GPU)", monthly=Money(usd=6000)),
            CostLine(name="RDS PostgreSQL", monthly=Money(usd=800)),
            CostLine(name="ElastiCache Redis", monthly=Money(usd=600)),
            CostLine(name="EBS Storage", monthly=Money(usd=800)),
            CostLine(name="Data Transfer", monthly=Money(usd=1000)),
        ),
        total=Money(usd=12500, approximate=True),
    ),
    CostColumn(
        section="4.1",
        tier=Tier.ENTERPRISE,
        lines=(
            CostLine(name="EKS Control Plane", monthly=Money(usd=146)),
            CostLine(name="EC2 Workers (CPU)", monthly=Money(usd=12800)),
            CostLine(name="EC2 Workers (GPU)", monthly=Money(usd=48000)),
            CostLine(name="RDS PostgreSQL", monthly=Money(usd=3200)),
            CostLine(name="ElastiCache Redis", monthly=Money(usd=2400)),
            CostLine(name="EBS Storage", monthly=Money(usd=4000)),
            CostLine(name="Data Transfer", monthly=Money(usd=5000)),
        ),
        total=Money(usd=75000, approximate=True),
    ),
)

LLM_COST_ROWS = (
    LlmCostRow(
        section="4.2",
        tier=Tier.SMALL,
        daily_tokens=10 * MEGA,
        external_share=0.30,
        external_tokens=3 * MEGA,
        monthly=Money(usd=150, approximate=True),
    ),
    LlmCostRow(
        section="4.2",
        tier=Tier.MEDIUM,
        daily_tokens=100 * MEGA,
        external_share=0.30,
        external_tokens=30 * MEGA,
        monthly=Money(usd=1500, approximate=True),
    ),
    LlmCostRow(
        section="4.2",
        tier=Tier.LARGE,
        daily_tokens=1 * GIGA,
        external_share=0.30,
        external_tokens=300 * MEGA,
        monthly=Money(usd=15000, approximate=True),
    ),
    LlmCostRow(
        section="4.2",
        tier=Tier.ENTERPRISE,
        daily_tokens=10 * GIGA,
        external_share=0.30,
        external_tokens=3 * GIGA,
        monthly=Money(usd=150000, approximate=True),
    ),
)
