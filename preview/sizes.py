"""One line per sized part of a plan: what it is and why it is so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from preview.words import count, scale
from sizing.units import GIB, format_cpu, format_memory
from sizing.words import Cloud

if TYPE_CHECKING:
    from sizing.plans import PlanRequest, PlatformPlan, ServicePlan
    from sizing.plans.workloads import PoolerPlan

Row: TypeAlias = tuple[str, str, str, str]
# What a guest of a cluster has from its host, and what one of its stores.
OF_HOST = ("cluster", "network", "postgres", "search")
STORES_OF_HOST = ("postgres", "search")


def pooled(pooler: PoolerPlan) -> str:
    """Return the poolers' connections in words."""
    return (
        f"{pooler.poolers} x ({pooler.pool_size} + {pooler.reserve}) connections for each of "
        f"{len(pooler.databases)} databases, {pooler.max_clients:,} clients each"
    )


def size_rows(plan: PlatformPlan) -> Iterator[Row]:
    """Yield component, part, size and the rules or reason behind it, in the plan's order."""
    host = plan.request.host
    of_host = OF_HOST if plan.request.in_hosts_cluster else STORES_OF_HOST
    for row in _rows(plan):
        component, part, size, _ = row
        theirs = host is not None and component in of_host
        yield (component, part, size, f"{host.stack}'s") if host and theirs else row


def guest_of(request: PlanRequest) -> tuple[str, ...]:
    """Return a line that says what a stack has of its host; none where all is its own."""
    host = request.host
    if host is None:
        return ()
    if request.on_hosts_stores:
        return (
            f"guest of {host.stack}, whose database server and search domain it uses over a "
            "peering: money below is without them",
        )
    return (
        f"guest of {host.stack}, whose network, cluster, engines and server it uses: nodes and "
        "money below are what it adds",
    )


def _rows(plan: PlatformPlan) -> Iterator[Row]:
    yield from _platform(plan)
    for service in plan.services:
        yield "services", service.name, _service(service), service.reason
    yield from _ways(plan)
    yield from _stores(plan)
    yield from _safety(plan)


def why(plan: PlatformPlan, *prefixes: str) -> str:
    """Return the rules that changed fields below the prefixes, "as documented" for none."""
    rules = dict.fromkeys(
        one.rule
        for one in plan.adjustments
        if any(one.field == prefix or one.field.startswith(f"{prefix}.") for prefix in prefixes)
    )
    return ", ".join(rules) or "as documented"


def _platform(plan: PlatformPlan) -> Iterator[Row]:
    network, cluster = plan.network, plan.cluster
    yield (
        "network",
        network.vpc_cidr,
        f"{len(network.zone_ids)} zones, {len(network.subnets)} subnets, "
        f"{len(network.nat_zone_ids)} NAT, {count(len(network.endpoints), 'endpoint')}",
        f"pods need {network.pod_addresses_needed:,} of {network.pod_addresses_reserved:,} "
        "reserved addresses per zone",
    )
    yield (
        "cluster",
        f"Kubernetes {cluster.kubernetes_version}",
        f"{cluster.support_type} support, {cluster.access} access, {len(cluster.addons)} add-ons",
        why(plan, "cluster"),
    )


def _service(service: ServicePlan) -> str:
    parts = [
        scale(service.scale),
        f"{format_cpu(service.cpu_request_millis)} CPU",
        format_memory(service.memory_request_bytes),
    ]
    if service.gpus:
        parts.append(f"{service.gpus} GPU")
    if service.volumes:
        parts.append(f"{service.volumes_gib:,} GiB")
    return f"{', '.join(parts)} on {service.pool_role}"


def _ways(plan: PlatformPlan) -> Iterator[Row]:
    """Yield the ways in and to the stores: load balancer and poolers."""
    ingress, pooler = plan.ingress, plan.pooler
    hosts = " and ".join(f"{one.host}.<domain> to port {one.port}" for one in ingress.targets)
    if plan.request.switches.ingress:
        yield (
            "ingress",
            "internal" if ingress.internal else "public",
            f"{hosts}, {_patience(plan)}, {ingress.bandwidth_mbps:,} Mbit/s, {_firewall(plan)}",
            why(plan, "ingress"),
        )
    else:
        yield "ingress", "none", "callers reach the gateway in the cluster alone", "as stated"
    yield (
        "pooler",
        "PgBouncer",
        pooled(pooler),
        f"at most {pooler.max_server_connections:,} of the server's "
        f"{plan.postgres.max_connections:,} in a rollout",
    )


