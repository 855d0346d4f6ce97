"""Memorystore, Filestore and the search members: memory, survival, size, price."""

from __future__ import annotations

from sizing.catalog import price
from sizing.catalog.google import filestore_tier, redis_shape
from sizing.checks.stores import check_cache_size
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.planning.gcp.caches import KNOW_PASSWORDS, SHARED_CORE
from sizing.plans import CachePlan, Finding
from sizing.words import Verdict


def check_stores(subject: Subject) -> list[Finding]:
    """Return the findings of the caches, the shared files and the search members."""
    found = []
    for plan in subject.plan.caches:
        found += [
            *check_cache_size(subject, plan, redis_shape(plan.node_type).source),
            _service_level(subject, plan),
            _sign_in(subject, plan),
            _cache_price(subject, plan),
        ]
    return [
        *found,
        _files_size(subject),
        _files_survival(subject),
        _search_survival(subject),
        _search_support(subject),
    ]


def _service_level(subject: Subject, plan: CachePlan) -> Finding:
    shared = plan.node_type == SHARED_CORE and not subject.setting.is_dev
    return finding(
        subject,
        f"caches.{plan.role}",
        "offered",
        Verdict.REFUTED if shared else Verdict.HOLDS,
        f"{plan.node_type} has no service level" if shared else f"{plan.node_type} is sold",
        fix="choose a larger node type",
        source=redis_shape(plan.node_type).source,
    )


def _sign_in(subject: Subject, plan: CachePlan) -> Finding:
    """Say how clients prove who they are: a cluster knows no password."""
    out = [one.name for one in subject.plan.services if one.name in KNOW_PASSWORDS]
    if not plan.cluster_mode:
        verdict, message = Verdict.HOLDS, "clients show the token of the store's secret"
    elif out:
        verdict = Verdict.REFUTED
        message = (
            f"{', '.join(out)} would not get in: a cluster knows no password, and asks for access "
            "tokens of IAM that end after an hour"
        )
    else:
        verdict = Verdict.UNPROVEN
        message = (
            "a cluster asks for access tokens of IAM, which LiteLLM fetches; nobody has tried it "
            "there, nor whether Dataplane V2 lets a range of ports through to its shards, and no "
            "exporter measures it"
        )
    return finding(
        subject,
        f"caches.{plan.role}",
        "sign-in",
        verdict,
        message,
        fix="keep answers for a shorter time, so that one instance holds them, or leave out what "
        "knows only a password",
        source="memorystore-cluster-auth",
        blocking=True,
    )


def _cache_price(subject: Subject, plan: CachePlan) -> Finding:
    region, shape = subject.plan.request.region, redis_shape(plan.node_type)
    figure = price(shape.price, region)
    return finding(
        subject,
        f"caches.{plan.role}",
        "price",
        Verdict.UNPROVEN if figure is None else Verdict.HOLDS,
        f"no source shows the price of {shape.name} in {region}; the bill is incomplete"
        if figure is None
        else f"{shape.name} costs {figure.value:g} {figure.unit} in {region}",
        fix="look the price up, or choose a region that the catalogue prices",
        source="infracost",
    )


def _files_size(subject: Subject) -> Finding:
    plan = subject.plan.files
    tier = filestore_tier(plan.throughput_mode)
    small = plan.planning_gib < tier.least_gib
    return finding(
        subject,
        "files",
        "size",
        Verdict.REFUTED if small else Verdict.HOLDS,
        f"{plan.planning_gib} GiB where {tier.name} begins at {tier.least_gib}",
        amount=Amount(demand=tier.least_gib, capacity=plan.planning_gib, unit="GiB"),
        fix=f"plan {tier.least_gib} GiB",
        source=tier.source,
        blocking=True,
    )


def _files_survival(subject: Subject) -> Finding:
    tier = filestore_tier(subject.plan.files.throughput_mode)
    if subject.setting.is_dev:
        verdict, message = Verdict.NOT_APPLICABLE, "dev may stand still while a zone is away"
    elif tier.regional:
        verdict, message = Verdict.HOLDS, f"{tier.name} keeps files in several zones"
    else:
        verdict, message = Verdict.REFUTED, f"{tier.name} stands in one zone"
    return finding(
        subject,
        "files",
        "zone-loss",
        verdict,
        message,
        fix="plan a regional tier",
        source="filestore-limits",
    )


def _search_survival(subject: Subject) -> Finding:
    plan = subject.plan.search
    if subject.setting.is_dev:
        return finding(
            subject,
            "search",
            "zone-loss",
            Verdict.NOT_APPLICABLE,
            "dev may stand still while a zone is away",
        )
    lost = -(-plan.instance_count // plan.zone_count)
    left, majority = plan.instance_count - lost, (plan.instance_count >> 1) + 1
    return finding(
        subject,
        "search",
        "zone-loss",
        limit(majority, left),
        f"with the fullest of {plan.zone_count} zones lost, {left} of {plan.instance_count} "
        f"members stand; {majority} elect a leader",
        amount=Amount(demand=majority, capacity=left, unit="members"),
        fix="give zone_ids a third zone",
        source="opensearch-guide",
    )


def _search_support(subject: Subject) -> Finding:
    return finding(
        subject,
        "search",
        "operated",
        Verdict.UNPROVEN,
        f"OpenSearch {subject.plan.search.engine_version} runs in the cluster: upgrades, snapshots "
        "and repair are ours, and how long a member takes to come back is not measured",
        fix="restore a snapshot and replace a member before the first release",
        source="opensearch-versions-seen",
    )
