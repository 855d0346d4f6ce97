"""The data stores of a plan as boxes of a drawing: what each is, how large, and in which zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from preview.report_page.amounts import memory
from preview.sizes import why
from sizing.plans import CachePlan, PlatformPlan
from sizing.words import Cloud

IN_CLUSTER = "opensearch"
"""Service that is the search store where the cloud sells none."""
POSTGRES, DOCUMENTS, SEARCH, FILES = "postgres", "documents", "search", "files"
CACHE, BUCKET = "cache-", "bucket-"
"""Prefixes of the ids of stores of which a plan has several."""

PRODUCTS: Mapping[Cloud, Mapping[str, str]] = MappingProxyType(
    {
        Cloud.AWS: MappingProxyType(
            {
                "postgres": "RDS PostgreSQL",
                "documents": "DocumentDB",
                "cache": "ElastiCache",
                "search": "OpenSearch Service",
                "files": "EFS",
                "bucket": "S3",
            }
        ),
        Cloud.GCP: MappingProxyType(
            {
                "postgres": "Cloud SQL PostgreSQL",
                "documents": "document database",
                "cache": "Memorystore",
                "search": "OpenSearch",
                "files": "Filestore",
                "bucket": "Cloud Storage",
            }
        ),
    }
)
"""What a vendor calls what it sells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One machine of a store. The cloud places it; the drawing spreads members over zones."""

    store: str
    label: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store.

    Attributes:
        id: of the plan's own words: "postgres", "cache-state", "bucket-models".
        name: what a reader calls it.
        product: what the vendor calls it.
        size: in words.
        why: the rules behind the size.
        host: the stack whose store it is, "" for this one's own.
        members: () where it has no machine that one sees.
    """

    id: str
    name: str
    product: str
    size: str
    why: str
    host: str = ""
    members: tuple[Member, ...] = ()

    @property
    def words(self) -> str:
        """Return all of it in one line."""
        owner = f", {self.host}'s" if self.host else ""
        return f"{self.name}: {self.product}, {self.size}{owner}. Why: {self.why}"


def stores(plan: PlatformPlan) -> tuple[Store, ...]:
    """Return the stores of a plan, its host's among them; search is none where it runs as pods."""
    return tuple(_stores(plan))


def _stores(plan: PlatformPlan) -> Iterator[Store]:
    products, zones = PRODUCTS[plan.request.cloud], plan.request.zone_ids
    host = plan.request.host.stack if plan.request.host else ""
    yield _postgres(plan, products["postgres"], host)
    documents = plan.document_database
    if documents is not None:
        yield Store(
            id=DOCUMENTS,
            name="documents",
            product=products["documents"],
            size=f"{documents.instances} x {documents.instance_class}",
            why=why(plan, "document_database"),
            members=_members(DOCUMENTS, "documents", documents.instances, zones),
        )
    for one in plan.caches:
        reason = why(plan, f"caches.{one.role}", f"cache.{one.role}", "cache", "redis")
        yield _cache(one, products["cache"], zones, reason)
    if not any(service.name == IN_CLUSTER for service in plan.services):
        yield _search(plan, products["search"], host)
    mounted = plan.request.cloud is Cloud.AWS
    yield Store(
        id=FILES,
        name="files",
        product=products["files"],
        size=f"{plan.files.planning_gib:,} GiB planned, {plan.files.throughput_mode.lower()}",
        why=why(plan, "files"),
        members=_members(FILES, "files", len(zones), zones) if mounted else (),
    )
    for bucket in plan.buckets:
        yield Store(
            id=f"{BUCKET}{bucket.name}",
            name=bucket.name,
            product=products["bucket"],
            size=f"{bucket.planning_gib:,} GiB planned",
            why=why(plan, f"buckets.{bucket.name}", f"objects.{bucket.name}"),
        )


def _postgres(plan: PlatformPlan, product: str, host: str) -> Store:
    server = plan.postgres
    return Store(
        id=POSTGRES,
        name="postgres",
        product=product,
        size=f"{server.nodes} x {server.instance_class}, {server.storage_gib:,} GiB",
        why=why(plan, "postgres"),
        host=host,
        members=() if host else _members(POSTGRES, "postgres", server.nodes, plan.request.zone_ids),
    )


def _cache(cache: CachePlan, product: str, zones: tuple[str, ...], reason: str) -> Store:
    name = f"{CACHE}{cache.role}"
    members = tuple(
        Member(
            store=name, label=_of_shard(cache, shard, copy), zone=zones[(shard + copy) % len(zones)]
        )
        for shard in range(cache.shards)
        for copy in range(1 + cache.replicas_per_shard)
    )
    return Store(
        id=name,
        name=str(cache.role),
        product=product,
        size=f"{cache.shards} x {1 + cache.replicas_per_shard} {cache.node_type}, "
        f"{memory(cache.memory_bytes_per_shard)}{' a shard' if cache.shards > 1 else ''}",
        why=reason,
        members=members,
    )


def _of_shard(cache: CachePlan, shard: int, copy: int) -> str:
    which = f" {shard + 1}" if cache.shards > 1 else ""
    return f"{cache.role}{which}{' copy' if copy else ''}"


def _search(plan: PlatformPlan, product: str, host: str) -> Store:
    search, zones = plan.search, plan.request.zone_ids
    gib = search.instance_count * search.volume_gib
    masters = f", {search.master_count} masters" if search.master_count else ""
    return Store(
        id=SEARCH,
        name="search",
        product=product,
        size=f"{search.instance_count} x {search.instance_type}, {gib:,} GiB{masters}",
        why=why(plan, "search"),
        host=host,
        members=()
        if host
        else (
            *_members(SEARCH, "search", search.instance_count, zones),
            *_members(SEARCH, "master", search.master_count, zones),
        ),
    )


def _members(store: str, label: str, number: int, zones: tuple[str, ...]) -> tuple[Member, ...]:
    return tuple(
        Member(store=store, label=label, zone=zones[place % len(zones)]) for place in range(number)
    )
