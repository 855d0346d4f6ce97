"""What Google Cloud refuses, one module per service; `sizing.rules` joins both clouds."""

from __future__ import annotations

from sizing.rules.gcp import (
    artifact_registry,
    container,
    container_upkeep,
    filestore,
    kms,
    node_pools,
    redis,
    secretmanager,
    sql,
    storage,
)
from sizing.rules.gcp.replaces import REPLACES
from sizing.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *artifact_registry.RULES,
    *container.RULES,
    *container_upkeep.RULES,
    *filestore.RULES,
    *kms.RULES,
    *node_pools.RULES,
    *redis.RULES,
    *secretmanager.RULES,
    *sql.RULES,
    *storage.RULES,
)

__all__ = ["REPLACES", "RULES"]
