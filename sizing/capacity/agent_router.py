"""The agent router of document 004: requests in flight, providers' quotas, and the control plane.

The document divides peak concurrency by a replica's throughput. Requests over requests a second are
seconds, not replicas: `Division` shows both what that gives and what was meant. What a replica
holds in flight it leaves to be measured; until then Envoy's own limit stands in, on which the
product is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.model import Figure
from sizing.units import SECONDS_PER_MINUTE
from sizing.words import Kind
from sizing.workload import Provider, Workload

DOCUMENT = "document-004"
# max_requests of one Envoy to one upstream: a limit that is set, not a rate that was measured.
DEFAULT_SLOTS = Figure(
    value=1024,
    unit="requests in flight from a replica to one upstream",
    source="envoy-circuit-breaker",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
STATE_QUOTA = "state the provider's quota: it is a ceiling that no replica lifts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What the document's division gives, and what it was to give.

    Attributes:
        seconds: requests in flight over requests/s of a replica: a time, not a count.
        replicas: requests/s at peak over requests/s of a replica.
    """

    seconds: float
    replicas: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPlane:
    """What the controller keeps in step with the management plane."""

    rules: int
    keys: int
    models: int
    providers: int

    @property
    def objects(self) -> int:
        """Return all of them together."""
        return self.rules + self.keys + self.models + self.providers


def divided(
    requests_per_second: float, requests_in_flight: float, replica_requests_per_second: float
) -> Division:
    """Divide as document 004 does, and as its units ask.

    Args:
        requests_per_second: rate at peak.
        requests_in_flight: requests that are being answered then.
        replica_requests_per_second: rate that one replica carries.

    Raises:
        ValueError: a replica without a rate.
    """
    if replica_requests_per_second <= 0:
        raise ValueError(f"a replica cannot carry {replica_requests_per_second} requests/s")
    return Division(
        seconds=requests_in_flight / replica_requests_per_second,
        replicas=requests_per_second / replica_requests_per_second,
    )


def replicas_needed(
    load: Workload,
    slots_per_replica: float = DEFAULT_SLOTS.value,
    *,
    lost: int = 1,
    busy: float = RATE_HEADROOM.value,
) -> int:
    """Return the replicas that hold the peak in flight with `lost` of them away.

    Raises:
        ValueError: a replica without slots.
    """
    if slots_per_replica <= 0:
        raise ValueError(f"a replica cannot hold {slots_per_replica} requests")
    return max(1, ceil(load.concurrent_requests_at_peak / (slots_per_replica * busy))) + lost


def in_flight(
    load: Workload, replicas: int, slots_per_replica: float | None = None, *, lost: int = 1
) -> Constraint:
    """Judge the requests in flight at peak against the slots of the replicas that are left.

    Args:
        load: what users do.
        replicas: replicas that stand.
        slots_per_replica: what one was measured to hold; None takes Envoy's limit, unproven.
        lost: replicas away, by failure or a rollout; the only one is taken as standing.
    """
    slots = DEFAULT_SLOTS.value if slots_per_replica is None else slots_per_replica
    left = max(1, replicas - lost)
    return Constraint(
        name="in-flight",
        unit="requests in flight",
        demand=load.concurrent_requests_at_peak,
        conservative=left * slots,
        physical=None if slots_per_replica is None else left * slots,
        hard=False,
        formula="peak requests/s x (1 - cache hits) x seconds in flight <= (replicas - lost) x "
        "slots of one",
        source=DOCUMENT if slots_per_replica else DEFAULT_SLOTS.source,
        assumption="a replica holds 1,024 requests, Envoy's default limit to one upstream"
        if slots_per_replica is None
        else "",
        measure="load-test one replica with the workload's streams and state how many it holds",
    )


def control_plane(load: Workload, rules: int) -> ControlPlane:
    """Return what the controller scales with: not the rate, but what is configured."""
    return ControlPlane(
        rules=rules, keys=load.keys, models=load.model_names, providers=len(load.providers)
    )


