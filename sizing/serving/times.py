"""The times behind a prediction: arithmetic, reading, exchange between GPUs, and the engine's own.

Of one request, `compute_s` and `read_s` are its shares of the two rooflines. Published runs are met
best when the two add up: engines seldom overlap them. What a request takes of an engine that works
on `batch` requests at a time is then

    request_s = compute_s + cache_s + own_s + turns x (weights_s + engine_s)

where only the last part shrinks with the batch: turns = output / batch, as long as requests keep
coming. Of a number of requests that come at once, the longest run on when the others have ended.
With lengths as those of chats (exponential: the longest of b is H(b) = 1 + 1/2 + .. + 1/b times
the mean), n requests take output x ((n - b) / b + H(b)) steps, and turns is an n-th of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

from sizing.serving.models import ModelShape, kv_bytes_per_token, read_bytes, weight_bytes
from sizing.serving.profiles import Profile
from sizing.serving.request import Serving

# A multiplication and an addition a weight and token; attention's two products over half of the
# square of the prompt; two exchanges a layer, of 16-bit values, each GPU sending (n - 1) / n of
# them twice: the arithmetic of a transformer and of a ring. Derived.
FLOPS_PER_WEIGHT: Final = 2
FLOPS_PER_PAIR: Final = 2
EXCHANGES_PER_LAYER: Final = 2
EXCHANGE_BYTES: Final = 2
SENT_TWICE: Final = 2
HALF: Final = 0.5
EULER: Final = 0.5772  # H(b) = ln(b) + this + 1 / 2b: Euler's constant


@dataclass(frozen=True, slots=True)
class Rates:
    """What a group of GPUs does a second under a profile.

    Attributes:
        flops: operations a second where weights are multiplied.
        attention_flops: where queries meet the cache: in 8 bits only if the cache is.
        cache_bandwidth: bytes a second of cache; less than `bandwidth` where GPUs outnumber the
            heads of the cache and so keep copies.
    """

    flops: float
    attention_flops: float
    bandwidth: float
    cache_bandwidth: float
    link: float


def rates(serving: Serving, profile: Profile) -> Rates:
    """Return the effective rates of the whole group."""
    group = serving.tensor_parallel
    bandwidth = serving.gpu.bandwidth * profile.bandwidth_share
    flops = _flops(serving, profile)
    wide = flops if profile.ideal or serving.cache == "fp8" else serving.gpu.flops_16
    narrow = flops * (profile.widened_share if _widened(serving) else 1)
    return Rates(
        flops=narrow * profile.compute_share * group,
        attention_flops=wide * profile.compute_share * group,
        bandwidth=bandwidth * group,
        cache_bandwidth=bandwidth * shards(serving),
        link=serving.gpu.link * profile.link_share,
    )


def shards(serving: Serving) -> int:
    """Return among how many GPUs the cache is divided; the others keep copies."""
    return min(serving.tensor_parallel, serving.model.kv_heads)


def pool_bytes(serving: Serving, profile: Profile) -> float:
    """Return what is left for the cache, copies not counted; below zero: weights do not fit."""
    share = serving.memory_utilisation or profile.memory_utilisation
    weights = weight_bytes(serving.model, serving.precision) / serving.tensor_parallel
    free = serving.gpu.usable_bytes * share - profile.activation_bytes - weights
    return free * shards(serving)


def room(serving: Serving, profile: Profile) -> int:
    """Return how many of the requests the cache holds at a time; 0 if not even one."""
    pool = pool_bytes(serving, profile)
    each = kv_bytes_per_token(serving.model, serving.cache)
    longest = max(serving.sequence_tokens, serving.context_tokens or 0)
    if pool < each * longest:
        return 0
    counted = serving.input_tokens + profile.counted_output * serving.output_tokens
    return max(1, int(pool / (each * counted)))


@dataclass(frozen=True, slots=True)
class Times:
    """The parts of a request's time, in seconds, at one batch.

    Attributes:
        turns: the steps that a request stands for.
        prefill_s: arithmetic and exchange of the prompt.
        decode_s: arithmetic and exchange of the output, all of it.
        weights_s: reading the weights once.
        cache_s: reading the request's cache for every token of output, all of it.
        engine_s: what one step costs whatever it holds.
        own_s: what a sequence costs the engine for its output, all of it.
    """

    batch: int
    steps: int
    turns: float
    prefill_s: float
    decode_s: float
    weights_s: float
    cache_s: float
    engine_s: float
    own_s: float
    ideal: bool

    @property
    def compute_s(self) -> float:
        """Return the arithmetic of one request."""
        return self.prefill_s + self.decode_s

    @property
    def read_s(self) -> float:
        """Return the reading for one request: its share of the weights, and its cache."""
        return self.weights_s * self.turns + self.cache_s

    @property
    def request_s(self) -> float:
        """Return the engine's time that one request takes."""
        if self.ideal:
            return max(self.compute_s, self.read_s)
        return self.compute_s + self.read_s + self.engine_s * self.turns + self.own_s

    @property
    def step_s(self) -> float:
        """Return the time of one step of decoding, without any prompt in it."""
        sequences = (self.decode_s + self.cache_s + self.own_s) / self.steps * self.batch
        if self.ideal:
            reading = self.weights_s + self.cache_s / self.steps * self.batch
            return max(reading, self.decode_s / self.steps * self.batch)
        return self.weights_s + self.engine_s + sequences


