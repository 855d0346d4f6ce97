"""Which constraints a change of a plan moves, and how full each is before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sizing.plan_json import Plan, mapping, mappings, number, text
from sizing.units import GIB, MILLIS_PER_CPU

_POOLS = "node_pools"
_REQUESTED = (
    # what pods ask of a pool: its name, its unit, the request, what a node gives, and how many of
    # the unit are in one of the request
    ("cpu", "vCPU", "requested_millis", "allocatable_millis", MILLIS_PER_CPU),
    ("memory", "GiB", "requested_bytes", "allocatable_bytes", GIB),
    ("pods", "pods", "requested_pods", "max_pods", 1),
    ("gpus", "GPUs", "requested_gpus", "gpus_per_node", 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fullness:
    """How full something is; demand and capacity are in `unit`."""

    demand: float | None
    capacity: float | None
    unit: str
    utilisation: float
    verdict: str

    @property
    def headroom(self) -> float:
        """The share that is free; below nothing where the demand is above the capacity."""
        return 1 - self.utilisation


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChange:
    """A constraint whose demand, capacity or verdict changes; None where it is not there."""

    name: str
    before: Fullness | None
    after: Fullness | None


def capacity(old: Plan, new: Plan) -> tuple[CapacityChange, ...]:
    """Return the constraints that a change moves, the fullest first.

    The pools of a role are one constraint: the fullest of them counts, and what pods ask of them
    is counted together.
    """
    first = {**_fullest(old), **_asked(old)}
    second = {**_fullest(new), **_asked(new)}
    found = [
        CapacityChange(name=name, before=first.get(name), after=second.get(name))
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    ]
    return tuple(sorted(found, key=lambda one: -(one.after or one.before or _NONE).utilisation))


_NONE = Fullness(demand=None, capacity=None, unit="", utilisation=0.0, verdict="")


def _fullest(plan: Plan) -> dict[str, Fullness]:
    roles = {text(pool, "name"): text(pool, "role") for pool in mappings(plan.get("pools"))}
    found: dict[str, Fullness] = {}
    for finding in mappings(plan.get("findings")):
        used = number(finding.get("utilisation"))
        if used is None:
            continue
        name = _by_role(text(finding, "id"), roles)
        if name not in found or found[name].utilisation < used:
            found[name] = Fullness(
                demand=number(finding.get("demand")),
                capacity=number(finding.get("capacity")),
                unit=text(finding, "unit"),
                utilisation=used,
                verdict=text(finding, "verdict"),
            )
    return found


def _asked(plan: Plan) -> dict[str, Fullness]:
    """Return what pods ask of the pools of each role, at their planned sizes."""
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for pool in mappings(plan.get("pools")):
        nodes = number(mapping(pool.get("scale")).get("planned")) or 0.0
        for what, _, request, node, _ in _REQUESTED:
            key = text(pool, "role"), what
            asked, given = sums.get(key, (0.0, 0.0))
            more = nodes * (number(pool.get(node)) or 0.0)
            sums[key] = asked + (number(pool.get(request)) or 0.0), given + more
    units = {what: (unit, size) for what, unit, _, _, size in _REQUESTED}
    return {
        f"{_POOLS}.{role}.{what}": Fullness(
            demand=asked / units[what][1],
            capacity=given / units[what][1],
            unit=units[what][0],
            utilisation=asked / given,
            verdict="",
        )
        for (role, what), (asked, given) in sums.items()
        if given
    }


def _by_role(identity: str, roles: Mapping[str, str]) -> str:
    first, _, rest = identity.partition(".")
    pool, _, constraint = rest.rpartition(".")
    return f"{first}.{roles[pool]}.{constraint}" if first == _POOLS and pool in roles else identity
