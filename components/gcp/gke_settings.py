"""What of a cluster's settings is the same for every plan, and who may reach its API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_gcp import container

from sizing.words import Access

ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
DATAPATH = "ADVANCED_DATAPATH"
"""Dataplane V2: it enforces NetworkPolicy by itself, by the labels of pods and not by addresses."""
GATEWAY_CHANNEL = "CHANNEL_STANDARD"
"""GKE owns the definitions of the Gateway API from then on (cloud rule 29)."""
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
"""Of a node: its account's roles say what it may, and no scope beside them."""
NODE_METADATA = {"disable-legacy-endpoints": "true"}

# What a connected network's addresses are of. Source: RFC 1918, RFC 6598.
_PRIVATE = tuple(
    IPv4Network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
# Both days of a weekend, eight hours each. GKE refuses less than 48 hours in 32 days, and counts
# stretches of four hours and more (maintenance windows and exclusions). Starts on a Saturday, UTC.
_WINDOW_START = "2026-01-03T02:00:00Z"
_WINDOW_END = "2026-01-03T10:00:00Z"
_WINDOW_DAYS = "FREQ=WEEKLY;BYDAY=SA,SU"
# The channel moves patches; a minor is the plan's to move, until GKE supports it no longer.
_MINORS = "minors-by-plan"
_MINORS_FROM = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A time in which GKE changes nothing, from and to an instant ("2026-12-20T00:00:00Z")."""

    name: str
    start: str
    end: str


def callers(access: Access, allow_list: tuple[str, ...], network_cidr: str) -> list[str]:
    """Return the ranges that may reach the API; nodes and pods of the cluster always may.

    Args:
        allow_list: of the stack's file; where access is private, its private ranges alone.
        network_cidr: of the network, from all of which a private API is reached.

    Raises:
        ValueError: a public API without ranges, or open to everyone.
    """
    if access is Access.PRIVATE:
        own = [one for one in allow_list if _inside(one)]
        return sorted({network_cidr, *own})
    if not allow_list or ANYWHERE & set(allow_list):
        raise ValueError(
            f"a public Kubernetes API needs ranges of its own, found {list(allow_list)}: "
            "list the networks of its users, or choose private access"
        )
    return sorted(allow_list)


def _inside(cidr: str) -> bool:
    return any(IPv4Network(cidr).subnet_of(block) for block in _PRIVATE)


def authorized(ranges: Sequence[str]) -> container.ClusterMasterAuthorizedNetworksConfigArgs:
    """Return the list of who may reach the API, enforced on both of its addresses."""
    return container.ClusterMasterAuthorizedNetworksConfigArgs(
        cidr_blocks=[
            container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=one)
            for one in ranges
        ],
        # Google's own public addresses are those of every customer's machines
        gcp_public_cidrs_access_enabled=False,
        private_endpoint_enforcement_enabled=True,
    )


def endpoints() -> container.ClusterControlPlaneEndpointsConfigArgs:
    """Return the ways to the API: by address, which the list of ranges rules.

    The name that GKE gives it answers the whole internet and asks IAM alone: it stays closed.
    """
    return container.ClusterControlPlaneEndpointsConfigArgs(
        dns_endpoint_config=container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
            allow_external_traffic=False,
            enable_k8s_certs_via_dns=False,
            enable_k8s_tokens_via_dns=False,
        ),
        ip_endpoints_config=container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(
            enabled=True
        ),
    )


def maintenance(exclusions: Sequence[Exclusion]) -> container.ClusterMaintenancePolicyArgs:
    """Return when GKE may change the cluster, and what it leaves to the plan."""
    minors = container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
        exclusion_name=_MINORS,
        start_time=_MINORS_FROM,
        exclusion_options=(
            container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
                scope="NO_MINOR_UPGRADES", end_time_behavior="UNTIL_END_OF_SUPPORT"
            )
        ),
    )
    asked = [
        container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
            exclusion_name=one.name,
            start_time=one.start,
            end_time=one.end,
            exclusion_options=(
                container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
                    scope="NO_UPGRADES"
                )
            ),
        )
        for one in exclusions
    ]
    return container.ClusterMaintenancePolicyArgs(
        recurring_window=container.ClusterMaintenancePolicyRecurringWindowArgs(
            start_time=_WINDOW_START, end_time=_WINDOW_END, recurrence=_WINDOW_DAYS
        ),
        maintenance_exclusions=[minors, *asked],
    )


def addons(*, volume_backups: bool) -> container.ClusterAddonsConfigArgs:
    """Return GKE's own parts: volumes, load balancers, autoscaling; nothing else of it.

    Args:
        volume_backups: whether the agent of Backup for GKE runs.
    """
    return container.ClusterAddonsConfigArgs(
        http_load_balancing=container.ClusterAddonsConfigHttpLoadBalancingArgs(disabled=False),
        horizontal_pod_autoscaling=container.ClusterAddonsConfigHorizontalPodAutoscalingArgs(
            disabled=False
        ),
        gce_persistent_disk_csi_driver_config=(
            container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(enabled=True)
        ),
        gcp_filestore_csi_driver_config=(
            container.ClusterAddonsConfigGcpFilestoreCsiDriverConfigArgs(enabled=True)
        ),
        gke_backup_agent_config=container.ClusterAddonsConfigGkeBackupAgentConfigArgs(
            enabled=volume_backups
        ),
        # Calico is not wanted: the data plane enforces policies
        network_policy_config=container.ClusterAddonsConfigNetworkPolicyConfigArgs(disabled=True),
        # policies let pods ask the cluster's DNS; a cache on each node would be another answerer
        dns_cache_config=container.ClusterAddonsConfigDnsCacheConfigArgs(enabled=False),
    )


def measured() -> container.ClusterMonitoringConfigArgs:
    """Return what GKE measures: its own parts. The platform's Prometheus measures the rest."""
    return container.ClusterMonitoringConfigArgs(
        enable_components=["SYSTEM_COMPONENTS"],
        managed_prometheus=container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=False),
    )


def temporary_pool(
    service_account: pulumi.Input[str], key_id: pulumi.Input[str]
) -> container.ClusterNodeConfigArgs:
    """Return the nodes that GKE makes with a cluster and that are taken away at once.

    GKE makes no cluster without a node. They live for minutes, but an organisation may refuse the
    project's default account and disks without a key of its own even then.
    """
    return container.ClusterNodeConfigArgs(
        service_account=service_account,
        oauth_scopes=list(SCOPES),
        boot_disk_kms_key=key_id,
        metadata=NODE_METADATA,
        shielded_instance_config=container.ClusterNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        workload_metadata_config=container.ClusterNodeConfigWorkloadMetadataConfigArgs(
            mode="GKE_METADATA"
        ),
    )