def times(serving: Serving, profile: Profile, batch: int) -> Times:
    """Return the parts of a request's time where an engine works on `batch` of them."""
    rate, shape = rates(serving, profile), serving.model
    inputs, outputs = serving.input_tokens, serving.output_tokens
    head = FLOPS_PER_WEIGHT * shape.embedding
    square = FLOPS_PER_PAIR * shape.layers * shape.heads * shape.head_dim * inputs * inputs
    prefill = FLOPS_PER_WEIGHT * shape.active * inputs + head
    decode = (FLOPS_PER_WEIGHT * shape.active + head) * outputs
    each = 0 if profile.ideal else exchange(shape, serving.tensor_parallel, rate.link)
    ends = serving.requests is not None and not profile.ideal
    context = inputs + (1 if ends else HALF) * outputs  # half of a mean of squares: twice as much
    routed = 1 if profile.ideal else batch
    cache = context * kv_bytes_per_token(shape, serving.cache) / rate.cache_bandwidth
    return Times(
        batch=batch,
        steps=outputs,
        turns=outputs * (_turns(serving.requests, batch) if ends else 1 / batch),
        prefill_s=prefill / rate.flops + square / rate.attention_flops + each * inputs,
        decode_s=decode / rate.flops + each * outputs,
        weights_s=read_bytes(shape, serving.precision, routed) / rate.bandwidth,
        cache_s=cache * outputs,
        engine_s=profile.step_s + profile.layer_s * shape.layers,
        own_s=profile.sequence_s * outputs,
        ideal=profile.ideal,
    )


def exchange(shape: ModelShape, group: int, link: float) -> float:
    """Return the seconds that GPUs exchange for one token."""
    if group == 1:
        return 0
    sent = shape.hidden * EXCHANGE_BYTES * SENT_TWICE * (group - 1) / group
    return EXCHANGES_PER_LAYER * shape.layers * sent / link


def _turns(requests: int | None, batch: int) -> float:
    """Return how often a step is taken a request and token, where requests end: see above."""
    count = requests or batch
    last = min(batch, count)
    longest = log(last) + EULER + HALF / last
    return ((count - last) / last + longest) / count


def _widened(serving: Serving) -> bool:
    """Say whether weights are widened to 16 bits as they are read, before they are multiplied."""
    native = serving.precision == "fp8" and serving.gpu.fp8
    return serving.precision != "bf16" and not native


def _flops(serving: Serving, profile: Profile) -> float:
    gpu = serving.gpu
    if serving.precision == "fp8" and gpu.flops_8 is not None:
        return gpu.flops_8
    # int8 checkpoints are weight-only in the published runs; a kernel in int8 is possible
    if serving.precision == "int8" and profile.ideal and gpu.ops_8 is not None:
        return gpu.ops_8
    return gpu.flops_16
