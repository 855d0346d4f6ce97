"""The way in on Google Cloud: who holds the list of callers, and what it costs."""

from __future__ import annotations

from sizing.checks.edge import INGRESS
from sizing.checks.verdicts import Subject, finding
from sizing.planning.gcp.firewall import has_policy, rule_count
from sizing.plans import Finding
from sizing.words import Verdict


def check_edge(subject: Subject) -> list[Finding]:
    """Return the findings of Cloud Armor, none where nothing stands before the balancer."""
    plan, switches = subject.plan.ingress, subject.plan.request.switches
    if not switches.ingress or not has_policy(plan, switches.callers):
        return []
    count = rule_count(plan, switches.callers)
    return [
        finding(
            subject,
            INGRESS,
            "firewall-price",
            Verdict.UNPROVEN,
            f"Cloud Armor bills a regional policy, its {count} rules and each request, and no "
            "source shows at what price; the bill is incomplete",
            fix="look the prices of regional policies up in the console's price list",
            source="armor-tiers",
        )
    ]
