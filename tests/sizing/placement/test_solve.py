"""The cheapest mix: as cheap as trying every mix finds, and never below its own bound."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.pack import Item
from sizing.placement.cuts import Fillings
from sizing.placement.exact import bind
from sizing.placement.model import Mix, MixProblem, NoMixError, holds, kinds, price, undominated
from sizing.placement.nodes import place_pods, without_zone
from sizing.placement.pods import NodeKind, Pod
from sizing.placement.raises import uniform
from sizing.placement.solve import cheapest
from sizing.reserve import Room
from sizing.units import GIB
from tests.sizing.placement.exhaustive import cheapest_by_trying, packs
from tests.sizing.placement.oracle import broken
from tests.sizing.placement.samples import item, items, offers, problem, problems

pytestmark = pytest.mark.cloud_free("pods on given nodes")


def unbound(asked: MixProblem, found: Mix) -> list[str]:
    """Return which pods a mix leaves out or which rules it breaks, in any case asked for."""
    wrong = []
    for pods, losses in asked.demands:
        for zone in losses:
            stand = without_zone(kinds(asked, found.nodes), zone)
            binding = bind(pods, stand)
            if binding.placement is None or binding.placement.unplaced:
                wrong.append(f"without {zone or 'nothing'}: no way to bind {pods}")
            else:
                wrong += broken(pods, stand, binding.placement)
    return wrong


@given(problems())
@settings(max_examples=25, deadline=None)
def test_no_mix_is_cheaper_than_the_solvers(asked: MixProblem) -> None:
    usd, mix = cheapest_by_trying(asked)

    found = cheapest(asked)

    assert found.hourly_usd == pytest.approx(usd), mix
    assert found.bound_hourly_usd == pytest.approx(usd)
    assert unbound(asked, found) == []


@given(problems())
@settings(max_examples=25, deadline=None)
def test_one_family_alone_is_never_below_the_bound(asked: MixProblem) -> None:
    found = cheapest(asked)

    for offer in asked.offers:
        nodes = uniform(asked, offer)
        if nodes:
            assert holds(asked, nodes)
            assert price(asked, nodes) >= found.bound_hourly_usd - 1e-9


@given(items(), st.lists(st.integers(0, 2), min_size=4, max_size=4), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_machines_that_hold_all_pods_pass_every_cut(
    found: list[Item], counts: list[int], seed: int
) -> None:
    rooms = [offer.room for offer in offers()]
    fillings = Fillings(found, rooms)
    replicas = [one.replicas for one in fillings.items]
    random = Random(seed)
    worths = tuple(random.randint(0, 50) for _ in found)
    cuts = [*fillings.sums(), fillings.cut(worths)]
    cut = fillings.against(counts, replicas) if any(counts) else None

    there = [room for room, count in zip(rooms, counts, strict=True) for _ in range(count)]
    if packs(found, there):
        assert cut is None
        assert not any(one.misses(counts, replicas) for one in cuts)


def test_a_lost_zone_asks_for_more_machines() -> None:
    web = item("web", 4, 1000, 1)

    calm, survives = cheapest(problem(web)), cheapest(problem(web, survives=True))

    assert survives.hourly_usd == pytest.approx(2 * calm.hourly_usd)
    assert {one.zone for one in survives.nodes} == {"a", "b"}


def test_after_a_loss_only_the_needed_pods_must_stand() -> None:
    all_pods = problem(item("web", 4, 1000, 1))
    needed = (Pod(item=item("web", 2, 1000, 1)),)

    found = cheapest(replace(all_pods, after_loss=needed))

    assert found.hourly_usd == pytest.approx(0.2)  # 2 vCPU in each zone
    assert {one.zone for one in found.nodes} == {"a", "b"}


def test_minimum_counts_hold_where_pods_need_less() -> None:
    web = item("web", 1, 100, 1)

    each = cheapest(problem(web, minimum_per_zone=1))
    three = cheapest(problem(web, minimum_nodes=3))

    assert [(one.offer, one.zone, one.nodes) for one in each.nodes] == [
        ("cpu-2", "a", 1),
        ("cpu-2", "b", 1),
    ]
    assert sum(one.nodes for one in three.nodes) == 3


def test_without_pods_the_minimum_counts_are_the_mix() -> None:
    found = cheapest(problem(minimum_per_zone=1))

    assert found.hourly_usd == found.bound_hourly_usd == pytest.approx(0.2)


def test_a_gpu_pod_takes_a_gpu_machine() -> None:
    found = cheapest(problem(item("engine", 2, 1000, 1, gpus=1), item("web", 2, 2000, 2)))

    counts = {one.offer: 0 for one in found.nodes}
    for one in found.nodes:
        counts[one.offer] += one.nodes
    assert counts["gpu-4"] == 2  # each with room for one of the web pods


def test_a_machine_sold_in_one_zone_stands_there() -> None:
    asked = problem(item("engine", 2, 1000, 1, gpus=1))
    zonal = tuple(
        replace(one, zones=("b",)) if one.name == "gpu-4" else one for one in asked.offers
    )

    found = cheapest(replace(asked, offers=zonal))

    assert [(one.offer, one.zone, one.nodes) for one in found.nodes] == [("gpu-4", "b", 2)]


def test_spread_pods_bind_in_every_zone() -> None:
    asked = problem(item("web", 5, 900, 1), survives=True, spread=True)

    found = cheapest(asked)

    assert unbound(asked, found) == []
    assert found.bound_hourly_usd <= found.hourly_usd


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (problem(item("huge", 1, 9000, 1)), "huge fits none"),
        (replace(problem(item("web", 1, 1, 1)), offers=()), "no machine on offer"),
        (replace(problem(item("web", 1, 1, 1)), offers=offers(("z",))), "no machine on offer"),
    ],
)
def test_what_no_machine_holds_is_refused_by_name(asked: MixProblem, words: str) -> None:
    with pytest.raises(NoMixError, match=words):
        cheapest(asked)


def test_the_same_question_in_another_order_gets_the_same_mix() -> None:
    asked = problem(item("web", 5, 1100, 2), item("cache", 2, 500, 6), survives=True)
    turned = replace(
        asked,
        pods=asked.pods[::-1],
        after_loss=asked.after_loss[::-1],
        offers=asked.offers[::-1],
    )

    assert cheapest(turned) == cheapest(asked) == cheapest(asked)


def test_offers_that_another_beats_are_left_out() -> None:
    small = Room(millis=1000, memory_bytes=GIB, pods=8, gpus=0)
    dear = replace(offers()[0], name="dear", hourly_usd=0.11, room=small)
    twin = replace(offers()[0], name="cpu-twin")
    far = replace(dear, name="far", zones=("c",))

    kept = {one.name for one in undominated((*offers(), dear, twin, far))}

    assert kept == {"cpu-2", "cpu-4", "ram-2", "gpu-4", "far"}


def test_an_exact_packing_is_found_where_first_fit_finds_none() -> None:
    # first fit pairs both 400s, and 500 + 500, 300 + 300 leave no room for the last 300s
    sizes = {"five": 500, "four": 400, "three": 300, "trois": 300}
    pods = [Pod(item=item(name, 2, millis, 0)) for name, millis in sizes.items()]
    there = [
        NodeKind(
            name="m", zone="a", count=3, room=Room(millis=1000, memory_bytes=GIB, pods=9, gpus=0)
        )
    ]

    assert place_pods(pods, there).unplaced != ()
    binding = bind(pods, there)

    assert binding.placement is not None
    assert broken(pods, there, binding.placement) == []


def test_what_cannot_be_packed_is_refuted_not_just_missed() -> None:
    room = Room(millis=1000, memory_bytes=GIB, pods=9, gpus=0)
    pods = [Pod(item=item("web", 3, 600, 0))]
    there = [NodeKind(name="m", zone="a", count=2, room=room)]

    assert place_pods(pods, there).unplaced
    assert bind(pods, there).placement is None
    assert bind(pods, there).refuted


def test_a_spread_that_fails_alone_refutes_no_machines() -> None:
    room = Room(millis=1000, memory_bytes=GIB, pods=9, gpus=0)
    pods = [Pod(item=item("web", 4, 500, 0), spread=True)]
    there = [
        NodeKind(name="m", zone="a", count=2, room=room),
        NodeKind(name="s", zone="b", count=1, room=replace(room, millis=500)),
    ]

    binding = bind(pods, there)

    assert binding.placement is None
    assert not binding.refuted
