"""Throughput and latency of a model on some GPUs, by three profiles; and how many it keeps apace.

Latency under load, for `batch` requests that are each answered by the next (a closed loop):

- inter-token: a step of decoding, and the prompts of the others that fall between two tokens,
  (batch - 1) x prefill / output;
- first token: a step, the own prompt, and the others' prompts before it. Prompts are served one
  after the other, busy = (batch - 1) x prefill / request of the time, so that the mean is
  prefill / (1 - busy). Its P95 takes that wait as M/M/1 has it: ln(20 x busy) / (1 - busy) prompts;
- requests beyond those that fit wait first: (concurrency - batch) / requests per second.

In the physical profile prompts hide behind decoding, and nobody waits for another's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Final

from sizing.serving.models import kv_bytes_per_token
from sizing.serving.profiles import PHYSICAL, PROFILES, Profile, ProfileName
from sizing.serving.request import Serving
from sizing.serving.times import Times, pool_bytes, room, times
from sizing.units import GIB

ONE_IN_TWENTY: Final = 20  # what P95 leaves out
MOSTLY: Final = 0.5  # more than half: what decides
HALVES: Final = 2
HALF: Final = 0.5

BANDWIDTH: Final = "memory-bandwidth"
COMPUTE: Final = "compute"
CACHE: Final = "kv-memory"
CONCURRENCY: Final = "concurrency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What an engine does with its requests; the figures are None where it does not fit.

    Attributes:
        reason: why it does not fit, "" where it does.
        batch: requests in work at a time.
        prefill_ms: the prompt of one request alone.
        step_ms: a step of decoding at this batch, no prompt in it.
        kv_pool_bytes: what the GPUs have left for the cache; below zero where weights do not fit.
        bound: what more would help most: "memory-bandwidth", "compute", "kv-memory" (a larger
            batch, for which there is no cache) or "concurrency" (a larger batch: more requests).
        roofline_tokens_per_second: the datasheet's cap of decoding at this batch, prompts free.
    """

    fits: bool
    reason: str
    kv_pool_bytes: int
    output_tokens_per_second: float | None = None
    total_tokens_per_second: float | None = None
    requests_per_second: float | None = None
    itl_ms: float | None = None
    ttft_ms: float | None = None
    ttft_p95_ms: float | None = None
    batch: int | None = None
    prefill_ms: float | None = None
    step_ms: float | None = None
    bound: str | None = None
    roofline_tokens_per_second: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """How many requests an engine answers at a time within an inter-token objective.

    Attributes:
        slots: 0 if not even one.
        prediction: of that many at a time; None where there are none.
    """

    slots: int
    prediction: Prediction | None

    @property
    def output_tokens_per_second(self) -> float:
        """Return the throughput with every slot taken."""
        if self.prediction is None:
            return 0
        return self.prediction.output_tokens_per_second or 0


def predict(serving: Serving, profile: Profile | ProfileName = ProfileName.CURRENT) -> Prediction:
    """Return what an engine does with its requests."""
    using = _profile(profile)
    pool, batch = pool_bytes(serving, using), _batch(serving, using)
    if not batch:
        reason = serving.obstacle or _too_large(serving, pool)
        return Prediction(fits=False, reason=reason, kv_pool_bytes=int(pool))
    found = times(serving, using, batch)
    requests = 1 / found.request_s
    queue_s = max(0, (serving.present or 0) - batch) / requests
    if serving.present == serving.requests:  # none comes after them: they wait half as long
        queue_s *= HALF
    mean_s, p95_s = _first_token_s(found)
    return Prediction(
        fits=True,
        reason="",
        kv_pool_bytes=int(pool),
        output_tokens_per_second=requests * serving.output_tokens,
        total_tokens_per_second=requests * serving.sequence_tokens,
        requests_per_second=requests,
        itl_ms=_inter_token_s(found) * 1000,
        ttft_ms=(queue_s + mean_s) * 1000,
        ttft_p95_ms=(queue_s + p95_s) * 1000,
        batch=batch,
        prefill_ms=found.prefill_s * 1000,
        step_ms=found.step_s * 1000,
        bound=_bound(found, batch == serving.present),
        roofline_tokens_per_second=batch / times(serving, PHYSICAL, batch).step_s,
    )


