"""Table 2.6 beside HashiCorp's validated design."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import vault, votes
from sizing.tiers import TIERS
from sizing.words import Tier, Verdict

pytestmark = pytest.mark.cloud_free("a table beside a vendor's design")


@pytest.mark.parametrize(
    ("tier", "cpu", "memory", "disk"),
    [  # the small design asks for 2 cores, 8 GB and 100 GB
        (Tier.SMALL, Verdict.UNPROVEN, Verdict.UNPROVEN, Verdict.UNPROVEN),
        (Tier.MEDIUM, Verdict.UNPROVEN, Verdict.UNPROVEN, Verdict.UNPROVEN),
        (Tier.LARGE, Verdict.HOLDS, Verdict.UNPROVEN, Verdict.UNPROVEN),
        (Tier.ENTERPRISE, Verdict.HOLDS, Verdict.UNPROVEN, Verdict.HOLDS),
    ],
)
def test_every_row_is_below_the_validated_design_somewhere(
    tier: Tier, cpu: Verdict, memory: Verdict, disk: Verdict
) -> None:
    row = TIERS[tier].vault

    assert vault.processor(row).verdict is cpu
    assert vault.memory(row).verdict is memory
    assert vault.disk(row).verdict is disk


def test_the_large_design_asks_for_more() -> None:
    row = TIERS[Tier.ENTERPRISE].vault

    assert vault.disk(row).verdict is Verdict.HOLDS
    assert vault.disk(row, vault.LARGE).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(("nodes", "majority"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4)])
def test_more_than_half_must_agree(nodes: int, majority: int) -> None:
    assert votes.majority(nodes) == majority


@pytest.mark.parametrize(
    ("nodes", "zones", "verdict"),
    [
        (5, 3, Verdict.HOLDS),  # a zone has two of five
        (3, 3, Verdict.HOLDS),
        (5, 2, Verdict.REFUTED),  # a zone has three of five
        (3, 1, Verdict.REFUTED),
        (1, 3, Verdict.REFUTED),
        (4, 3, Verdict.REFUTED),  # a zone has two of four, three must agree
    ],
)
def test_votes_must_survive_the_fullest_zone(nodes: int, zones: int, verdict: Verdict) -> None:
    assert vault.zone_loss(nodes, zones=zones).verdict is verdict


@pytest.mark.parametrize(("count", "verdict"), [(5, Verdict.HOLDS), (3, Verdict.UNPROVEN)])
def test_the_design_has_five_nodes(count: int, verdict: Verdict) -> None:
    assert vault.nodes(count).verdict is verdict


@pytest.mark.parametrize(
    ("tier", "verdict"), [(Tier.SMALL, Verdict.REFUTED), (Tier.MEDIUM, Verdict.HOLDS)]
)
def test_a_dev_server_keeps_nothing_of_its_storage(tier: Tier, verdict: Verdict) -> None:
    assert vault.keeps(TIERS[tier].vault).verdict is verdict


def test_no_node_is_no_cluster() -> None:
    with pytest.raises(ValueError, match="does not vote"):
        votes.majority(0)


@given(nodes=st.integers(1, 100))
def test_two_majorities_always_share_a_node(nodes: int) -> None:
    assert 2 * votes.majority(nodes) > nodes >= votes.majority(nodes)
