"""Which changed properties make the provider replace a store of data, or what leads to it."""

from __future__ import annotations

from collections.abc import Mapping

STORES: Mapping[str, frozenset[str]] = {
    # sql/resource_sql_database_instance.go; a private network cannot be given up, and a disk does
    # not shrink, but neither is a change that we make
    "gcp:sql/databaseInstance:DatabaseInstance": frozenset(
        {
            *("encryptionKeyName", "masterInstanceName", "name", "project", "region"),
            "settings.collation",
        }
    ),
    # sql/resource_sql_user.go
    "gcp:sql/user:User": frozenset({"host", "instance", "name", "project", "type"}),
    # redis/resource_redis_instance.go
    "gcp:redis/instance:Instance": frozenset(
        {
            *("alternativeLocationId", "authorizedNetwork", "connectMode", "customerManagedKey"),
            *("locationId", "name", "project", "region", "reservedIpRange", "tier"),
            "transitEncryptionMode",
        }
    ),
    # redis/resource_redis_cluster.go
    "gcp:redis/cluster:Cluster": frozenset(
        {
            *("authorizationMode", "gcsSource", "managedBackupSource", "name", "project"),
            *("region", "transitEncryptionMode", "zoneDistributionConfig"),
        }
    ),
    # filestore/resource_filestore_instance.go
    "gcp:filestore/instance:Instance": frozenset(
        {
            *("fileShares.name", "fileShares.sourceBackup", "initialReplication", "kmsKeyName"),
            "fileShares.sourceBackupdrBackup",
            *("location", "networks", "project", "protocol", "tags", "tier", "zone"),
        }
    ),
    # networkconnectivityv1/resource_network_connectivity_service_connection_policy.go
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": frozenset(
        {"location", "name", "network", "project", "serviceClass"}
    ),
    # dns/resource_dns_managed_zone.go, resource_dns_record_set.go
    "gcp:dns/managedZone:ManagedZone": frozenset({"dnsName", "name", "project", "visibility"}),
    "gcp:dns/recordSet:RecordSet": frozenset({"managedZone", "name", "project"}),
}
