"""What the assumed figures do to the bill: every tier planned anew with half and more of each.

For that the figures themselves are changed in place and put back, so that every table and function
that reads one sees the same; what keeps results is emptied before and after. Few values are copied
from an assumed figure when a module is imported: those are `COPIES`, and changed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sizing.audit.assumed import Assumed, assumed, modules
from sizing.catalog import REFERENCE_REGIONS, control_plane_refused_zone_ids, region_zone_ids
from sizing.cost import cost
from sizing.model import Figure
from sizing.plan import plan
from sizing.plans import PlanRequest
from sizing.serving import profiles
from sizing.words import Access, Cloud, Environment, Tier

HALF = 0.5  # minus 50 %
MORE = 1.5  # plus 50 %
ZONES = 3
VPC_CIDR, SERVICE_CIDR = "10.0.0.0/16", "172.20.0.0/16"
"""The largest VPC that AWS takes: no figure shall fail on addresses of nobody's."""
COPIES: Mapping[str, tuple[object, str]] = MappingProxyType(
    {
        "sizing.serving.profiles.ACTIVATION_BYTES": (profiles.CONSERVATIVE, "activation_bytes"),
        "sizing.serving.profiles.BEST_ACTIVATION_BYTES": (profiles.PHYSICAL, "activation_bytes"),
        "sizing.serving.profiles.BEST_MEMORY_UTILISATION": (
            profiles.PHYSICAL,
            "memory_utilisation",
        ),
    }
)
"""A figure's name -> the object that holds a copy of its value, and in which field."""
TABLES = ("sizing.catalog", "sizing.serving.tables", "sizing.serving.models", "sizing.serving.gpus")
"""Modules that keep only what they read from packaged tables, which no figure changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A tier's bill of a month in prod, as planned and with a figure changed.

    Attributes:
        half_usd: with half of the figure; None where nothing can be planned so.
        one_and_a_half_usd: likewise with one and a half of it.
    """

    tier: Tier
    monthly_usd: float
    half_usd: float | None
    one_and_a_half_usd: float | None

    def __str__(self) -> str:
        return f"{self._change(self.half_usd)} / {self._change(self.one_and_a_half_usd)}"

    def _change(self, usd: float | None) -> str:
        if usd is None:
            return "no plan"
        return f"{usd / self.monthly_usd - 1:+.1%}" if usd != self.monthly_usd else "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """An assumed figure and what it does to each tier's bill."""

    id: str
    value: float
    unit: str
    source: str
    effects: tuple[Effect, ...]


def assumptions() -> tuple[Assumption, ...]:
    """Return every assumed figure with its effects, by name."""
    requests = {tier: request(tier) for tier in Tier}
    planned = {tier: _bill(one) for tier, one in requests.items()}
    found = []
    for one in assumed():
        half, more = (_bills(one, factor, requests) for factor in (HALF, MORE))
        effects = tuple(
            Effect(
                tier=tier,
                monthly_usd=planned[tier] or 0,
                half_usd=half[tier],
                one_and_a_half_usd=more[tier],
            )
            for tier in requests
        )
        found.append(
            Assumption(
                id=one.id,
                value=one.figure.value,
                unit=one.figure.unit,
                source=one.figure.source,
                effects=effects,
            )
        )
    return tuple(found)


def request(tier: Tier) -> PlanRequest:
    """Return what is planned of a tier: prod on AWS, in the region of the price list."""
    region = REFERENCE_REGIONS[Cloud.AWS]
    refused = control_plane_refused_zone_ids()
    zones = [one for one in region_zone_ids(Cloud.AWS, region) if one not in refused]
    return PlanRequest(
        tier=tier,
        environment=Environment.PROD,
        cloud=Cloud.AWS,
        region=region,
        zone_ids=tuple(zones[:ZONES]),
        vpc_cidr=VPC_CIDR,
        service_cidr=SERVICE_CIDR,
        access=Access.ALLOWLIST,
    )


@contextmanager
def changed(one: Assumed, factor: float) -> Iterator[None]:
    """Let a figure be so many times its value; whole figures stay whole and above zero."""
    before = one.figure.value
    after = max(1, round(before * factor)) if isinstance(before, int) else before * factor
    _put(one.id, one.figure, after)
    try:
        yield
    finally:
        _put(one.id, one.figure, before)


def _put(name: str, figure: Figure, value: float) -> None:
    object.__setattr__(figure, "value", value)  # frozen against everybody else
    if name in COPIES:
        holder, field = COPIES[name]
        object.__setattr__(holder, field, value)
    for empty in _kept():
        empty()


@cache
def _kept() -> tuple[Callable[[], None], ...]:
    found = []
    for module in modules():
        if module.__name__.startswith(TABLES):
            continue
        for value in vars(module).values():
            empty = getattr(value, "cache_clear", None)
            if callable(empty) and getattr(value, "__module__", "") == module.__name__:
                found.append(empty)
    return tuple(found)


def _bills(
    one: Assumed, factor: float, requests: Mapping[Tier, PlanRequest]
) -> dict[Tier, float | None]:
    with changed(one, factor):
        return {tier: _bill(asked) for tier, asked in requests.items()}


def _bill(asked: PlanRequest) -> float | None:
    try:
        return cost(plan(asked)).monthly_usd
    except ValueError:
        return None
