"""The MongoDB-compatible store on DocumentDB, private, encrypted and restorable.

Databases and users are made inside the server by whoever owns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, docdb

from components.aws import stores
from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans.edge import DocumentDatabasePlan

PORT = 27017
_IDENTIFIER_LENGTH = 50
"""Of the cluster: an instance adds its number, and both may have 63 characters."""
# "admin" is reserved, and a master's name can never change
_MASTER = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDbArgs:
    """What the store needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: name of the stack, part of the identifier and of the log groups.
        subnet_ids: isolated subnets by zone id, of two zones at least.
        client_security_group_ids: who may connect, by name.
        data_key_arn: key of the storage; its policy names the service `rds`, which DocumentDB
            stands on.
    """

    plan: DocumentDatabasePlan
    stack: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    data_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool


class DocumentDb(PlatformComponent):
    """A cluster of nodes over one storage, TLS only, with a password that the service manages.

    Class and number of the nodes change in place; a change of the key or of the subnets' group
    replaces the cluster, which protection refuses. The service keeps the password's secret under
    Secrets Manager's own key: the provider has no setting for another one.
    """

    host: pulumi.Output[str]
    """Name to connect to for reading and writing."""
    reader_host: pulumi.Output[str]
    """Name to connect to for reading alone."""
    port: pulumi.Output[int]
    """Port of both, TLS only; clients check the server with Amazon's RDS bundle of authorities."""
    secret_arn: pulumi.Output[str]
    """ARN of the managed master secret."""
    security_group_id: pulumi.Output[str]
    """Group of the store, for rules that name it."""

    def __init__(
        self, name: str, args: DocumentDbArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:DocumentDb", name, args.plan, opts)
        access = stores.closed_group(
            self,
            name,
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_group_ids,
            tags=args.tags,
        )
        cluster = self._cluster(name, args, access.id)
        for number in range(args.plan.instances):
            self._instance(name, args, cluster, number)
        self.host, self.reader_host = cluster.endpoint, cluster.reader_endpoint
        self.port = pulumi.Output.from_input(PORT)
        self.secret_arn = cluster.master_user_secrets.apply(_only_arn)
        self.security_group_id = access.id
        self.register_outputs(
            {
                "host": self.host,
                "reader_host": self.reader_host,
                "port": self.port,
                "secret_arn": self.secret_arn,
                "security_group_id": self.security_group_id,
            }
        )

    def _parameters(self, name: str, args: DocumentDbArgs) -> docdb.ClusterParameterGroup:
        return docdb.ClusterParameterGroup(
            f"{name}-parameters",
            family=args.plan.family,
            description=f"Parameters of {name}",
            parameters=[
                docdb.ClusterParameterGroupParameterArgs(
                    name=one.name,
                    value=one.value,
                    apply_method="pending-reboot" if one.static else "immediate",
                )
                for one in sorted(args.plan.parameters, key=lambda one: one.name)
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )

    def _logs(self, name: str, args: DocumentDbArgs, identifier: str) -> list[cloudwatch.LogGroup]:
        # the service makes a group without key and retention where it finds none
        return [
            stores.log_group(
                self,
                f"{name}-{export}-log",
                path=f"/aws/docdb/{identifier}/{export}",
                retention_days=args.plan.log_retention_days,
                key_arn=args.logs_key_arn,
                tags=args.tags,
            )
            for export in args.plan.log_exports
        ]

    def _cluster(self, name: str, args: DocumentDbArgs, group: pulumi.Input[str]) -> docdb.Cluster:
        plan = args.plan
        identifier = store_name(args.stack, name, _IDENTIFIER_LENGTH)
        subnets = docdb.SubnetGroup(
            f"{name}-subnets",
            description=f"Isolated subnets of {name}",
            subnet_ids=list(args.subnet_ids.values()),
            tags=self.tags(args.tags),
            opts=self.child,
        )
        return docdb.Cluster(
            f"{name}-cluster",
            cluster_identifier=identifier,
            engine="docdb",
            engine_version=plan.engine_version,
            storage_type=plan.storage_type,
            storage_encrypted=True,
            kms_key_id=args.data_key_arn,
            port=PORT,
            master_username=_MASTER,
            manage_master_user_password=True,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[group],
            db_cluster_parameter_group_name=self._parameters(name, args).name,
            backup_retention_period=plan.backup_retention_days,
            preferred_backup_window=plan.backup_window,
            preferred_maintenance_window=plan.maintenance_window,
            skip_final_snapshot=not plan.final_snapshot,
            final_snapshot_identifier=(
                stores.final_snapshot(self, name, identifier) if plan.final_snapshot else None
            ),
            deletion_protection=plan.deletion_protection,
            apply_immediately=False,  # what restarts the nodes waits for their window
            enabled_cloudwatch_logs_exports=list(plan.log_exports),
            tags=self.tags(args.tags, identifier),
            opts=self.child_with(
                protect=args.protect, depends_on=self._logs(name, args, identifier)
            ),
        )

    def _instance(
        self, name: str, args: DocumentDbArgs, cluster: docdb.Cluster, number: int
    ) -> docdb.ClusterInstance:
        identifier = store_name(args.stack, name, _IDENTIFIER_LENGTH)
        return docdb.ClusterInstance(
            f"{name}-node-{number}",
            identifier=f"{identifier}-{number}",
            cluster_identifier=cluster.id,
            engine="docdb",
            instance_class=args.plan.instance_class,
            # the first one writes; when it fails, the next number takes over
            promotion_tier=number,
            preferred_maintenance_window=args.plan.maintenance_window,
            apply_immediately=False,
            copy_tags_to_snapshot=True,
            tags=self.tags(args.tags, f"{identifier}-{number}"),
            opts=self.child_with(protect=args.protect),
        )


def _only_arn(secrets: Sequence[docdb.outputs.ClusterMasterUserSecret] | None) -> str:
    """Return the managed secret's ARN; there is one as long as the password is managed."""
    return (secrets[0].secret_arn or "") if secrets else ""