def _patience(plan: PlatformPlan) -> str:
    """Return what the balancer bears: AWS' counts silence, Google's the whole answer."""
    seconds, google = plan.ingress.idle_timeout_seconds, plan.request.cloud is Cloud.GCP
    return f"{seconds} s an answer" if google else f"{seconds} s of silence"


def _firewall(plan: PlatformPlan) -> str:
    """Return what stands before the balancer; on Google Cloud it holds the callers, too."""
    ingress, callers = plan.ingress, plan.request.switches.callers
    if plan.request.cloud is not Cloud.GCP:
        return f"{'with' if ingress.waf else 'no'} firewall"
    # the other cloud's module is read where it is wanted
    from sizing.planning.gcp.firewall import has_policy, rule_count

    if not has_policy(ingress, callers):
        return "no firewall"
    who = f"{count(callers, 'range')} may call" if callers else "everybody may call"
    rate = f" {ingress.waf_rate_limit:,} times in 5 minutes" if ingress.waf else ""
    return f"Cloud Armor with {count(rule_count(ingress, callers), 'rule')}: {who}{rate}"


def _stores(plan: PlatformPlan) -> Iterator[Row]:
    postgres, search, files = plan.postgres, plan.search, plan.files
    yield (
        "postgres",
        postgres.form.replace("_", " "),
        f"{postgres.nodes} x {postgres.instance_class}, {postgres.storage_gib:,} GiB "
        f"{postgres.storage_type}, {postgres.iops_delivered:,} IOPS, "
        f"{postgres.max_connections:,} connections",
        why(plan, "postgres"),
    )
    documents = plan.document_database
    if documents is not None:
        yield (
            "documents",
            f"DocumentDB {documents.engine_version}",
            f"{documents.instances} x {documents.instance_class}, "
            f"{documents.planning_gib:,} GiB planned",
            why(plan, "document_database"),
        )
    vectors = plan.vectors
    yield (
        "vectors",
        "Qdrant",
        f"{count(vectors.members, 'member')}, each shard on {vectors.replication_factor}, "
        f"snapshots at {vectors.snapshot_schedule}, kept {count(vectors.snapshot_days, 'day')}",
        why(plan, "services.qdrant"),
    )
    for cache in plan.caches:
        yield (
            "cache",
            cache.role,
            f"{cache.shards} x (1 + {cache.replicas_per_shard}) {cache.node_type}, "
            f"{cache.memory_bytes_per_shard / GIB:.1f} GiB a shard, {cache.eviction}",
            why(plan, f"caches.{cache.role}", f"cache.{cache.role}", "cache", "redis"),
        )
    masters = f", {search.master_count} x {search.master_type} masters" * bool(search.master_count)
    yield (
        "search",
        search.engine_version,
        f"{search.instance_count} x {search.instance_type} in {search.zone_count} zones, "
        f"{search.volume_gib:,} GiB each{masters}",
        why(plan, "search"),
    )
    yield (
        "files",
        files.throughput_mode,
        f"{files.planning_gib:,} GiB planned, {len(files.access_points)} access points",
        why(plan, "files"),
    )
    for bucket in plan.buckets:
        yield (
            "objects",
            bucket.name,
            f"{bucket.planning_gib:,} GiB planned, {'' if bucket.versioned else 'not '}versioned",
            why(plan, f"buckets.{bucket.name}", f"objects.{bucket.name}"),
        )


def _safety(plan: PlatformPlan) -> Iterator[Row]:
    yield (
        "keys",
        ", ".join(key.name for key in plan.keys),
        f"{len(plan.keys)} keys, a policy of its own each",
        why(plan, "keys"),
    )
    backups = plan.backups
    yield (
        "backups",
        f"{backups.retention_days} days" if backups.enabled else "off",
        ", ".join(f"{store}: {mechanism}" for store, mechanism in backups.mechanisms),
        why(plan, "backups"),
    )
