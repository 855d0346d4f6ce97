"""Whatever users do, a plan on Google Cloud is made, or refused in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.quotas import quotas
from sizing.words import CacheRole, Environment, Mode, Severity, Tier
from sizing.workload import Workload, reference
from tests.sizing.gcp.requests import REGIONS, request

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")

NETWORK = "10.0.0.0/8"


def scaled(low: float, high: float) -> st.SearchStrategy[float]:
    """Return amounts of every order of magnitude between two powers of ten."""
    return st.floats(low, high).map(lambda power: 10.0**power)


@st.composite
def workloads(draw: st.DrawFn, tier: Tier) -> Workload:
    return replace(
        reference(tier),
        requests_per_second_peak=draw(scaled(-1, 3.5)),
        tokens_per_day=draw(scaled(5, 10.5)),
        peak_factor=draw(st.floats(1, 12)),
        input_tokens=draw(scaled(1.5, 4)),
        output_tokens=draw(scaled(1, 3.3)),
        streaming_share=draw(st.floats(0, 1)),
        cache_hit_share=draw(st.floats(0, 0.9)),
        self_hosted_share=draw(st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1))),
        keys=draw(st.integers(1, 100_000)),
        vectors=draw(scaled(0, 8)),
    )


@given(
    data=st.data(),
    tier=st.sampled_from(list(Tier)),
    environment=st.sampled_from(list(Environment)),
    region=st.sampled_from(REGIONS),
    mode=st.sampled_from(list(Mode)),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_workload_is_planned_checked_and_priced(
    data: st.DataObject, tier: Tier, environment: Environment, region: str, mode: Mode
) -> None:
    asked = replace(
        request(tier, environment, region, mode),
        vpc_cidr=NETWORK,
        workload=data.draw(workloads(tier)),
    )

    found = plan(asked)
    ids = [one.id for one in check(found)]
    bill = cost(found)

    assert len(ids) == len(set(ids))
    assert bill.floor_usd <= bill.monthly_usd <= bill.ceiling_usd
    assert all(one.needed > 0 for one in quotas(found))
    assert found.postgres.max_connections <= 5000


@given(data=st.data(), tier=st.sampled_from(list(Tier)))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_workload_takes_more_connections_than_the_relational_store_has(
    data: st.DataObject, tier: Tier
) -> None:
    asked = replace(request(tier), vpc_cidr=NETWORK, workload=data.draw(workloads(tier)))

    one = next(x for x in check(plan(asked)) if x.id == "postgres.server-connections")

    assert one.severity is not Severity.ERROR


def test_a_longer_retention_needs_a_larger_disk_up_to_the_largest() -> None:
    load = replace(reference(Tier.LARGE), requests_per_second_peak=400.0)
    sizes = [
        plan(replace(request(), workload=replace(load, retention_days=days))).postgres.storage_gib
        for days in (1, 30, 365, 36_500)
    ]

    assert sizes == sorted(sizes)
    assert sizes[0] == 1000  # the document's
    assert sizes[1] < sizes[2]
    assert sizes[-1] == 30_720  # Cloud SQL grows storage to 30 TB


def test_a_cache_that_no_instance_holds_is_cut_into_shards_that_survive() -> None:
    load = replace(
        reference(Tier.SMALL),
        requests_per_second_peak=3000.0,
        cache_hit_share=0.2,
        output_tokens=2000.0,
        cache_ttl_seconds=86_400.0,
    )
    found = plan(replace(request(Tier.SMALL), vpc_cidr=NETWORK, workload=load))
    cache = next(one for one in found.caches if one.role is CacheRole.CACHE)

    assert cache.cluster_mode
    assert cache.shards > 1
    assert cache.replicas_per_shard == 1
    assert "cache-holds-answers" in {one.rule for one in found.adjustments}
