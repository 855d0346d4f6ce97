"""PostgreSQL on RDS in the form that its plan names, private, encrypted and restorable.

Databases and their roles are made inside the server by whoever owns them: an initial database
here would replace the server when its name changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, rds

from components.aws import stores
from components.aws.identity import Granted, IamSettings, managed_policy_arn, service_role
from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans import PostgresPlan
from sizing.words import PostgresForm

PORT = 5432
_IDENTIFIER_LENGTH = 63
# RDS refuses "admin" and "user" on PostgreSQL, and a master's name can never change
_MASTER = "platform"
_CERTIFICATE_AUTHORITY = "rds-ca-rsa4096-g1"
# static in some engine versions and dynamic in others: the next restart is accepted by all
_FORCE_TLS = "rds.force_ssl"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresArgs:
    """What the server needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: name of the stack, part of the identifier and of the log groups.
        subnet_ids: isolated subnets by zone id; a Multi-AZ cluster needs three zones.
        client_security_group_ids: who may connect, by name.
        data_key_arn: key of storage, managed password, insights.
    """

    plan: PostgresPlan
    stack: str
    region: str
    account_id: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    data_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]
    protect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What both kinds of server are placed into."""

    identifier: str
    subnet_group: pulumi.Output[str]
    security_group: pulumi.Output[str]
    final_snapshot: pulumi.Output[str] | None
    monitoring: Granted | None
    log_groups: tuple[cloudwatch.LogGroup, ...]

    @property
    def monitoring_role_arn(self) -> pulumi.Output[str] | None:
        return self.monitoring.arn if self.monitoring else None

    @property
    def beforehand(self) -> list[pulumi.Resource]:
        """The service makes a log group without key and retention where it finds none."""
        return [*self.log_groups, *(self.monitoring.grants if self.monitoring else ())]


