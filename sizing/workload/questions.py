"""Document 004's seven capacity questions: which are answered, and what is assumed for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.capacity.constraint import RATE_HEADROOM
from sizing.capacity.litellm import REQUESTS_PER_WORKER
from sizing.documents.questions import QUESTIONS
from sizing.words import Tier
from sizing.workload.axes import Resolved, resolve
from sizing.workload.origins import Basis
from sizing.workload.quantities import figure
from sizing.workload.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that nobody has answered yet.

    Attributes:
        assumption: what the plan takes instead, with its figure.
        state: fields of a workload that answer it.
    """

    id: str
    text: str
    assumption: str
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """How a question is answered: what is still missing, and what stands in for it."""

    missing: Callable[[Resolved], tuple[str, ...]]
    assumption: Callable[[Resolved], str]


def unanswered(resolved: Resolved) -> tuple[OpenQuestion, ...]:
    """Return the questions that a workload leaves open, in the document's order."""
    found = []
    for question in QUESTIONS:
        rule = _RULES[question.id]
        missing = rule.missing(resolved)
        if missing:
            found.append(
                OpenQuestion(
                    id=question.id,
                    text=question.text,
                    assumption=rule.assumption(resolved),
                    state=missing,
                )
            )
    return tuple(found)


def unanswered_of_reference(tier: Tier) -> tuple[OpenQuestion, ...]:
    """Return all seven, as a tier's reference leaves them: it states nothing of its users."""
    return unanswered(resolve(Statement(), tier))


def _peaking_missing(resolved: Resolved) -> tuple[str, ...]:
    stated = resolved.statement
    both = stated.rps_peak and (stated.rps_avg or stated.calls_per_month)
    return () if stated.window or stated.peak_factor or both else ("peak.window",)


def _peaking(resolved: Resolved) -> str:
    load = resolved.workload
    return (
        f"a peak of {figure(load.peak_factor)} times the average, "
        f"{figure(load.requests_per_second_peak)} requests/s (document-001, table 1.2)"
    )


MIX: Mapping[str, str] = MappingProxyType(
    {
        "streaming_share": "shares.streaming",
        "input_tokens": "tokens.input",
        "output_tokens": "tokens.output",
        "input_spread": "tokens.input_spread",
        "output_spread": "tokens.output_spread",
    }
)


def _mix_missing(resolved: Resolved) -> tuple[str, ...]:
    return tuple(path for name, path in MIX.items() if not _given(resolved, name))


def _mix(resolved: Resolved) -> str:
    load = resolved.workload
    words = {
        "streaming_share": f"{figure(load.streaming_share * 100)} % streaming",
        "input_tokens": f"{figure(load.input_tokens)} tokens in",
        "output_tokens": f"{figure(load.output_tokens)} out",
        "input_spread": f"input spread by {figure(load.input_spread)} of its mean",
        "output_spread": f"output by {figure(load.output_spread)}",
    }
    return ", ".join(said for name, said in words.items() if not _given(resolved, name))


def _providers_missing(resolved: Resolved) -> tuple[str, ...]:
    providers = resolved.workload.providers
    if not providers:
        return ("providers",)
    return tuple(
        f"providers[{place}].requests_per_minute"
        for place, one in enumerate(providers)
        if one.requests_per_minute is None and one.tokens_per_minute is None
    )


def _providers(resolved: Resolved) -> str:
    load = resolved.workload
    outside = figure(load.outside_requests_per_second_at_peak)
    unknown = [
        one.name
        for one in load.providers
        if one.requests_per_minute is None and one.tokens_per_minute is None
    ]
    who = f"{', '.join(unknown)} grant" if unknown else "outside providers grant"
    return f"{who} what is asked of them: {outside} requests/s at peak over all providers"


def _regions_missing(resolved: Resolved) -> tuple[str, ...]:
    return () if _given(resolved, "regions") else ("regions",)


def _regions(resolved: Resolved) -> str:
    population = resolved.workload.users
    who = f"all {figure(population)} users" if population else "all users"
    return f"1 region, with {who}"


def _infrastructure_missing(resolved: Resolved) -> tuple[str, ...]:
    return () if resolved.statement.replica_per_second else ("replica_per_second",)


def _infrastructure(_: Resolved) -> str:
    rate, source = figure(REQUESTS_PER_WORKER.value), REQUESTS_PER_WORKER.source
    return f"{rate} requests/s a LiteLLM worker on the plan's machines ({source}), not measured"


def _telemetry_missing(resolved: Resolved) -> tuple[str, ...]:
    traced = () if _given(resolved, "trace_share") else ("shares.traced",)
    series = () if resolved.statement.metrics_series else ("metrics_series",)
    return (*traced, *series)


def _telemetry(resolved: Resolved) -> str:
    load = resolved.workload
    pairs = figure(load.keys * load.model_names)
    parts = (
        [] if _given(resolved, "trace_share") else [f"{figure(load.trace_share * 100)} % traced"]
    )
    if not resolved.statement.metrics_series:
        parts.append(
            f"the store bears {pairs} label pairs ({load.keys:,} keys x {load.model_names} models)"
        )
    return ", ".join(parts)


def _headroom_missing(resolved: Resolved) -> tuple[str, ...]:
    return () if resolved.statement.headroom is not None else ("headroom",)


def _headroom(_: Resolved) -> str:
    share = RATE_HEADROOM.value * 100
    room = figure(100 * 100 / share - 100)
    return f"{room} % above the peak: rates fill {figure(share)} % of what surely holds"


def _given(resolved: Resolved, name: str) -> bool:
    return resolved.origins[name].basis is Basis.GIVEN


_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "peaking-factor": _Rule(missing=_peaking_missing, assumption=_peaking),
        "streaming-and-tokens": _Rule(missing=_mix_missing, assumption=_mix),
        "providers-and-quotas": _Rule(missing=_providers_missing, assumption=_providers),
        "regions": _Rule(missing=_regions_missing, assumption=_regions),
        "infrastructure": _Rule(missing=_infrastructure_missing, assumption=_infrastructure),
        "cardinality-and-sampling": _Rule(missing=_telemetry_missing, assumption=_telemetry),
        "headroom": _Rule(missing=_headroom_missing, assumption=_headroom),
    }
)
