"""What resources of either cloud are called where both have the same fact to tell.

Paths lead into a resource's inputs, dots between keys and places of a list.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.components.support import ACCOUNT, REGION, Registered

KEYS = ("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey")
BUCKETS = ("aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket")
ENCRYPTED: Mapping[str, tuple[str, ...]] = {
    "aws:rds/instance:Instance": ("kmsKeyId", "masterUserSecretKmsKeyId"),
    "aws:rds/cluster:Cluster": ("kmsKeyId", "masterUserSecretKmsKeyId"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("kmsKeyId",),
    "aws:efs/fileSystem:FileSystem": ("kmsKeyId",),
    "aws:ec2/launchTemplate:LaunchTemplate": ("blockDeviceMappings.0.ebs.kmsKeyId",),
    "aws:eks/cluster:Cluster": ("encryptionConfig.provider.keyArn",),
    "aws:cloudwatch/logGroup:LogGroup": ("kmsKeyId",),
    "aws:secretsmanager/secret:Secret": ("kmsKeyId",),
    "aws:backup/vault:Vault": ("kmsKeyArn",),
    "gcp:sql/databaseInstance:DatabaseInstance": ("encryptionKeyName",),
    "gcp:redis/instance:Instance": ("customerManagedKey",),
    "gcp:redis/cluster:Cluster": ("kmsKey",),
    "gcp:filestore/instance:Instance": ("kmsKeyName",),
    "gcp:storage/bucket:Bucket": ("encryption.defaultKmsKeyName",),
    "gcp:container/cluster:Cluster": ("databaseEncryption.keyName", "nodeConfig.bootDiskKmsKey"),
    "gcp:container/nodePool:NodePool": ("nodeConfig.bootDiskKmsKey",),
    "gcp:secretmanager/secret:Secret": (
        "replication.userManaged.replicas.0.customerManagedEncryption.kmsKeyName",
    ),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ("cmekSettings.kmsKeyName",),
    "gcp:gkebackup/backupPlan:BackupPlan": ("backupConfig.encryptionKey.gcpKmsEncryptionKey",),
}
"""Where a key of the platform stands, by type."""
VOLUMES = "kubernetes:storage.k8s.io/v1:StorageClass"
VOLUME_KEYS = ("parameters.kmsKeyId", "parameters.disk-encryption-kms-key")
"""Of a class of volumes, on either cloud."""
DEFAULT_KEY = "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"
"""Of a bucket of AWS, in the resource beside it."""
WITHOUT_KEY: Mapping[str, str] = {
    "aws:s3/bucket:Bucket": "its key stands in a resource beside it",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "images are public",
    "gcp:artifactregistry/repository:Repository": "images are public",
    "gcp:backupdisasterrecovery/backupVault:BackupVault": "closed to the platform's keys",
}
"""Types that could have a key, and why they have none."""
HOLDS_DATA: Mapping[str, tuple[str, ...]] = {
    "aws:kms/key:Key": (),
    "aws:eks/cluster:Cluster": ("deletionProtection",),
    "aws:rds/instance:Instance": ("deletionProtection",),
    "aws:rds/cluster:Cluster": ("deletionProtection",),
    "aws:elasticache/replicationGroup:ReplicationGroup": (),
    "aws:efs/fileSystem:FileSystem": (),
    "aws:lb/loadBalancer:LoadBalancer": ("enableDeletionProtection",),
    "aws:backup/vault:Vault": (),
    "gcp:kms/keyRing:KeyRing": (),
    "gcp:kms/cryptoKey:CryptoKey": (),
    "gcp:container/cluster:Cluster": ("deletionProtection",),
    "gcp:sql/databaseInstance:DatabaseInstance": (
        "deletionProtection",
        "settings.deletionProtectionEnabled",
    ),
    "gcp:redis/instance:Instance": ("deletionProtection",),
    "gcp:redis/cluster:Cluster": ("deletionProtectionEnabled",),
    "gcp:filestore/instance:Instance": ("deletionProtectionEnabled",),
    "gcp:compute/forwardingRule:ForwardingRule": (),
    "gcp:compute/address:Address": (),
    "gcp:gkebackup/backupPlan:BackupPlan": (),
}
"""What cannot be had back once it is gone, and its own flags against that, by type."""
LABELS = ("tags", "labels", "resourceLabels", "settings.userLabels", "nodeConfig.resourceLabels")
"""Where what everything carries stands, on either cloud."""
# "tags" of Google Cloud are what firewall rules know a machine by
_LABEL_WORDS = {"aws": frozenset({"tags"}), "gcp": frozenset({"labels", "resource_labels"})}
_OWN_LABELS = frozenset(
    {"gcp:sql/databaseInstance:DatabaseInstance", "gcp:container/nodePool:NodePool"}
)
NAMES: Mapping[str, tuple[str, str]] = {
    "aws:eks/cluster:Cluster": ("name", r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}"),
    "aws:rds/instance:Instance": ("identifier", r"[a-z](-?[a-z0-9]){0,62}"),
    "aws:rds/cluster:Cluster": ("clusterIdentifier", r"[a-z](-?[a-z0-9]){0,62}"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "replicationGroupId",
        r"[a-z](-?[a-z0-9]){0,39}",
    ),
    "aws:s3/bucket:Bucket": ("bucketPrefix", r"[a-z0-9][a-z0-9-]{0,36}"),
    "aws:secretsmanager/secret:Secret": ("name", r"[A-Za-z0-9/_+=.@-]{1,512}"),
    "aws:lb/targetGroup:TargetGroup": ("namePrefix", r"[a-z0-9-]{1,6}"),
    "gcp:container/cluster:Cluster": ("name", r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"),
    "gcp:container/nodePool:NodePool": ("name", r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"),
    "gcp:sql/databaseInstance:DatabaseInstance": ("name", r"[a-z]([a-z0-9-]{0,84}[a-z0-9])?"),
    "gcp:redis/instance:Instance": ("name", r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"),
    "gcp:redis/cluster:Cluster": ("name", r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
    "gcp:filestore/instance:Instance": ("name", r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
    "gcp:storage/bucket:Bucket": ("name", r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
    "gcp:secretmanager/secret:Secret": ("secretId", r"[A-Za-z0-9_-]{1,255}"),
    "gcp:serviceaccount/account:Account": ("accountId", r"[a-z][a-z0-9-]{4,28}[a-z0-9]"),
    "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": (
        "name",
        r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    ),
    "gcp:backupdisasterrecovery/backupVault:BackupVault": (
        "backupVaultId",
        r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    ),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ("bucketId", r"[A-Za-z0-9._-]{1,100}"),
}
"""Where a name is ours to give, and what the service takes, by type (each vendor's API)."""


def at(inputs: object, path: str) -> Any:  # noqa: ANN401  (whatever stands there)
    """Return what stands at a path, None where nothing does."""
    found = inputs
    for part in path.split("."):
        if isinstance(found, list):
            found = found[int(part)] if int(part) < len(found) else None
        elif isinstance(found, dict):
            found = found.get(part)
        else:
            return None
    return found


@cache
def parameters(kind: str) -> frozenset[str]:
    """Return what the provider's own class takes, in Python's spelling."""
    package, module, short = kind.split(":")
    if package not in {"aws", "gcp"}:
        return frozenset()
    home = importlib.import_module(f"pulumi_{package}.{module.split('/')[0]}")
    return frozenset(inspect.signature(getattr(home, short)._internal_init).parameters)


def takes_a_key(kind: str) -> bool:
    """Say whether a type could be encrypted with a key of ours."""
    return any("kms" in one or "customer_managed_key" in one for one in parameters(kind))


def takes_labels(kind: str) -> bool:
    """Say whether a type carries tags or labels."""
    words = _LABEL_WORDS.get(kind.partition(":")[0], frozenset())
    return kind in _OWN_LABELS or bool(words & parameters(kind))


def key_id(key: Registered) -> str:
    """Return how the recorder names a key to those who use it."""
    own = f"arn:aws:kms:{REGION}:{ACCOUNT}:{key.name}"
    return own if key.type == KEYS[0] else f"{key.name}-id"
