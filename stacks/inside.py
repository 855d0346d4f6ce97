"""What workloads find around them in a cluster, whichever cloud it is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.cluster import Cluster, Identity
from sizing.plans import PlatformPlan
from sizing.words import Environment
from stacks.config_model import StackConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudsOwn:
    """What all clusters of a cloud have alike (see `Cluster`).

    Attributes:
        credentials_address: where pods fetch credentials.
        gateway_api: who owns the definitions of the Gateway API.
    """

    credentials_address: str
    gateway_api: Literal["cloud", "nobody"]


def cluster(
    config: StackConfig,
    plan: PlatformPlan,
    of: CloudsOwn,
    *,
    namespaces: Mapping[str, str],
    storage_class: str,
    secret_store: str,
    identities: Mapping[str, Identity],
    addresses: tuple[str, ...],
) -> Cluster:
    """Return the cluster as a stack's workloads see it (see `Cluster`).

    Args:
        config: of the stack.
        plan: of the stack.
        of: what its cloud has alike everywhere.
        namespaces: names by role, its own and those that it speaks to.
        storage_class: of the volumes of its pods.
        secret_store: that reads the cloud's secrets for it.
        identities: of its service accounts.
        addresses: blocks in which its stores answer.
    """
    return Cluster(
        environment=config.environment,
        namespaces=namespaces,
        pools=plan.node_pools,
        registry=config.images.registry,
        storage_class=storage_class,
        secret_store=secret_store,
        identities=identities,
        gateway_api=of.gateway_api,
        credentials_address=of.credentials_address,
        addresses=addresses,
        ready=[],
        protect=plan.protect,
    )


def inside(
    opts: pulumi.ResourceOptions,
    kubeconfig: pulumi.Input[str],
    *,
    identifier: str,
    environment: Environment,
    after: pulumi.ResourceOptions | None = None,
) -> pulumi.ResourceOptions:
    """Return options with the provider of a cluster beside those of the cloud.

    Args:
        opts: with the cloud's providers.
        kubeconfig: of whoever runs the program; the exported one is for people.
        identifier: which cluster it is, for as long as it is the same.
        environment: of the stack.
        after: what must exist before anything in the cluster.
    """
    provider = kubernetes.Provider(
        "kubernetes",
        kubeconfig=kubeconfig,
        # what its address is today must not decide whether everything is made anew
        cluster_identifier=identifier,
        # a cluster that is gone takes its objects along; in prod somebody looks first
        delete_unreachable=environment is not Environment.PROD,
        # otherwise a change replaces them, under another name
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
        opts=after,
    )
    known = opts.providers
    providers = dict(known) if isinstance(known, dict) else {}
    return pulumi.ResourceOptions(providers={**providers, "kubernetes": provider})
