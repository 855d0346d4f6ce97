"""Outside providers: their quotas against the peak, and the keys' limits against both."""

from __future__ import annotations

from sizing.capacity import agent_router
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Subject
from sizing.plans import Finding

COMPONENT = "providers"


def check_providers(subject: Subject) -> list[Finding]:
    """Return the findings of providers; none where the load names no provider."""
    load = subject.setting.load
    if not load.providers:
        return []
    judged = (*agent_router.provider_quotas(load), *agent_router.limits(load))
    return [
        constrained(
            subject,
            COMPONENT,
            one,
            fix="ask the provider for more, name another one, or lower the keys' limits",
        )
        for one in judged
    ]
