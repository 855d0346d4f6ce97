"""Pods on nodes: what a node offers, and how few nodes hold the pods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.catalog import instance
from sizing.pack import RESOURCES, ZONE_SPREAD, Item, pack
from sizing.reserve import Room, allocatable, max_pods, room
from sizing.units import GIB, MIB
from sizing.words import Cloud

pytestmark = pytest.mark.cloud_free("pods on given nodes, those of both clouds among them")

NODE = Room(millis=4000, memory_bytes=16 * GIB, pods=20, gpus=2)


def items(most: int = 6) -> st.SearchStrategy[list[Item]]:
    one = st.builds(
        Item,
        name=st.sampled_from([f"service-{letter}" for letter in "abcdefgh"]),
        replicas=st.integers(0, 8),
        millis=st.integers(1, 4000),
        memory_bytes=st.integers(1, 16 * GIB),
        gpus=st.integers(0, 2),
    )
    return st.lists(one, max_size=most, unique_by=lambda item: item.name)


# vCPU in thousandths and MiB that Kubernetes shows, by the pods that the ENI table allows:
# nodeadm's formula and Karpenter's 7.5 % overhead (the capacity facts' own table).
@pytest.mark.parametrize(
    ("name", "pods", "millis", "mib"),
    [
        ("m5.xlarge", 58, 3920, 14_162),
        ("m5.2xlarge", 58, 7910, 29_317),
        ("m5.4xlarge", 234, 15_890, 57_692),
        ("m5.8xlarge", 234, 31_850, 118_313),
        ("g4dn.xlarge", 29, 3920, 14_481),
        ("p4d.24xlarge", 737, 95_690, 1_082_712),
    ],
)
def test_an_eks_node_keeps_what_nodeadm_reserves(
    name: str, pods: int, millis: int, mib: int
) -> None:
    node = allocatable(instance(Cloud.AWS, name), pods)

    assert node.millis == millis
    assert node.memory_bytes / MIB == pytest.approx(mib, abs=1)


@pytest.mark.parametrize(
    ("name", "millis", "gib"),
    [
        ("n2-standard-4", 3920, 13.3),
        ("n2-standard-8", 7910, 28.34),
        ("n2-standard-32", 31_850, 118.58),
    ],
)
def test_a_gke_node_keeps_googles_ranges(name: str, millis: int, gib: float) -> None:
    node = allocatable(instance(Cloud.GCP, name), 110)

    assert node.millis == millis
    assert node.memory_bytes / GIB == pytest.approx(gib, abs=0.1)


@pytest.mark.parametrize(
    ("name", "pods"),
    [("m5.large", 110), ("m5.4xlarge", 110), ("m5.8xlarge", 250), ("p4d.24xlarge", 250)],
)
def test_max_pods_follow_the_cap_of_managed_groups(name: str, pods: int) -> None:
    assert max_pods(instance(Cloud.AWS, name)) == pods


def test_daemon_sets_take_more_of_a_gpu_node() -> None:
    plain, gpu = instance(Cloud.AWS, "m5.4xlarge"), instance(Cloud.AWS, "g5.4xlarge")

    assert room(gpu).millis < room(plain).millis < allocatable(plain, max_pods(plain)).millis


@pytest.mark.parametrize(
    ("item", "binding", "nodes"),
    [
        (Item(name="a", replicas=3, millis=2000, memory_bytes=GIB), "cpu", 2),
        (Item(name="a", replicas=3, millis=100, memory_bytes=9 * GIB), "memory", 3),
        (Item(name="a", replicas=41, millis=1, memory_bytes=1), "pods", 3),
        (Item(name="a", replicas=3, millis=1, memory_bytes=1, gpus=2), "gpu", 3),
    ],
)
def test_the_scarcest_resource_is_named(item: Item, binding: str, nodes: int) -> None:
    packing = pack([item], NODE)

    assert (packing.binding, packing.nodes) == (binding, nodes)


def test_zones_may_ask_for_more_nodes_than_pods_do() -> None:
    packing = pack([Item(name="a", replicas=1, millis=1, memory_bytes=1)], NODE, spread=3)

    assert (packing.binding, packing.nodes, len(packing.bins)) == (ZONE_SPREAD, 3, 1)


def test_a_pod_larger_than_a_node_is_named_and_left_out() -> None:
    large = Item(name="large", replicas=1, millis=4001, memory_bytes=1)
    small = Item(name="small", replicas=1, millis=1, memory_bytes=1)

    packing = pack([large, small], NODE)

    assert packing.unplaced == ("large",)
    assert packing.bins == (("small",),)


@given(items())
@settings(max_examples=50, deadline=None)
def test_no_node_holds_more_than_it_offers_and_no_pod_is_lost(found: list[Item]) -> None:
    by_name = {item.name: item for item in found}

    packing = pack(found, NODE)

    for names in packing.bins:
        assert sum(by_name[name].millis for name in names) <= NODE.millis
        assert sum(by_name[name].memory_bytes for name in names) <= NODE.memory_bytes
        assert sum(by_name[name].gpus for name in names) <= NODE.gpus
        assert len(names) <= NODE.pods
    placed = sum(len(names) for names in packing.bins)
    assert packing.unplaced == ()
    assert placed == sum(item.replicas for item in found)
    assert packing.binding in RESOURCES if packing.nodes == len(packing.bins) else ZONE_SPREAD


@given(items(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_pods_changes_nothing(found: list[Item], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert pack(shuffled, NODE) == pack(found, NODE)


@given(st.integers(1, 4000), st.integers(1, 30))
@settings(max_examples=50, deadline=None)
def test_more_of_the_same_pods_never_take_fewer_nodes(millis: int, replicas: int) -> None:
    fewer = Item(name="a", replicas=replicas, millis=millis, memory_bytes=GIB)
    more = Item(name="a", replicas=replicas + 1, millis=millis, memory_bytes=GIB)

    assert pack([fewer], NODE).nodes <= pack([more], NODE).nodes


def first_fit(found: list[Item]) -> list[list[str]]:
    """Place pods one at a time, largest share first, each onto the first node that takes it."""

    def share(item: Item) -> float:
        return max(
            item.millis / NODE.millis,
            item.memory_bytes / NODE.memory_bytes,
            1 / NODE.pods,
            item.gpus / NODE.gpus,
        )

    by_name = {item.name: item for item in found}
    bins: list[list[str]] = []
    for item in sorted(found, key=lambda item: (-share(item), item.name)):
        for _ in range(item.replicas):
            for names in bins:
                held = [by_name[name] for name in (*names, item.name)]
                if (
                    sum(one.millis for one in held) <= NODE.millis
                    and sum(one.memory_bytes for one in held) <= NODE.memory_bytes
                    and sum(one.gpus for one in held) <= NODE.gpus
                    and len(held) <= NODE.pods
                ):
                    names.append(item.name)
                    break
            else:
                bins.append([item.name])
    return [sorted(names) for names in bins]


@given(items())
@settings(max_examples=80, deadline=None)
def test_alike_nodes_are_filled_as_first_fit_fills_them_pod_by_pod(found: list[Item]) -> None:
    assert [list(names) for names in pack(found, NODE).bins] == first_fit(found)
