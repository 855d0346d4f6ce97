"""What Google Cloud refuses, one module per service; `sizing.rules` joins both clouds."""

from __future__ import annotations

from sizing.rules.gcp import (
    armor,
    artifact_registry,
    backups,
    compute_firewall,
    compute_nat,
    compute_network,
    container,
    container_upkeep,
    dns,
    filestore,
    kms,
    load_balancing,
    logging,
    node_pools,
    redis,
    secretmanager,
    sql,
    sql_flags,
    storage,
)
from sizing.rules.gcp.replaces import REPLACES
from sizing.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *armor.RULES,
    *artifact_registry.RULES,
    *backups.RULES,
    *compute_firewall.RULES,
    *compute_nat.RULES,
    *compute_network.RULES,
    *container.RULES,
    *container_upkeep.RULES,
    *dns.RULES,
    *filestore.RULES,
    *kms.RULES,
    *load_balancing.RULES,
    *logging.RULES,
    *node_pools.RULES,
    *redis.RULES,
    *secretmanager.RULES,
    *sql.RULES,
    *sql_flags.RULES,
    *storage.RULES,
)

__all__ = ["REPLACES", "RULES"]
