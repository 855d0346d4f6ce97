"""A stack that stands on another one's infrastructure: who may, on whom, and what it then says.

A dev guest stands in its host's cluster and network, and uses its database server. A staging guest
has network and cluster of its own, joined with its host's network to reach database server and
search domain. Prod shares nothing with anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from sizing.words import Environment
from stacks.config_errors import Problem, shown, words
from stacks.config_model import StackConfig
from stacks.config_values import network

KEY: Final = "shares"
OF_THE_HOST: Final = ("zone_ids", "network", "cluster")
"""Keys that a guest of a cluster has from its host's file."""
SAME: Final = ("cloud", "account_id", "project", "project_number", "region")
"""Keys that say the same in both files: a guest is no way into another account or region."""
NOT_THE_GUESTS: Final[Mapping[str, str]] = {
    "ingress": "nothing: callers reach a guest by `kubectl port-forward`, through no load balancer",
    "document_db": "nothing: documents are kept in a database of the host's server",
    "layers": "nothing: a guest is what runs in the cluster, and its own stores",
    "images.mirror": "nothing: the rules of the registry are the host's; name it alone",
    "sizing.overrides.pools": "nothing: the nodes are the host's, and set in its file",
    "sizing.overrides.postgres": "nothing: the server is the host's, and set in its file",
    "sizing.overrides.search": "nothing: a guest has no search domain",
    "models.huggingface": "nothing: the engines are the host's, who fetches what they serve",
    "models.cache": "nothing: the engines are the host's",
    "models.revisions": "nothing: the engines are the host's, who says which weights they serve",
}
"""Keys that a guest of a cluster cannot have, with what stands there instead."""
ON_STORES: Final[Mapping[str, str]] = {
    "sizing.overrides.postgres": "nothing: the server is the host's, and set in its file",
    "sizing.overrides.search": "nothing: the search domain is the host's, and set in its file",
    "services.vault": "nothing: it makes logins as a role that is one for the whole server",
}
"""Keys that a guest of stores alone cannot have, with what stands there instead."""
SERVICES: Final = ("agent_router", "application")
"""Services that a guest of a cluster may have besides the gateways; others are its host's."""


def in_cluster(environment: object) -> bool:
    """Say whether a guest of an environment stands in its host's cluster."""
    return environment == Environment.DEV


def refused(raw: Mapping[str, object], stack: str, known: Iterable[str]) -> Iterator[Problem]:
    """Return why a stack may not be a guest, or not of that host; before any file is read.

    Args:
        raw: the guest's values.
        stack: its name.
        known: stacks that have a file.
    """
    host, environment = raw.get(KEY), raw.get("environment")
    open_to = [one for one in sorted(known) if _may_host(one, stack)]
    allowed = words([f'"{one}"' for one in open_to]) or "nothing: no other stack may be its host"
    if environment == Environment.PROD:
        yield Problem(
            path=KEY,
            found=f"{shown(host)} in a prod stack",
            allowed="nothing: prod owns its account, network, cluster and stores",
        )
    elif not isinstance(host, str):
        yield Problem(path=KEY, found=shown(host), allowed=allowed)
    elif host.partition("-")[0] == Environment.PROD:
        yield Problem(path=KEY, found=f"{shown(host)}, a prod stack", allowed=allowed)
    elif host == stack:
        yield Problem(path=KEY, found="the stack itself", allowed=allowed)
    elif host not in known:
        yield Problem(path=KEY, found=f"{shown(host)}, which has no stack file", allowed=allowed)
    elif _cloud(host) != _cloud(stack):
        yield Problem(path=KEY, found=f"{shown(host)}, of another cloud", allowed=allowed)
    elif in_cluster(environment) and not _may_host(host, stack):
        yield Problem(
            path=KEY,
            found=f"{shown(host)}, whose namespaces have the same names",
            allowed=allowed,
        )


def filled(raw: Mapping[str, object], host: StackConfig) -> dict[str, object]:
    """Return a guest's values with those that its host's file has for it."""
    own = dict(raw)
    if in_cluster(raw.get("environment")):
        own |= host.model_dump(mode="json", include=set(OF_THE_HOST))
    return own


