"""What a load test found: counts and spreads that add up over the parts of a generator.

A generator of several parts makes its share of the load in each; what a part found is one line of
JSON, and parts are added before anything is judged. Spreads are counts in buckets, each a fiftieth
wider than the one before, so that a percentile of all parts is as exact as one of each.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sizing.loadtest.profile import Answerer

MARK = "aigw_load_test"
"""Begins the line that a part of a generator writes."""
CACHED = "cached"
"""Who answers what the response cache holds."""
KINDS = (*(str(one) for one in Answerer), CACHED)


class ResultError(ValueError):
    """What was read is no result, or its parts do not belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a measured quantity is spread: how many by bucket; bucket n ends at `base` ** n."""

    base: float
    counts: Mapping[int, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def percentile(self, share: float) -> float | None:
        """Return what that share of all stays within, by the bucket's end; None of nothing."""
        wanted, seen = share * self.total, 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted:
                return float(self.base**bucket)
        return None

    def above(self, limit: float) -> int:
        """Return how many are surely above a limit: those whose bucket begins there or later."""
        return sum(
            count for bucket, count in self.counts.items() if self.base ** (bucket - 1) >= limit
        )

    def __add__(self, other: Spread) -> Spread:
        """Return both together; their buckets are the same."""
        return Spread(base=self.base, counts=Counter(self.counts) + Counter(other.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured within the counted time, of all parts together; seconds and counts.

    Attributes:
        profile: what was asked for, as the generator read it.
        parts: how many parts it had, and how many of them are here.
        apart_seconds: between the first part's start and the last one's.
        seconds: that were counted; for clients as long as they took.
        sent: requests that were due in them.
        answered: of those, answered in full.
        failed: of those, not: how many by what happened ("429", "timeout").
        late: from when a request was due to when it was sent.
        first_token: from when a streamed request was due to its first token, by who answered.
        between_tokens: mean time from token to token of one streamed answer, by who answered.
        between_total: all times between tokens together and how many they are, of our own models.
        whole: from when a request was due to its last byte, by who answered.
        output_tokens: of answers, by who gave them.
        tokens_in: of all that were answered, as the platform counts them; `tokens_out` likewise.
    """

    profile: Mapping[str, Any]
    parts: tuple[int, int]
    apart_seconds: float
    seconds: float
    sent: int
    answered: int
    failed: Mapping[str, int]
    late: Spread
    first_token: Mapping[str, Spread]
    between_tokens: Mapping[str, Spread]
    between_total: tuple[float, int]
    whole: Mapping[str, Spread]
    output_tokens: Mapping[str, Spread]
    tokens_in: int
    tokens_out: Mapping[str, int] = field(default_factory=dict)

    def all(self, spreads: Mapping[str, Spread]) -> Spread:
        """Return the spreads of everybody who answered together."""
        found = Spread(base=self.late.base, counts={})
        for one in spreads.values():
            found += one
        return found


def read(lines: Iterable[str]) -> Result:
    """Return what the parts of one run found, from their output; other lines are left out.

    Raises:
        ResultError: no part's line, a broken one, or parts of different runs.
    """
    marked = f'{{"{MARK}"'
    parts = [_part(line.strip()) for line in lines if line.strip().startswith(marked)]
    if not parts:
        raise ResultError(f"nobody's result is there: no line begins with {marked}")
    return together(parts)


def together(parts: Sequence[Mapping[str, Any]]) -> Result:
    """Return what the parts of one run found.

    Raises:
        ResultError: parts of different runs, or one of them twice.
    """
    if any(one["profile"] != parts[0]["profile"] for one in parts):
        raise ResultError("the parts are of different runs: their profiles differ")
    if any(one["base"] != parts[0]["base"] for one in parts):
        raise ResultError("parts count in different buckets: they are of different versions")
    places = [int(one["part"]) for one in parts]
    if len(set(places)) < len(places):
        raise ResultError(f"a part is there twice: {sorted(places)}")
    starts = [float(one["began"]) for one in parts]
    base = float(parts[0]["base"])
    return Result(
        profile=parts[0]["profile"],
        parts=(int(parts[0]["parts"]), len(parts)),
        apart_seconds=max(starts) - min(starts),
        seconds=max(float(one["seconds"]) for one in parts),
        sent=sum(int(one["sent"]) for one in parts),
        answered=sum(int(one["answered"]) for one in parts),
        failed=_counted(one["failed"] for one in parts),
        late=_added(base, (one["late"] for one in parts)),
        first_token=_by_kind(base, parts, "first_token"),
        between_tokens=_by_kind(base, parts, "between_tokens"),
        between_total=(
            sum(float(one["between_seconds"]) for one in parts),
            sum(int(one["between_count"]) for one in parts),
        ),
        whole=_by_kind(base, parts, "whole"),
        output_tokens=_by_kind(base, parts, "output_tokens"),
        tokens_in=sum(int(one["tokens_in"]) for one in parts),
        tokens_out=_counted(one["tokens_out"] for one in parts),
    )


def _part(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)[MARK]
    except (ValueError, KeyError) as error:
        raise ResultError(f"a part's line is broken: {error}") from None
    if not isinstance(found, dict) or "profile" not in found:
        raise ResultError("a part's line holds no result")
    return found


def _counted(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return dict(sorted(found.items()))


def _added(base: float, spreads: Iterable[Mapping[str, int]]) -> Spread:
    found = Spread(base=base, counts={})
    for one in spreads:
        counts = {int(bucket): int(count) for bucket, count in one.items()}
        found += Spread(base=base, counts=counts)
    return found


def _by_kind(base: float, parts: Sequence[Mapping[str, Any]], name: str) -> dict[str, Spread]:
    return {kind: _added(base, (one[name].get(kind, {}) for one in parts)) for kind in KINDS}
