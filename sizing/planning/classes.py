"""The cheapest class that is sold and holds what is asked, one chooser for every store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar


class Sold(Protocol):
    """What every class of the catalogue has."""

    @property
    def name(self) -> str:
        """The vendor's name."""
        ...

    @property
    def vcpu(self) -> int:
        """Virtual CPUs."""
        ...

    @property
    def memory_bytes(self) -> int:
        """Memory of one node."""
        ...

    def offered(self, region: str) -> bool:
        """Say whether the region sells it."""
        ...


T = TypeVar("T", bound=Sold)


def cheapest(
    classes: Iterable[T],
    *,
    region: str,
    vcpu: int,
    memory_bytes: int,
    usd: Callable[[T], float | None],
) -> T | None:
    """Return the cheapest class with at least that vCPU and memory; ties by name.

    A class without a price comes after every class with one. None where the region sells none.
    """
    enough = [
        one
        for one in classes
        if one.offered(region) and one.vcpu >= vcpu and one.memory_bytes >= memory_bytes
    ]

    def rank(one: T) -> tuple[bool, float, str]:
        price = usd(one)
        return (price is None, price or 0, one.name)

    return min(enough, key=rank, default=None)


def climb(
    classes: Iterable[T],
    start: T,
    *,
    region: str,
    usd: Callable[[T], float | None],
    enough: Callable[[T], bool],
) -> T:
    """Return the first class from `start` upwards that is enough; the last where none is.

    Each step has more memory and no fewer vCPU than the one before, and is the cheapest of those.
    The steps do not depend on what is asked, so that who asks for more never gets less.
    """
    sold = [one for one in classes if one.offered(region)]
    while not enough(start):
        found = cheapest(
            (one for one in sold if one.memory_bytes > start.memory_bytes),
            region=region,
            vcpu=start.vcpu,
            memory_bytes=start.memory_bytes,
            usd=usd,
        )
        if found is None:
            return start
        start = found
    return start
