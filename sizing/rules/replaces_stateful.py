"""What is lost when a resource is replaced or deleted: types that hold state, and which."""

from __future__ import annotations

from collections.abc import Mapping

_DATABASE = "the databases on it"
_CACHE = "what is cached and queued"
_FILES = "the files on it"
_KEY = "everything that it encrypts"
_SECRET = "the secret and its versions"
_IMAGES = "the images in it"
_BACKUPS = "the backups in it"
_LOGS = "the logs in it"
_NEW_VALUE = "the value: whoever knows it has to be told the new one"
_VOLUMES = "the volumes of its pods, where their class deletes them"
_CLUSTER = "everything that runs in it, with its volumes"
# Subnet groups of RDS and ElastiCache take no subnets of another VPC; a domain, mount targets and a
# private Cloud SQL, Memorystore or Filestore stay in the network that they were made in.
_NETWORK = "every store in it: none follows to another network"

STATEFUL: Mapping[str, str] = {
    "aws:backup/vault:Vault": _BACKUPS,
    "aws:cloudwatch/logGroup:LogGroup": _LOGS,
    "aws:docdb/cluster:Cluster": _DATABASE,
    "aws:ec2/vpc:Vpc": _NETWORK,
    "aws:efs/fileSystem:FileSystem": _FILES,
    "aws:eks/cluster:Cluster": _CLUSTER,
    "aws:elasticache/replicationGroup:ReplicationGroup": _CACHE,
    "aws:kms/key:Key": _KEY,
    "aws:kms/replicaKey:ReplicaKey": _KEY,
    "aws:opensearch/domain:Domain": "the indices in it",
    "aws:rds/cluster:Cluster": _DATABASE,
    "aws:rds/instance:Instance": _DATABASE,
    "aws:s3/bucket:Bucket": "the objects in it",
    "aws:secretsmanager/secret:Secret": _SECRET,
    "gcp:artifactregistry/repository:Repository": _IMAGES,
    "gcp:backupdisasterrecovery/backupVault:BackupVault": _BACKUPS,
    "gcp:compute/network:Network": _NETWORK,
    "gcp:container/cluster:Cluster": _CLUSTER,
    "gcp:filestore/instance:Instance": _FILES,
    "gcp:gkebackup/backupPlan:BackupPlan": _BACKUPS,
    "gcp:kms/cryptoKey:CryptoKey": _KEY,
    "gcp:kms/keyRing:KeyRing": _KEY,
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": _LOGS,
    "gcp:redis/cluster:Cluster": _CACHE,
    "gcp:redis/instance:Instance": _CACHE,
    "gcp:secretmanager/secret:Secret": _SECRET,
    "gcp:sql/databaseInstance:DatabaseInstance": _DATABASE,
    "gcp:storage/bucket:Bucket": "the objects in it",
    "kubernetes:apps/v1:StatefulSet": _VOLUMES,
    "kubernetes:core/v1:Namespace": "everything in it, claims of volumes included",
    "kubernetes:core/v1:PersistentVolume": "the volume, where its class deletes it",
    "kubernetes:core/v1:PersistentVolumeClaim": "the volume, where its class deletes it",
    "random:index/randomBytes:RandomBytes": _NEW_VALUE,
    "random:index/randomPassword:RandomPassword": _NEW_VALUE,
}
"""By type, what goes with the resource."""
