"""A step's time as a sum over what is in it: for queueing and simulation."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.serving.models import kv_bytes_per_token
from sizing.serving.profiles import PROFILES, Profile, ProfileName
from sizing.serving.request import Serving
from sizing.serving.times import pool_bytes, rates, room, times


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCosts:
    """What each thing in a step adds to it.

    Attributes:
        base_ms: the weights read once, and the engine's own.
        per_sequence_ms: one more token of output.
        per_context_token_ms: one more token of cache read.
        prefill_per_token_ms: one more token of a prompt.
        cache_tokens: how many tokens the cache holds.
    """

    base_ms: float
    per_sequence_ms: float
    per_context_token_ms: float
    prefill_per_token_ms: float
    cache_tokens: int


def step_costs(
    serving: Serving, profile: Profile | ProfileName = ProfileName.CONSERVATIVE
) -> StepCosts | None:
    """Return what a step costs, taken at the largest batch; None where the model does not fit."""
    using = profile if isinstance(profile, Profile) else PROFILES[profile]
    held = 0 if serving.obstacle else room(serving, using)
    if not held:
        return None
    found = times(serving, using, min(held, serving.max_num_seqs))
    token = kv_bytes_per_token(serving.model, serving.cache)
    outputs = serving.output_tokens
    return StepCosts(
        base_ms=(found.weights_s + found.engine_s) * 1000,
        per_sequence_ms=(found.decode_s + found.own_s) / outputs * 1000,
        per_context_token_ms=token / rates(serving, using).cache_bandwidth * 1000,
        prefill_per_token_ms=found.prefill_s / serving.input_tokens * 1000,
        cache_tokens=int(pool_bytes(serving, using) / token),
    )
