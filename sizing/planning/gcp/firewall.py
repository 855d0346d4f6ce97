"""The policy of Cloud Armor before the load balancer: which sets of rules, and how many rules."""

from __future__ import annotations

from math import ceil

from sizing.plans import IngressPlan

RATE_MOST = 1_000_000  # requests of a throttle in its window. Source: armor-rate-limits, 2026.
RANGES_A_RULE = 10
"""Source ranges that a rule takes; a longer list becomes several rules."""
SCANNERS = (
    "owasp-crs-v030301-id913100-scannerdetection",
    "owasp-crs-v030301-id913110-scannerdetection",
)
"""Those of the set that read headers alone; the third one reads arguments, bodies among them."""
PREVIEWED = (
    "sqli-v33-stable",
    "xss-v33-stable",
    "lfi-v33-stable",
    "rfi-v33-stable",
    "rce-v33-stable",
    "protocolattack-v33-stable",
    "java-v33-stable",
    "nodejs-v33-stable",
)
"""Sets of OWASP's rules that read bodies: seen, never enforced."""


def has_policy(plan: IngressPlan, callers: int) -> bool:
    """Say whether anything is asked before the balancer.

    Args:
        plan: of the way in.
        callers: ranges that alone may call, 0 for everybody.
    """
    return plan.waf or callers > 0


def rule_count(plan: IngressPlan, callers: int) -> int:
    """Return the rules of a policy, the one for everybody else included.

    Args:
        plan: of the way in.
        callers: ranges that alone may call, 0 for everybody.
    """
    watched = 1 + len(PREVIEWED) if plan.waf else 0
    let_in = ceil(callers / RANGES_A_RULE) or int(plan.waf)
    return watched + let_in + 1
