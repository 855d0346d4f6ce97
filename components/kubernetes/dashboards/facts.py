"""What the plan says beside what is measured: limits, promises and prices, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.kubernetes.dashboards.model import Colour, Step
from sizing.check import check
from sizing.cost import cost
from sizing.plans import Finding, PlatformPlan, ServicePlan
from sizing.triggers import Trigger, ruling

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A plan in the numbers that panels draw.

    Attributes:
        namespaces: of the environment and of the whole cluster, sorted.
        findings: what the plan was proven by, with its demand and its capacity, by id.
        monthly_usd: the bill's planned figure; `floor_usd` at every autoscaler's minimum.
        at_least: some prices are unknown, and left out of both.
    """

    plan: PlatformPlan
    namespaces: tuple[str, ...]
    services: Mapping[str, ServicePlan]
    findings: Mapping[str, Finding]
    monthly_usd: float
    floor_usd: float
    at_least: bool

    def has(self, *names: str) -> bool:
        """Say whether the plan has any of these services."""
        return any(name in self.services for name in names)

    @property
    def helpers(self) -> frozenset[str]:
        """Return the names of jobs, DaemonSets and sidecars."""
        return frozenset(one.name for one in self.plan.helpers)

    @property
    def everywhere(self) -> str:
        """Return the selector of all namespaces, for what the whole cluster exports."""
        return f'{{namespace=~"{"|".join(self.namespaces)}"}}'

    @property
    def first_token_seconds(self) -> float:
        """Return the promised time to the first token, at P95."""
        return self.plan.request.load.objectives.first_token_p95_ms.value / MILLISECONDS

    @property
    def requests_per_second(self) -> float:
        """Return the peak that the plan is made for."""
        return self.plan.request.load.requests_per_second_peak

    @property
    def engines(self) -> tuple[ServicePlan, ...]:
        """Return the services that answer by a model of their own, by name."""
        named = {model.service for model in self.plan.models}
        return tuple(one for name, one in sorted(self.services.items()) if name in named)


def facts(plan: PlatformPlan) -> Facts:
    """Return what the dashboards of a plan draw."""
    bill = cost(plan)
    return Facts(
        plan=plan,
        namespaces=tuple(sorted(one.name for one in plan.namespaces)),
        services={one.name: one for one in plan.services},
        findings={one.id: one for one in check(plan)},
        monthly_usd=bill.monthly_usd,
        floor_usd=bill.floor_usd,
        at_least=bool(bill.unpriced),
    )


def steps(subject: str) -> tuple[Step, ...]:
    """Return the two lines of table 5.2 for a subject ("cpu", "memory", "errors", ...).

    Raises:
        KeyError: nothing watches it.
    """
    return _steps(ruling(subject))


def _steps(one: Trigger) -> tuple[Step, ...]:
    pairs = ((one.warning, Colour.WARNING), (one.critical, Colour.CRITICAL))
    return tuple(Step(value=value, colour=colour) for value, colour in pairs if value is not None)


def within(limit: float, warning: float = 0.8) -> tuple[Step, ...]:
    """Return lines below a limit and at it.

    Args:
        limit: above zero.
        warning: share of it that is the first line.
    """
    return (
        Step(value=limit * warning, colour=Colour.WARNING),
        Step(value=limit, colour=Colour.CRITICAL),
    )
