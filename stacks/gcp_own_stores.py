"""The stores that a stack on Google Cloud shares with nobody, whoever's server it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.gcp.cache import Cache, CacheArgs
from components.gcp.files import Files, FilesArgs
from components.gcp.objects import Objects, ObjectsArgs
from sizing.planning.gcp.caches import KNOW_ACCOUNTS
from sizing.plans import CachePlan
from stacks.gcp_ground import Floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The network in which stores answer.

    Attributes:
        network_id: "projects/<project>/global/networks/<name>".
        subnet_id: of its nodes.
        private_services: what joins it to Google's stores, nothing where that stands anyway.
    """

    network_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    private_services: Sequence[pulumi.Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStores:
    """Buckets, files, and caches by role."""

    objects: Objects
    files: Files
    caches: Mapping[str, Cache]

    @property
    def tokens(self) -> dict[str, pulumi.Input[str]]:
        """Return the secrets of the caches' tokens, for those that have any."""
        return {
            f"cache-{role}": cache.secret_id
            for role, cache in self.caches.items()
            if cache.secret_id is not None
        }


def build_own_stores(on: Floor, place: Place) -> OwnStores:
    """Register buckets, files and caches; nodes and pods reach them by the network's peering."""
    return OwnStores(
        objects=_objects(on),
        files=_files(on, place),
        caches={cache.role: _cache(on, place, cache) for cache in on.plan.caches},
    )


def _objects(on: Floor) -> Objects:
    return Objects(
        "objects",
        ObjectsArgs(
            plans=on.plan.buckets,
            stack=on.config.platform,
            region=on.config.region,
            objects_key=on.keys.ids["objects"],
            key_ready=on.keys.ready,
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def _files(on: Floor, place: Place) -> Files:
    return Files(
        "files",
        FilesArgs(
            plan=on.plan.files,
            stack=on.config.platform,
            region=on.config.region,
            zone_ids=on.config.zone_ids,
            network_id=place.network_id,
            private_services=place.private_services,
            # the driver mounts as the node, whatever pod it does so for
            client_ranges=[on.nodes.cidr],
            data_key=on.keys.ids["data"],
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def _cache(on: Floor, place: Place, plan: CachePlan) -> Cache:
    return Cache(
        f"cache-{plan.role}",
        CacheArgs(
            plan=plan,
            stack=on.config.platform,
            project=on.config.project,
            region=on.config.region,
            network_id=place.network_id,
            subnet_id=place.subnet_id,
            private_services=place.private_services,
            client_principals=cache_clients(on),
            data_key=on.keys.ids["data"],
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def cache_clients(on: Floor) -> dict[str, pulumi.Input[str]]:
    """Return who may connect to a cluster of Redis, each as the service account of its own name."""
    return {
        one.name: on.principal(one.namespace, one.name)
        for one in on.plan.services
        if one.name in KNOW_ACCOUNTS
    }
