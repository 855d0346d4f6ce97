"""The sentences that rules of replacement are made of: each says how a change replaces, or None."""

from __future__ import annotations

from ipaddress import ip_network

from sizing.rules.rule import Inputs
from sizing.rules.updates import Change
from sizing.rules.values import UNKNOWN, absent, items, read, text

TRANSIT_IN_PLACE = (7, 0)
"""Redis 7.0.5 (elasticache/replication_group.go); "7.0" stands for its latest patch."""
SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


def switched_off(path: str) -> Change:
    """A switch that was on is off, or is not said any more."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        off = read(news, path) in (None, False)
        return f"{path} is switched off" if read(olds, path) is True and off else None

    return check


def comes_or_goes(path: str) -> Change:
    """A block is there on one side alone; what is in it may change."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        there = absent(olds, path), absent(news, path)
        return f"{path} comes or goes" if there[0] is not there[1] else None

    return check


def goes(path: str) -> Change:
    """What was set is not set any more."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        gone = not absent(olds, path) and read(news, path) in (None, "")
        return f"{path} goes" if gone else None

    return check


def decreases(path: str) -> Change:
    """A version is lower than it was, part by part."""

    def check(olds: Inputs, news: Inputs) -> str | None:
        old, new = version(text(olds, path)), version(text(news, path))
        return f"{path} goes back" if old and new and new < old else None

    return check


def version(value: str | None) -> tuple[int, ...]:
    """Return the numbers of "OpenSearch_2.19", "7.1" or "REDIS_7_2"; none of what has none."""
    parts = (value or "").replace("_", ".").split(".")
    return tuple(int(part) for part in parts if part.isdigit())


def engine_changes(olds: Inputs, news: Inputs) -> str | None:
    """The engine changes in another way than from Redis to Valkey."""
    old, new = text(olds, "engine"), text(news, "engine")
    return None if (old, new) == ("redis", "valkey") else f"from {old} to {new}"


def is_not_aurora(_olds: Inputs, news: Inputs) -> str | None:
    """The engine is none of Aurora's."""
    engine = text(news, "engine") or ""
    return None if engine.startswith("aurora") else f"the engine is {engine}"


def is_no_interface(_olds: Inputs, news: Inputs) -> str | None:
    """The endpoint is of another type than Interface."""
    kind = text(news, "vpcEndpointType") or "Gateway"
    return None if kind == "Interface" else f"the endpoint is of type {kind}"


def is_before_transit(olds: Inputs, _news: Inputs) -> str | None:
    """The engine is too old to change its encryption."""
    found = version(text(olds, "engineVersion"))
    return "the engine is before 7.0.5" if found and found < TRANSIT_IN_PLACE else None


def source_changes(olds: Inputs, news: Inputs) -> str | None:
    """The kind of a rule's source changes."""
    old, new = (
        next((name for name in SOURCES if not absent(side, name)), "") for side in (olds, news)
    )
    return f"from {old} to {new}" if old != new else None


def subnets_change(olds: Inputs, news: Inputs) -> str | None:
    """A network load balancer has other subnets, and not only more."""
    old, new = items(olds, "subnets"), items(news, "subnets")
    if text(news, "loadBalancerType") != "network" or old is None or new is None:
        return None
    return None if len(new) > len(old) else f"from {len(old)} to {len(new)} subnets"


def groups_come_or_go(olds: Inputs, news: Inputs) -> str | None:
    """A network load balancer has its first security group, or loses its last."""
    if text(news, "loadBalancerType") != "network":
        return None
    old, new = (bool(side.get("securityGroups")) for side in (olds, news))
    return "the first group, or the last" if old is not new else None


def tenancy_changes(olds: Inputs, news: Inputs) -> str | None:
    """Tenancy changes in another way than from dedicated to default."""
    found = text(olds, "instanceTenancy"), text(news, "instanceTenancy") or "default"
    return None if found == ("dedicated", "default") else f"from {found[0]} to {found[1]}"


def range_shrinks(olds: Inputs, news: Inputs) -> str | None:
    """The new range of addresses does not hold the old one."""
    old, new = read(olds, "ipCidrRange"), read(news, "ipCidrRange")
    if UNKNOWN in (old, new) or not (isinstance(old, str) and isinstance(new, str)):
        return None
    kept = ip_network(new, strict=False).supernet_of(ip_network(old, strict=False))  # type: ignore[arg-type]  # both are of one version
    return None if kept else f"{new} does not hold {old}"
