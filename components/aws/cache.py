"""A Redis-protocol store on ElastiCache, exactly as the plan of its role says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_aws import elasticache, secretsmanager

from components.aws import stores
from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans import CachePlan

PORT = 6379
_IDENTIFIER_LENGTH = 40
_LOG_TYPES = ("engine-log", "slow-log")
_TOKEN_LENGTH = 64
# the only special characters that ElastiCache takes in a token
_TOKEN_SPECIALS = "!&#$^<>-"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: name of the stack, part of the store's, the secret's and the log groups' names.
        subnet_ids: isolated subnets by zone id.
        client_security_group_ids: who may connect, by name.
        data_key_arn: key of the store, its snapshots and its token's secret.
    """

    plan: CachePlan
    stack: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    data_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool


class Cache(PlatformComponent):
    """A replication group with TLS, encryption at rest and a token of its own.

    Node type, shards and replicas change in place and at once, not in the maintenance window; a
    change of the key replaces the store and loses its data, which protection refuses.
    """

    host: pulumi.Output[str]
    """Name to connect to: the configuration endpoint in cluster mode, else the primary."""
    port: pulumi.Output[int]
    """Port, TLS only."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret whose text is the token."""
    secret_name: pulumi.Output[str]
    """Name of that secret."""
    security_group_id: pulumi.Output[str]
    """Group of the store, for rules that name it."""

    def __init__(
        self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Cache", name, args.plan, opts)
        access = stores.closed_group(
            self,
            name,
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_group_ids,
            tags=args.tags,
        )
        token, secret = self._token(name, args)
        group = self._group(name, args, access.id, token)
        clustered = args.plan.cluster_mode
        self.host = (
            group.configuration_endpoint_address if clustered else group.primary_endpoint_address
        )
        self.port = pulumi.Output.from_input(PORT)
        self.secret_arn, self.secret_name = secret.arn, secret.name
        self.security_group_id = access.id
        self.register_outputs(
            {
                "host": self.host,
                "port": self.port,
                "secret_arn": self.secret_arn,
                "secret_name": self.secret_name,
                "security_group_id": self.security_group_id,
            }
        )

    def _token(
        self, name: str, args: CacheArgs
    ) -> tuple[pulumi.Output[str], secretsmanager.Secret]:
        password = random.RandomPassword(
            f"{name}-token",
            length=_TOKEN_LENGTH,
            override_special=_TOKEN_SPECIALS,
            opts=self.child,
        )
        token: pulumi.Output[str] = pulumi.Output.secret(password.result)
        secret = secretsmanager.Secret(
            f"{name}-secret",
            name=stores.secret_name(args.stack, name),
            description=f"Token of {name}",
            kms_key_id=args.data_key_arn,
            # a name in its recovery window cannot be used again, and short lives come back soon
            recovery_window_in_days=stores.SECRET_RECOVERY_DAYS if args.protect else 0,
            tags=self.tags(args.tags),
            opts=self.child_with(protect=args.protect),
        )
        secretsmanager.SecretVersion(
            f"{name}-secret-value", secret_id=secret.id, secret_string=token, opts=self.child
        )
        return token, secret

    def _parameters(self, name: str, args: CacheArgs) -> elasticache.ParameterGroup:
        plan = args.plan
        values = {
            **{one.name: one.value for one in plan.parameters},
            "maxmemory-policy": plan.eviction.value,
            # more than one shard is refused without it
            "cluster-enabled": "yes" if plan.cluster_mode else "no",
        }
        return elasticache.ParameterGroup(
            f"{name}-parameters",
            family=plan.family,
            parameters=[
                elasticache.ParameterGroupParameterArgs(name=key, value=values[key])
                for key in sorted(values)
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )

    def _logs(
        self, name: str, args: CacheArgs
    ) -> list[elasticache.ReplicationGroupLogDeliveryConfigurationArgs]:
        # under /aws/vendedlogs the delivery service needs no policy entry per group, and
        # ElastiCache writes the one that it needs itself
        groups = {
            kind: stores.log_group(
                self,
                f"{name}-{kind}",
                path=f"/aws/vendedlogs/elasticache/{args.stack}/{name}/{kind}",
                retention_days=args.plan.log_retention_days,
                key_arn=args.logs_key_arn,
                tags=args.tags,
            )
            for kind in _LOG_TYPES
        }
        return [
            elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                log_type=kind,
                log_format="json",
                destination_type="cloudwatch-logs",
                destination=group.name,
            )
            for kind, group in groups.items()
        ]

    def _group(
        self,
        name: str,
        args: CacheArgs,
        security_group: pulumi.Input[str],
        token: pulumi.Output[str],
    ) -> elasticache.ReplicationGroup:
        plan = args.plan
        identifier = store_name(args.stack, name, _IDENTIFIER_LENGTH)
        subnets = elasticache.SubnetGroup(
            f"{name}-subnets",
            subnet_ids=list(args.subnet_ids.values()),
            tags=self.tags(args.tags),
            opts=self.child,
        )
        return elasticache.ReplicationGroup(
            f"{name}-group",
            replication_group_id=identifier,
            description=f"{name}: {plan.role.value} store of {args.stack}",
            engine=plan.engine,
            engine_version=plan.engine_version,
            auto_minor_version_upgrade=False,  # the plan pins it
            node_type=plan.node_type,
            cluster_mode="enabled" if plan.cluster_mode else "disabled",
            # shards with replicas, or a number of nodes: one excludes the other
            num_node_groups=plan.shards if plan.cluster_mode else None,
            replicas_per_node_group=plan.replicas_per_shard if plan.cluster_mode else None,
            num_cache_clusters=None if plan.cluster_mode else 1 + plan.replicas_per_shard,
            # cluster mode is refused without failover, whatever the replicas
            automatic_failover_enabled=plan.cluster_mode or plan.replicas_per_shard > 0,
            multi_az_enabled=plan.multi_az,
            parameter_group_name=self._parameters(name, args).name,
            subnet_group_name=subnets.name,
            security_group_ids=[security_group],
            port=PORT,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",  # valkey wants it said
            auth_token=token,
            auth_token_update_strategy="ROTATE",  # the old token works until its clients have gone
            at_rest_encryption_enabled=True,
            kms_key_id=args.data_key_arn,
            snapshot_retention_limit=plan.snapshot_days,
            snapshot_window=plan.snapshot_window if plan.snapshot_days else None,
            final_snapshot_identifier=(
                stores.final_snapshot(self, name, identifier) if plan.final_snapshot else None
            ),
            maintenance_window=plan.maintenance_window,
            log_delivery_configurations=self._logs(name, args),
            apply_immediately=True,  # a change of log delivery is refused otherwise
            tags=self.tags(args.tags, identifier),
            opts=self.child_with(protect=args.protect),
        )
