"""Outside providers: their quotas against the peak, and the keys' limits against both."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.capacity import agent_router
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Subject
from sizing.plans import Finding

COMPONENT = "providers"
FIXES: Mapping[str, str] = MappingProxyType(
    {
        "limits-above-peak": "raise the keys' limits: as they are, they refuse the peak",
        "limits-within-quota": "lower the keys' limits, or ask the providers for more",
    }
)


def check_providers(subject: Subject) -> list[Finding]:
    """Return the findings of providers and of the keys' limits, of what the load names of them."""
    load = subject.setting.load
    # the agent router stands before the providers: with it, naming none is a gap
    routed = subject.plan.request.switches.agent_router
    quotas = agent_router.provider_quotas(load) if load.providers or routed else ()
    limited = load.providers or load.limits_requests_per_minute is not None
    judged = (*quotas, *(agent_router.limits(load) if limited else ()))
    return [
        constrained(
            subject,
            COMPONENT,
            one,
            fix=FIXES.get(one.name, "ask the provider for more, or name another one"),
        )
        for one in judged
    ]
