"""The same for buckets, secrets, images, backups and the way in."""

from __future__ import annotations

from collections.abc import Mapping

_MEMBER = frozenset({"condition", "member", "project", "role"})

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
        {"secret", "secretData", "secretDataWoVersion"}
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
}
