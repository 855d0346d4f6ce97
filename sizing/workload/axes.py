"""From what somebody states to a workload resolved on every axis, with the origin of each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sizing.model import Figure
from sizing.words import Kind, Tier
from sizing.workload.load import Objectives, Workload
from sizing.workload.origins import Basis, Contradiction, Ledger, Origin
from sizing.workload.primary import axes
from sizing.workload.quantities import figure
from sizing.workload.reference import reference
from sizing.workload.statement import RegionShare, Statement
from sizing.workload.tier import tier_of_requests

PLAIN = (
    "input_tokens",
    "output_tokens",
    "input_spread",
    "output_spread",
    "streaming_share",
    "cache_hit_share",
    "self_hosted_share",
    "models",
    "providers",
    "retention_days",
    "cache_ttl_seconds",
    "vectors",
    "vector_dimensions",
    "trace_share",
    "prompts_stored",
    "limits_requests_per_minute",
)
"""Fields that are taken as stated, else from the reference."""

OBJECTIVE_FIELDS = (
    "inter_token_latency_ms",
    "first_token_p95_ms",
    "first_token_external_p95_ms",
    "proxy_queue_p99_ms",
)
STATED_SOURCE = "workload-statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A workload with everything that is known of its making.

    Attributes:
        workload: the whole load, over all regions.
        origins: where each field comes from, by name, derived amounts of a statement included.
        primary: the axis that leads.
        regions: regions and their shares; one of share 1 where none are stated.
    """

    statement: Statement
    workload: Workload
    origins: Mapping[str, Origin]
    contradictions: tuple[Contradiction, ...]
    primary: str
    regions: tuple[RegionShare, ...]

    @property
    def of_largest_region(self) -> Workload:
        """Return the load of the region that takes most; a platform stands in each."""
        share = max(region.share for region in self.regions)
        return replace(self.workload.scaled(share), regions=1)


def resolve(stated: Statement, tier: Tier | None = None) -> Resolved:
    """Return a statement resolved on every axis.

    Args:
        stated: what somebody states.
        tier: whose reference stands in where no axis is stated.

    Raises:
        sizing.workload.statement.WorkloadError: neither an axis nor a tier is given, or the load
            that follows is beyond all range.
    """
    ledger = Ledger(base=reference(tier or Tier.SMALL), tier=tier)
    values: dict[str, Any] = {name: _plain(stated, name, ledger) for name in PLAIN}
    load = axes(stated, ledger, values["input_tokens"] + values["output_tokens"])
    ledger.base = reference(tier or tier_of_requests(load.peak))
    regions = _regions(stated, ledger)
    workload = Workload(
        **values,
        requests_per_second_peak=load.peak,
        tokens_per_day=load.tokens_per_day,
        peak_factor=load.peak_factor,
        model_names=_model_names(stated, ledger),
        users=_users(stated, ledger),
        keys=_keys(stated, ledger),
        regions=len(regions),
        objectives=_objectives(stated, ledger),
    )
    _sessions(stated, workload, ledger)
    _little(workload, ledger)
    return Resolved(
        statement=stated,
        workload=workload,
        origins=MappingProxyType(ledger.origins),
        contradictions=tuple(ledger.contradictions),
        primary=load.primary,
        regions=regions,
    )


def _plain(stated: Statement, name: str, ledger: Ledger) -> object:
    value = getattr(stated, name)
    if value is None:
        ledger.default(name)
        return getattr(ledger.base, name)
    ledger.how(name, Basis.GIVEN)
    return value


def _regions(stated: Statement, ledger: Ledger) -> tuple[RegionShare, ...]:
    if stated.regions is None:
        ledger.default("regions")
        return (RegionShare(name="the region", share=1),)
    ledger.how("regions", Basis.GIVEN)
    return stated.regions


def _users(stated: Statement, ledger: Ledger) -> float | None:
    if stated.users is not None:
        ledger.how("users", Basis.GIVEN)
        return stated.users
    if stated.stated_axes:
        ledger.default("users")
        return None
    ledger.how("users", Basis.DOCUMENTED, f"{ledger.tier}, table 1.1")
    return ledger.base.users


