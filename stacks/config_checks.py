"""What two keys of a stack's config say together.

The checks read raw values and skip what is already known to be wrong, so that one run reports
every problem of a file and none twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from sizing.words import Access, Cloud, Environment, Tier
from sizing.workload.axes import resolve
from sizing.workload.statement import WorkloadError, parse
from stacks.config_app_checks import builds_apps, check_apps
from stacks.config_cloud_checks import check_cloud
from stacks.config_errors import Problem, shown, words
from stacks.config_facts import Facts
from stacks.config_model import ClusterConfig, NetworkConfig, stack_name
from stacks.config_values import network

STACK_NAME: Final = re.compile(rf"({'|'.join(Environment)})-({'|'.join(Tier)})(?:-({Cloud.GCP}))?")


def check(facts: Facts, stack: str) -> tuple[Problem, ...]:
    """Return every problem that only shows when keys are read together."""
    return tuple(
        chain(
            _name(facts, stack),
            _platform(facts),
            _addresses(facts),
            _access(facts),
            check_cloud(facts),
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
            allowed=f"<environment>-<tier>, of {words(list(Environment))} and {words(list(Tier))}, "
            f"with -{Cloud.GCP} behind it on Google Cloud",
        )
        return
    named_cloud = match[3] or str(Cloud.AWS)
    cloud = "cloud" in facts.bad or facts.text("cloud") or str(Cloud.AWS)
    if isinstance(cloud, str) and cloud != named_cloud:
        yield Problem(
            path="cloud",
            found=f'{shown(cloud)} in the stack "{stack}"',
            allowed=f'"{named_cloud}", or "{stack_name(match[1], match[2], cloud)}" for the stack',
        )
    for path, named in zip(("environment", "tier"), match.groups()[:2], strict=True):
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
