"""What keys of a stack's config say together of its cloud: zones, owners, what is sold there.

One table for each cloud holds what differs; the checks are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from types import MappingProxyType
from typing import Final

from sizing import catalog
from sizing.words import Cloud, Environment, PostgresForm
from stacks.config_errors import Problem, joined, shown, unknown_key, words
from stacks.config_facts import Facts

ZONE_COUNTS: Final = {Environment.DEV: (2, 3), Environment.STAGING: (3,), Environment.PROD: (3,)}
"""EKS asks for two zones, a Multi-AZ DB cluster for three (cloud rules 37 and 18); on Google Cloud
the same, so that a stack stands as well on either."""


def _rds_class(name: str) -> str | None:
    """Return what is wrong with a DB instance class, None for nothing."""
    classes = sorted({one.name for form in PostgresForm for one in catalog.rds_classes(form)})
    if name in classes:
        return None
    return unknown_key(name, classes)[0].replace("unknown key", "unknown name")


def _sql_tier(name: str) -> str | None:
    """Return what is wrong with a tier of Cloud SQL, None for nothing."""
    from sizing.catalog.google import cloud_sql_tier

    try:
        cloud_sql_tier(name)
    except catalog.UnknownNameError as error:
        return f"{shown(name)} ({str(error.args[0]).rpartition('; ')[2]})"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What a cloud has of its own where every cloud has something.

    Attributes:
        database: what is wrong with the name of a database's machine, None for nothing.
        database_words: what such a name is, in words.
        reservation: pattern of what a reservation of machines is called.
        reservation_words: the same in words.
        secret: pattern of the names of secrets in the cloud's store.
        secret_words: the same in words.
    """

    database: Callable[[str], str | None]
    database_words: str
    reservation: str
    reservation_words: str
    secret: str
    secret_words: str


_OWN: Final[Mapping[Cloud, _Own]] = MappingProxyType(
    {
        Cloud.AWS: _Own(
            database=_rds_class,
            database_words="a DB instance class of the catalogue",
            reservation=r"cr-[0-9a-f]{8,17}",
            reservation_words='a reservation id ("cr-0123456789abcdef0")',
            secret=r"[\w/+=.@-]{1,512}",  # Secrets Manager, CreateSecret
            secret_words="a secret's name in AWS Secrets Manager (aigw/openai)",
        ),
        Cloud.GCP: _Own(
            database=_sql_tier,
            database_words="a tier of Cloud SQL (db-custom-<vCPU>-<MiB>)",
            # Compute Engine, Reservation.name; another project's is shared by its whole path
            reservation=r"(projects/[a-z0-9-]+/reservations/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
            reservation_words="a reservation's name (\"a100-block\"), or for another project's "
            "projects/<project>/reservations/<name>",
            secret=r"[A-Za-z0-9_-]{1,255}",  # Secret Manager, CreateSecret, secretId
            secret_words="a secret's name in Secret Manager (aigw-openai): letters, digits, _ and "
            "-, at most 255",
        ),
    }
)


def check_cloud(facts: Facts) -> Iterator[Problem]:
    """Return every problem of region, zones, owners, machines, reservations and secrets."""
    said = facts.text("cloud") or ("" if "cloud" in facts.bad else Cloud.AWS)
    if said not in list(Cloud):
        return
    cloud = Cloud(said)
    yield from chain(
        _region_and_zones(facts, cloud),
        _accounts(facts),
        _guest(facts, cloud),
        _machines(facts, cloud),
        _reservations(facts, _OWN[cloud]),
        _database(facts, _OWN[cloud]),
        _recovery(facts, cloud),
        _secret_names(facts, _OWN[cloud]),
    )


def _region_and_zones(facts: Facts, cloud: Cloud) -> Iterator[Problem]:
    region, zones = facts.text("region"), facts.texts("zone_ids")
    environment = facts.text("environment")
    known = catalog.regions(cloud)
    if region is not None and region not in known:
        yield Problem(path="region", found=shown(region), allowed=words(known))
    if zones is None:
        return
    if environment is not None:
        counts = ZONE_COUNTS[Environment(environment)]
        if len(zones) not in counts:
            few = words([str(count) for count in counts])
            yield Problem(
                path="zone_ids",
                found=f"{len(zones)} zones",
                allowed=f"{few} zones in {environment}",
            )
    if len(set(zones)) != len(zones):
        yield Problem(path="zone_ids", found="a zone twice", allowed="each zone once")
    if region in known:
        yield from _zones_of(cloud, region, zones)


def _zones_of(cloud: Cloud, region: str, zones: Sequence[str]) -> Iterator[Problem]:
    refused = catalog.control_plane_refused_zone_ids() if cloud is Cloud.AWS else ()
    sold = [zone for zone in catalog.region_zone_ids(cloud, region) if zone not in refused]
    for index, zone in enumerate(zones):
        if zone in refused:
            found = f"{shown(zone)}, where EKS takes no control-plane subnet"
        elif zone not in sold:
            found = f"{shown(zone)}, no zone {'id ' if cloud is Cloud.AWS else ''}of {region}"
        else:
            continue
        yield Problem(path=f"zone_ids[{index}]", found=found, allowed=words(sold))


