"""The bill against arithmetic by hand on catalogue rows; sources stand beside each expectation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.catalog import price
from sizing.comparison import TOTAL
from sizing.cost import cost
from sizing.external import external_cost, usd_per_million_self_hosted
from sizing.plan import plan
from sizing.plans import Bill, BillItem, PlanRequest, PlatformPlan, Scale
from sizing.pricing.ledger import Line
from sizing.pricing.traffic import traffic
from sizing.quotas import quotas
from sizing.sources import sources
from sizing.tiers import TIERS
from sizing.words import Access, CapacityType, Cloud, EndpointKind, Environment, PostgresForm, Tier
from sizing.workload import reference
from tests.sizing.aws.sample_plan import GENERAL, GPU, PLAN, POSTGRES, ZONES, pool

pytestmark = pytest.mark.one_cloud("aws", "a bill by hand, on rows of AWS' price lists")


def item(bill: Bill, component: str, start: str) -> BillItem:
    found = [i for i in bill.items if i.component == component and i.item.startswith(start)]
    assert len(found) == 1, [i.item for i in bill.items]
    return found[0]


def planned(tier: Tier, environment: Environment) -> PlatformPlan:
    return plan(
        PlanRequest(
            tier=tier,
            environment=environment,
            cloud=Cloud.AWS,
            region="us-east-1",
            zone_ids=ZONES,
            vpc_cidr="10.0.0.0/16",
            service_cidr="172.20.0.0/16",
            access=Access.ALLOWLIST,
        )
    )


def assert_adds_up(bill: Bill) -> None:
    for total, sums in (
        (bill.monthly_usd, [i.planned_usd for i in bill.items]),
        (bill.floor_usd, [i.floor_usd for i in bill.items]),
        (bill.ceiling_usd, [i.ceiling_usd for i in bill.items]),
    ):
        assert total == pytest.approx(sum(s for s in sums if s is not None), abs=0.005)
    for each in bill.items:
        if each.planned_usd is None:
            assert each.unit_usd is each.floor_usd is each.ceiling_usd is None
            assert f"{each.component}: {each.item}" in bill.unpriced
        else:
            assert each.floor_usd is not None
            assert each.ceiling_usd is not None
            assert each.floor_usd <= each.planned_usd <= each.ceiling_usd
        assert each.source in sources()
    assert len(bill.unpriced) == sum(i.planned_usd is None for i in bill.items)
    assert bill.floor_usd <= bill.monthly_usd <= bill.ceiling_usd


@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("tier", Tier)
def test_items_add_up_to_the_totals_of_every_tier(tier: Tier, environment: Environment) -> None:
    decided = planned(tier, environment)
    assert_adds_up(cost(decided))
    assert len({(i.component, i.item) for i in cost(decided).items}) == len(cost(decided).items)


@settings(max_examples=30, deadline=None)
@given(
    scale=st.lists(st.integers(0, 500), min_size=3, max_size=3).map(sorted),
    storage=st.integers(20, 65_536),
    spot=st.booleans(),
    region=st.sampled_from(("us-east-1", "us-west-2", "eu-west-1")),
)
def test_any_plan_adds_up_between_floor_and_ceiling(
    scale: list[int], storage: int, spot: bool, region: str
) -> None:
    general = replace(
        GENERAL,
        scale=Scale(minimum=scale[0], planned=scale[1], maximum=scale[2]),
        capacity_type=CapacityType.SPOT if spot else CapacityType.ON_DEMAND,
    )
    changed = replace(
        PLAN,
        request=replace(PLAN.request, region=region),
        node_pools=(general, GPU),
        postgres=replace(POSTGRES, storage_gib=storage),
    )
    assert_adds_up(cost(changed))


# (component, start of the item, USD by hand)
BY_HAND = (
    # 0.10 an hour (AWS offer files 20260831) x 730
    ("cluster", "EKS control plane", 73.00),
    # m5.8xlarge 1.536 (Karpenter table 2026-07-20) x 730 x 20
    ("node_pools", "general: m5.8xlarge", 22_425.60),
    # p4d.24xlarge 21.957642 x 730 x 8
    ("node_pools", "gpu-a100: p4d.24xlarge", 128_232.63),
    # gp3: 20 x 100 GiB x 0.08; 20 x 1,000 IOPS above 3,000 x 0.005; 20 x 100 MiB/s above 125 x 0.04
    ("node_pools", "general: root disks", 160.00),
    ("node_pools", "general: root disk IOPS", 100.00),
    ("node_pools", "general: root disk throughput", 80.00),
    # 2 replicas x 500 GiB x 0.08
    ("services", "Persistent volumes", 80.00),
    # db.m6g.2xlarge 1.272 Multi-AZ (AWS bulk price list 2026-07-28) x 730
    ("postgres", "db.m6g.2xlarge", 928.56),
    # 1,000 GiB x 0.23; 1,000 IOPS above 12,000 x 0.04; 1,000 x 2 % x 10 days x 0.095
    ("postgres", "gp3 storage", 230.00),
    ("postgres", "gp3 IOPS", 40.00),
    ("postgres", "Backups", 19.00),
    # cache.r7g.large on Valkey 0.1752 x 730 x 3 x (1 + 1); 30 GiB x 2 days x 0.085
    ("cache", "cache: cache.r7g.large", 767.38),
    ("cache", "cache: daily snapshots", 5.10),
    # r7g.large.search 0.178 x 730 x 3; m7g.large.search 0.135 x 730 x 3; 300 GiB x 0.122
    ("search", "Data nodes", 389.82),
    ("search", "Dedicated masters", 295.65),
    ("search", "Data volumes", 36.60),
    # 50 GiB x 0.30; 10,000 GiB x 0.023
    ("files", "EFS standard", 15.00),
    ("objects", "S3 standard, models", 230.00),
    # 3 x 0.045 x 730; 2 endpoints x 3 zones x 0.01 x 730; 0.0225 x 730; (3 + 3) x 0.005 x 730
    ("network", "NAT gateways", 98.55),
    ("network", "Interface endpoints", 43.80),
    ("network", "Application load balancer", 16.43),
    ("network", "Public IPv4", 21.90),
    # (20 x 5 + 8 x (5 + 25) + 14.96) GiB x 0.045
    ("network", "NAT data: first pull", 15.97),
    ("keys", "KMS keys", 2.00),
    # (1 cache + database + 4 services) x 0.40
    ("secrets", "Secrets", 2.40),
    # 28 nodes x 5 GiB x 0.50
    ("logs", "CloudWatch Logs, ingested", 70.00),
)


@pytest.mark.parametrize(("component", "start", "usd"), BY_HAND)
def test_an_item_costs_what_its_price_row_says(component: str, start: str, usd: float) -> None:
    assert item(cost(PLAN), component, start).planned_usd == usd


def test_nothing_of_the_sample_is_left_unpriced() -> None:
    assert cost(PLAN).unpriced == ()


def test_a_month_of_tokens_moves_what_the_formula_says() -> None:
    # Large: 1 G tokens a day x 730 / 24 days / 2,000 a request = 15,208,333.3 requests.
    # Prompt 1,500 x 4 + 4,096 B = 10,096 B; answer 500 x (0.7 x 300 + 0.3 x 4) + 4,096 = 109,696 B.
    requests = 1e9 * 730 / 24 / 2000
    prompt, answer = requests * 10_096 / 2**30, requests * 109_696 / 2**30
    outside = 0.85 * 0.30  # misses of the cache (table 1.2) that go outside (table 4.2)
    moved = traffic(reference(Tier.LARGE), 3)
    assert moved.balanced_gib == pytest.approx(prompt + answer)
    assert moved.internet_out_gib == pytest.approx(answer + prompt * outside)
    assert moved.nat_gib == pytest.approx((prompt + answer) * outside)
    assert moved.between_zones_gib == pytest.approx((prompt + answer) * 3 * 2 / 3)
    # 500 / 3 requests/s over 25 a unit outweigh 2.3 GiB an hour
    assert moved.capacity_units == pytest.approx(500 / 3 / 25)


def test_one_zone_moves_nothing_between_zones() -> None:
    assert traffic(reference(Tier.SMALL), 1).between_zones_gib == 0


def test_internet_transfer_gets_cheaper_by_tier() -> None:
    # AWSDataTransfer offer file 2026-08-19: 10 TiB at 0.09, the next 40 TiB at 0.085
    out = item(cost(PLAN), "network", "Transfer to the internet")
    gib = traffic(reference(Tier.ENTERPRISE), 3).internet_out_gib
    assert 10_240 < gib < 51_200
    assert out.planned_usd == pytest.approx(10_240 * 0.09 + (gib - 10_240) * 0.085, abs=0.01)


def test_a_spot_pool_is_billed_at_the_spot_price() -> None:
    spot = pool("general", "m5.8xlarge", (1, 2, 3), capacity_type=CapacityType.SPOT)
    billed = item(
        cost(replace(PLAN, node_pools=(spot,))), "node_pools", "general: m5.8xlarge, spot"
    )
    assert (
        billed.planned_usd == 695.25
    )  # Spot Advisor 2025-06-28: 1.536 less 69 % = 0.4762, x 1,460
    assert billed.source == "spot-advisor"


def test_extended_support_costs_six_times_as_much() -> None:
    # 1.33 left standard support on 2026-07-29 (endoflife.date, 2026-08-22)
    old = replace(PLAN, cluster=replace(PLAN.cluster, kubernetes_version="1.33"))
    assert item(cost(old), "cluster", "EKS control plane").planned_usd == 438.00
    unheard = replace(PLAN, cluster=replace(PLAN.cluster, kubernetes_version="1.99"))
    assert item(cost(unheard), "cluster", "EKS control plane").planned_usd is None


def test_a_database_below_the_striping_size_pays_no_base_iops() -> None:
    small = replace(POSTGRES, storage_gib=100, iops=None)
    starts = [
        i.item for i in cost(replace(PLAN, postgres=small)).items if i.component == "postgres"
    ]
    assert not any("above the base" in each for each in starts)


def test_a_class_without_a_price_stays_open_and_names_the_estimate() -> None:
    store = replace(
        POSTGRES,
        form=PostgresForm.MULTI_AZ_CLUSTER,
        instance_class="db.m6gd.2xlarge",
        nodes=3,
        iops=12000,
    )
    bill = cost(replace(PLAN, postgres=store))
    nodes = item(bill, "postgres", "db.m6gd.2xlarge, Multi-AZ DB cluster")
    assert nodes.planned_usd is None
    assert "3 x db.m6g.2xlarge" in nodes.item
    assert "1,392.84 USD" in nodes.item  # 3 x 0.636 x 730
    # the storage of a cluster is priced: 0.345 per GiB (AWS bulk price list 2026-07-28)
    assert item(bill, "postgres", "gp3 storage").planned_usd == 345.00
    line = next(c for c in bill.comparison if c.line == Line.POSTGRES)
    assert line.planned_usd is None
    assert "At least 364 USD" in line.explanation
    assert "at least" in bill.comparison[-1].explanation


def test_a_region_without_storage_prices_is_not_taken_for_free() -> None:
    away = replace(PLAN, request=replace(PLAN.request, region="eu-west-1"))
    bill = cost(away)
    assert (
        item(bill, "node_pools", "general: m5.8xlarge").planned_usd == 24_995.20
    )  # 1.712 x 730 x 20
    assert item(bill, "network", "NAT gateways").planned_usd is None
    assert bill.unpriced


def test_the_comparison_has_the_table_s_lines_and_sums() -> None:
    bill = cost(PLAN)
    column = TIERS[Tier.ENTERPRISE].cost
    assert [c.line for c in bill.comparison] == [*(line.name for line in column.lines), TOTAL]
    assert {line.name for line in column.lines} == {line.value for line in Line if line.value}
    assert [c.documented_usd for c in bill.comparison] == [
        *(line.monthly.usd for line in column.lines),
        column.total.usd,
    ]
    lines = {c.line: c.planned_usd for c in bill.comparison}
    beside = sum(i.planned_usd or 0 for i in bill.items if not i.line)
    in_lines = sum(v or 0 for k, v in lines.items() if k != TOTAL)
    assert in_lines + beside == pytest.approx(bill.monthly_usd, abs=0.01)
    assert lines[TOTAL] == bill.monthly_usd


def test_enterprise_gpus_are_shown_at_both_prices() -> None:
    # Table 4.1: 48,000; 8 x 21.957642 x 730 = 128,232.63; 48,000 / 16,029.08 = 2.99 nodes
    line = next(c for c in cost(PLAN).comparison if c.line == Line.GPU)
    assert (line.documented_usd, line.planned_usd) == (48_000, 128_232.63)
    for words in ("8 x p4d.24xlarge", "128,232.63 USD", "37.4%", "2.99 nodes"):
        assert words in line.explanation


def test_enterprise_cpus_are_explained_by_list_price() -> None:
    # Table 4.1: 12,800; 20 x 1.536 x 730 = 22,425.60; 12,800 / 1,121.28 = 11.42 nodes
    line = next(c for c in cost(PLAN).comparison if c.line == Line.CPU)
    for words in ("20 x m5.8xlarge", "22,425.60 USD", "57.1%", "11.42 nodes"):
        assert words in line.explanation


def test_a_smaller_environment_says_that_the_table_is_for_the_whole_tier() -> None:
    bill = cost(planned(Tier.LARGE, Environment.STAGING))
    assert all("staging carries 50%" in c.explanation for c in bill.comparison)
    assert not any("carries" in c.explanation for c in cost(PLAN).comparison)


def test_external_models_cost_before_and_after_the_cache() -> None:
    # 10 G x 30 % x 730 / 24 = 91.25 G tokens; gpt-4o (litellm 2026-07-24): 0.75 x 2.5 + 0.25 x 10
    found = external_cost(PLAN, "gpt-4o")
    assert found.documented_usd == 150_000
    assert found.usd_per_million == 4.375
    assert found.before_cache_usd == pytest.approx(91_250 * 4.375)
    assert found.after_cache_usd == pytest.approx(found.before_cache_usd * 0.85)


def test_without_a_model_named_the_nearest_to_the_document_is_taken() -> None:
    # table 4.2: 150,000 USD for 91.25 G tokens = 1.6438 USD a million
    found = external_cost(PLAN)
    assert found.documented_usd_per_million == 1.6438
    others = [external_cost(PLAN, name).usd_per_million for name in ("gpt-4o-mini", "gpt-5")]
    nearest = abs(found.usd_per_million - 1.6438)
    assert all(nearest < abs(other - 1.6438) for other in others)


def test_our_own_tokens_cost_the_gpu_pools_and_their_disks() -> None:
    # (128,232.63 + 64 + 40 + 32) USD / (10 G x 730 / 24 x 0.85 x 0.70 tokens)
    tokens = 10_000 * 730 / 24 * 0.85 * 0.70
    expected = (128_232.63 + 64 + 40 + 32) / tokens
    assert usd_per_million_self_hosted(PLAN, cost(PLAN)) == pytest.approx(expected, abs=1e-4)
    without = replace(PLAN, node_pools=(GENERAL,))
    assert usd_per_million_self_hosted(without, cost(without)) is None


def test_quotas_are_asked_at_pool_maximum() -> None:
    found = {(q.service, q.name): q.needed for q in quotas(PLAN)}
    # 40 x 32 vCPU and 9 x 96 vCPU; groups as the EC2 user guide names them
    standard = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"
    assert found["ec2", standard] == 1280
    assert found["ec2", "Running On-Demand P instances"] == 864
    assert found["ec2", "EC2-VPC Elastic IPs"] == 3
    assert found["vpc", "Interface VPC endpoints per VPC"] == 2
    assert list(found) == sorted(found)


def test_a_spot_pool_asks_for_the_spot_quota_of_its_group() -> None:
    spot = pool("gpu", "g5.xlarge", (0, 1, 2), gpus=1, capacity_type=CapacityType.SPOT)
    found = {q.name: q.needed for q in quotas(replace(PLAN, node_pools=(spot,)))}
    assert found["All G and VT Spot Instance Requests"] == 8


@pytest.mark.parametrize("tier", Tier)
def test_quotas_of_a_plan_cover_every_pool_at_maximum(tier: Tier) -> None:
    decided = planned(tier, Environment.PROD)
    vcpus = sum(q.needed for q in quotas(decided) if q.unit == "vCPU")
    assert vcpus >= sum(p.scale.maximum for p in decided.node_pools)
    interfaces = [e for e in decided.network.endpoints if e.kind is EndpointKind.INTERFACE]
    asked = [q.needed for q in quotas(decided) if q.name.startswith("Interface")]
    assert asked == [len(interfaces)][: len(asked)]


def test_prices_by_the_hour_are_billed_for_the_month() -> None:
    hourly = price("nat.hour", "us-east-1")
    assert hourly is not None
    assert item(cost(PLAN), "network", "NAT gateways").unit_usd == pytest.approx(hourly.value * 730)
