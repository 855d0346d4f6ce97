"""A stack on another's database server and search domain, and what it is called there.

It has a network, a cluster and whatever runs in it of its own, and files, buckets and caches: files
and buckets are paid by what is in them and would save nothing, and one key opens a whole cache. The
server keeps databases of many apart by roles, the domain indices by rights: those are shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sizing.plans import Adjustment, Finding, PlanRequest, PlatformPlan
from sizing.words import Environment

OF_THE_HOST = ("postgres", "search")
"""Components of a plan that are another's."""


def attached(request: PlanRequest) -> bool:
    """Say whether a guest keeps its data on its host's stores, from a cluster of its own."""
    return request.environment is Environment.STAGING


def asked(request: PlanRequest) -> PlanRequest:
    """Return what the plan of such a guest is made from: it administers and measures no store.

    Vault makes logins as a role that is one for the whole server.
    """
    switches = replace(request.switches, own_stores=False, vault=False)
    return replace(request, host=None, guests=(), switches=switches)


def own_parts(request: PlanRequest, whole: PlatformPlan) -> PlatformPlan:
    """Return such a guest's plan without its host.

    Args:
        request: the guest's.
        whole: a plan of `asked(request)`.
    """
    own = on_server(request, whole)
    kept = (one for one in whole.backups.mechanisms if one[0] not in OF_THE_HOST)
    return replace(
        own,
        request=replace(request, switches=whole.request.switches),
        backups=replace(whole.backups, mechanisms=tuple(kept)),
        adjustments=tuple(one for one in whole.adjustments if not _of_host(one)),
    )


def on_stores(own: PlatformPlan, host: PlatformPlan) -> PlatformPlan:
    """Return such a guest's plan with the stores of its host.

    Args:
        own: `own_parts` of it.
        host: the host's own plan.
    """
    databases = own.postgres.databases
    return replace(own, postgres=replace(host.postgres, databases=databases), search=host.search)


def on_server(request: PlanRequest, whole: PlatformPlan) -> PlatformPlan:
    """Return a guest's plan with its databases called as its host's server knows them."""
    prefix = database_prefix(request)
    databases = tuple(f"{prefix}{one}" for one in whole.postgres.databases)
    pooled = tuple(f"{prefix}{one}" for one in whole.pooler.databases)
    return replace(
        whole,
        pooler=replace(whole.pooler, databases=pooled, prefix=prefix),
        postgres=replace(whole.postgres, databases=databases),
    )


def own_findings(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of such a guest that are not of its host's stores."""
    return tuple(one for one in found if one.component.partition(".")[0] not in OF_THE_HOST)


def database_prefix(request: PlanRequest) -> str:
    """Return what the names of a guest's databases and roles begin with on its host's server."""
    return f"{request.environment}_"


def administrator(request: PlanRequest) -> str:
    """Return the role by which a guest sets up its databases on its host's server."""
    return f"{database_prefix(request)}guest"


def search_prefix(request: PlanRequest) -> str:
    """Return what the names of a stack's indices and rights begin with in a search domain.

    A guest's is no beginning of its host's, nor the other way round: both may be of staging.
    """
    guest = "" if request.switches.own_stores else "guest-"
    return f"{guest}{request.environment}"


def _of_host(note: Adjustment) -> bool:
    return note.field.partition(".")[0] in OF_THE_HOST