def _accounts(facts: Facts) -> Iterator[Problem]:
    account = facts.text("account_id")
    for path in ("assume_role", "iam.permissions_boundary"):
        arn = facts.text(path)
        owner = arn.split(":")[4] if arn else None
        if account is not None and owner not in {None, "aws", account}:
            yield Problem(
                path=path,
                found=f"an ARN of account {owner}",
                allowed=f"an ARN of the stack's account {account}",
            )


def _guest(facts: Facts, cloud: Cloud) -> Iterator[Problem]:
    """Refuse a guest of stores on Google Cloud.

    "VPC Network Peering does not provide transitive routing": Google's stores are peered with the
    host's network, and another one that is peered with it reaches none of them
    (https://cloud.google.com/vpc/docs/vpc-peering).
    """
    host, environment = facts.text("shares"), facts.text("environment")
    if host is None or environment is None or cloud is Cloud.AWS:
        return
    if environment != Environment.DEV:
        yield Problem(
            path="shares",
            found=f"{shown(host)} in a {environment} stack on {cloud}",
            allowed="nothing: a host's stores are joined to its own network by peering, over which "
            "no other network is led; a dev stack may stand in a host's cluster",
        )


def _pools(facts: Facts) -> Iterator[str]:
    base = "sizing.overrides.pools"
    return (f"{base}.{role}" for role in facts.mapping(base))


def _machines(facts: Facts, cloud: Cloud) -> Iterator[Problem]:
    types = {one.name: one for one in catalog.instances(cloud)}
    region = facts.text("region")
    for pool in _pools(facts):
        path = f"{pool}.instance_type"
        name = facts.text(path)
        if name is not None and name not in types:
            found, _ = unknown_key(name, sorted(types))
            yield Problem(
                path=path,
                found=found.replace("unknown key", "unknown name"),
                allowed="an instance type of the catalogue",
            )
        elif name is not None and region in catalog.regions(cloud):
            yield from _sold(path, types[name], region, types.values())


def _sold(
    path: str,
    machine: catalog.InstanceType,
    region: str,
    others: Iterable[catalog.InstanceType],
) -> Iterator[Problem]:
    if machine.offered(region):
        return
    fitting = [
        one.name for one in others if one.offered(region) and bool(one.gpus) == bool(machine.gpus)
    ]
    near = get_close_matches(machine.name, fitting, n=3, cutoff=0)
    yield Problem(
        path=path,
        found=f"{shown(machine.name)}, which {region} does not sell",
        allowed=f"a type that the region sells, such as {words(near)}",
    )


def _reservations(facts: Facts, own: _Own) -> Iterator[Problem]:
    for pool in _pools(facts):
        path = f"{pool}.capacity_reservation_id"
        name = facts.text(path)
        if name is not None and not re.fullmatch(own.reservation, name):
            yield Problem(path=path, found=shown(name), allowed=own.reservation_words)
        spot = facts.value(f"{pool}.spot")
        if spot is True and facts.text("environment") == Environment.PROD:
            yield Problem(
                path=f"{pool}.spot", found="true in prod", allowed="false: prod buys on demand"
            )
        if spot is True and name:
            yield Problem(
                path=f"{pool}.spot",
                found="true beside a capacity reservation",
                allowed="false: spot launches into no reservation",
            )


def _database(facts: Facts, own: _Own) -> Iterator[Problem]:
    path = "sizing.overrides.postgres.instance_class"
    name = facts.text(path)
    wrong = None if name is None else own.database(name)
    if wrong is not None:
        yield Problem(path=path, found=wrong, allowed=own.database_words)


def _recovery(facts: Facts, cloud: Cloud) -> Iterator[Problem]:
    path = "services.vault.recovery_region"
    region, known = facts.text(path), catalog.regions(cloud)
    if region is None:
        return
    if region not in known:
        yield Problem(path=path, found=shown(region), allowed=words(known))
    elif region == facts.text("region"):
        yield Problem(
            path=path,
            found=f"{shown(region)}, where the stack is",
            allowed="another region: what is lost with this one must be elsewhere",
        )


def _secret_names(facts: Facts, own: _Own) -> Iterator[Problem]:
    for path, name in _named(facts.raw, ""):
        known = any(path == bad or path.startswith((f"{bad}.", f"{bad}[")) for bad in facts.bad)
        if not known and not re.fullmatch(own.secret, name):
            yield Problem(path=path, found=shown(name), allowed=own.secret_words)


def _named(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Return the names of secrets below a value, each with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            at = joined(path, str(key))
            if key == "existing_secret" and isinstance(inner, str):
                yield at, inner
            elif key == "secrets" and isinstance(inner, dict):
                yield from ((f"{at}.{k}", v) for k, v in inner.items() if isinstance(v, str))
            else:
                yield from _named(inner, at)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _named(inner, f"{path}[{index}]")
