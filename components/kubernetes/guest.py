"""What a guest has in another stack's cluster: a store of its own, and a way to the engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, networking

from components.base import PlatformComponent
from components.kubernetes.access import Pods, incoming
from components.kubernetes.cluster import labels, selector
from components.kubernetes.external_secrets import SecretSource, secret_store


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlan:
    """A store, and the namespaces that may ask it."""

    store: str
    namespaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestStoreArgs:
    """What a store of secrets needs.

    Attributes:
        store: name of the `ClusterSecretStore`.
        source: the cloud's store, read as a role that sees the guest's secrets alone.
        namespaces: names of the guest's namespaces; an object anywhere else is refused.
        after: the role's rights, and the namespaces.
    """

    store: str
    source: SecretSource
    namespaces: Sequence[str]
    after: Sequence[pulumi.Resource]


class GuestStore(PlatformComponent):
    """The store of a guest's secrets; the operator that reads it is the host's."""

    ready: Sequence[pulumi.Resource]
    """What every ExternalSecret of the guest waits for."""

    def __init__(
        self, name: str, args: GuestStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        shown = StorePlan(store=args.store, namespaces=tuple(sorted(args.namespaces)))
        super().__init__("aigw:kubernetes:GuestStore", name, shown, opts)
        self.ready = (
            secret_store(
                self, f"{name}-store", args.store, args.source, args.namespaces, after=args.after
            ),
        )
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagePlan:
    """Whose gateway asks which engines, at which ports."""

    guest: str
    engines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageArgs:
    """What the way to a host's engines needs.

    Attributes:
        guest: environment of the guest, which the policies are called after.
        namespace: of the engines.
        engines: ports by the names of the workloads that answer.
        caller: the guest's workload that asks, with no ports of its own.
        after: the namespace that it runs in.
    """

    guest: str
    namespace: str
    engines: Mapping[str, int]
    caller: Pods
    after: Sequence[pulumi.Resource]


class Passage(PlatformComponent):
    """Lets a guest's gateway ask its host's engines: all that a guest writes among what is not its.

    The policies open one port each, and go with the guest.
    """

    ready: Sequence[pulumi.Resource]
    """What asks the engines waits for these."""

    def __init__(
        self, name: str, args: PassageArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        shown = PassagePlan(guest=args.guest, engines=tuple(sorted(args.engines.items())))
        super().__init__("aigw:kubernetes:Passage", name, shown, opts)
        self.ready = [
            networking.v1.NetworkPolicy(
                f"{name}-{engine}",
                metadata=meta.v1.ObjectMetaArgs(
                    name=f"{args.guest}-to-{engine}",
                    namespace=args.namespace,
                    labels=labels(f"{args.guest}-to-{engine}"),
                ),
                spec=networking.v1.NetworkPolicySpecArgs(
                    pod_selector=meta.v1.LabelSelectorArgs(match_labels=selector(engine)),
                    policy_types=["Ingress"],
                    ingress=incoming(
                        [
                            Pods(
                                namespace=args.caller.namespace,
                                name=args.caller.name,
                                ports=(port,),
                            )
                        ]
                    ),
                ),
                opts=self.child_with(depends_on=[*args.after]),
            )
            for engine, port in sorted(args.engines.items())
        ]
        self.register_outputs({})
