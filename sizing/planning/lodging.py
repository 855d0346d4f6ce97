"""Whose namespaces are whose in a cluster that carries guests."""

from __future__ import annotations

from sizing.planning.environment import setting
from sizing.planning.guest import ROLES
from sizing.planning.homes import namespace
from sizing.plans import PlanRequest
from sizing.plans.request import Neighbour
from sizing.words import Environment


def lodgers(request: PlanRequest) -> tuple[Neighbour, ...]:
    """Return the guests whose pods run in a host's own cluster; others have clusters themselves."""
    return tuple(one for one in request.guests if one.request.environment is Environment.DEV)


def namespaces_of(guest: PlanRequest) -> dict[str, str]:
    """Return the names of the namespaces that a guest has in its host's cluster, by role."""
    given = setting(guest)
    return {role: namespace(given, role) for role in ROLES}


def namespaces_of_guests(request: PlanRequest) -> tuple[str, ...]:
    """Return the names of all namespaces of a host's cluster that are its guests', sorted."""
    found = (name for one in lodgers(request) for name in namespaces_of(one.request).values())
    return tuple(sorted({*found}))
