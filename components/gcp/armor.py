"""The policy before the load balancer: addresses, rates and headers, never a prompt.

Prompts hold code, SQL, markup and URLs, so every preconfigured rule that reads a body is in
preview: what it would refuse stands in the balancer's log, and nothing is refused. Cloud Armor
reads the beginning of a body alone, so no rule of this kind would hold what comes after it, either
way. What blocks looks at the address, at how often it asks, and at what scanners call themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import compute

from components.base import PlatformComponent
from sizing.planning.gcp.firewall import PREVIEWED, RANGES_A_RULE, SCANNERS
from sizing.plans.edge import IngressPlan

WINDOW_SECONDS = 300
"""Over which `IngressPlan.waf_rate_limit` is counted."""
LAST = 2_147_483_647
"""Priority of the rule that every policy ends in."""
_SCANNERS_AT, _PREVIEWED_AT, _CLIENTS_AT = 100, 200, 1000
_ANYBODY = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmorArgs:
    """What the policy needs from its surroundings.

    Attributes:
        allow_list: IPv4 ranges that may call; none is everybody who reaches the balancer.
    """

    plan: IngressPlan
    stack: str
    project: str
    region: str
    allow_list: Sequence[str]


class Armor(PlatformComponent):
    """A regional policy of Cloud Armor, which each backend service of the way in names.

    Without a firewall in the plan it is the list of who may call, and nothing else. Rates are
    counted for each backend service, so for each host. A change of a rule is made in place; its
    effect is seen in the balancer's log (`enforcedSecurityPolicy`, `previewSecurityPolicy`).
    """

    policy: pulumi.Output[str]
    """Self link of the policy."""

    def __init__(
        self, name: str, args: ArmorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Armor", name, args.plan, opts)
        made = compute.RegionSecurityPolicy(
            f"{name}-policy",
            project=args.project,
            region=args.region,
            type="CLOUD_ARMOR",
            description=f"{args.stack}: who may call, how often, and what is only looked at",
            rules=policy_rules(args.plan, args.allow_list),
            opts=self.child,
        )
        self.policy = made.self_link
        self.register_outputs({"policy": self.policy})


def policy_rules(
    plan: IngressPlan, allow_list: Sequence[str]
) -> list[compute.RegionSecurityPolicyRuleArgs]:
    """Return a policy's rules, first to last; the first one that matches and is enforced counts."""
    watched = [_scanners(), *_previewed()] if plan.waf else []
    return [*watched, *_clients(plan, allow_list), _rest(closed=bool(allow_list))]


def _scanners() -> compute.RegionSecurityPolicyRuleArgs:
    chosen = ", ".join(f"'{one}'" for one in SCANNERS)
    return compute.RegionSecurityPolicyRuleArgs(
        priority=_SCANNERS_AT,
        description="scanners, by their headers",
        action="deny(403)",
        match=_expression(
            "evaluatePreconfiguredWaf('scannerdetection-v33-stable', "
            f"{{'sensitivity': 0, 'opt_in_rule_ids': [{chosen}]}})"
        ),
    )


def _previewed() -> Iterator[compute.RegionSecurityPolicyRuleArgs]:
    for at, name in enumerate(PREVIEWED, start=_PREVIEWED_AT):
        yield compute.RegionSecurityPolicyRuleArgs(
            priority=at,
            description=f"{name}, only looked at",
            action="deny(403)",
            preview=True,
            match=_expression(f"evaluatePreconfiguredWaf('{name}', {{'sensitivity': 1}})"),
        )


def _clients(
    plan: IngressPlan, allow_list: Sequence[str]
) -> Iterator[compute.RegionSecurityPolicyRuleArgs]:
    """Yield what lets callers in, up to the planned rate of each address under a firewall."""
    ranges = sorted(set(allow_list)) or (list(_ANYBODY) if plan.waf else [])
    parts = [ranges[at : at + RANGES_A_RULE] for at in range(0, len(ranges), RANGES_A_RULE)]
    for at, part in enumerate(parts, start=_CLIENTS_AT):
        yield compute.RegionSecurityPolicyRuleArgs(
            priority=at,
            description="callers, as often as planned" if plan.waf else "callers",
            action="throttle" if plan.waf else "allow",
            match=_sources(part),
            rate_limit_options=_rate(plan) if plan.waf else None,
        )


def _rate(plan: IngressPlan) -> compute.RegionSecurityPolicyRuleRateLimitOptionsArgs:
    return compute.RegionSecurityPolicyRuleRateLimitOptionsArgs(
        enforce_on_key="IP",
        rate_limit_threshold=(
            compute.RegionSecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs(
                count=plan.waf_rate_limit, interval_sec=WINDOW_SECONDS
            )
        ),
        conform_action="allow",
        exceed_action="deny(429)",
    )


def _rest(*, closed: bool) -> compute.RegionSecurityPolicyRuleArgs:
    return compute.RegionSecurityPolicyRuleArgs(
        priority=LAST,
        description="everybody else",
        action="deny(403)" if closed else "allow",
        match=_sources(_ANYBODY),
    )


def _expression(text: str) -> compute.RegionSecurityPolicyRuleMatchArgs:
    return compute.RegionSecurityPolicyRuleMatchArgs(
        expr=compute.RegionSecurityPolicyRuleMatchExprArgs(expression=text)
    )


def _sources(ranges: Sequence[str]) -> compute.RegionSecurityPolicyRuleMatchArgs:
    return compute.RegionSecurityPolicyRuleMatchArgs(
        versioned_expr="SRC_IPS_V1",
        config=compute.RegionSecurityPolicyRuleMatchConfigArgs(src_ip_ranges=list(ranges)),
    )
