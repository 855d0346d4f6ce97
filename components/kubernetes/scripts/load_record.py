"""What a part of a load test's generator measured, as one line of JSON that adds up with others.

A time is counted in the bucket that it falls into; each bucket is a fiftieth wider than the one
before. Only requests that were due after the warm-up count, whenever they are answered.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log
from typing import Any

MARK = "aigw_load_test"
BASE = 1.02
SHORTEST = 1e-5
"""Seconds below which times are not told apart."""
CACHED = "cached"
OURS = "self-hosted"


@dataclass(slots=True, kw_only=True)
class Answer:
    """One answer, timed from when its request was due, in seconds.

    Attributes:
        answerer: "self-hosted", "external" or "cached".
        first: to the first token, None where the answer was not streamed.
        last: to the last token.
        whole: to the last byte.
    """

    answerer: str
    first: float | None = None
    last: float | None = None
    whole: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(slots=True, kw_only=True)
class Record:
    """What was measured; each request is counted as sent, then as answered or failed."""

    began: float = 0.0
    seconds: float = 0.0
    sent: int = 0
    answered: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)
    first_token: defaultdict[str, Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    between_tokens: defaultdict[str, Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    between_seconds: float = 0.0
    between_count: int = 0
    whole: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    output_tokens: defaultdict[str, Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    tokens_in: int = 0
    tokens_out: Counter[str] = field(default_factory=Counter)

    def send(self, late: float) -> None:
        """Count a request, and how late it was sent."""
        self.sent += 1
        self.late[bucket(late)] += 1

    def fail(self, what: str) -> None:
        """Count a request that was not answered, or not in full."""
        self.failed[what] += 1

    def answer(self, one: Answer) -> None:
        """Count a request that was answered in full."""
        self.answered += 1
        who = one.answerer
        self.whole[who][bucket(one.whole)] += 1
        self.tokens_in += one.tokens_in
        self.tokens_out[who] += one.tokens_out
        if one.tokens_out:
            self.output_tokens[who][bucket(one.tokens_out)] += 1
        if one.first is None:
            return
        self.first_token[who][bucket(one.first)] += 1
        if one.last is not None and one.tokens_out > 1:
            between = (one.last - one.first) / (one.tokens_out - 1)
            self.between_tokens[who][bucket(between)] += 1
            if who == OURS:
                self.between_seconds += one.last - one.first
                self.between_count += one.tokens_out - 1

    def line(self, profile: Mapping[str, Any], part: int, parts: int) -> str:
        """Return all of it as the line that a part writes."""
        found = {
            "profile": profile,
            "part": part,
            "parts": parts,
            "base": BASE,
            "began": self.began,
            "seconds": self.seconds,
            "sent": self.sent,
            "answered": self.answered,
            "failed": self.failed,
            "late": self.late,
            "first_token": self.first_token,
            "between_tokens": self.between_tokens,
            "between_seconds": self.between_seconds,
            "between_count": self.between_count,
            "whole": self.whole,
            "output_tokens": self.output_tokens,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
        }
        return json.dumps({MARK: found})


def bucket(value: float) -> int:
    """Return the number of the bucket whose end is the least power of the base not below."""
    return ceil(log(max(value, SHORTEST)) / log(BASE))
