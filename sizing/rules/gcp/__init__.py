"""What Google Cloud refuses, one module per service; `sizing.rules` joins both clouds."""

from __future__ import annotations

from sizing.rules.gcp import kms
from sizing.rules.gcp.replaces import REPLACES
from sizing.rules.rule import Rule

RULES: tuple[Rule, ...] = (*kms.RULES,)

__all__ = ["REPLACES", "RULES"]