def output_rate(
    serving: Serving, profile: Profile | ProfileName = ProfileName.CURRENT
) -> float | None:
    """Return the output tokens a second alone; None where the model does not fit."""
    using = _profile(profile)
    batch = _batch(serving, using)
    return serving.output_tokens / times(serving, using, batch).request_s if batch else None


def predictions(serving: Serving) -> dict[ProfileName, Prediction]:
    """Return the predictions of all profiles, the most careful first."""
    return {name: predict(serving, profile) for name, profile in PROFILES.items()}


def slots(
    serving: Serving, profile: Profile | ProfileName = ProfileName.CONSERVATIVE, *, itl_ms: float
) -> int:
    """Return how many requests at a time keep the time between two tokens within an objective."""
    return slots_within(serving, profile, itl_ms=itl_ms).slots


def slots_within(
    serving: Serving, profile: Profile | ProfileName = ProfileName.CONSERVATIVE, *, itl_ms: float
) -> Slots:
    """Return how many requests at a time keep an inter-token objective, and what they come to.

    The serving's own concurrency is not looked at, nor that its requests may end.
    """
    using = _profile(profile)
    serving = replace(serving, concurrency=None, requests=None)
    most = _batch(serving, using)
    least = 0
    while least < most:  # the largest that holds: the time between tokens grows with the batch
        middle = (least + most + 1) // HALVES
        if _inter_token_s(times(serving, using, middle)) * 1000 <= itl_ms:
            least = middle
        else:
            most = middle - 1
    if not least:
        return Slots(slots=0, prediction=None)
    return Slots(slots=least, prediction=predict(replace(serving, concurrency=least), using))


def _batch(serving: Serving, profile: Profile) -> int:
    """Return how many requests are worked on at a time; 0 where none can be."""
    held = 0 if serving.obstacle else room(serving, profile)
    return min(held, serving.max_num_seqs, serving.present or held)


def _profile(profile: Profile | ProfileName) -> Profile:
    return profile if isinstance(profile, Profile) else PROFILES[profile]


def _inter_token_s(found: Times) -> float:
    if found.ideal:
        passing = found.request_s * found.batch - found.prefill_s
        return max(found.step_s, passing / found.steps)
    return found.step_s + (found.batch - 1) * found.prefill_s / found.steps


def _first_token_s(found: Times) -> tuple[float, float]:
    """Return the mean and the P95 without the wait for a place in the batch."""
    own = found.prefill_s + found.step_s
    if found.ideal:
        return own, own
    busy = (found.batch - 1) * found.prefill_s / (found.request_s * found.batch)
    waited = found.prefill_s / (1 - busy)
    unlucky = log(ONE_IN_TWENTY * busy) if ONE_IN_TWENTY * busy > 1 else 0.0
    return own + waited * busy, own + waited * max(unlucky, busy)


def _bound(found: Times, all_asked: bool) -> str:
    shared = (found.weights_s + found.engine_s) * found.turns
    if shared > MOSTLY * found.request_s:
        return CONCURRENCY if all_asked else CACHE
    return COMPUTE if found.compute_s > found.read_s else BANDWIDTH


def _too_large(serving: Serving, pool: float) -> str:
    cards = f"{serving.tensor_parallel} x {serving.gpu.name}"
    weights = f"{serving.model.name} in {serving.precision}"
    if pool <= 0:
        return f"the weights of {weights} leave no memory for a cache on {cards}"
    longest = max(serving.sequence_tokens, serving.context_tokens or 0)
    needed = kv_bytes_per_token(serving.model, serving.cache) * longest / GIB
    return (
        f"{longest:,} tokens need {needed:.1f} GiB of cache; "
        f"{weights} leaves {pool / GIB:.1f} GiB on {cards}"
    )
