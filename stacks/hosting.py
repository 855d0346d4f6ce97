"""What a host tells its guests, and how a guest reads it: typed, and no secret.

A host is planned from its file, and its guests with it; what stands may be older. So the facts that
a guest was planned with are among the outputs, and a guest refuses a host that differs, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar, get_type_hints

import pulumi

from components.naming import PROJECT
from sizing.planning.lodging import lodgers
from sizing.plans import PlatformPlan
from stacks.config_clouds import OWNER_KEYS
from stacks.config_model import StackConfig

OUTPUT = "hosting"
"""Name of the export that holds all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """What stands of a host, as its guests use it on any cloud; names and addresses alone.

    Attributes:
        stack: who tells it.
        authority: certificate of the cluster's API, base64.
        storage_class: of the volumes of pods.
        server: host of the database server, and its port.
        administrators: secrets in which the guests' passwords on the server are kept, by stack.
        plan: what guests were planned with, in words (`facts`).
    """

    stack: str
    region: str
    cluster_name: str
    endpoint: str
    authority: str
    storage_class: str
    server: str
    port: int
    administrators: Mapping[str, str]
    plan: Mapping[str, str]


Told = TypeVar("Told", bound=Hosted)
"""What a host of one cloud tells."""
Stated = TypeVar("Stated", bound=StackConfig)
"""The config of a stack on one cloud."""


def hosts_config(config: Stated) -> Stated:
    """Return the config of whose cluster a stack stands in: its host's, else its own."""
    return config.host if isinstance(config.host, type(config)) else config


def kinds(told: type[Hosted]) -> dict[str, type]:
    """Return what each field of a cloud's is, as the engine hands it over."""
    hints = get_type_hints(told)
    plain = {str: str, int: int}
    return {one.name: plain.get(hints[one.name], dict) for one in fields(told)}


OF_CLUSTER = ("applications", "cluster", "models", "node_pools", "postgres")
OF_STORES = ("network", "postgres", "search")
"""Parts of a host's plan that its guests use, by the kind of guest."""


class HostError(pulumi.RunError):
    """A host tells nothing, or something else than its guest was planned with."""


def facts(plan: PlatformPlan) -> dict[str, str]:
    """Return what guests of a host are planned with, by the part that it is of."""
    postgres, search = plan.postgres, plan.search
    let_in = [one.stack for one in lodgers(plan.request) if one.request.switches.application]
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
        # whose users and rights in the search engine are made beforehand
        **({"applications": ", ".join(sorted(let_in))} if let_in else {}),
    }


def needed(plan: PlatformPlan, guest: StackConfig) -> dict[str, str]:
    """Return the facts of a host that concern a guest: those of what it uses."""
    parts = OF_CLUSTER if guest.in_hosts_cluster else OF_STORES
    return {name: said for name, said in facts(plan).items() if name.partition(".")[0] in parts}


def reference(config: StackConfig) -> pulumi.StackReference:
    """Return the host's stack as the engine knows it.

    Raises:
        ValueError: the stack is nobody's guest.
    """
    if config.shares is None:
        raise ValueError(f"{config.stack} shares nothing")
    owner = f"{pulumi.get_organization()}/{PROJECT}"
    return pulumi.StackReference("host", stack_name=f"{owner}/{config.shares}")


def hosted(
    of: pulumi.StackReference, config: StackConfig, plan: PlatformPlan, kind: type[Told]
) -> pulumi.Output[Told]:
    """Return what the host tells; a refusal stops the program before the cloud is asked anything.

    Args:
        of: the host.
        config: the guest's.
        plan: the host's, as the guest was planned on it.
        kind: what a host of this cloud tells.
    """
    guest, expected = config, needed(plan, config)

    def read(value: object) -> Told:
        return checked(parsed(value, guest, kind), guest, expected)

    return of.get_output(OUTPUT).apply(read)


def parsed(value: object, guest: StackConfig, kind: type[Told]) -> Told:
    """Return the host's output as what it is.

    Raises:
        HostError: it is missing, or a field of it is missing or of another type.
    """
    host, wanted = str(guest.shares), kinds(kind)
    if not isinstance(value, Mapping):
        raise HostError(
            f'stack "{host}": found no output "{OUTPUT}"; allowed: a stack that was deployed with '
            f"{guest.stack}'s file beside its own: {first(host)}"
        )
    own = {key: int(one) if isinstance(one, float) else one for key, one in value.items()}
    for name, of in wanted.items():
        if not isinstance(own.get(name), of):
            said = "nothing" if own.get(name) is None else f"a {type(own[name]).__name__}"
            raise HostError(
                f'stack "{host}": output "{OUTPUT}": {name}: found {said}; allowed: a '
                f"{of.__name__}, as this version of the program writes it: {first(host)}"
            )
    return kind(**{name: own[name] for name in wanted})  # type: ignore[arg-type]  # looked at


def checked(told: Told, guest: StackConfig, expected: Mapping[str, str]) -> Told:
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
    for name, wanted in ((OWNER_KEYS[guest.cloud], guest.owner), ("region", guest.region)):
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


def guests_password(config: StackConfig, host: pulumi.Output[Told]) -> pulumi.Output[str]:
    """Return the secret in which a host keeps a guest's password on its server, as it calls it."""
    stack = config.stack
    return host.apply(lambda one: one.administrators[stack])


def told(host: pulumi.Output[Told], name: str) -> pulumi.Output[str]:
    """Return a field of what a host told."""
    return host.apply(lambda one: str(getattr(one, name)))


def first(host: str) -> str:
    """Return what to do before the guest is deployed."""
    return f"run `pulumi up --stack {host}` first"
