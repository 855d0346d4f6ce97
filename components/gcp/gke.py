"""The Kubernetes control plane on Google Cloud: who may reach it, who may use it, what it logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import container, projects

from components.base import PlatformComponent
from components.gcp import gke_settings as settings
from components.gcp.gke_settings import Exclusion
from components.gcp.kubeconfig import kubeconfig
from components.gcp.log_bucket import Kept, log_bucket
from components.gcp.node_account import NodeAccount, node_account
from sizing.plans import ClusterPlan
from sizing.words import Access

# GKE maps it to cluster-admin. IAM knows no narrower resource than the project for a cluster.
_ADMIN_ROLE = "roles/container.admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class GkeArgs:
    """What the control plane needs from its surroundings.

    Attributes:
        network: the network's id or self-link; `subnet` likewise, of the nodes.
        network_cidr: range from which a private API is reached.
        pod_range: name of the subnet's secondary range of pods; `service_range` of services.
        secrets_key_id: key of what Kubernetes keeps, `nodes_key_id` of disks, `logs_key_id` of
            what the cluster logs; each known once the service's agent may use it.
        allow_list: ranges that may reach a public API.
        admin_principals: IAM's members that administer the cluster ("group:platform@example.com").
        volume_backups: whether Backup for GKE keeps volumes.
        exclusions: times in which GKE changes nothing.
        own_credentials: whether the program's kubeconfig uses application default credentials.
    """

    plan: ClusterPlan
    cluster_name: str
    project: str
    stack: str
    region: str
    zone_ids: Sequence[str]
    network: pulumi.Input[str]
    subnet: pulumi.Input[str]
    network_cidr: str
    pod_range: pulumi.Input[str]
    service_range: pulumi.Input[str]
    secrets_key_id: pulumi.Input[str]
    nodes_key_id: pulumi.Input[str]
    logs_key_id: pulumi.Input[str]
    allow_list: tuple[str, ...]
    admin_principals: tuple[str, ...]
    volume_backups: bool
    exclusions: tuple[Exclusion, ...] = ()
    own_credentials: bool = True
    labels: Mapping[str, str]
    protect: bool


def principal_key(member: str) -> str:
    """Return a stable logical name for one of IAM's members ("group-platform" of a group's)."""
    kind, _, who = member.partition(":")
    return f"{kind}-{who.replace('@', '-').replace('.', '-').replace('/', '-')}"


def _url(address: str) -> str:
    return f"https://{address}"


class Gke(PlatformComponent):
    """A private regional cluster without nodes, its nodes' account, and its administrators.

    A change of name, region, network, ranges, data plane or first node count would replace the
    cluster; the plan keeps them. Version, channel, access, key, logs and labels change in place.
    """

    cluster_name: pulumi.Output[str]
    """The cluster's name, known once the cluster exists."""
    endpoint: pulumi.Output[str]
    """URL of the Kubernetes API."""
    certificate_authority: pulumi.Output[str]
    """The API's certificate, base64."""
    workload_pool: pulumi.Output[str]
    """Pool of its service accounts' identities; it is IAM's once a cluster of it exists."""
    kubeconfig: pulumi.Output[str]
    """A kubeconfig without a secret in it, as this program uses it."""
    node_account_email: pulumi.Output[str]
    """The Google service account that nodes run as."""
    ready: list[pulumi.Resource]
    """What must exist before the first node joins."""
    access: list[pulumi.Resource]
    """What whoever speaks to the Kubernetes API waits for."""

    def __init__(
        self, name: str, args: GkeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Gke", name, args.plan, opts)
        nodes = node_account(self, name, project=args.project, stack=args.stack)
        logs = self._logs(name, args)
        cluster = self._cluster(name, args, nodes, logs)
        self.cluster_name = cluster.name
        self.endpoint = cluster.endpoint.apply(_url)
        # the block around it is given, not made: read alone it would be known, and empty, offline
        self.certificate_authority = pulumi.Output.all(
            cluster.endpoint, cluster.master_auth.cluster_ca_certificate
        ).apply(lambda known: str(known[1]))
        self.workload_pool = cluster.workload_identity_config.workload_pool.apply(str)
        self.node_account_email = nodes.email
        self.access = [cluster, *self._administrators(name, args)]
        self.ready = [cluster, *nodes.grants]
        self.kubeconfig = self.kubeconfig_of(own_credentials=args.own_credentials)
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "endpoint": self.endpoint,
                "kubeconfig": self.kubeconfig,
                "node_account_email": self.node_account_email,
                "workload_pool": self.workload_pool,
            }
        )

    def kubeconfig_of(self, *, own_credentials: bool) -> pulumi.Output[str]:
        """Return a kubeconfig without a secret in it.

        Args:
            own_credentials: True for a program's, False for whoever is logged in to gcloud.
        """
        return pulumi.Output.all(
            cluster_name=self.cluster_name,
            endpoint=self.endpoint,
            certificate_authority=self.certificate_authority,
        ).apply(lambda known: kubeconfig(**known, own_credentials=own_credentials))

    def _logs(self, name: str, args: GkeArgs) -> pulumi.Resource:
        """Keep what the cluster logs for the planned days; Google's own bucket knows one term."""
        return log_bucket(
            self,
            f"{name}-logs",
            Kept(
                word="cluster",
                what="log lines of the cluster",
                chosen=(
                    'resource.type=~"^k8s_" AND '
                    f'resource.labels.cluster_name="{args.cluster_name}" AND '
                    f'resource.labels.location="{args.region}"'
                ),
                project=args.project,
                region=args.region,
                stack=args.stack,
                key_id=args.logs_key_id,
                retention_days=args.plan.log_retention_days,
            ),
        )

    def _cluster(
        self, name: str, args: GkeArgs, nodes: NodeAccount, logs: pulumi.Resource
    ) -> container.Cluster:
        plan = args.plan
        return container.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            project=args.project,
            location=args.region,
            node_locations=list(args.zone_ids),
            # pools are resources of their own; GKE makes a cluster with nodes only
            initial_node_count=1,
            remove_default_node_pool=True,
            node_config=settings.temporary_pool(nodes.email, args.nodes_key_id),
            release_channel=container.ClusterReleaseChannelArgs(channel=plan.support_type),
            min_master_version=plan.kubernetes_version,
            maintenance_policy=settings.maintenance(args.exclusions),
            network=args.network,
            subnetwork=args.subnet,
            networking_mode="VPC_NATIVE",
            datapath_provider=settings.DATAPATH,
            ip_allocation_policy=container.ClusterIpAllocationPolicyArgs(
                cluster_secondary_range_name=args.pod_range,
                services_secondary_range_name=args.service_range,
                stack_type="IPV4",
            ),
            dns_config=container.ClusterDnsConfigArgs(cluster_dns="KUBE_DNS"),
            gateway_api_config=container.ClusterGatewayApiConfigArgs(
                channel=settings.GATEWAY_CHANNEL
            ),
            private_cluster_config=container.ClusterPrivateClusterConfigArgs(
                enable_private_nodes=True, enable_private_endpoint=plan.access is Access.PRIVATE
            ),
            control_plane_endpoints_config=settings.endpoints(),
            master_authorized_networks_config=settings.authorized(
                settings.callers(plan.access, args.allow_list, args.network_cidr)
            ),
            master_auth=container.ClusterMasterAuthArgs(
                client_certificate_config=container.ClusterMasterAuthClientCertificateConfigArgs(
                    issue_client_certificate=False
                )
            ),
            enable_legacy_abac=False,
            anonymous_authentication_config=container.ClusterAnonymousAuthenticationConfigArgs(
                mode="LIMITED"
            ),
            rbac_binding_config=container.ClusterRbacBindingConfigArgs(
                enable_insecure_binding_system_authenticated=False,
                enable_insecure_binding_system_unauthenticated=False,
            ),
            workload_identity_config=container.ClusterWorkloadIdentityConfigArgs(
                workload_pool=f"{args.project}.svc.id.goog"
            ),
            database_encryption=container.ClusterDatabaseEncryptionArgs(
                state="ENCRYPTED", key_name=args.secrets_key_id
            ),
            enable_shielded_nodes=True,
            addons_config=settings.addons(volume_backups=args.volume_backups),
            logging_config=container.ClusterLoggingConfigArgs(
                enable_components=list(plan.log_types)
            ),
            monitoring_config=settings.measured(),
            security_posture_config=container.ClusterSecurityPostureConfigArgs(
                mode="BASIC", vulnerability_mode="VULNERABILITY_DISABLED"
            ),
            cost_management_config=container.ClusterCostManagementConfigArgs(enabled=True),
            # secrets come by the operator that both clouds have
            secret_manager_config=container.ClusterSecretManagerConfigArgs(enabled=False),
            # images are pinned and mirrored; nobody attests them, so a policy would refuse all
            binary_authorization=container.ClusterBinaryAuthorizationArgs(
                evaluation_mode="DISABLED"
            ),
            deletion_protection=plan.deletion_protection,
            resource_labels=self.tags(args.labels),
            opts=self.child_with(
                depends_on=[*nodes.grants, logs],
                protect=args.protect,
                # of the nodes that are gone; their change would replace the cluster
                ignore_changes=["initialNodeCount", "nodeConfig"],
            ),
        )

    def _administrators(self, name: str, args: GkeArgs) -> list[pulumi.Resource]:
        return [
            projects.IAMMember(
                f"{name}-admin-{principal_key(member)}",
                project=args.project,
                role=_ADMIN_ROLE,
                member=member,
                opts=self.child,
            )
            for member in args.admin_principals
        ]
