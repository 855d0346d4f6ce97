"""Alerts of a guest, from its own plan, for its host's Prometheus to evaluate.

What its host has for it, its host watches: nodes, engines, the database server and what measures.
Caches of its own nobody measures: they speak to whoever shows their token, which its host has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from sizing.alerts import gateway, objectives, stores, workloads
from sizing.alerts.model import AlertPlan, Facts, Recording
from sizing.alerts.platform import secrets, targets
from sizing.alerts.scope import LABEL, scope, scoped_alerts
from sizing.planning.homes import DATA, GATEWAY
from sizing.planning.lodging import namespaces_of
from sizing.plans import PlatformPlan

ENVIRONMENT: Final = "environment"
"""Label of a guest's alerts; of others, the server that sends them says the same."""
# Alerts of sums know no namespace: what they watch runs in this one.
HOMES: Mapping[str, str] = MappingProxyType(
    {
        gateway.FAMILY: GATEWAY,
        objectives.FAMILY: GATEWAY,
        stores.DATABASES: DATA,
        stores.VECTORS: DATA,
    }
)
# What begins the names of those that exporters of the host say of its own stores.
_OF_THE_HOST = ("elasticsearch_", "pg_", "redis_")


def guests_alerts(plan: PlatformPlan, facts: Facts) -> tuple[AlertPlan, ...]:
    """Return the alerts of a guest's plan, each with its environment."""
    made = (
        *objectives.objectives(plan, facts),
        *gateway.gateway(plan),
        *(one for one in stores.stores(plan) if not _hosts(one)),
        *workloads.workloads(plan),
        *secrets(plan),
        targets(),
    )
    bound = scoped_alerts(made, scope(plan.request))
    return tuple(replace(one, labels=(*one.labels, *_labels(plan, one.family))) for one in bound)


def guests_recordings(plan: PlatformPlan, made: Iterable[Recording]) -> tuple[Recording, ...]:
    """Return what a guest records, so that it is found in its own namespace alone."""
    labels = ((LABEL, namespaces_of(plan.request)[GATEWAY]),)
    return tuple(replace(one, labels=labels) for one in made)


def _hosts(alert: AlertPlan) -> bool:
    return any(name in alert.query for name in _OF_THE_HOST)


def _labels(plan: PlatformPlan, family: str) -> tuple[tuple[str, str], ...]:
    home = HOMES.get(family)
    spaces = namespaces_of(plan.request)
    return (
        (ENVIRONMENT, str(plan.request.environment)),
        *(((LABEL, spaces[home]),) if home else ()),
    )
