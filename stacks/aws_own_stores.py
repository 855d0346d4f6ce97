"""The stores that a stack on AWS shares with nobody, whoever's server and cluster it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.files import Files, FilesArgs
from components.aws.objects import Objects, ObjectsArgs
from sizing.plans import CachePlan
from stacks.aws_ground import Floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where stores stand, and who reaches them.

    Attributes:
        subnet_ids: isolated ones, by zone id.
        nodes: security group of the nodes, by which pods come.
        node_role: ARN of the role of the nodes, which mount files.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    nodes: pulumi.Input[str]
    node_role: pulumi.Input[str]

    @property
    def clients(self) -> dict[str, pulumi.Input[str]]:
        """Return who may connect to a store, by name."""
        return {"nodes": self.nodes}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStores:
    """Buckets, files, caches by role, and what copies them."""

    objects: Objects
    files: Files
    caches: Mapping[str, Cache]
    backups: Backups


def build_own_stores(on: Floor, place: Place) -> OwnStores:
    """Register buckets, files, caches and their copies; pods reach them through the nodes."""
    return OwnStores(
        objects=_objects(on),
        files=_files(on, place),
        caches={str(one.role): _cache(on, place, one) for one in on.plan.caches},
        backups=_backups(on),
    )


def _objects(on: Floor) -> Objects:
    return Objects(
        "objects",
        ObjectsArgs(
            plans=on.plan.buckets,
            stack=on.config.platform,
            objects_key_arn=on.keys["objects"],
            tags=on.tags,
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
            vpc_id=place.vpc_id,
            subnet_ids=place.subnet_ids,
            client_security_group_ids=place.clients,
            # the driver mounts as the node; no pod comes by the node's credentials
            client_role_arns={"nodes": place.node_role},
            data_key_arn=on.keys["data"],
            tags=on.tags,
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
            vpc_id=place.vpc_id,
            subnet_ids=place.subnet_ids,
            client_security_group_ids=place.clients,
            data_key_arn=on.keys["data"],
            logs_key_arn=on.keys["logs"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def _backups(on: Floor) -> Backups:
    return Backups(
        "backups",
        BackupsArgs(
            plan=on.plan.backups,
            stack=on.config.platform,
            region=on.config.region,
            data_key_arn=on.keys["data"],
            iam=on.iam,
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )
