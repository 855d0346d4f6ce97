"""Caches and search: memory, survival, offer, price, volume."""

from __future__ import annotations

from sizing.catalog import cache_node, search_node
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.planning.cache_nodes import asked_memory
from sizing.plans import CachePlan, Finding
from sizing.units import MIB
from sizing.words import CacheRole, Verdict


def check_stores(subject: Subject) -> list[Finding]:
    """Return the findings of the caches and of the search domain."""
    found = []
    for plan in subject.plan.caches:
        found += [
            *check_cache_size(subject, plan, "elasticache-mem"),
            _offered(subject, plan),
            _price(subject, plan),
        ]
    return [
        *found,
        _search_survival(subject),
        _search_volume(subject),
        _search_offered(subject),
    ]


def check_cache_size(subject: Subject, plan: CachePlan, source: str) -> list[Finding]:
    """Return what is asked of a cache's memory and survival, on any cloud.

    Args:
        subject: what is checked.
        plan: the cache.
        source: where the memory that data may take is shown.
    """
    return [_memory(subject, plan, source), _survival(subject, plan)]


def _memory(subject: Subject, plan: CachePlan, source: str) -> Finding:
    demand, have = asked_memory(subject.setting, plan.role), plan.memory_bytes_per_shard
    return finding(
        subject,
        f"caches.{plan.role}",
        "memory",
        limit(demand, have),
        f"{plan.node_type} leaves {have // MIB} MiB of data a shard, {demand // MIB} MiB asked",
        amount=Amount(demand=demand // MIB, capacity=have // MIB, unit="MiB a shard"),
        fix="choose a larger node",
        source=source,
    )


def _survival(subject: Subject, plan: CachePlan) -> Finding:
    path = f"caches.{plan.role}"
    if subject.setting.is_dev:
        verdict, message = Verdict.NOT_APPLICABLE, "dev may lose what a cache holds"
    elif plan.replicas_per_shard > 0:
        verdict, message = Verdict.HOLDS, "every shard has a replica in another zone"
    elif plan.shards > 1:
        verdict = Verdict.REFUTED
        message = f"a lost node takes the keys of 1 in {plan.shards} shards; no replica has them"
    elif plan.role is CacheRole.CACHE:
        verdict = Verdict.UNPROVEN
        message = (
            "the document gives this tier one node: with it every cached answer is lost, and what "
            "the models then get is not measured"
        )
    else:
        verdict, message = Verdict.REFUTED, "queues and counters are lost with their only node"
    return finding(
        subject,
        path,
        "zone-loss",
        verdict,
        message,
        fix="plan in proven mode, which gives every shard a replica",
        source="document-001",
    )


def _offered(subject: Subject, plan: CachePlan) -> Finding:
    region, node = subject.plan.request.region, cache_node(plan.node_type)
    sold = node.offered(region)
    return finding(
        subject,
        f"caches.{plan.role}",
        "offered",
        Verdict.HOLDS if sold else Verdict.REFUTED,
        f"{region} {'sells' if sold else 'does not sell'} {node.name}",
        fix="choose another region",
        source=node.sources.get("sold", "cfn-lint"),
        blocking=True,
    )


def _price(subject: Subject, plan: CachePlan) -> Finding:
    region, node = subject.plan.request.region, cache_node(plan.node_type)
    hourly = node.price(plan.engine, region)
    known = hourly is not None
    return finding(
        subject,
        f"caches.{plan.role}",
        "price",
        Verdict.HOLDS if known else Verdict.UNPROVEN,
        f"{node.name} costs {hourly} USD an hour in {region}"
        if known
        else f"no source shows the price of {node.name} in {region}; the bill is incomplete",
        fix="look the price up, or choose a region that the catalogue prices",
        source=node.sources.get("price", "sizing-decisions"),
    )


def _search_survival(subject: Subject) -> Finding:
    plan = subject.plan.search
    if subject.setting.is_dev:
        verdict, message = Verdict.NOT_APPLICABLE, "dev may stand still while a zone is away"
    elif plan.zone_count > 1:
        verdict = Verdict.HOLDS
        message = f"{plan.instance_count} nodes over {plan.zone_count} zones"
    else:
        verdict, message = Verdict.REFUTED, "every data node stands in one zone"
    return finding(
        subject,
        "search",
        "zone-loss",
        verdict,
        message,
        fix="give zone_ids a second zone",
        source="opensearch-guide",
    )


def _search_volume(subject: Subject) -> Finding:
    plan = subject.plan.search
    node = search_node(plan.instance_type)
    most, least = node.max_volume_gib, node.min_volume_gib
    if plan.volume_gib < least or (most is not None and plan.volume_gib > most):
        verdict = Verdict.REFUTED
        message = f"{node.name} takes volumes from {least} to {most or 'an unknown number of'} GiB"
    elif most is None:
        verdict = Verdict.UNPROVEN
        message = f"no source shows the largest volume of {node.name}; {plan.volume_gib} GiB asked"
    else:
        verdict, message = Verdict.HOLDS, f"{node.name} takes volumes up to {most} GiB"
    return finding(
        subject,
        "search",
        "volume",
        verdict,
        message,
        amount=Amount(demand=plan.volume_gib, capacity=most, unit="GiB a node"),
        fix="ask DescribeInstanceTypeLimits, or set sizing.overrides.search.volume_gib",
        source=node.sources.get("volume", "opensearch-guide"),
        blocking=True,
    )


def _search_offered(subject: Subject) -> Finding:
    plan, region = subject.plan.search, subject.plan.request.region
    names = [name for name in (plan.instance_type, plan.master_type) if name]
    missing = [name for name in names if not search_node(name).offered(region)]
    return finding(
        subject,
        "search",
        "offered",
        Verdict.REFUTED if missing else Verdict.HOLDS,
        f"{region} does not sell {', '.join(missing)}"
        if missing
        else f"{region} sells {', '.join(names)}",
        fix="choose another region",
        source=search_node(plan.instance_type).sources.get("sold", "cfn-lint"),
        blocking=True,
    )
