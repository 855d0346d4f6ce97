"""The stores that a guest on AWS shares with nobody, in its host's network, and who uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws import workload_policies as policies
from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.files import Files, FilesArgs
from components.aws.identity import IamSettings, Statement
from components.aws.objects import Objects, ObjectsArgs
from components.aws.workload_identity import Identity, IdentityArgs, Workload, WorkloadPlan
from components.kubernetes.cluster import Identity as Bound
from sizing.plans import PlatformPlan
from sizing.words import SubnetKind
from stacks.apps import offer
from stacks.config_aws import AwsConfig
from stacks.hosting import Hosted


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodger:
    """What every part of a guest stands on.

    Attributes:
        keys: ARNs of its own keys.
        host: what its host told of itself.
        opts: providers of the cloud.
    """

    config: AwsConfig
    plan: PlatformPlan
    keys: Mapping[str, pulumi.Output[str]]
    host: pulumi.Output[Hosted]
    iam: IamSettings
    tags: Mapping[str, str]
    opts: pulumi.ResourceOptions

    def told(self, name: str) -> pulumi.Output[str]:
        """Return a field of what the host told."""
        return self.host.apply(lambda host: str(getattr(host, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStores:
    """The stores that a guest shares with nobody."""

    objects: Objects
    files: Files
    caches: Mapping[str, Cache]


def _subnets(on: Lodger) -> dict[str, pulumi.Output[str]]:
    """Return the host's isolated subnets, by zone; the zones are known beforehand."""
    zones = [one.zone_id for one in on.plan.network.subnets if one.kind is SubnetKind.ISOLATED]
    return {zone: _subnet(on.host, zone) for zone in zones}


def _subnet(host: pulumi.Output[Hosted], zone: str) -> pulumi.Output[str]:
    return host.apply(lambda told: told.subnets[zone])


def build_own_stores(on: Lodger) -> OwnStores:
    """Register buckets, files and caches; pods reach them through the host's nodes."""
    config, plan = on.config, on.plan
    data, logs, protect = on.keys["data"], on.keys["logs"], plan.protect
    clients = {"nodes": on.told("security_group")}
    subnets, vpc_id = _subnets(on), on.told("vpc_id")
    objects = Objects(
        "objects",
        ObjectsArgs(
            plans=plan.buckets,
            stack=config.platform,
            objects_key_arn=on.keys["objects"],
            tags=on.tags,
            protect=protect,
        ),
        on.opts,
    )
    files = Files(
        "files",
        FilesArgs(
            plan=plan.files,
            stack=config.platform,
            vpc_id=vpc_id,
            subnet_ids=subnets,
            client_security_group_ids=clients,
            # the driver mounts as the node; no pod comes by the node's credentials
            client_role_arns={"nodes": on.told("node_role")},
            data_key_arn=data,
            tags=on.tags,
            protect=protect,
        ),
        on.opts,
    )
    caches = {
        str(cache.role): Cache(
            f"cache-{cache.role}",
            CacheArgs(
                plan=cache,
                stack=config.platform,
                vpc_id=vpc_id,
                subnet_ids=subnets,
                client_security_group_ids=clients,
                data_key_arn=data,
                logs_key_arn=logs,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        )
        for cache in plan.caches
    }
    Backups(
        "backups",
        BackupsArgs(
            plan=plan.backups,
            stack=config.platform,
            region=config.region,
            data_key_arn=data,
            iam=on.iam,
            tags=on.tags,
            protect=protect,
        ),
        on.opts,
    )
    return OwnStores(objects=objects, files=files, caches=caches)


def build_own_identities(on: Lodger, stores: OwnStores) -> dict[str, Bound]:
    """Register what the guest's pods may do on AWS; returned by "<namespace>/<account>"."""
    workloads = [*_workloads(on, stores)]
    made = Identity(
        "workloads",
        IdentityArgs(
            workloads=workloads, cluster_name=on.told("cluster_name"), iam=on.iam, tags=on.tags
        ),
        on.opts,
    )
    return {
        f"{one.plan.namespace}/{one.plan.service_account}": Bound(
            ready=(made.bindings[one.plan.name],)
        )
        for one in workloads
    }


def _workloads(on: Lodger, stores: OwnStores) -> Iterator[Workload]:
    config, homes = on.config, {one.role: one.name for one in on.plan.namespaces}
    region, buckets, key = config.region, stores.objects.arns, on.keys["objects"]

    def bound(account: str, role: str, statements: Sequence[Statement]) -> Workload:
        plan = WorkloadPlan(name=account, namespace=homes[role], service_account=account)
        return Workload(plan=plan, statements=statements)

    yield bound("qdrant", "data", policies.snapshot_statements(buckets["backups"], key, region))
    asked = offer.bedrock_models(config)
    if asked:
        rights = policies.bedrock_statements(asked, region, config.account_id)
        yield bound("litellm", "gateway", rights)
    if config.services.application is not None:
        own: Mapping[str, pulumi.Input[str]] = {"data": buckets["data"]}
        # no right in the search domain, whose indices are its host's
        yield bound("application", "apps", policies.application_statements(own, key, region))