class Postgres(PlatformComponent):
    """A server in one of three forms: one instance, an instance with a standby, a cluster of three.

    A change of class or storage is made in place; a change of form, of the cluster's storage type
    or of the key replaces the server, which protection refuses.
    """

    host: pulumi.Output[str]
    """Name to connect to for reading and writing."""
    reader_host: pulumi.Output[str]
    """Name to connect to for reading: a reader of a cluster, else the server itself."""
    port: pulumi.Output[int]
    """Port of both."""
    secret_arn: pulumi.Output[str]
    """ARN of the managed master secret; RDS changes its password every week."""
    security_group_id: pulumi.Output[str]
    """Group of the server, for rules that name it."""

    def __init__(
        self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Postgres", name, args.plan, opts)
        self.port = pulumi.Output.from_input(PORT)
        around = self._surroundings(name, args)
        if args.plan.form is PostgresForm.MULTI_AZ_CLUSTER:
            cluster = self._cluster(name, args, around)
            self.host, self.reader_host = cluster.endpoint, cluster.reader_endpoint
            self.secret_arn = cluster.master_user_secrets.apply(_only_arn)
        else:
            instance = self._instance(name, args, around)
            self.host = self.reader_host = instance.address
            self.secret_arn = instance.master_user_secrets.apply(_only_arn)
        self.security_group_id = around.security_group
        self.register_outputs(
            {
                "host": self.host,
                "reader_host": self.reader_host,
                "port": self.port,
                "secret_arn": self.secret_arn,
                "security_group_id": self.security_group_id,
            }
        )

    def _surroundings(self, name: str, args: PostgresArgs) -> _Surroundings:
        plan = args.plan
        identifier = store_name(args.stack, name, _IDENTIFIER_LENGTH)
        subnets = rds.SubnetGroup(
            f"{name}-subnets",
            subnet_ids=list(args.subnet_ids.values()),
            tags=self.tags(args.tags),
            opts=self.child,
        )
        access = stores.closed_group(
            self,
            name,
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_group_ids,
            tags=args.tags,
        )
        kind = "cluster" if plan.form is PostgresForm.MULTI_AZ_CLUSTER else "instance"
        return _Surroundings(
            identifier=identifier,
            subnet_group=subnets.name,
            security_group=access.id,
            final_snapshot=(
                stores.final_snapshot(self, name, identifier) if plan.final_snapshot else None
            ),
            monitoring=self._monitoring(name, args) if plan.monitoring_interval_s > 0 else None,
            log_groups=tuple(
                stores.log_group(
                    self,
                    f"{name}-{export}-log",
                    path=f"/aws/rds/{kind}/{identifier}/{export}",
                    retention_days=plan.log_retention_days,
                    key_arn=args.logs_key_arn,
                    tags=args.tags,
                )
                for export in plan.log_exports
            ),
        )

    def _monitoring(self, name: str, args: PostgresArgs) -> Granted:
        return service_role(
            self,
            f"{name}-monitoring",
            service="monitoring.rds.amazonaws.com",
            account_id=args.account_id,
            iam_settings=args.iam,
            tags=args.tags,
            managed_policy_arns=[
                managed_policy_arn(args.region, "service-role/AmazonRDSEnhancedMonitoringRole")
            ],
        )

    def _instance(self, name: str, args: PostgresArgs, around: _Surroundings) -> rds.Instance:
        plan = args.plan
        parameters = rds.ParameterGroup(
            f"{name}-parameters",
            family=plan.family,
            parameters=[
                rds.ParameterGroupParameterArgs(name=key, value=value, apply_method=method)
                for key, value, method in engine_parameters(plan)
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )
        return rds.Instance(
            f"{name}-instance",
            identifier=around.identifier,
            engine="postgres",
            engine_version=plan.engine_version,
            auto_minor_version_upgrade=False,  # the plan pins it
            instance_class=plan.instance_class,
            multi_az=plan.form is PostgresForm.MULTI_AZ_INSTANCE,
            allocated_storage=plan.storage_gib,
            max_allocated_storage=plan.max_allocated_gib,
            storage_type=plan.storage_type,
            iops=plan.iops,
            storage_throughput=plan.throughput_mibps,
            storage_encrypted=True,
            kms_key_id=args.data_key_arn,
            port=PORT,
            username=_MASTER,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.data_key_arn,
            db_subnet_group_name=around.subnet_group,
            vpc_security_group_ids=[around.security_group],
            publicly_accessible=False,
            ca_cert_identifier=_CERTIFICATE_AUTHORITY,
            parameter_group_name=parameters.name,
            backup_retention_period=plan.backup_retention_days,
            backup_window=plan.backup_window,
            # what a final snapshot is worth keeping for, its log of changes is, too
            delete_automated_backups=not plan.final_snapshot,
            copy_tags_to_snapshot=True,
            skip_final_snapshot=not plan.final_snapshot,
            final_snapshot_identifier=around.final_snapshot,
            deletion_protection=plan.deletion_protection,
            maintenance_window=plan.maintenance_window,
            apply_immediately=False,  # what restarts the server waits for its window
            database_insights_mode=plan.insights_mode,
            performance_insights_enabled=_has_insights(plan),
            performance_insights_kms_key_id=args.data_key_arn if _has_insights(plan) else None,
            performance_insights_retention_period=plan.insights_retention_days or None,
            monitoring_interval=plan.monitoring_interval_s,
            monitoring_role_arn=around.monitoring_role_arn,
            enabled_cloudwatch_logs_exports=list(plan.log_exports),
            tags=self.tags(args.tags, around.identifier),
            opts=self.child_with(protect=args.protect, depends_on=around.beforehand),
        )

    def _cluster(self, name: str, args: PostgresArgs, around: _Surroundings) -> rds.Cluster:
        plan = args.plan
        parameters = rds.ClusterParameterGroup(
            f"{name}-parameters",
            family=plan.family,
            parameters=[
                rds.ClusterParameterGroupParameterArgs(name=key, value=value, apply_method=method)
                for key, value, method in engine_parameters(plan)
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )
        # no storage throughput and no storage autoscaling: this form does not offer them
        return rds.Cluster(
            f"{name}-cluster",
            cluster_identifier=around.identifier,
            engine="postgres",
            engine_version=plan.engine_version,
            auto_minor_version_upgrade=False,  # the plan pins it
            db_cluster_instance_class=plan.instance_class,
            allocated_storage=plan.storage_gib,
            storage_type=plan.storage_type,
            iops=plan.iops,
            storage_encrypted=True,
            kms_key_id=args.data_key_arn,
            port=PORT,
            master_username=_MASTER,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.data_key_arn,
            db_subnet_group_name=around.subnet_group,
            vpc_security_group_ids=[around.security_group],
            publicly_accessible=False,
            ca_certificate_identifier=_CERTIFICATE_AUTHORITY,
            db_cluster_parameter_group_name=parameters.name,
            backup_retention_period=plan.backup_retention_days,
            preferred_backup_window=plan.backup_window,
            copy_tags_to_snapshot=True,
            skip_final_snapshot=not plan.final_snapshot,
            final_snapshot_identifier=around.final_snapshot,
            deletion_protection=plan.deletion_protection,
            preferred_maintenance_window=plan.maintenance_window,
            apply_immediately=False,  # what restarts the servers waits for their window
            database_insights_mode=plan.insights_mode,
            performance_insights_enabled=_has_insights(plan),
            performance_insights_kms_key_id=args.data_key_arn if _has_insights(plan) else None,
            performance_insights_retention_period=plan.insights_retention_days or None,
            monitoring_interval=plan.monitoring_interval_s,
            monitoring_role_arn=around.monitoring_role_arn,
            enabled_cloudwatch_logs_exports=list(plan.log_exports),
            tags=self.tags(args.tags, around.identifier),
            opts=self.child_with(protect=args.protect, depends_on=around.beforehand),
        )


def engine_parameters(plan: PostgresPlan) -> list[tuple[str, str, str]]:
    """Return (name, value, apply method) of the engine's parameters, TLS always among them."""
    chosen = {
        one.name: (one.value, "pending-reboot" if one.static else "immediate")
        for one in plan.parameters
    }
    chosen[_FORCE_TLS] = ("1", "pending-reboot")
    return [(name, *chosen[name]) for name in sorted(chosen)]


def _has_insights(plan: PostgresPlan) -> bool:
    return plan.insights_retention_days > 0


def _only_arn(
    secrets: Sequence[rds.outputs.InstanceMasterUserSecret]
    | Sequence[rds.outputs.ClusterMasterUserSecret]
    | None,
) -> str:
    """Return the managed secret's ARN; there is one as long as the password is managed."""
    return (secrets[0].secret_arn or "") if secrets else ""
