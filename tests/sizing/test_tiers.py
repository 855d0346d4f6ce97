"""The typed tables of document 001 print as the document does, cell by cell.

The CSV files under golden/ were typed from the document by hand, one for each table, block and
list. They are changed by hand, too, and only when the document changes.
"""

from __future__ import annotations

import csv
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from sizing import tiers
from sizing.sources import source
from sizing.tiers import GROWTH, HPA, PGBOUNCER, TIERS
from sizing.tiers.render import Printed, documented_blocks, documented_lists, documented_tables
from sizing.tiers.schema import TierTables
from sizing.words import Tier

pytestmark = pytest.mark.cloud_free("tables of document 001")

GOLDEN = Path(__file__).parent / "golden"
PRINTED = (*documented_tables(), *documented_blocks(), *documented_lists())
SECTIONS = frozenset(
    {
        f"{chapter}.{part}"
        for chapter, parts in ((1, 2), (2, 7), (3, 3), (4, 2), (5, 3))
        for part in range(1, parts + 1)
    }
    | {"A"}
)
"""The document's numbered sections and its appendix; each holds a table, a block or a list."""


def golden(printed: Printed) -> Path:
    """Return the file that a table, block or list is compared with."""
    section = "0" if printed.name == "document" else printed.section
    return GOLDEN / f"document-001-{section}-{printed.name}.csv"


@pytest.mark.parametrize("printed", PRINTED, ids=lambda p: f"{p.section} {p.name}")
def test_typed_rows_print_as_the_document_does(printed: Printed) -> None:
    with golden(printed).open(encoding="utf-8", newline="") as file:
        header, *rows = (tuple(row) for row in csv.reader(file))
    assert printed.header == header
    assert printed.rows == tuple(rows)


def test_every_golden_file_is_compared() -> None:
    assert {golden(p).name for p in PRINTED} == {p.name for p in GOLDEN.glob("document-001-*")}


def test_the_document_has_as_many_tables_and_cells_as_were_counted_in_it() -> None:
    # Counted in document 001, version 1.0: rows below the header times columns, table by table.
    counted = {
        "document": 3 * 2,
        "profiles": 4 * 5,
        "planning-factors": 5 * 3,
        "litellm": 4 * 5,
        "agent-gateway": 4 * 5,
        "vllm": 5 * 5,
        "postgres": 4 * 6,
        "redis": 4 * 4,
        "vault": 4 * 5,
        "observability": 4 * 5,
        "cluster": 4 * 4,
        "network": 4 * 4,
        "storage": 4 * 5,
        "infrastructure-cost": 8 * 5,
        "llm-cost": 4 * 4,
        "scaling-triggers": 6 * 4,
        "aws-instances": 6 * 6,
        "gcp-instances": 5 * 6,
    }
    cells = {t.name: sum(len(row) for row in t.rows) for t in documented_tables()}
    assert cells == counted
    assert len(cells) == 18
    assert sum(cells.values()) == 384


def test_the_document_has_as_many_block_lines_and_list_items_as_were_counted_in_it() -> None:
    lines = {p.name: len(p.rows) for p in (*documented_blocks(), *documented_lists())}
    assert lines == {
        "hpa": 37,
        "vllm-stack": 33,
        "pgbouncer": 7,
        "growth": 6,
        "review-checklist": 6,
    }


def test_every_numbered_section_is_printed() -> None:
    assert {p.section for p in PRINTED} == SECTIONS | {"Document Information"}


def rows_of(tables: TierTables) -> list[object]:
    return [value for f in fields(tables) if is_dataclass(value := getattr(tables, f.name))]


@pytest.mark.parametrize("tier", Tier)
def test_every_row_of_a_tier_is_that_tiers_and_names_its_section(tier: Tier) -> None:
    rows = rows_of(TIERS[tier])
    assert len(rows) == 15  # rows and columns per tier: 1.1, 2.1-2.2, 2.4-2.6, four of 2.7, 3 and 4
    assert {getattr(row, "tier") for row in rows} == {tier}  # noqa: B009
    assert {getattr(row, "section") for row in rows} <= SECTIONS  # noqa: B009


def test_the_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TIERS[Tier.SMALL] = TIERS[Tier.LARGE]  # type: ignore[index]
    with pytest.raises(AttributeError):
        TIERS[Tier.SMALL].postgres.vcpu = 1  # type: ignore[misc]


def test_the_source_of_the_tables_resolves_to_the_documents_own_date() -> None:
    assert source(tiers.SOURCE).date == tiers.DATE


# What the document says twice must have been typed the same twice.


def test_the_autoscalers_minima_are_the_replicas_of_table_2_1() -> None:
    assert {t: TIERS[t].litellm.replicas.value for t, _ in HPA.minimum_by_tier} == dict(
        HPA.minimum_by_tier
    )


def test_the_autoscalers_maximum_is_the_large_tiers() -> None:
    assert HPA.maximum == HPA.maximum_over_minimum * TIERS[Tier.LARGE].litellm.replicas.value


def test_what_the_blocks_do_not_say_of_enterprise_stays_unsaid() -> None:
    enterprise = TIERS[Tier.ENTERPRISE]
    assert enterprise.litellm_hpa_minimum is None
    assert enterprise.pgbouncer_pool_size is None
    assert TIERS[Tier.LARGE].pgbouncer_pool_size == dict(PGBOUNCER.default_pool_size)[Tier.LARGE]


@pytest.mark.parametrize("tier", Tier)
def test_the_lines_of_table_4_1_add_up_to_about_its_total(tier: Tier) -> None:
    cost = TIERS[tier].cost
    assert cost.total.approximate
    assert sum(line.monthly.usd for line in cost.lines) == pytest.approx(cost.total.usd, rel=0.01)


@pytest.mark.parametrize("tier", Tier)
def test_external_tokens_of_table_4_2_are_its_share_of_all(tier: Tier) -> None:
    cost = TIERS[tier].llm_cost
    assert cost.external_tokens == pytest.approx(cost.daily_tokens * cost.external_share)


def test_the_peak_factor_of_table_1_2_lies_in_the_range_of_the_growth_model() -> None:
    low, high = GROWTH.peak_factor.low, GROWTH.peak_factor.high
    assert low is not None
    assert high is not None
    assert low <= tiers.PLANNING_FACTORS.peak_factor.planned <= high


# What a topology means in servers is not all printed.


@pytest.mark.parametrize(
    ("tier", "postgres", "redis_primaries", "redis_nodes", "vault"),
    [
        (Tier.SMALL, 1, 1, 1, 1),
        (Tier.MEDIUM, 2, 1, 2, 3),
        (Tier.LARGE, 3, 3, None, 5),
        (Tier.ENTERPRISE, 3, None, 6, None),
    ],
)
def test_a_topology_counts_its_servers_where_the_document_says_how_many(
    tier: Tier,
    postgres: int,
    redis_primaries: int | None,
    redis_nodes: int | None,
    vault: int | None,
) -> None:
    tables = TIERS[tier]
    assert tables.postgres.nodes == postgres
    assert (tables.redis.primaries, tables.redis.nodes) == (redis_primaries, redis_nodes)
    assert tables.vault.nodes == vault