def _keys(stated: Statement, ledger: Ledger) -> int:
    if stated.keys is not None:
        ledger.how("keys", Basis.GIVEN)
        return stated.keys
    if stated.users is not None:
        ledger.how("keys", Basis.DERIVED, "a key for each user")
        return stated.users
    ledger.default("keys")
    return ledger.base.keys


def _model_names(stated: Statement, ledger: Ledger) -> int:
    """Return the models that callers can name; lists of them must not hold more."""
    own = len(stated.models or ())
    outside = sum(provider.models for provider in stated.providers or ())
    listed = own + outside
    if stated.model_names is None:
        if stated.models and stated.providers:
            ledger.how("model_names", Basis.DERIVED, f"{own} of our own and {outside} outside")
            return listed
        ledger.default("model_names")
        return max(ledger.base.model_names, listed)
    ledger.how("model_names", Basis.GIVEN)
    if listed > stated.model_names:
        ledger.contradiction(
            Contradiction(
                axis_a="model_names",
                value_a=stated.model_names,
                axis_b="models and providers",
                value_b=listed,
                unit="models",
                message=f"{stated.model_names} models are said to have names, {own} of our own and "
                f"{outside} outside ones are listed; the smaller number counts",
            )
        )
    return stated.model_names


def _objectives(stated: Statement, ledger: Ledger) -> Objectives:
    given = {name: getattr(stated, name) for name in OBJECTIVE_FIELDS}
    named = [name for name, value in given.items() if value is not None]
    if named:
        ledger.how("objectives", Basis.GIVEN, ", ".join(named))
    else:
        ledger.default("objectives")
    changed = {
        name: Figure(
            value=given[name],
            unit="ms",
            source=STATED_SOURCE,
            date="2026-11-21",
            kind=Kind.DERIVED,
        )
        for name in named
    }
    return replace(ledger.base.objectives, **changed)


def _sessions(stated: Statement, load: Workload, ledger: Ledger) -> None:
    """Derive arrivals from a session's requests or the reverse, and users at once from both."""
    requests, arrivals = stated.interactions_per_user, stated.arrivals_per_second
    peak = load.requests_per_second_peak
    if requests is not None:
        ledger.how("interactions_per_user", Basis.GIVEN, value=requests)
    elif arrivals is not None:
        words = "peak requests/s over arrivals_per_second"
        ledger.how("interactions_per_user", Basis.DERIVED, words, peak / arrivals)
    if arrivals is not None:
        ledger.how("arrivals_per_second", Basis.GIVEN, value=arrivals)
    elif requests is not None:
        arrivals = peak / requests
        words = "peak requests/s over interactions_per_user"
        ledger.how("arrivals_per_second", Basis.DERIVED, words, arrivals)
    if stated.session_seconds is None:
        return
    ledger.how("session_seconds", Basis.GIVEN, value=stated.session_seconds)
    if arrivals is None:
        return
    at_once = arrivals * stated.session_seconds
    ledger.how("users_at_once", Basis.DERIVED, "arrivals x session, by Little's law", at_once)
    _population(load, "arrivals x session", at_once, "users at once", ledger)


def _little(load: Workload, ledger: Ledger) -> None:
    """Hold requests in flight against the population: nobody waits for two answers at once."""
    flight = load.concurrent_requests_at_peak
    words = f"peak x (1 - cache hits) x {figure(load.request_seconds)} s, by Little's law"
    ledger.how("concurrent_requests", Basis.DERIVED, words, flight)
    _population(load, "concurrent_requests", flight, "requests in flight at peak", ledger)


def _population(load: Workload, axis: str, count: float, what: str, ledger: Ledger) -> None:
    if (
        load.users is None
        or count <= load.users
        or ledger.origins["users"].basis is not Basis.GIVEN
    ):
        return
    ledger.contradiction(
        Contradiction(
            axis_a="users",
            value_a=load.users,
            axis_b=axis,
            value_b=count,
            unit="people, one request each",
            message=f"{figure(load.users)} users cannot be {figure(count)} {what} (Little's law); "
            "the load counts",
        )
    )