def disagreements(
    raw: Mapping[str, object], host: StackConfig, others: Iterable[StackConfig]
) -> Iterator[Problem]:
    """Return what a guest says that it may not say beside this host.

    Args:
        raw: the guest's values as they stand in its file.
        host: whom it names.
        others: the host's other guests.
    """
    if not host.builds_apps:
        yield Problem(
            path=KEY,
            found=f'"{host.stack}", whose layers have no "apps"',
            allowed="a host that runs in its cluster what its guest needs",
        )
    for key in SAME:
        own, theirs = raw.get(key), getattr(host, key, None)
        if isinstance(own, str) and own != theirs:
            yield Problem(
                path=key,
                found=f"{shown(own)} beside {KEY}: {host.stack}",
                allowed=f"{shown(theirs)}, the host's",
            )
    for other in others:
        if other.environment == raw.get("environment"):
            yield Problem(
                path=KEY,
                found=f'"{host.stack}", which has the guest "{other.stack}" already',
                allowed="one guest of each environment: names of namespaces and databases begin "
                "with it",
            )
    if in_cluster(raw.get("environment")):
        yield from _not_its_own(raw, host)
    else:
        yield from _beside_stores(raw, host)


def itself_a_guest(host: str, its_host: object) -> Problem:
    """Return the refusal of a host that stands on another's infrastructure itself."""
    return Problem(
        path=KEY,
        found=f'"{host}", itself a guest of {shown(its_host)}',
        allowed="a stack that stands on its own",
    )


def broken(host: str, why: str) -> Problem:
    """Return the refusal of a host whose own file is refused."""
    return Problem(path=KEY, found=f'"{host}", whose file is refused ({why})', allowed="a good one")


def _beside_stores(raw: Mapping[str, object], host: StackConfig) -> Iterator[Problem]:
    """Return what a guest of stores alone says that keeps it from them."""
    for path, allowed in ON_STORES.items():
        if _stated(raw, path):
            yield Problem(path=path, found=f"a value beside {KEY}: {host.stack}", allowed=allowed)
    theirs = host.network.vpc_cidr
    blocks = raw.get("network")
    for name in ("vpc_cidr", "service_cidr"):
        own = blocks.get(name) if isinstance(blocks, dict) else None
        if isinstance(own, str) and _overlap(own, theirs):
            yield Problem(
                path=f"network.{name}",
                found=f"{own}, which overlaps {theirs} of {host.stack}, whose stores it uses",
                allowed="a block with no address of the host's: networks that have one in common "
                "are not joined",
            )


def _overlap(own: str, theirs: str) -> bool:
    first, second = network(own), network(theirs)
    return first is not None and second is not None and first.overlaps(second)


def _not_its_own(raw: Mapping[str, object], host: StackConfig) -> Iterator[Problem]:
    of_host = ((key, f"nothing: it is {host.stack}'s") for key in OF_THE_HOST)
    for path, allowed in chain(of_host, NOT_THE_GUESTS.items()):
        if _stated(raw, path):
            yield Problem(path=path, found=f"a value beside {KEY}: {host.stack}", allowed=allowed)
    services = raw.get("services")
    for name in services if isinstance(services, dict) else ():
        if name not in SERVICES:
            yield Problem(
                path=f"services.{name}",
                found=f"a value beside {KEY}: {host.stack}",
                allowed=f"{words(SERVICES)} alone: whatever else runs in the cluster is the host's",
            )


def _stated(raw: Mapping[str, object], path: str) -> bool:
    found: object = raw
    for part in path.split("."):
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True


def _may_host(one: str, stack: str) -> bool:
    """Say whether a stack's name allows it to host another: no prod, for dev no dev, one cloud."""
    environment, guest = one.partition("-")[0], stack.partition("-")[0]
    if one == stack or environment == Environment.PROD or _cloud(one) != _cloud(stack):
        return False
    return not (in_cluster(guest) and environment == guest)


def _cloud(stack: str) -> str:
    """Return what a stack's name says of its cloud, nothing on AWS."""
    return stack.partition("-")[2].partition("-")[2]
