"""What two keys of a stack's config say together.

The checks read raw values and skip what is already known to be wrong, so that one run reports
every problem of a file and none twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from sizing import catalog
from sizing.words import Access, Cloud, Environment, PostgresForm, Tier
from sizing.workload.axes import resolve
from sizing.workload.statement import WorkloadError, parse
from stacks.config_app_checks import builds_apps, check_apps
from stacks.config_errors import Problem, shown, unknown_key, words
from stacks.config_facts import Facts
from stacks.config_model import ClusterConfig, NetworkConfig
from stacks.config_values import network

STACK_NAME: Final = re.compile(rf"({'|'.join(Environment)})-({'|'.join(Tier)})")
ZONE_COUNTS: Final = {Environment.DEV: (2, 3), Environment.STAGING: (3,), Environment.PROD: (3,)}
"""EKS asks for two zones, a Multi-AZ DB cluster for three (cloud rules 37 and 18)."""


def check(facts: Facts, stack: str) -> tuple[Problem, ...]:
    """Return every problem that only shows when keys are read together."""
    return tuple(
        chain(
            _name(facts, stack),
            _region_and_zones(facts),
            _platform(facts),
            _addresses(facts),
            _access(facts),
            _accounts(facts),
            _overrides(facts),
            _workload(facts),
            check_apps(facts),
        )
    )


def _workload(facts: Facts) -> Iterator[Problem]:
    stated, tier = facts.mapping("workload"), facts.text("tier")
    if not stated:
        return
    try:
        resolve(parse(stated), Tier(tier) if tier in list(Tier) else None)
    except WorkloadError as error:
        for one in error.problems:
            yield Problem(path=f"workload.{one.path}", found=one.found, allowed=one.allowed)


def _name(facts: Facts, stack: str) -> Iterator[Problem]:
    match = STACK_NAME.fullmatch(stack)
    if match is None:
        yield Problem(
            path=":stack name",
            found=shown(stack),
            allowed=f"<environment>-<tier>, of {words(list(Environment))} and {words(list(Tier))}",
        )
        return
    for path, named in zip(("environment", "tier"), match.groups(), strict=True):
        content = facts.text(path)
        if content is not None and content != named:
            yield Problem(
                path=path,
                found=f'{shown(content)} in the stack "{stack}"',
                allowed=f'"{named}", or another name for the stack',
            )


def _platform(facts: Facts) -> Iterator[Problem]:
    name, environment = facts.text("name"), facts.text("environment")
    if name is not None and environment is not None and name.partition("-")[0] != environment:
        yield Problem(
            path="name", found=shown(name), allowed=f"{environment}, or {environment}-..."
        )


def _region_and_zones(facts: Facts) -> Iterator[Problem]:
    region, zones = facts.text("region"), facts.texts("zone_ids")
    environment = facts.text("environment")
    known = catalog.regions(Cloud.AWS)
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
        yield from _zones_of(region, zones)


def _zones_of(region: str, zones: Sequence[str]) -> Iterator[Problem]:
    refused = catalog.control_plane_refused_zone_ids()
    sold = [zone for zone in catalog.region_zone_ids(Cloud.AWS, region) if zone not in refused]
    for index, zone in enumerate(zones):
        if zone in refused:
            found = f"{shown(zone)}, where EKS takes no control-plane subnet"
        elif zone not in sold:
            found = f"{shown(zone)}, no zone id of {region}"
        else:
            continue
        yield Problem(path=f"zone_ids[{index}]", found=found, allowed=words(sold))


def _addresses(facts: Facts) -> Iterator[Problem]:
    vpc_text = facts.text("network.vpc_cidr")
    default = NetworkConfig.model_fields["service_cidr"].default
    given = "service_cidr" in facts.mapping("network")
    service_text = facts.text("network.service_cidr") if given else default
    if vpc_text is None or service_text is None:
        return
    vpc, services = network(vpc_text), network(service_text)
    if vpc is not None and services is not None and vpc.overlaps(services):
        yield Problem(
            path="network.service_cidr",
            found=f"{service_text}, which overlaps the VPC's {vpc_text}",
            allowed="a private block outside the VPC's",
        )


def _access(facts: Facts) -> Iterator[Problem]:
    cluster = facts.mapping("cluster")
    default = str(ClusterConfig.model_fields["access"].default)
    access = facts.text("cluster.access") if "access" in cluster else default
    callers = facts.texts("cluster.allow_list") if "allow_list" in cluster else ()
    if cluster and access == Access.ALLOWLIST and callers == ():
        yield Problem(
            path="cluster.allow_list",
            found="an empty list" if "allow_list" in cluster else "nothing",
            allowed="at least one IPv4 block of your own egress addresses (203.0.113.10/32), "
            'or access "private"',
        )
    if access == Access.PRIVATE:
        if callers:
            yield Problem(
                path="cluster.allow_list",
                found='a list beside access "private"',
                allowed='nothing, or access "allowlist"',
            )
        if cluster.get("runner") is None and builds_apps(facts):
            yield Problem(
                path="cluster.runner",
                found='nothing beside access "private"',
                allowed='"in-vpc": the API answers only from the VPC and connected networks; or '
                "layers: [infra] for a run from outside, which builds nothing in the cluster",
            )
    admins = facts.texts("cluster.admin_principals")
    if admins is not None and len(set(admins)) != len(admins):
        yield Problem(
            path="cluster.admin_principals",
            found="a principal twice",
            allowed="each principal once, at least two",
        )


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


def _overrides(facts: Facts) -> Iterator[Problem]:
    base = "sizing.overrides"
    types = [one.name for one in catalog.instances(Cloud.AWS)]
    for role in facts.mapping(f"{base}.pools"):
        path = f"{base}.pools.{role}"
        yield from _known(facts, f"{path}.instance_type", types, "an instance type")
        spot = facts.value(f"{path}.spot")
        if spot is True and facts.text("environment") == Environment.PROD:
            yield Problem(
                path=f"{path}.spot", found="true in prod", allowed="false: prod buys on demand"
            )
        if spot is True and facts.text(f"{path}.capacity_reservation_id"):
            yield Problem(
                path=f"{path}.spot",
                found="true beside a capacity reservation",
                allowed="false: spot launches into no reservation",
            )
    classes = sorted({one.name for form in PostgresForm for one in catalog.rds_classes(form)})
    yield from _known(facts, f"{base}.postgres.instance_class", classes, "a DB instance class")


def _known(facts: Facts, path: str, names: Sequence[str], what: str) -> Iterator[Problem]:
    name = facts.text(path)
    if name is not None and name not in names:
        found, _ = unknown_key(name, names)
        yield Problem(
            path=path,
            found=found.replace("unknown key", "unknown name"),
            allowed=f"{what} of the catalogue",
        )
