"""What the clouds sell: shapes, limits, zones and list prices, each with its source and date.

Read from JSON that is packaged beside this module, on first use and once a process. None is a
figure that no source shows; it is never zero. Unknown names raise `UnknownNameError`.
"""

from __future__ import annotations

from sizing.catalog.lookups import (
    HOURS_PER_MONTH,
    PRICES_AS_OF,
    REFERENCE_REGIONS,
    cache_node,
    cache_nodes,
    control_plane_refused_zone_ids,
    eks_support,
    instance,
    instances,
    llm_price,
    llm_prices,
    price,
    price_items,
    rds_class,
    rds_classes,
    region_zone_ids,
    regions,
    search_node,
    search_nodes,
)
from sizing.catalog.shapes import (
    CacheNode,
    EksSupport,
    InstanceType,
    LlmPrice,
    RdsClass,
    SearchNode,
    UnknownNameError,
)

__all__ = [
    "HOURS_PER_MONTH",
    "PRICES_AS_OF",
    "REFERENCE_REGIONS",
    "CacheNode",
    "EksSupport",
    "InstanceType",
    "LlmPrice",
    "RdsClass",
    "SearchNode",
    "UnknownNameError",
    "cache_node",
    "cache_nodes",
    "control_plane_refused_zone_ids",
    "eks_support",
    "instance",
    "instances",
    "llm_price",
    "llm_prices",
    "price",
    "price_items",
    "rds_class",
    "rds_classes",
    "region_zone_ids",
    "regions",
    "search_node",
    "search_nodes",
]
