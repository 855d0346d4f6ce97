"""What the cloud refuses, as a table: each rule once, with its source and both examples.

The checks of a plan and the stand-in provider of the engine tests read the same table, so what
passes offline is not refused at the first `up`. What is not known before `up` is never refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from sizing.rules import (
    backup,
    docdb,
    ecr,
    efs,
    eks,
    elasticache,
    elasticache_users,
    elbv2,
    gcp,
    iam,
    kms,
    logs,
    names,
    network,
    node_groups,
    opensearch,
    opensearch_storage,
    peering,
    rds,
    rds_clusters,
    rds_storage,
    s3,
    secrets,
    wafv2,
)
from sizing.rules.replaces import REPLACES as AWS_REPLACES
from sizing.rules.rule import Inputs, Refusal, Rule
from sizing.rules.updates import UPDATE_RULES, UpdateRule, update_refusals
from sizing.rules.values import unwrap

RULES: tuple[Rule, ...] = (
    *eks.RULES,
    *node_groups.RULES,
    *network.RULES,
    *peering.RULES,
    *rds.RULES,
    *rds_storage.RULES,
    *rds_clusters.RULES,
    *elasticache.RULES,
    *elasticache_users.RULES,
    *opensearch.RULES,
    *opensearch_storage.RULES,
    *efs.RULES,
    *s3.RULES,
    *kms.RULES,
    *logs.RULES,
    *backup.RULES,
    *secrets.RULES,
    *iam.RULES,
    *elbv2.RULES,
    *names.RULES,
    *wafv2.RULES,
    *docdb.RULES,
    *ecr.RULES,
    *gcp.RULES,
)

REPLACES: Mapping[str, frozenset[str]] = {**AWS_REPLACES, **gcp.REPLACES}
"""By type, the properties whose change makes a provider replace a resource."""


def _by_type() -> dict[str, tuple[Rule, ...]]:
    tokens = sorted({token for rule in RULES for token in rule.types})
    return {token: tuple(rule for rule in RULES if token in rule.types) for token in tokens}


RULES_BY_TYPE = _by_type()


def refusals(type_token: str, inputs: Inputs) -> tuple[Refusal, ...]:
    """Return what the cloud refuses of a resource, in the order of the table.

    Args:
        type_token: the provider's type ("aws:eks/nodeGroup:NodeGroup"); one without rules is
            never refused.
        inputs: camelCase, as the engine sends them: wrapped secrets and unknown values included.
    """
    plain = {name: unwrap(value) for name, value in inputs.items()}
    return tuple(
        rule.refusal(type_token, reason)
        for rule in RULES_BY_TYPE.get(type_token, ())
        if (reason := rule.check(plain)) is not None
    )


__all__ = [
    "REPLACES",
    "RULES",
    "RULES_BY_TYPE",
    "UPDATE_RULES",
    "Inputs",
    "Refusal",
    "Rule",
    "UpdateRule",
    "refusals",
    "update_refusals",
]
