"""What the cloud refuses of a change although both ends of it are fine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sizing.rules.rule import Inputs, Refusal, Stated
from sizing.rules.values import UNKNOWN, read, text, unwrap

Change: TypeAlias = Callable[[Inputs, Inputs], str | None]
"""Returns what is wrong with a change of inputs, None where nothing is."""

CLUSTER_MODES = ("disabled", "compatible", "enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRule(Stated):
    """One change that the cloud refuses; a `Rule` whose examples are pairs."""

    check: Change
    passing: tuple[Inputs, Inputs]
    failing: tuple[Inputs, Inputs]


def _one_step(olds: Inputs, news: Inputs) -> str | None:
    old, new = text(olds, "clusterMode"), text(news, "clusterMode")
    if old not in CLUSTER_MODES or new not in CLUSTER_MODES:
        return None
    forward = CLUSTER_MODES.index(new) - CLUSTER_MODES.index(old)
    return None if forward in (0, 1) else f"from {old} to {new}"


def _no_way_back(olds: Inputs, news: Inputs) -> str | None:
    path = "accessConfig.authenticationMode"
    if read(news, path) is UNKNOWN:
        return None
    old, new = text(olds, path), text(news, path) or "CONFIG_MAP"
    order = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
    back = old in order and new in order and order.index(new) < order.index(old)
    return f"from {old} to {new}" if back else None


UPDATE_RULES = (
    UpdateRule(
        id="elasticache.cluster-mode-step",
        types=("aws:elasticache/replicationGroup:ReplicationGroup",),
        property="clusterMode",
        statement="Cluster mode goes disabled, compatible, enabled, one step per update.",
        source="elasticache-api",
        check=_one_step,
        passing=({"clusterMode": "disabled"}, {"clusterMode": "compatible"}),
        failing=({"clusterMode": "disabled"}, {"clusterMode": "enabled"}),
    ),
    UpdateRule(
        id="eks.authentication-mode-step",
        types=("aws:eks/cluster:Cluster",),
        property="accessConfig.authenticationMode",
        statement="There is no way back from access entries to the config map.",
        source="eks-api",
        check=_no_way_back,
        passing=(
            {"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}},
            {"accessConfig": {"authenticationMode": "API"}},
        ),
        failing=(
            {"accessConfig": {"authenticationMode": "API"}},
            {"accessConfig": {"authenticationMode": "CONFIG_MAP"}},
        ),
    ),
)


def update_refusals(type_token: str, olds: Inputs, news: Inputs) -> tuple[Refusal, ...]:
    """Return what the cloud refuses of a change of inputs, beside what it refuses of the new ones.

    Args:
        type_token: the provider's type.
        olds: inputs that the resource was made with, in the wire form.
        news: inputs that it is to have.
    """
    before = {name: unwrap(value) for name, value in olds.items()}
    after = {name: unwrap(value) for name, value in news.items()}
    return tuple(
        rule.refusal(type_token, reason)
        for rule in UPDATE_RULES
        if type_token in rule.types and (reason := rule.check(before, after)) is not None
    )
