"""Small questions of placement that several tests ask."""

from __future__ import annotations

from hypothesis import strategies as st

from sizing.pack import Item
from sizing.placement.model import MixProblem, Offer
from sizing.placement.pods import Pod
from sizing.reserve import Room
from sizing.units import GIB

ZONES = ("a", "b")
# (name, USD an hour, vCPU, GiB, GPUs): two families of two sizes, the larger at a small rebate
MACHINES = (
    ("cpu-2", 0.10, 2, 4, 0),
    ("cpu-4", 0.19, 4, 8, 0),
    ("ram-2", 0.13, 2, 16, 0),
    ("gpu-4", 0.50, 4, 16, 1),
)


def offers(zones: tuple[str, ...] = ZONES) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            name=name,
            hourly_usd=usd,
            room=Room(millis=cpu * 1000, memory_bytes=memory * GIB, pods=8, gpus=gpus),
            zones=zones,
        )
        for name, usd, cpu, memory, gpus in MACHINES
    )


def item(name: str, replicas: int, millis: int, gib: int, gpus: int = 0) -> Item:
    return Item(name=name, replicas=replicas, millis=millis, memory_bytes=gib * GIB, gpus=gpus)


def problem(
    *items: Item,
    survives: bool = False,
    zones: tuple[str, ...] = ZONES,
    minimum_nodes: int = 1,
    minimum_per_zone: int = 0,
    spread: bool = False,
) -> MixProblem:
    pods = tuple(Pod(item=one, spread=spread) for one in items)
    return MixProblem(
        role="general",
        pods=pods,
        after_loss=pods if survives else (),
        offers=offers(zones),
        zones=zones,
        minimum_nodes=minimum_nodes,
        minimum_per_zone=minimum_per_zone,
    )


def items() -> st.SearchStrategy[list[Item]]:
    one = st.builds(
        item,
        name=st.sampled_from(["cache", "proxy", "web"]),
        replicas=st.integers(1, 2),
        millis=st.sampled_from([500, 900, 1100, 1500, 2000]),
        gib=st.integers(1, 5),
    )
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda item: item.name)


def problems() -> st.SearchStrategy[MixProblem]:
    """Questions so small that every mix can be tried; the machine with a GPU is one to avoid."""
    return st.builds(
        lambda found, survives, each: problem(*found, survives=survives, minimum_per_zone=each),
        items(),
        st.booleans(),
        st.integers(0, 1),
    )
