"""Addresses and pods per node as constraints."""

from __future__ import annotations

import pytest

from sizing.addresses import budget, cut, pod_capacity
from sizing.capacity import addresses
from sizing.catalog import instance
from sizing.words import Cloud, Verdict

SMALL, LARGE = instance(Cloud.AWS, "m5.xlarge"), instance(Cloud.AWS, "m5.8xlarge")


def test_a_range_that_was_cut_for_a_budget_holds_it() -> None:
    need = budget(pods=600, nodes=30, zones_left=2, endpoints=10)
    reserved = pod_capacity(cut("10.80.0.0/16", 3, need))

    assert addresses.pod_addresses(need, reserved).verdict is Verdict.HOLDS
    assert addresses.node_addresses(need, reserved).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("spare", "verdict"), [(0, Verdict.HOLDS), (-1, Verdict.REFUTED), (5, Verdict.HOLDS)]
)
def test_one_address_too_few_is_refuted(spare: int, verdict: Verdict) -> None:
    need = budget(pods=600, nodes=30, zones_left=2, endpoints=10)

    assert addresses.pod_addresses(need, need.pod_addresses + spare).verdict is verdict
    assert addresses.node_addresses(need, need.node_addresses + spare).verdict is verdict


@pytest.mark.parametrize(
    ("pods", "verdict"),
    [(102, Verdict.HOLDS), (103, Verdict.REFUTED)],  # 110 less 8 of DaemonSets
)
def test_a_node_takes_the_kubelets_limit_with_its_daemons(pods: int, verdict: Verdict) -> None:
    assert addresses.pods_per_node(pods, 1, SMALL).verdict is verdict


def test_prefixes_hold_all_pods_of_an_ec2_node_and_are_unknown_elsewhere() -> None:
    nitro = addresses.prefix_slots(SMALL)
    google = addresses.prefix_slots(instance(Cloud.GCP, "n2-standard-8"))

    assert nitro.conservative == 4 * 14 * 16
    assert nitro.verdict is Verdict.HOLDS
    assert google.verdict is Verdict.UNPROVEN
