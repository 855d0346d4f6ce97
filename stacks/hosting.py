"""What a host tells its guests, and how a guest reads it: typed, and no secret.

A host is planned from its file, and its guests with it; what stands may be older. So the facts that
a guest was planned with are among the outputs, and a guest refuses a host that differs, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.naming import PROJECT
from sizing.plans import PlatformPlan
from stacks.config_aws import AwsConfig
from stacks.config_model import StackConfig

OUTPUT = "hosting"
"""Name of the export that holds all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """What stands of a host, as its guests use it; names and addresses alone.

    Attributes:
        stack: who tells it.
        subnets: isolated ones of the network, by zone.
        authority: certificate of the cluster's API, base64.
        security_group: of the cluster's nodes, which stores let in.
        node_role: ARN of the role of the nodes, which mount files.
        storage_class: of the volumes of pods.
        operator: ARN of the role that copies secrets into the cluster.
        server: host of the database server, its port, and the security group that lets in.
        key: ARN of the key of the host's secrets.
        search: host of the search domain, its ARN, and the security group that lets in.
        store_table: route table of the isolated subnets.
        administrators: secrets in which the guests' passwords on the server are kept, by stack.
        plan: what guests were planned with, in words (`facts`).
    """

    stack: str
    account_id: str
    region: str
    vpc_id: str
    subnets: Mapping[str, str]
    cluster_name: str
    endpoint: str
    authority: str
    security_group: str
    node_role: str
    storage_class: str
    operator: str
    server: str
    server_group: str
    port: int
    key: str
    search: str
    search_arn: str
    search_group: str
    store_table: str
    administrators: Mapping[str, str]
    plan: Mapping[str, str]


FIELDS: Mapping[str, type] = {
    **dict.fromkeys(
        (
            *("stack", "account_id", "region", "vpc_id", "cluster_name", "endpoint", "authority"),
            *("security_group", "node_role", "storage_class", "operator", "server", "key"),
            *("search", "search_arn", "search_group", "server_group", "store_table"),
        ),
        str,
    ),
    "port": int,
    **dict.fromkeys(("subnets", "administrators", "plan"), dict),
}
"""What each field is, as the engine hands it over."""

OF_CLUSTER = ("cluster", "models", "node_pools", "postgres")
OF_STORES = ("network", "postgres", "search")
"""Parts of a host's plan that its guests use, by the kind of guest."""


class HostError(pulumi.RunError):
    """A host tells nothing, or something else than its guest was planned with."""


def facts(plan: PlatformPlan) -> dict[str, str]:
    """Return what guests of a host are planned with, by the part that it is of."""
    postgres, search = plan.postgres, plan.search
    return {
        "network": plan.network.vpc_cidr,
        "cluster": f"Kubernetes {plan.cluster.kubernetes_version}",
        **{
            f"node_pools.{one.name}": f"{one.instance_types[0]}, at most {one.scale.maximum} nodes"
            for one in plan.node_pools
        },
        "postgres": f"{postgres.nodes} x {postgres.instance_class}, {postgres.storage_gib} GiB, "
        f"{postgres.max_connections} connections",
        "models": ", ".join(sorted(one.name for one in plan.models)),
        "search": f"{search.instance_count} x {search.instance_type}, {search.volume_gib} GiB each",
    }


def needed(plan: PlatformPlan, guest: StackConfig) -> dict[str, str]:
    """Return the facts of a host that concern a guest: those of what it uses."""
    parts = OF_CLUSTER if guest.in_hosts_cluster else OF_STORES
    return {name: said for name, said in facts(plan).items() if name.partition(".")[0] in parts}


def reference(config: AwsConfig) -> pulumi.StackReference:
    """Return the host's stack as the engine knows it.

    Raises:
        ValueError: the stack is nobody's guest.
    """
    if config.shares is None:
        raise ValueError(f"{config.stack} shares nothing")
    owner = f"{pulumi.get_organization()}/{PROJECT}"
    return pulumi.StackReference("host", stack_name=f"{owner}/{config.shares}")


def hosted(
    of: pulumi.StackReference, config: AwsConfig, plan: PlatformPlan
) -> pulumi.Output[Hosted]:
    """Return what the host tells; a refusal stops the program before the cloud is asked anything.

    Args:
        of: the host.
        config: the guest's.
        plan: the host's, as the guest was planned on it.
    """
    guest, expected = config, needed(plan, config)

    def read(value: object) -> Hosted:
        return checked(parsed(value, guest), guest, expected)

    return of.get_output(OUTPUT).apply(read)


def parsed(value: object, guest: AwsConfig) -> Hosted:
    """Return the host's output as what it is.

    Raises:
        HostError: it is missing, or a field of it is missing or of another type.
    """
    host = str(guest.shares)
    if not isinstance(value, Mapping):
        raise HostError(
            f'stack "{host}": found no output "{OUTPUT}"; allowed: a stack that was deployed with '
            f"{guest.stack}'s file beside its own: {first(host)}"
        )
    own = {key: int(one) if isinstance(one, float) else one for key, one in value.items()}
    for name, kind in FIELDS.items():
        if not isinstance(own.get(name), kind):
            said = "nothing" if own.get(name) is None else f"a {type(own[name]).__name__}"
            raise HostError(
                f'stack "{host}": output "{OUTPUT}": {name}: found {said}; allowed: a '
                f"{kind.__name__}, as this version of the program writes it: {first(host)}"
            )
    return Hosted(**{name: own[name] for name in FIELDS})  # type: ignore[arg-type]  # each was looked at


def checked(told: Hosted, guest: AwsConfig, expected: Mapping[str, str]) -> Hosted:
    """Return what a host tells, if it stands as its guest was planned on it.

    Raises:
        HostError: it does not; each difference is named.
    """
    host = str(guest.shares)
    found = [
        f"{name}: it has {told.plan.get(name, 'nothing')}, planned with {wanted}"
        for name, wanted in sorted(expected.items())
        if told.plan.get(name, "") != wanted
    ]
    for name, wanted in (("account_id", guest.account_id), ("region", guest.region)):
        if getattr(told, name) != wanted:
            found.append(f"{name}: it has {getattr(told, name)}, planned with {wanted}")
    if guest.stack not in told.administrators:
        found.append(f"guests: it knows {', '.join(sorted(told.administrators)) or 'none'}")
    if found:
        raise HostError(
            f"{host} does not stand as {guest.stack} was planned on it: {'; '.join(found)}; "
            f"{first(host)}"
        )
    return told


def first(host: str) -> str:
    """Return what to do before the guest is deployed."""
    return f"run `pulumi up --stack {host}` first"
