"""What `aigw` prints beside the bill: by request and token, otherwise bought, alternatives."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from preview import alternatives_out, costs_out
from preview.cli import parser
from preview.tables import Section
from preview.verbs import check, size
from sizing.alternatives import Offers, alternatives, offers
from sizing.cost import cost
from sizing.costs import Costs, costs
from sizing.options import with_pool
from sizing.plan import plan
from sizing.plans import PlanRequest, PoolOverride
from sizing.words import Cloud, Environment, Tier
from sizing.workload import reference
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.sizing.requests import machine, request
from tests.twins import twin

# each with three zones, and without a price that a source shows
UNPRICED = {
    Cloud.AWS: ("eu-west-1", ("euw1-az1", "euw1-az2", "euw1-az3")),
    Cloud.GCP: ("europe-west4", ("europe-west4-a", "europe-west4-b", "europe-west4-c")),
}


def of(made: PlanRequest) -> Costs:
    decided = plan(made)
    return costs(decided, cost(decided))


def cells(section: Section) -> dict[str, tuple[str, ...]]:
    assert section.table is not None
    return {row[0]: row for row in section.table.rows}


def text(section: Section) -> str:
    rows = section.table.rows if section.table else ()
    return "\n".join([*section.lines, *(" | ".join(row) for row in rows)])


def test_a_million_own_tokens_and_a_thousand_requests_are_told() -> None:
    found = of(request(tier=Tier.LARGE))
    shown = text(costs_out.units(found.units))
    assert found.units.self_hosted_usd_per_million is not None
    assert f"${found.units.self_hosted_usd_per_million:,.4f} per million tokens" in shown
    assert f"${found.units.usd_per_thousand_requests:,.4f} per 1,000 requests" in shown
    assert "at least" in shown  # some items of the bill have no known price


def test_nothing_self_hosted_is_told_instead_of_a_price() -> None:
    outside = replace(
        request(tier=Tier.SMALL), workload=replace(reference(Tier.SMALL), self_hosted_share=0)
    )
    shown = text(costs_out.units(of(outside).units))
    assert "nothing is self-hosted" in shown
    assert "per million tokens" not in shown


def test_a_price_that_no_source_shows_is_unknown_and_never_zero() -> None:
    region, zones = UNPRICED[here()]
    away = replace(
        request(tier=Tier.SMALL),
        region=region,
        zone_ids=zones,
    )
    found = of(away)
    assert cells(costs_out.units(found.units))["keys"][1:] == ("unknown", "unknown", "unknown")
    assert cells(costs_out.purchases(found))["system"][-2:] == ("unknown", "unknown")
    said = {Cloud.AWS: "no source shows a rate", Cloud.GCP: "unknown and left as it is: "}[here()]
    assert said in text(costs_out.purchases(found))
    assert costs_out.rate(None) == "unknown"


def test_pools_stand_beside_their_other_prices() -> None:
    section = costs_out.purchases(of(request(Environment.STAGING, Tier.LARGE)))
    general = cells(section)["general"]
    assert general[4] == "spot"
    assert all(one.startswith("$") for one in general[5:8])  # on demand, spot, one year
    # what AWS asks for three years is known without an upfront payment for no machine
    assert (general[8] == "unknown") == (here() is Cloud.AWS)
    assert "nothing upfront" in section.lines[0]


def test_every_environment_has_a_row() -> None:
    rows = cells(costs_out.by_environment(of(request(tier=Tier.MEDIUM))))
    assert list(rows) == ["dev", "staging", "prod"]
    assert rows["prod"][-1] == "none"


def test_documents_without_costs_are_named() -> None:
    section = costs_out.documents(of(request(tier=Tier.SMALL)))
    assert section.lines == ("No cost is stated by document-000, document-002, document-004",)
    assert section.table is not None
    assert [row[1] for row in section.table.rows][:2] == ["GPT-4", "GPT-3.5 Turbo"]


def test_alternatives_say_what_to_write() -> None:
    offered = alternatives(request(tier=Tier.SMALL))
    shown = text(alternatives_out.section(offered))
    assert offered
    assert all(one.change in shown and one.gives_up in shown for one in offered)
    assert "stack file" in shown


def test_no_alternative_is_said_so() -> None:
    (section,) = alternatives_out.sections(Offers(alternatives=(), forgone=()))
    assert section.table is None
    assert section.lines == ("None: no option that holds costs less.",)


def test_choices_of_the_stack_are_told_with_their_worth() -> None:
    chosen = with_pool(
        request(tier=Tier.SMALL), PoolOverride(role="general", instance_type=machine("m5.4xlarge"))
    )
    _, forgone = alternatives_out.sections(offers(chosen))
    (row,) = cells(forgone).values()
    assert row[1].startswith("-$")  # without it the stack costs less
    assert "sizing.overrides.pools.general left out" in row


def run(verb: Any, *arguments: str) -> None:  # noqa: ANN401  # a module
    verb.run(parser().parse([*arguments]))


def test_check_tells_them_in_text_and_data(capsys: pytest.CaptureFixture[str]) -> None:
    run(check, "check", twin("prod-small"))
    said = capsys.readouterr().out
    run(check, "check", twin("prod-small"), "--json")
    document = json.loads(capsys.readouterr().out)
    assert "Priced alternatives" in said
    assert document["alternatives"]
    assert all(one["change"] in said for one in document["alternatives"])
    assert document["forgone"] == []


def test_size_tells_them_in_text_and_data(capsys: pytest.CaptureFixture[str]) -> None:
    run(size, "size", "--cloud", here(), "--tier", "small")
    said = capsys.readouterr().out
    run(size, "size", "--cloud", here(), "--tier", "small", "--json")
    document = json.loads(capsys.readouterr().out)
    for title in ("By request and token", "By environment", "Priced alternatives"):
        assert f"\n{title}\n" in said
    assert document["bill"]["costs"]["units"]["usd_per_thousand_requests"] > 0
    assert [one["environment"] for one in document["bill"]["costs"]["environments"]] == [
        "dev",
        "staging",
        "prod",
    ]
    assert document["alternatives"]
