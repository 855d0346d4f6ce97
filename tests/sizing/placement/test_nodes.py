"""Pods on nodes that exist: what binds, where, and what keeps the rest off."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.placement import nodes as nodes_of_a_large_cluster
from benchmarks.placement import pods as pods_of_a_large_cluster
from sizing.pack import Item, pack
from sizing.placement.nodes import lost_with_zone, place_pods, without_zone, zone_shares
from sizing.placement.pods import NodeKind, Pod, Unplaced
from sizing.reserve import Room
from sizing.units import GIB
from tests.sizing.placement.oracle import broken

pytestmark = pytest.mark.cloud_free("pods on given nodes")

ROOM = Room(millis=4000, memory_bytes=16 * GIB, pods=20, gpus=0)
ZONES = ("a", "b", "c")


def item(name: str = "web", replicas: int = 1, millis: int = 1000, gpus: int = 0) -> Item:
    return Item(name=name, replicas=replicas, millis=millis, memory_bytes=GIB, gpus=gpus)


def kind(
    name: str = "m",
    zone: str = "a",
    count: int = 1,
    room: Room = ROOM,
    taints: frozenset[str] = frozenset(),
    labels: frozenset[str] = frozenset(),
) -> NodeKind:
    return NodeKind(name=name, zone=zone, count=count, room=room, taints=taints, labels=labels)


def zonal(count: int = 1) -> tuple[NodeKind, ...]:
    return tuple(kind(zone=zone, count=count) for zone in ZONES)


def some(word: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([f"{word}-1", f"{word}-2"]))


def pods(most: int = 6) -> st.SearchStrategy[list[Pod]]:
    asked = st.builds(
        Item,
        name=st.sampled_from([f"service-{letter}" for letter in "abcdefgh"]),
        replicas=st.integers(0, 12),
        millis=st.integers(1, 5000),
        memory_bytes=st.integers(1, 20 * GIB),
        gpus=st.integers(0, 2),
    )
    one = st.builds(
        Pod,
        item=asked,
        tolerations=some("taint"),
        labels=some("label"),
        spread=st.booleans(),
        per_node=st.integers(0, 2),
    )
    return st.lists(one, max_size=most, unique_by=lambda pod: pod.item.name)


def nodes() -> st.SearchStrategy[list[NodeKind]]:
    room = st.builds(
        Room,
        millis=st.integers(0, 8000),
        memory_bytes=st.integers(0, 32 * GIB),
        pods=st.integers(0, 12),
        gpus=st.integers(0, 4),
    )
    one = st.builds(
        NodeKind,
        name=st.sampled_from(["large", "medium", "small"]),
        zone=st.sampled_from(ZONES),
        count=st.integers(0, 4),
        room=room,
        taints=some("taint"),
        labels=some("label"),
    )
    return st.lists(one, max_size=6, unique_by=lambda kind: (kind.name, kind.zone))


@given(pods(), nodes())
@settings(max_examples=150, deadline=None)
def test_a_placement_breaks_no_rule(wanted: list[Pod], there: list[NodeKind]) -> None:
    assert broken(wanted, there, place_pods(wanted, there)) == []


@given(pods(), nodes(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_the_order_of_pods_and_nodes_changes_nothing(
    wanted: list[Pod], there: list[NodeKind], seed: int
) -> None:
    shuffled_pods, shuffled_nodes = list(wanted), list(there)
    Random(seed).shuffle(shuffled_pods)
    Random(seed).shuffle(shuffled_nodes)

    assert place_pods(shuffled_pods, shuffled_nodes) == place_pods(wanted, there)


@given(pods(3), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_on_alike_nodes_it_needs_no_more_than_the_packer_of_one_kind(
    wanted: list[Pod], spare: int
) -> None:
    plain = [Pod(item=pod.item) for pod in wanted]
    packing = pack([pod.item for pod in plain], ROOM)
    there = [kind(count=packing.nodes + spare)]

    placed = place_pods(plain, there)

    assert {one.name for one in placed.unplaced} == {
        pod.item.name for pod in plain if pod.item.name in packing.unplaced and pod.item.replicas
    }
    assert sum(count for _, count in placed.used) <= len(packing.bins)


def test_pods_of_one_shape_spread_over_zones_evenly() -> None:
    placed = place_pods([Pod(item=item(replicas=7), spread=True)], zonal(count=2))

    by_zone = {
        zone: sum(one.nodes * dict(one.pods)["web"] for one in placed.filled if one.zone == zone)
        for zone in ZONES
    }
    assert sorted(by_zone.values()) == [2, 2, 3]


def test_without_spread_the_same_pods_fill_the_first_zone() -> None:
    placed = place_pods([Pod(item=item(replicas=7))], zonal(count=2))

    assert {one.zone for one in placed.filled} == {"a"}


@pytest.mark.parametrize(
    ("capacity", "shares"),
    [
        ({"a": 9, "b": 9, "c": 9}, {"a": 3, "b": 2, "c": 2}),
        ({"a": 9, "b": 1, "c": 9}, {"a": 2, "b": 1, "c": 2}),
        ({"a": 9, "b": 0, "c": 9}, {"a": 1, "b": 0, "c": 1}),
        ({"a": 9}, {"a": 7}),
        ({}, {}),
    ],
)
def test_a_full_zone_holds_the_others_back(
    capacity: dict[str, int], shares: dict[str, int]
) -> None:
    assert zone_shares(7, capacity) == shares


TAINTED = kind(taints=frozenset({"gpu"}))


@pytest.mark.parametrize(
    ("pod", "there", "reason"),
    [
        (Pod(item=item()), (), "node"),
        (Pod(item=item()), (TAINTED,), "taint"),
        (Pod(item=item(), labels=frozenset({"role=data"})), (kind(),), "label"),
        (Pod(item=item(millis=4001)), (kind(),), "cpu"),
        (Pod(item=item(gpus=1)), (kind(),), "gpu"),
        (Pod(item=item(replicas=21, millis=1)), (kind(count=1),), "memory"),
        (Pod(item=item(replicas=2), per_node=1), (kind(),), "per-node"),
    ],
)
def test_what_does_not_bind_names_its_constraint(
    pod: Pod, there: tuple[NodeKind, ...], reason: str
) -> None:
    found = place_pods([pod], there).unplaced

    assert [one.reason for one in found] == [reason]


def test_a_zone_that_is_full_stops_the_spread_and_says_so() -> None:
    there = (kind(zone="a"), kind(zone="b", count=9))

    placed = place_pods([Pod(item=item(replicas=20), spread=True)], there)

    assert placed.unplaced == (Unplaced(name="web", pods=11, reason="zone-spread"),)


def test_a_pod_that_tolerates_a_taint_takes_the_tainted_node() -> None:
    pod = Pod(item=item(), tolerations=frozenset({"gpu"}))

    assert place_pods([pod], (TAINTED,)).unplaced == ()


def test_pods_without_gpus_leave_gpu_nodes_to_those_that_need_them() -> None:
    gpu = kind(name="g", room=replace(ROOM, gpus=1))

    placed = place_pods(
        [Pod(item=item(replicas=4)), Pod(item=item("engine", 1, 4000, 1))], (gpu, kind())
    )

    assert placed.unplaced == ()
    assert {one.kind: one.pods for one in placed.filled} == {
        "g": (("engine", 1),),
        "m": (("web", 4),),
    }


def test_a_lost_zone_takes_its_nodes_and_names_what_no_longer_binds() -> None:
    pod = Pod(item=item(replicas=9))

    assert lost_with_zone([pod], zonal()) == tuple(
        (zone, (Unplaced(name="web", pods=1, reason="cpu"),)) for zone in ZONES
    )
    assert {one.zone for one in without_zone(zonal(), "b")} == {"a", "c"}
    assert lost_with_zone([Pod(item=item(replicas=8))], zonal()) == tuple(
        (zone, ()) for zone in ZONES
    )


def test_two_kinds_of_pods_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="share a name"):
        place_pods([Pod(item=item()), Pod(item=item(millis=2))], zonal())


def test_ten_thousand_pods_with_gpus_spread_and_taints_bind_by_the_rules() -> None:
    wanted, there = list(pods_of_a_large_cluster()), nodes_of_a_large_cluster()

    placed = place_pods(wanted, there)

    assert sum(pod.item.replicas for pod in wanted) == 10_000
    assert placed.unplaced == ()
    assert broken(wanted, there, placed) == []
