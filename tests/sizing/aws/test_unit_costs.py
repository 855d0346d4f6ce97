"""What tokens, requests and commitments cost, by hand on AWS' prices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.cost import cost
from sizing.document_costs import DocumentCost, document_costs
from sizing.external import external_cost
from sizing.plans import PlatformPlan, Scale
from sizing.pricing.commitments import Term, commitment, committed, pool_prices
from sizing.unit_costs import unit_costs, usd_per_million_self_hosted
from sizing.words import CapacityType, Cloud
from tests.sizing.aws.sample_plan import GENERAL, GPU, PLAN, pool

pytestmark = pytest.mark.one_cloud("aws", "by hand, on rows of AWS' price lists")

EXTERNAL_USD = 1000.0
# Enterprise: 10 G tokens a day x 730 / 24 days / 2,000 tokens; 1,000 / 3 requests/s x 730 hours.
REQUESTS = 10e9 * 730 / 24 / 2000
BY_RATE = 1000 / 3 * 730 * 3600


def sent(plan_: PlatformPlan, self_hosted_share: float) -> PlatformPlan:
    """Return a plan whose load sends another share outside."""
    load = replace(plan_.request.whole_load, self_hosted_share=self_hosted_share)
    return replace(plan_, request=replace(plan_.request, workload=load))


def test_a_thousand_requests_cost_the_bill_over_both_axes() -> None:
    bill = cost(PLAN)
    found = unit_costs(PLAN, bill, EXTERNAL_USD)
    assert found.requests == pytest.approx(REQUESTS)
    assert found.requests_by_rate == pytest.approx(BY_RATE)
    monthly = bill.monthly_usd
    assert found.usd_per_thousand_requests == pytest.approx(monthly / REQUESTS * 1000, abs=5e-5)
    assert found.usd_per_thousand_by_rate == pytest.approx(monthly / BY_RATE * 1000, abs=5e-5)
    assert found.with_external_usd_per_thousand == pytest.approx(
        (monthly + EXTERNAL_USD) / REQUESTS * 1000, abs=5e-5
    )
    assert not found.at_least


def test_a_component_without_any_price_is_unknown_and_never_free() -> None:
    away = replace(PLAN, request=replace(PLAN.request, region="eu-west-1"))
    bill = cost(away)
    found = unit_costs(away, bill, 0)
    assert found.at_least
    by_name = {one.component: one for one in found.components}
    assert by_name["keys"].monthly_usd is None
    assert by_name["keys"].share is None
    assert by_name["keys"].usd_per_thousand_requests is None
    assert by_name["keys"].at_least
    assert by_name["node_pools"].at_least  # machines are priced there, their disks are not
    assert (by_name["node_pools"].monthly_usd or 0) > 0


def test_own_tokens_have_no_price_where_nothing_is_self_hosted() -> None:
    outside = sent(PLAN, 0)
    assert outside.request.load.self_hosted_share == 0
    assert usd_per_million_self_hosted(outside, cost(outside)) is None


def test_own_tokens_have_no_price_where_a_gpu_has_none() -> None:
    away = replace(PLAN, request=replace(PLAN.request, region="eu-west-1"))
    # its disks have no known price in eu-west-1
    assert usd_per_million_self_hosted(away, cost(away)) is None


def test_twice_as_many_own_tokens_cost_half_as_much_each() -> None:
    once, half = sent(PLAN, 0.8), sent(PLAN, 0.4)
    dear = usd_per_million_self_hosted(half, cost(half))
    cheap = usd_per_million_self_hosted(once, cost(once))
    assert cheap is not None
    assert dear == pytest.approx(2 * cheap, rel=1e-3)


def test_outside_tokens_follow_the_load_and_stand_beside_the_tables_share() -> None:
    # 10 G x 730 / 24 x 10 % = 30.4167 G tokens; gpt-4o: 4.375 USD a million
    found = external_cost(sent(PLAN, 0.9), "gpt-4o")
    assert found.share == pytest.approx(0.1)
    assert found.documented_share == 0.30
    assert found.before_cache_usd == pytest.approx(10_000 * 730 / 24 * 0.1 * 4.375, abs=0.01)
    assert found.after_cache_usd == pytest.approx(found.before_cache_usd * 0.85, abs=0.01)
    assert found.documented_usd_per_million == external_cost(PLAN).documented_usd_per_million
    assert external_cost(sent(PLAN, 1)).after_cache_usd == 0


def test_reserved_machines_are_priced_for_what_is_always_on() -> None:
    # m5.8xlarge: 20 planned of which 10 at all times: 10 x 0.981 (export of 2020-11) + 10 x 1.536
    # p4d.24xlarge: 8 x 13.921094 (vantage-gpu 2025-11-30); x 730 hours
    general, gpu = pool_prices(replace(PLAN, node_pools=(GENERAL, GPU)))
    assert (general.nodes, general.committed) == (20, 10)
    assert general.on_demand_usd == pytest.approx(20 * 1.536 * 730)
    assert general.one_year_usd == pytest.approx((10 * 0.981 + 10 * 1.536) * 730)
    assert gpu.one_year_usd == pytest.approx(8 * 13.921094 * 730, abs=0.01)
    assert general.three_years_usd is gpu.three_years_usd is None


def test_the_bill_with_commitments_is_less_by_what_they_save() -> None:
    bill = cost(PLAN)
    found = committed(PLAN, bill)
    saved = (10 * (1.536 - 0.981) + 8 * (21.957642 - 13.921094)) * 730
    assert found.saved_usd == pytest.approx(saved, abs=0.01)
    assert found.monthly_usd == pytest.approx(bill.monthly_usd - saved, abs=0.01)
    assert found.sources == ("reserved-export (2020-11)", "vantage-gpu (2025-11-30)")
    assert found.unknown == ()


def test_a_machine_without_a_rate_stays_as_it_is_bought() -> None:
    h100 = pool("gpu-h100", "p5.48xlarge", (2, 2, 2), gpus=8)
    made = replace(PLAN, node_pools=(GENERAL, h100))
    found = committed(made, cost(made))
    assert found.unknown == ("gpu-h100",)
    assert found.saved_usd == pytest.approx(10 * (1.536 - 0.981) * 730)
    (only,) = pool_prices(replace(PLAN, node_pools=(h100,)))
    assert only.one_year_usd is None
    alone = committed(replace(PLAN, node_pools=(h100,)), cost(PLAN))
    assert (alone.monthly_usd, alone.saved_usd) == (None, None)


def test_spot_is_not_committed_and_stands_beside() -> None:
    spot = pool("general", "m5.8xlarge", (1, 2, 3), capacity_type=CapacityType.SPOT)
    made = replace(PLAN, node_pools=(spot,))
    assert committed(made, cost(made)).saved_usd is None
    (only,) = pool_prices(made)
    assert only.spot_usd == 695.25  # Spot Advisor 2025-06-28: 0.4762 x 1,460
    assert only.bought is CapacityType.SPOT


def test_more_nodes_at_all_times_leave_less_on_demand() -> None:
    def one_year(minimum: int) -> float:
        made = replace(GENERAL, scale=Scale(minimum=minimum, planned=20, maximum=40))
        (only,) = pool_prices(replace(PLAN, node_pools=(made,)))
        assert only.one_year_usd is not None
        return only.one_year_usd

    assert one_year(5) - one_year(15) == pytest.approx(
        10 * (1.536 - 0.981) * HOURS_PER_MONTH.value, abs=0.02
    )


def line(found: tuple[DocumentCost, ...], start: str) -> DocumentCost:
    return next(one for one in found if one.line.startswith(start))


def test_document_003_s_rows_are_priced_by_what_the_platform_uses() -> None:
    # 1,000 requests a day x 730 / 24 days x 2,000 tokens at 4.375 USD a million (gpt-4o);
    # at the row's own price: 1,000 x 730 / 24 x (1.5 x 0.03 + 0.5 x 0.06) USD
    found = document_costs(PLAN, external_cost(PLAN, "gpt-4o"), 2.0)
    gpt4 = line(found, "GPT-4")
    assert gpt4.documented == "$150-300"
    assert gpt4.here_usd == pytest.approx(730 / 24 * 2 * 4.375, abs=0.01)
    assert "would cost 2,281 USD" in gpt4.explanation
    assert line(found, "Local").here_usd == pytest.approx(730 / 24 * 2 * 2.0, abs=0.01)


def test_what_is_not_comparable_says_why_and_has_no_sum() -> None:
    found = document_costs(PLAN, external_cost(PLAN), None)
    others = [one for one in found if not one.comparable]
    assert {one.source for one in others} >= {"document-000", "document-002", "document-004"}
    assert all(one.here_usd is None and "not comparable" in one.explanation for one in others)
    assert line(found, "DigitalOcean") in others
    assert line(found, "Local").here_usd is None
    assert line(found, "AWS EC2").here_usd is None  # no source shows t3.xlarge


def test_nothing_outside_the_catalogue_is_committed() -> None:
    assert commitment(Cloud.AWS, "m5.large", "eu-west-1", Term.ONE_YEAR) is None
    assert instance(Cloud.AWS, "m5.large").price("eu-west-1") is not None
