"""Addresses and pods per node as constraints."""

from __future__ import annotations

import pytest

from sizing.addresses import budget, cut, pod_capacity
from sizing.capacity import addresses
from sizing.catalog import instance
from sizing.reserve import max_pods
from sizing.words import Cloud, Verdict

pytestmark = pytest.mark.cloud_free("addresses of given ranges, pods of a given node")

SMALL = instance(Cloud.AWS, "m5.xlarge")
NEED = budget(pods=600, nodes=30, zones_left=2, endpoints=10)


def test_a_range_that_was_cut_for_a_budget_holds_it() -> None:
    reserved = pod_capacity(cut("10.80.0.0/16", 3, NEED))

    assert addresses.pod_addresses(NEED.pod_addresses, reserved).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("spare", "verdict"), [(0, Verdict.HOLDS), (-1, Verdict.REFUTED), (5, Verdict.HOLDS)]
)
def test_one_address_too_few_is_refuted(spare: int, verdict: Verdict) -> None:
    needed = NEED.pod_addresses

    assert addresses.pod_addresses(needed, needed + spare).verdict is verdict


@pytest.mark.parametrize(
    ("pods", "verdict"),
    [(102, Verdict.HOLDS), (103, Verdict.REFUTED)],  # 110 less 8 of DaemonSets
)
def test_a_node_takes_the_kubelets_limit_with_its_daemons(pods: int, verdict: Verdict) -> None:
    assert addresses.pods_per_node(pods, SMALL, max_pods(SMALL)).verdict is verdict
