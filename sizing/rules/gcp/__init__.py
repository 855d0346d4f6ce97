"""What Google Cloud refuses, one module per service; `sizing.rules` joins both clouds."""

from __future__ import annotations

from sizing.rules.gcp import artifact_registry, kms, secretmanager, storage
from sizing.rules.gcp.replaces import REPLACES
from sizing.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *artifact_registry.RULES,
    *kms.RULES,
    *secretmanager.RULES,
    *storage.RULES,
)

__all__ = ["REPLACES", "RULES"]
