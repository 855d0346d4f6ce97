"""The same for buckets, secrets, images, backups and the way in."""

from __future__ import annotations

from collections.abc import Mapping

_MEMBER = frozenset({"condition", "member", "project", "role"})
_PROXY = frozenset({"description", "httpKeepAliveTimeoutSec", "name", "project", "region"})

EDGE: Mapping[str, frozenset[str]] = {
    # storage/resource_storage_bucket.go
    "gcp:storage/bucket:Bucket": frozenset(
        {
            *("customPlacementConfig.dataLocations", "enableObjectRetention"),
            *("hierarchicalNamespace", "location", "name", "project"),
        }
    ),
    # secretmanager/resource_secret_manager_secret.go, resource_secret_manager_secret_version.go
    "gcp:secretmanager/secret:Secret": frozenset({"project", "replication", "secretId", "tags"}),
    "gcp:secretmanager/secretVersion:SecretVersion": frozenset(
        {"isSecretDataBase64", "project", "secret", "secretData", "secretDataWoVersion"}
    ),
    "gcp:secretmanager/secretIamMember:SecretIamMember": _MEMBER | {"secretId"},
    # artifactregistry/resource_artifact_registry_repository.go
    "gcp:artifactregistry/repository:Repository": frozenset(
        {
            *("format", "kmsKeyName", "location", "mavenConfig", "mode", "project"),
            "repositoryId",
            *(
                f"remoteRepositoryConfig.{part}"
                for part in (
                    *("aptRepository", "commonRepository", "description", "dockerRepository"),
                    *("mavenRepository", "noCache", "npmRepository", "pythonRepository"),
                    "yumRepository",
                )
            ),
        }
    ),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": (
        _MEMBER | {"location", "repository"}
    ),
    # compute/resource_compute_network_endpoint_group.go and its neighbours
    "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": frozenset(
        {
            *("defaultPort", "description", "name", "network", "networkEndpointType", "project"),
            *("subnetwork", "zone"),
        }
    ),
    "gcp:compute/regionBackendService:RegionBackendService": frozenset(
        {
            *("haPolicy.fastIpMove", "loadBalancingScheme", "name", "network", "params"),
            *("project", "region"),
        }
    ),
    "gcp:compute/regionHealthCheck:RegionHealthCheck": frozenset({"name", "project", "region"}),
    "gcp:compute/regionUrlMap:RegionUrlMap": frozenset({"name", "project", "region"}),
    "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy": _PROXY,
    "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy": _PROXY,
    "gcp:compute/regionSslPolicy:RegionSslPolicy": frozenset(
        {"description", "name", "project", "region"}
    ),
    "gcp:compute/forwardingRule:ForwardingRule": frozenset(
        {
            *("allPorts", "backendService", "description", "ipAddress", "ipCollection"),
            *("ipProtocol", "ipVersion", "isMirroringCollector", "loadBalancingScheme", "name"),
            *("network", "networkTier", "noAutomateDnsZone", "portRange", "ports", "project"),
            *("region", "serviceDirectoryRegistrations", "serviceLabel", "sourceIpRanges"),
            "subnetwork",
        }
    ),
    "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": frozenset(
        {"name", "project", "region", "type"}
    ),
    # certificatemanager/resource_certificate_manager_certificate.go, ..._dns_authorization.go
    "gcp:certificatemanager/certificate:Certificate": frozenset(
        {"location", "managed", "name", "project", "scope"}
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": frozenset(
        {"domain", "location", "name", "project", "type"}
    ),
    # gkebackup/resource_gke_backup_backup_plan.go
    "gcp:gkebackup/backupPlan:BackupPlan": frozenset({"cluster", "location", "name", "project"}),
    # backupdr/resource_backup_dr_backup_{plan,vault,plan_association}.go
    "gcp:backupdisasterrecovery/backupPlan:BackupPlan": frozenset(
        {"backupPlanId", "backupVault", "location", "logRetentionDays", "project"}
    ),
    "gcp:backupdisasterrecovery/backupVault:BackupVault": frozenset(
        {"backupVaultId", "location", "project"}
    ),
    "gcp:backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation": frozenset(
        {"project"}
    ),
}
