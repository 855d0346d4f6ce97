"""The scheduled job that has the vector database's members write snapshots.

To S3 they write by themselves; to Cloud Storage the job brings what they have written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.kubernetes.access import Blocks, buckets
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, SecretKey, resources_of
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.scripts import google_vector_snapshots, vector_snapshots
from components.object_stores import ObjectStore
from sizing.plans.workloads import HelperPlan

_FOLDER = "/etc/vector-snapshots"
_BRINGS = (
    "google_cloud.py",
    "google_objects.py",
    "google_requests.py",
    "google_vector_snapshots.py",
    "vector_snapshots.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotBucket:
    """Where snapshots stand: below `prefix`, which ends in "/", a folder for each collection."""

    bucket: pulumi.Input[str]
    prefix: str
    kind: ObjectStore


def container(
    plan: HelperPlan,
    store: SnapshotBucket,
    *,
    members: Sequence[str],
    days: int,
    key: SecretKey,
) -> Container:
    """Return what runs.

    Args:
        plan: what its pod asks for.
        store: where snapshots stand.
        members: URLs of all of them.
        days: for how long a snapshot stays.
        key: that may write.
    """
    there = store.kind is ObjectStore.GCS
    return Container(
        name="snapshots",
        image="model-sync",  # for its Python, which needs nothing beside
        resources=resources_of(plan),
        command=_COMMAND_THERE if there else ("python3", f"{_FOLDER}/{_PROGRAM.name}"),
        environment={
            vector_snapshots.MEMBERS: " ".join(members),
            vector_snapshots.DAYS: str(days),
            **(_told(store) if there else {}),
        },
        secret_environment={vector_snapshots.KEY: key},
        files=(
            scripts(_BRINGS)
            if there
            else Files(path=_FOLDER, contents={_PROGRAM.name: _PROGRAM.read_text()}),
        ),
    )


def brings(
    cluster: Cluster, kind: ObjectStore, addresses: tuple[str, ...] = ()
) -> tuple[Blocks, ...]:
    """Return whom the job asks beside the members: the bucket, where members do not write to it."""
    return buckets(cluster, addresses) if kind is ObjectStore.GCS else ()


_PROGRAM = Path(vector_snapshots.__file__)
_COMMAND_THERE = ("python3", "-m", f"{PACKAGE}.google_vector_snapshots")


def _told(store: SnapshotBucket) -> dict[str, pulumi.Input[str]]:
    return {
        google_vector_snapshots.BUCKET: store.bucket,
        google_vector_snapshots.PREFIX: store.prefix,
        **python(),
    }
