"""The Kubernetes control plane: who may reach it, who may use it, what it writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, eks

from components.aws.addons import AddonSettings, install
from components.aws.identity import (
    Granted,
    IamSettings,
    Statement,
    managed_policy_arn,
    service_role,
)
from components.aws.kubeconfig import kubeconfig
from components.base import PlatformComponent
from components.naming import cluster_log_group, partition
from sizing.plans import ClusterPlan
from sizing.words import Access

_ADMIN_POLICY = "AmazonEKSClusterAdminPolicy"
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EksArgs:
    """What the control plane needs from its surroundings.

    Attributes:
        subnet_ids: private subnets in at least two zones, none in a zone that EKS refuses.
        allow_list: ranges that may reach a public API; empty where the plan's access is private.
        admin_principals: ARNs of the roles that administer the cluster; nobody else can, not
            even the creator.
        kubectl_role_arn: role that the kubeconfig assumes, None for the caller's own identity.
    """

    plan: ClusterPlan
    cluster_name: str
    region: str
    subnet_ids: Sequence[pulumi.Input[str]]
    secrets_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    allow_list: tuple[str, ...]
    admin_principals: tuple[str, ...]
    kubectl_role_arn: str | None = None
    iam: IamSettings
    tags: Mapping[str, str]
    protect: bool


def public_ranges(access: Access, allow_list: tuple[str, ...]) -> list[str] | None:
    """Return the ranges that may reach the API from outside, None for a private one.

    Raises:
        ValueError: a public API without ranges, or open to everyone, which is EKS' default.
    """
    if access is Access.PRIVATE:
        return None
    if not allow_list or _ANYWHERE & set(allow_list):
        raise ValueError(
            f"a public Kubernetes API needs ranges of its own, found {list(allow_list)}: "
            "list the networks of its users, or choose private access"
        )
    return sorted(allow_list)


def principal_key(arn: str) -> str:
    """Return a stable logical name for a principal ("123456789012-deploy" of a role's ARN)."""
    account, resource = arn.split(":", 5)[4:]
    return f"{account}-{resource.split('/', 1)[-1].replace('/', '-')}"


def _security_group(cluster: eks.Cluster) -> pulumi.Output[str]:
    """Return the group that EKS makes, unknown (not missing) until the cluster answers."""
    # the block around it is given, not made: read alone it would be known, and empty, offline
    group = cluster.vpc_config.cluster_security_group_id
    return pulumi.Output.all(cluster.endpoint, group).apply(lambda known: str(known[1]))


class Eks(PlatformComponent):
    """Cluster, its log group, its administrators, and the add-ons that nodes need to join.

    A change of name, service range, subnets' zones or creator's rights would replace the
    cluster; the plan keeps all four. Version, access, logs and tags change in place.
    """

    cluster_name: pulumi.Output[str]
    """The cluster's name, known once the cluster exists."""
    endpoint: pulumi.Output[str]
    """URL of the Kubernetes API."""
    certificate_authority: pulumi.Output[str]
    """The API's certificate, base64."""
    cluster_security_group_id: pulumi.Output[str]
    """Security group that EKS makes for control plane and nodes."""
    kubeconfig: pulumi.Output[str]
    """A kubeconfig without a secret in it."""
    before_nodes: list[pulumi.Resource]
    """Add-ons that must exist before the first node joins."""
    access: list[pulumi.Resource]
    """What whoever speaks to the Kubernetes API waits for."""

    def __init__(
        self, name: str, args: EksArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Eks", name, args.plan, opts)
        logs = self._logs(name, args)
        identity = self._identity(name, args)
        cluster = self._cluster(name, args, identity, logs)
        self.cluster_name = cluster.name
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.data
        self.cluster_security_group_id = _security_group(cluster)
        self.access = self._administrators(name, args, cluster)
        self.before_nodes = self._addons(name, args, cluster)
        self._region = args.region
        self.kubeconfig = self.kubeconfig_of(args.kubectl_role_arn)
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "endpoint": self.endpoint,
                "cluster_security_group_id": self.cluster_security_group_id,
                "kubeconfig": self.kubeconfig,
            }
        )

    def kubeconfig_of(self, role_arn: str | None) -> pulumi.Output[str]:
        """Return a kubeconfig without a secret in it, for whoever assumes a role.

        Args:
            role_arn: None for the caller's own identity.
        """
        region = self._region
        return pulumi.Output.all(
            cluster_name=self.cluster_name,
            endpoint=self.endpoint,
            certificate_authority=self.certificate_authority,
        ).apply(lambda known: kubeconfig(**known, region=region, role_arn=role_arn))

    def _logs(self, name: str, args: EksArgs) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            f"{name}-logs",
            name=cluster_log_group(args.cluster_name),
            kms_key_id=args.logs_key_arn,
            retention_in_days=args.plan.log_retention_days,
            tags=self.tags(args.tags),
            opts=self.child,
        )

    def _identity(self, name: str, args: EksArgs) -> Granted:
        return service_role(
            self,
            f"{name}-role",
            service="eks.amazonaws.com",
            iam_settings=args.iam,
            tags=args.tags,
            managed_policy_arns=[managed_policy_arn(args.region, "AmazonEKSClusterPolicy")],
            statements=[
                Statement(
                    sid="EncryptSecrets",
                    actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
                    resources=[args.secrets_key_arn],
                )
            ],
        )

    def _cluster(
        self, name: str, args: EksArgs, identity: Granted, logs: cloudwatch.LogGroup
    ) -> eks.Cluster:
        plan = args.plan
        ranges = public_ranges(plan.access, args.allow_list)
        return eks.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            role_arn=identity.arn,
            version=plan.kubernetes_version,
            access_config=eks.ClusterAccessConfigArgs(
                # entries alone, from the first day: there is no way back, and no other needed
                authentication_mode="API",
                bootstrap_cluster_creator_admin_permissions=False,
            ),
            # the add-ons below own these; EKS' own copies would be nobody's
            bootstrap_self_managed_addons=False,
            vpc_config=eks.ClusterVpcConfigArgs(
                subnet_ids=args.subnet_ids,
                # nodes speak to the API without leaving the VPC, whoever else may
                endpoint_private_access=True,
                endpoint_public_access=ranges is not None,
                public_access_cidrs=ranges,
            ),
            kubernetes_network_config=eks.ClusterKubernetesNetworkConfigArgs(
                ip_family="ipv4", service_ipv4_cidr=plan.service_cidr
            ),
            encryption_config=eks.ClusterEncryptionConfigArgs(
                provider=eks.ClusterEncryptionConfigProviderArgs(key_arn=args.secrets_key_arn),
                resources=["secrets"],
            ),
            enabled_cluster_log_types=list(plan.log_types),
            upgrade_policy=eks.ClusterUpgradePolicyArgs(support_type=plan.support_type),
            deletion_protection=plan.deletion_protection,
            tags=self.tags(args.tags),
            opts=self.child_with(
                # EKS would make the log group itself, without key and retention; and a role that
                # loses its rights first can neither make nor delete the cluster's interfaces
                depends_on=[logs, *identity.grants],
                protect=args.protect,
            ),
        )

    def _administrators(
        self, name: str, args: EksArgs, cluster: eks.Cluster
    ) -> list[pulumi.Resource]:
        policy = f"arn:{partition(args.region)}:eks::aws:cluster-access-policy/{_ADMIN_POLICY}"
        made: list[pulumi.Resource] = []
        for principal in args.admin_principals:
            key = principal_key(principal)
            entry = eks.AccessEntry(
                f"{name}-access-{key}",
                cluster_name=cluster.name,
                principal_arn=principal,
                type="STANDARD",
                tags=self.tags(args.tags),
                opts=self.child,
            )
            made.append(
                eks.AccessPolicyAssociation(
                    f"{name}-admin-{key}",
                    cluster_name=cluster.name,
                    # through the entry, which must come first
                    principal_arn=entry.principal_arn,
                    policy_arn=policy,
                    access_scope=eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                    opts=self.child_with(depends_on=[entry]),
                )
            )
        return made

    def _addons(self, name: str, args: EksArgs, cluster: eks.Cluster) -> list[pulumi.Resource]:
        settings = AddonSettings(
            cluster_name=cluster.name,
            region=args.region,
            volume_key_arn=None,
            iam=args.iam,
            tags=args.tags,
        )
        plans = [plan for plan in args.plan.addons if plan.before_nodes]
        return [install(self, name, plan, settings, [cluster]) for plan in plans]
