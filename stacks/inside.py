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
class Surroundings:
    """What a cloud's own module knows of a cluster (see `Cluster`).

    Attributes:
        namespaces: names by role, its own and those that it speaks to.
        storage_class: of the volumes of its pods.
        secret_store: that reads the cloud's secrets for it.
        identities: of its service accounts.
        credentials_address: where pods fetch credentials.
        addresses: blocks in which its stores answer.
        gateway_api: who owns the definitions of the Gateway API.
    """

    namespaces: Mapping[str, str]
    storage_class: str
    secret_store: str
    identities: Mapping[str, Identity]
    credentials_address: str
    addresses: tuple[str, ...]
    gateway_api: Literal["cloud", "nobody"]


def cluster(config: StackConfig, plan: PlatformPlan, around: Surroundings) -> Cluster:
    """Return the cluster as a stack's workloads see it."""
    return Cluster(
        environment=config.environment,
        namespaces=around.namespaces,
        pools=plan.node_pools,
        registry=config.images.registry,
        storage_class=around.storage_class,
        secret_store=around.secret_store,
        identities=around.identities,
        gateway_api=around.gateway_api,
        credentials_address=around.credentials_address,
        addresses=around.addresses,
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
