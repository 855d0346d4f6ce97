"""What a load test asks, drawn from its profile: when a user comes, and what each request says.

Users come by chance at a mean rate, however slow the answers are; while the generator warms up the
rate climbs from nothing. Equal seeds draw equal loads; their words are each run's own, or a gateway
that was asked them before would answer a whole run from its cache.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import Any

_TEXT = (
    "the of and to in is that it was for on are as with his they at be this from have or by one "
    "had not but what all were when we there can an your which their said if do will each about "
    "how up out them then she many some so these would other into has more her two like him see "
    "time could no make than first been its who now people my made over did down only way find "
    "use may water long little very after words called just where most know"
)
WORDS = _TEXT.split()
"""Words that tokenizers of English take as one token each."""
REMEMBERED = 1000
"""Answered requests of which one is asked again."""
LEFT_OF_CONTEXT = 128
"""Tokens that a chat's template and the count of words as tokens may take beside the text."""
OURS = "self-hosted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request; `text` is the seed of its words, the same text for the same seed."""

    model: str
    answerer: str
    input_tokens: int
    output_tokens: int
    stream: bool
    text: int

    def body(self) -> bytes:
        """Return the request as JSON."""
        asked: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "user", "content": words(self.text, self.input_tokens)}],
            "max_tokens": self.output_tokens,
            "stream": self.stream,
        }
        if self.stream:
            asked["stream_options"] = {"include_usage": True}
        if self.answerer == OURS:
            # vLLM's own: an answer is as long as the workload says, not as the model likes
            asked["ignore_eos"] = True
        return json.dumps(asked).encode()


def words(seed: int, count: int) -> str:
    """Return so many words; no two seeds begin alike, so that no prefix is kept of another's."""
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def arrivals(
    per_second: float, warm_up: float, duration: float, chance: random.Random
) -> Iterator[float]:
    """Yield when users come, in seconds from the start: a Poisson process.

    The rate climbs evenly to `per_second` within the warm-up. What is yielded does not depend on
    when it is asked for.
    """
    climbed, passed = per_second * warm_up / 2, 0.0
    while True:
        passed += chance.expovariate(1)
        # the time by which that many are expected: a parabola while the rate climbs, then a line
        if passed < climbed:
            at = sqrt(2 * warm_up * passed / per_second)
        else:
            at = warm_up + (passed - climbed) / per_second
        if at >= warm_up + duration:
            return
        yield at


class Asker:
    """Draws the requests of a profile, one after the other."""

    def __init__(
        self, profile: Mapping[str, Any], chance: random.Random, texts: random.Random
    ) -> None:
        """Take the profile as its JSON says it.

        Args:
            chance: draws the load.
            texts: draws what requests say.
        """
        self._profile, self._chance, self._texts = profile, chance, texts
        self._models: list[Mapping[str, Any]] = list(profile["models"])
        self._shares = [float(one["share"]) for one in self._models]
        self._answered: deque[Ask] = deque(maxlen=REMEMBERED)

    def session(self) -> int:
        """Return how many requests a user makes."""
        least, most = self._profile["requests_per_session"]
        return self._chance.randint(least, most)

    def next(self) -> Ask:
        """Return a new request, or one that was answered before."""
        if self._answered and self._chance.random() < self._profile["repeat_share"]:
            return self._chance.choice(self._answered)
        model = self._chance.choices(self._models, self._shares)[0]
        lengths = self._profile["lengths"]
        output = self._length(lengths["output_tokens"], lengths["output_spread"])
        asked = self._length(lengths["input_tokens"], lengths["input_spread"])
        if model["context_tokens"] is not None:
            room = model["context_tokens"] - LEFT_OF_CONTEXT
            output = min(output, room // 2)
            asked = min(asked, room - output)
        return Ask(
            model=model["name"],
            answerer=model["answerer"],
            input_tokens=asked,
            output_tokens=output,
            stream=self._chance.random() < self._profile["streaming_share"],
            text=self._texts.getrandbits(64),
        )

    def remember(self, ask: Ask) -> None:
        """Take a request as answered: it may come again."""
        self._answered.append(ask)

    def _length(self, mean: float, spread: float) -> int:
        """Return a length of a lognormal spread; rounded by chance, so that the mean stays."""
        deviation = sqrt(log(1 + spread * spread))
        drawn = mean * exp(deviation * self._chance.gauss(0, 1) - deviation * deviation / 2)
        return max(1, floor(drawn + self._chance.random()))
