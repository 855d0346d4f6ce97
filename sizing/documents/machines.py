"""Machines as a document describes them in a phrase: how many, and the size of each."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.documents.amounts import Amount, Base, amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """Machines of one size; count and disk are None where the phrase does not say them."""

    written: str
    count: Amount | None
    vcpu: Amount
    memory: Amount
    disk: Amount | None


def machines(written: str, *, counted: bool = False) -> Machines:
    """Read "2-4 instances: 4 vCPU, 8GB RAM each"; memory is the first size, disk the second.

    Args:
        written: the phrase.
        counted: the phrase says how many; otherwise a bare number in it is part of a name.

    Raises:
        ValueError: vCPU, memory or the count asked for is missing or there twice.
    """
    found = amounts(written)
    counts = [one for one in found if one.unit is Base.NUMBER] if counted else []
    cores = [one for one in found if one.unit is Base.VCPU]
    sizes = [one for one in found if one.unit is Base.BYTES]
    if len(counts) != int(counted) or len(cores) != 1 or not sizes or len(sizes[1:]) > 1:
        raise ValueError(f'"{written}" does not describe machines')
    return Machines(
        written=written,
        count=counts[0] if counts else None,
        vcpu=cores[0],
        memory=sizes[0],
        disk=sizes[1] if sizes[1:] else None,
    )
