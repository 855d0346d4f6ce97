"""The plan held against what Google Cloud refuses, as far as a plan decides it.

One row a rule: what it says, where it is from, and what of the plan breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sizing.catalog.google import cloud_sql, filestore_tier, redis_shape
from sizing.checks.verdicts import Subject, finding
from sizing.plans import Finding, PlatformPlan
from sizing.words import PostgresForm, Verdict

NAME_MOST = 40  # characters of a cluster's or pool's name (cloud rule 48)
LABELS_REFUSED = ("kubernetes.io/", "k8s.io/")  # cloud rule 49
REPLICAS_MOST = 5  # of an instance (cloud rule 51)
ROTATION_LEAST = 1  # days. Source: pulumi-gcp.
POOL_DISK_LEAST = 10  # GB (cloud rule 49)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One refusal.

    Attributes:
        broken: the paths of what breaks it in a plan.
    """

    id: str
    statement: str
    source: str
    broken: Callable[[PlatformPlan], Iterator[str]]


def check_refused(subject: Subject) -> list[Finding]:
    """Return one finding for each rule that the plan breaks, or one that it breaks none."""
    found = [
        finding(
            subject,
            path,
            f"accepted.{rule.id}",
            Verdict.REFUTED,
            rule.statement,
            fix=f"change {path}",
            source=rule.source,
            blocking=True,
        )
        for rule in RULES
        for path in rule.broken(subject.plan)
    ]
    if found:
        return found
    return [
        finding(
            subject,
            "platform",
            "accepted",
            Verdict.HOLDS,
            f"none of {len(RULES)} known rules of the cloud refuses it",
            source="pulumi-gcp",
        )
    ]


def _pool_scales(plan: PlatformPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        if not 0 <= pool.scale.minimum <= pool.scale.maximum:
            yield f"node_pools.{pool.name}"


def _pool_types(plan: PlatformPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        if len(pool.instance_types) != 1:
            yield f"node_pools.{pool.name}"


def _pool_names(plan: PlatformPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        if len(pool.name) > NAME_MOST or pool.name != pool.name.lower():
            yield f"node_pools.{pool.name}"


def _pool_labels(plan: PlatformPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        if any(word in key for key, _ in pool.labels for word in LABELS_REFUSED):
            yield f"node_pools.{pool.name}"


def _pool_disks(plan: PlatformPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        if pool.root_disk_gib < POOL_DISK_LEAST:
            yield f"node_pools.{pool.name}"


def _sql_disk(plan: PlatformPlan) -> Iterator[str]:
    if plan.postgres.storage_gib < cloud_sql().disk_least_gib:
        yield "postgres"


def _sql_backups(plan: PlatformPlan) -> Iterator[str]:
    if plan.postgres.form is not PostgresForm.SINGLE and not plan.postgres.backup_retention_days:
        yield "postgres"


def _redis_replicas(plan: PlatformPlan) -> Iterator[str]:
    for cache in plan.caches:
        most = 0 if redis_shape(cache.node_type).tier == "BASIC" else REPLICAS_MOST
        if cache.replicas_per_shard > most:
            yield f"caches.{cache.role}"


def _redis_form(plan: PlatformPlan) -> Iterator[str]:
    for cache in plan.caches:
        if redis_shape(cache.node_type).clustered is not cache.cluster_mode:
            yield f"caches.{cache.role}"


def _files_least(plan: PlatformPlan) -> Iterator[str]:
    if plan.files.planning_gib < filestore_tier(plan.files.throughput_mode).least_gib:
        yield "files"


def _files_copies(plan: PlatformPlan) -> Iterator[str]:
    if plan.files.backup and plan.files.throughput_mode.startswith("BASIC"):
        yield "files"


def _key_rotation(plan: PlatformPlan) -> Iterator[str]:
    for key in plan.keys:
        if key.rotation_days < ROTATION_LEAST:
            yield f"keys.{key.name}"


RULES = (
    Rule(
        id="gke-pool-scale",
        statement="a pool's least number of nodes is at most its greatest (cloud rule 27)",
        source="pulumi-gcp",
        broken=_pool_scales,
    ),
    Rule(
        id="gke-pool-one-type",
        statement="a pool has one machine type",
        source="pulumi-gcp",
        broken=_pool_types,
    ),
    Rule(
        id="gke-pool-name",
        statement="a pool's name has at most 40 characters, lower case (cloud rule 48)",
        source="terraform-provider-google",
        broken=_pool_names,
    ),
    Rule(
        id="gke-pool-labels",
        statement="labels under kubernetes.io/ and k8s.io/ are refused (cloud rule 49)",
        source="terraform-provider-google",
        broken=_pool_labels,
    ),
    Rule(
        id="gke-pool-disk",
        statement="a node's disk has 10 GB or more (cloud rule 49)",
        source="terraform-provider-google",
        broken=_pool_disks,
    ),
    Rule(
        id="cloud-sql-disk",
        statement="a disk has 10 GB or more (cloud rule 50)",
        source="terraform-provider-google",
        broken=_sql_disk,
    ),
    Rule(
        id="cloud-sql-regional-backups",
        statement="a regional server needs backups and points in time (cloud rule 50)",
        source="terraform-provider-google",
        broken=_sql_backups,
    ),
    Rule(
        id="memorystore-replicas",
        statement="a basic instance has no replica, a standard one up to five (cloud rule 51)",
        source="terraform-provider-google",
        broken=_redis_replicas,
    ),
    Rule(
        id="memorystore-form",
        statement="a cluster takes node types of clusters, an instance a size (cloud rule 51)",
        source="terraform-provider-google",
        broken=_redis_form,
    ),
    Rule(
        id="filestore-least",
        statement="each tier of Filestore has a least capacity (cloud rule 51)",
        source="filestore-limits",
        broken=_files_least,
    ),
    Rule(
        id="filestore-copies",
        statement="Backup and DR copies zonal, regional and enterprise shares, and no basic one",
        source="filestore-backups",
        broken=_files_copies,
    ),
    Rule(
        id="kms-rotation",
        statement="a key is rotated once a day at most",
        source="pulumi-gcp",
        broken=_key_rotation,
    ),
)
