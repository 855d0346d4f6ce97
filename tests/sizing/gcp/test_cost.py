"""A bill on Google Cloud, by hand and as a whole."""

from __future__ import annotations

import re

import pytest

from sizing.catalog import price_items
from sizing.cost import cost
from sizing.model import plain
from sizing.plans import Bill, PlatformPlan
from sizing.pricing.commitments import Term, commitment, committed
from sizing.words import Cloud, Environment, Mode, Tier
from tests.sizing.gcp.requests import REGIONS, planned

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")

HOURS = 730


def items(bill: Bill) -> dict[str, float | None]:
    return {f"{one.component}: {one.item}": one.planned_usd for one in bill.items}


# us-central1; 2026-08-20 machines, 2026-07 the rest, as the catalogue's sources say.
def test_the_bill_of_a_stack_by_hand() -> None:
    found = planned(Tier.MEDIUM, mode=Mode.DOCUMENTED)
    bill = items(cost(found))

    by_hand = {
        "cluster: GKE control plane, regional, 1.35": 0.10 * HOURS,
        "node_pools: general: n2-standard-8": 5 * 0.388472 * HOURS,
        "node_pools: general: root disks, pd-balanced": 5 * 100 * 0.10,
        "node_pools: gpu-t4: n1-standard-8+t4": 2 * 0.73 * HOURS,
        "node_pools: search: n2-standard-2": 3 * 0.097118 * HOURS,
        # primary and standby of 4 vCPU and 7.5 GiB with 250 GiB
        "postgres: db-custom-4-7680, regional server: vCPU": 4 * 0.0826 * HOURS,
        "postgres: db-custom-4-7680, regional server: memory": 7.5 * 0.014 * HOURS,
        "postgres: db-custom-4-7680, regional server: SSD": found.postgres.storage_gib * 0.34,
        "cache: cache: redis-standard-5gib": 5 * 0.054 * HOURS,
        "cache: state: redis-standard-2gib": 2 * 0.064 * HOURS,
        "files: Filestore REGIONAL": 1024 * 0.45,
        "network: Load balancer, forwarding rule": 0.025 * HOURS,
        # four stores, five databases, seven services, four of Vault, seven of OpenSearch
        "secrets: Secrets: stores, databases, services, users of search": 27 * 0.06,
    }
    assert {name: bill[name] for name in by_hand} == pytest.approx(by_hand, abs=0.01)


def test_a_replica_costs_what_a_zonal_server_does() -> None:
    bill = items(cost(planned(Tier.LARGE)))
    regional = bill["postgres: db-custom-8-15360, regional server: vCPU"]
    replica = bill["postgres: db-custom-8-15360, read replica: vCPU"]

    assert regional is not None
    assert replica == pytest.approx(regional / 2, abs=0.01)


def test_nat_stops_costing_more_at_its_cap() -> None:
    large = next(i for i in cost(planned(Tier.ENTERPRISE)).items if i.item == "Cloud NAT gateway")

    assert large.planned_usd == pytest.approx(0.044 * HOURS, abs=0.01)
    assert large.ceiling_usd == large.planned_usd


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("tier", Tier)
def test_what_no_source_prices_stays_open_and_is_listed(region: str, tier: Tier) -> None:
    bill = cost(planned(tier, region=region))
    unpriced = [f"{i.component}: {i.item}" for i in bill.items if i.planned_usd is None]

    assert list(bill.unpriced) == unpriced
    assert "network: Transfer between zones" in unpriced
    assert bill.monthly_usd == pytest.approx(
        sum(i.planned_usd for i in bill.items if i.planned_usd is not None), abs=0.01
    )


def test_the_documents_table_is_shown_as_its_claim_for_another_cloud() -> None:
    bill = cost(planned())

    assert all(item.line == "" for item in bill.items)
    *lines, total = bill.comparison
    assert all(line.planned_usd is None and "claim for AWS" in line.explanation for line in lines)
    assert (total.line, total.planned_usd) == ("Total", bill.monthly_usd)


def test_items_name_prices_that_the_catalogue_has() -> None:
    assert "gke.control_plane.regional.hour" in price_items()


AWS_WORDS = re.compile(
    r"\b(gp3|gp2|io1|ebs|efs|eks|ec2|rds|s3|kms:|elasticache|valkey|cloudwatch|aws"
    r"|[mcr][5-8][a-z]*\.\w+|g4dn|g5|g6e?|p4de?|p5(en)?|alb|lcu|al2023|amazon)\b",
    re.IGNORECASE,
)


def aws_words(found: PlatformPlan) -> set[str]:
    """Return what is another cloud's in a plan and its bill, the document's own words aside."""
    document = plain(found)
    assert isinstance(document, dict)
    adjustments = document.pop("adjustments")
    request = document.pop("request")
    bill = plain(cost(found))
    assert isinstance(bill, dict)
    bill.pop("comparison")
    assert isinstance(adjustments, list)
    for one in adjustments:
        assert isinstance(one, dict)
        one.pop("documented")
    assert isinstance(request, dict)
    text = f"{document} {adjustments} {bill} {request['cloud']}"
    return {match[0].lower() for match in AWS_WORDS.finditer(text)}


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
def test_nothing_of_another_cloud_stands_in_a_plan_or_its_bill(
    tier: Tier, environment: Environment, region: str
) -> None:
    assert aws_words(planned(tier, environment, region)) == set()


@pytest.mark.parametrize(
    "text", ["3 x m5.8xlarge", "gp3 root disks", "RDS backups", "EKS control plane", "g5 nodes"]
)
def test_the_words_of_the_other_cloud_are_seen(text: str) -> None:
    assert AWS_WORDS.search(text)


def test_google_s_commitments_are_priced_for_both_terms() -> None:
    # n2-standard-8 in us-central1 (cyclenerd 2026-07-30): 0.388472, 0.244728, 0.174824
    rates = {t: commitment(Cloud.GCP, "n2-standard-8", "us-central1", t) for t in Term}
    assert {term: figure and figure.value for term, figure in rates.items()} == {
        Term.ONE_YEAR: 0.244728,
        Term.THREE_YEARS: 0.174824,
    }
    made = planned()
    one, three = (committed(made, cost(made), term) for term in Term)
    assert one.saved_usd is not None
    assert three.saved_usd is not None
    assert 0 < one.saved_usd < three.saved_usd
    assert commitment(Cloud.GCP, "n2-standard-8", "us-east4", Term.ONE_YEAR) is None
