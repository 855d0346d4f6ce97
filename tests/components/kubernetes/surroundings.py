"""What a cloud gives the workloads of a cluster, and which cloud it is while a case runs.

Samples of this folder read `here()`, and so each case that builds on them runs once for each cloud
(conftest.py). What stands below is all that a workload can see of a cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from components.kubernetes.external_secrets import (
    GoogleSecretManager,
    SecretsManager,
    SecretSource,
)
from components.kubernetes.shared_files import Folder, Share, efs, filestore
from components.kubernetes.vault_config import Seal, aws_seal, gcp_seal
from components.object_stores import ObjectStore
from sizing.plans import NodePoolPlan
from sizing.words import Cloud
from tests.components.aws import samples as aws
from tests.components.gcp import cluster_samples as gke
from tests.components.gcp import samples as gcp
from tests.components.support import ACCOUNT, REGION


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """One cloud as its workloads see it.

    Attributes:
        region: of the cluster and of its buckets.
        vpc: the block in which stores and load balancers answer.
        credentials: where pods fetch their cloud credentials, as a block.
        mirror: a registry of the platform's own, as the config names it.
        mirrored: what the names of all images begin with there.
        secrets: the store of secrets.
        provider: that store as External Secrets is told of it.
        pool: a node pool by its name, as the cloud's own samples have it.
        cache_port: of stores of Redis' protocol.
        cache_authority: certificates that such a store proves itself by, "" for the web's.
        database: host of the relational server.
        master: how the secret of the server's master is called.
        folder: makes one of the shared file system, in the driver's words `csi` and `mounted`.
        signs: requests to the search engine are signed for the region; a password opens it else.
        seal: what opens Vault's servers.
        sealed: how their configuration names that seal.
        objects: how its buckets are spoken to.
    """

    cloud: Cloud
    region: str
    vpc: str
    credentials: str
    mirror: str
    mirrored: str
    secrets: SecretSource
    provider: Mapping[str, object]
    pool: Callable[[str], NodePoolPlan]
    cache_port: int
    cache_authority: str
    database: str
    master: str
    folder: Callable[[], Folder]
    csi: Mapping[str, object]
    mounted: tuple[str, ...]
    signs: bool
    seal: Seal
    sealed: str
    objects: ObjectStore


AWS = Surroundings(
    cloud=Cloud.AWS,
    region=REGION,
    vpc="10.40.0.0/16",
    credentials="169.254.170.23/32",
    mirror=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com",
    mirrored=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/",
    secrets=SecretsManager(region=REGION),
    provider=MappingProxyType({"aws": {"service": "SecretsManager", "region": REGION}}),
    pool=aws.pool,
    cache_port=6379,
    cache_authority="",
    database=f"db.cluster-x.{REGION}.rds.amazonaws.com",
    master="arn:master",
    folder=lambda: efs("fs-0123", "fsap-4567"),
    csi=MappingProxyType({"driver": "efs.csi.aws.com", "volumeHandle": "fs-0123::fsap-4567"}),
    mounted=("tls", "iam"),
    signs=True,
    seal=aws_seal(REGION, "alias/aigw/prod/vault"),
    sealed=(f'seal "awskms" {{\n  kms_key_id = "alias/aigw/prod/vault"\n  region = "{REGION}"\n}}'),
    objects=ObjectStore.S3,
)
GCP = Surroundings(
    cloud=Cloud.GCP,
    region=gcp.REGION,
    vpc="10.64.0.0/16",
    credentials="169.254.169.254/32",
    mirror=f"{gcp.REGION}-docker.pkg.dev/{gcp.PROJECT}/aigw",
    mirrored=f"{gcp.REGION}-docker.pkg.dev/{gcp.PROJECT}/aigw-",
    secrets=GoogleSecretManager(project=gcp.PROJECT),
    provider=MappingProxyType({"gcpsm": {"projectID": gcp.PROJECT}}),
    pool=gke.pool,
    cache_port=6378,
    cache_authority="-----BEGIN CERTIFICATE-----\nof Memorystore\n",
    database="aigw-prod.us-central1.sql-psa.goog",
    master="aigw-prod-postgres-master",
    folder=lambda: filestore(
        Share(
            location=gcp.REGION, instance="aigw-files", name="files", host="10.64.64.5", newer=True
        ),
        "/shared",
    ),
    csi=MappingProxyType(
        {
            "driver": "filestore.csi.storage.gke.io",
            "volumeHandle": f"modeInstance/{gcp.REGION}/aigw-files/files-shared",
            "volumeAttributes": {
                "ip": "10.64.64.5",
                "volume": "files/shared",
                "fileProtocol": "NFS_V4_1",
            },
        }
    ),
    mounted=("vers=4.1",),
    signs=False,
    seal=gcp_seal(gcp.PROJECT, gcp.REGION, "aigw-prod", "vault"),
    sealed=(f'seal "gcpckms" {{\n  project = "{gcp.PROJECT}"\n  region = "{gcp.REGION}"\n}}'),
    objects=ObjectStore.GCS,
)
CLOUDS = MappingProxyType({one.cloud: one for one in (AWS, GCP)})
"""Each cloud that a case runs for."""
_now: list[Surroundings] = []


def here() -> Surroundings:
    """Return the cloud that the running case is for.

    Raises:
        AssertionError: no case is running, or one that is marked `cloud_free`.
    """
    assert _now, "asked for a cloud by a case that is cloud_free, or by a module's own level"
    return _now[-1]


@contextmanager
def on(cloud: Cloud) -> Iterator[Surroundings]:
    """Let what follows be of one cloud."""
    _now.append(CLOUDS[cloud])
    try:
        yield CLOUDS[cloud]
    finally:
        _now.pop()
