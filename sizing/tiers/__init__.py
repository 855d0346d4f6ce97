"""Every table of document 001 as written: `TIERS` by tier, the rest by name.

Nothing else repeats a tier's number. What the plan makes of these tables, and where it differs,
is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.tiers.appendix import AWS_INSTANCES, GCP_INSTANCES
from sizing.tiers.chapter1 import DOCUMENT, PLANNING_FACTORS, PROFILE_ROWS
from sizing.tiers.chapter2_services import (
    AGENT_GATEWAY_ROWS,
    HPA,
    LITELLM_ROWS,
    VLLM_ROWS,
    VLLM_STACK,
)
from sizing.tiers.chapter2_stores import (
    GRAFANA_CELLS,
    JAEGER_CELLS,
    OTEL_CELLS,
    PGBOUNCER,
    POSTGRES_ROWS,
    PROMETHEUS_CELLS,
    REDIS_ROWS,
    VAULT_ROWS,
)
from sizing.tiers.chapter3 import CLUSTER_ROWS, NETWORK_ROWS, STORAGE_COLUMNS
from sizing.tiers.chapter4 import COST_COLUMNS, COST_REGION, LLM_COST_ROWS
from sizing.tiers.chapter5 import GROWTH, REVIEW_CHECKLIST, SCALING_TRIGGERS
from sizing.tiers.schema import Count, Money, Span, TierTables
from sizing.words import Tier

SOURCE = "document-001"
DATE = DOCUMENT.updated

_HPA_MINIMUM = dict(HPA.minimum_by_tier)
_POOL_SIZE = dict(PGBOUNCER.default_pool_size)

TIERS: Mapping[Tier, TierTables] = MappingProxyType(
    {
        tier: TierTables(
            tier=tier,
            profile=PROFILE_ROWS[place],
            litellm=LITELLM_ROWS[place],
            agent_gateway=AGENT_GATEWAY_ROWS[place],
            postgres=POSTGRES_ROWS[place],
            redis=REDIS_ROWS[place],
            vault=VAULT_ROWS[place],
            otel_collector=OTEL_CELLS[place],
            prometheus=PROMETHEUS_CELLS[place],
            grafana=GRAFANA_CELLS[place],
            jaeger=JAEGER_CELLS[place],
            cluster=CLUSTER_ROWS[place],
            network=NETWORK_ROWS[place],
            storage=STORAGE_COLUMNS[place],
            cost=COST_COLUMNS[place],
            llm_cost=LLM_COST_ROWS[place],
            litellm_hpa_minimum=_HPA_MINIMUM.get(tier),
            pgbouncer_pool_size=_POOL_SIZE.get(tier),
        )
        for place, tier in enumerate(Tier)
    }
)
"""What the document says of each tier, smallest first."""

__all__ = [
    "AWS_INSTANCES",
    "COST_REGION",
    "DATE",
    "DOCUMENT",
    "GCP_INSTANCES",
    "GROWTH",
    "HPA",
    "PGBOUNCER",
    "PLANNING_FACTORS",
    "REVIEW_CHECKLIST",
    "SCALING_TRIGGERS",
    "SOURCE",
    "TIERS",
    "VLLM_ROWS",
    "VLLM_STACK",
    "Count",
    "Money",
    "Span",
    "TierTables",
]