def controller(load: Workload, rules: int, objects: float | None = None) -> Constraint:
    """Judge the controller; `objects` is what it was measured to keep, None where it was not."""
    return Constraint(
        name="controller",
        unit="objects",
        demand=control_plane(load, rules).objects,
        conservative=objects,
        physical=None,
        hard=False,
        formula="rules + keys + models + providers <= objects that the controller keeps in step",
        source=DOCUMENT,
        measure="load the controller with as many rules, keys, models and providers, and time one "
        "change until the last proxy has it",
    )


def outside_requests_per_minute(load: Workload) -> float:
    """Return what all outside providers get at peak."""
    return load.outside_requests_per_second_at_peak * SECONDS_PER_MINUTE


def share_at_loss(providers: tuple[Provider, ...], one: Provider) -> float:
    """Return the share that a provider takes when the largest other one is gone.

    The lost share falls to the rest as they share already, and evenly where they had nothing.
    """
    others = [other for other in providers if other is not one]
    if not others:
        return one.share
    lost = max(other.share for other in others)
    rest = sum(provider.share for provider in providers) - lost
    return one.share / rest * (rest + lost) if rest > 0 else lost / len(others)


def provider_quotas(load: Workload) -> tuple[Constraint, ...]:
    """Judge each provider's quota, by requests and by tokens, with the largest other one lost."""
    if not load.providers:
        return (_unnamed(load),)
    return tuple(found for one in load.providers for found in _quotas(load, one))


def limits(load: Workload) -> tuple[Constraint, ...]:
    """Judge the sum of the rate limits of all keys, from below and from above."""
    total = load.limits_requests_per_minute
    return (
        Constraint(
            name="limits-above-peak",
            unit="requests/min",
            demand=load.requests_per_second_peak * SECONDS_PER_MINUTE,
            conservative=total,
            physical=total,
            hard=False,
            formula="peak requests/s x 60 <= sum of the limits of all keys",
            source=DOCUMENT,
            measure="state the sum of the keys' limits; without any, nothing bounds one client",
        ),
        _limits_within_quota(load, total),
    )


def _quotas(load: Workload, one: Provider) -> Iterator[Constraint]:
    tokens = load.input_tokens + load.output_tokens
    requests = outside_requests_per_minute(load) * share_at_loss(load.providers, one)
    asked = (
        ("requests", requests, one.requests_per_minute),
        ("tokens", requests * tokens, one.tokens_per_minute),
    )
    for unit, demand, quota in asked:
        yield Constraint(
            name=f"{unit}-per-minute-{one.name}",
            unit=f"{unit}/min",
            demand=demand,
            conservative=quota,
            physical=quota,
            hard=True,
            formula=f"outside requests at peak x 60 x share with the largest other provider lost "
            f"{'x tokens a request ' if unit == 'tokens' else ''}<= quota of {one.name}",
            source=DOCUMENT,
            measure=STATE_QUOTA,
        )


def _unnamed(load: Workload) -> Constraint:
    demand = outside_requests_per_minute(load)
    return Constraint(
        name="provider-quota",
        unit="requests/min",
        demand=demand,
        conservative=None if demand else 0,
        physical=None,
        hard=True,
        formula="outside requests at peak x 60 <= quota of the providers, none of which is named",
        source=DOCUMENT,
        measure="name the outside providers with their shares and quotas",
    )


def _limits_within_quota(load: Workload, total: float | None) -> Constraint:
    quotas = [one.requests_per_minute for one in load.providers]
    known = [quota for quota in quotas if quota is not None]
    every = sum(known) if known and len(known) == len(quotas) else None
    outside = (1 - load.cache_hit_share) * (1 - load.self_hosted_share)
    left = None if every is None else every - (max(known) if len(known) > 1 else 0)
    return Constraint(
        name="limits-within-quota",
        unit="requests/min",
        demand=total,
        conservative=left,
        physical=None if every is None or not outside else every / outside,
        hard=True,
        formula="sum of the limits of all keys <= quotas of all providers less the largest, if "
        "all went outside (at most: all quotas / outside share)",
        source=DOCUMENT,
        measure="state the keys' limits and the providers' quotas",
    )
