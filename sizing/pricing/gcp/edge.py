"""The policy of Cloud Armor before the load balancer: what is billed of it, which nobody prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.planning.gcp.firewall import has_policy, rule_count
from sizing.pricing.ledger import NOT_SOURCED, Ledger, Quantity
from sizing.pricing.traffic import monthly_tokens
from sizing.units import MEGA

if TYPE_CHECKING:
    from sizing.plans import PlatformPlan


def edge(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write a policy, its rules and the requests that it judges; nothing where there is none."""
    request = plan.request
    callers = request.switches.callers
    if not request.switches.ingress or not has_policy(plan.ingress, callers):
        return
    load = request.load
    requests = monthly_tokens(load) / (load.input_tokens + load.output_tokens)
    for item, amount, unit in (
        ("Cloud Armor, regional policy", 1.0, "policies"),
        ("Cloud Armor, rules", float(rule_count(plan.ingress, callers)), "rules"),
        ("Cloud Armor, requests judged", requests / MEGA, "million requests"),
    ):
        ledger.add("firewall", item, Quantity.fixed(amount), unit, None, NOT_SOURCED)
