"""What somebody states of a workload: every field optional, nothing filled in, all of it checked.

`parse` takes plain data (a file's, a command line's) and reports every problem at once. What is
not stated stays None: `sizing.workload.axes` fills it in and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sizing.catalog import UnknownNameError
from sizing.serving.models import model_shape
from sizing.workload.fields import FIELDS, LIST_LONGEST, LISTS, REGIONS, Field, Refused, allowed
from sizing.workload.fields import value_of as read
from sizing.workload.load import Provider, ServedModel
from sizing.workload.quantities import Window, figure, on_a_line, shown
from sizing.workload.reference import SELF_HOSTED_MODEL

AXES = ("rps_peak", "rps_avg", "calls_per_month", "tokens_per_day", "arrivals")
"""Ways to state how much there is to do, in the order in which one of them comes first."""

SHARES_OFF = 0.011  # by which shares may miss 1: people write a third as 0.33
_PRIMARY = "primary"
_PATHS = {field.path: field for field in FIELDS}
_GROUPS = frozenset(path.partition(".")[0] for path in _PATHS if "." in path)
_KEYS = (_PRIMARY, *dict.fromkeys(path.partition(".")[0] for path in _PATHS), *LISTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that a workload may not say.

    Attributes:
        path: where it stands ("tokens.input", "models[2].share").
        found: what stands there, in words.
        allowed: what may stand there, in words, with range and unit.
    """

    path: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}; allowed: {self.allowed}"


class WorkloadError(ValueError):
    """A stated workload is refused; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionShare:
    """A region and the part of the load that it takes."""

    name: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A workload as far as somebody states it; None is "not stated".

    Attributes:
        primary: the axis of `AXES` that counts where two disagree, the first stated by default.
        interactions_per_user: requests of one user's session, of `session_seconds`.
        arrivals_per_second: users that begin a session each second at peak.
        window: when the month's calls are made; it gives the peak factor.
        burst: short spikes over the peak, which it multiplies.
        headroom: room asked for above the peak, as a share of it.
        models: self-hosted models; their shares add up to 1.
        replica_per_second: requests/s measured of one LiteLLM replica.
        metrics_series: time series that the metrics store bears.
    """

    primary: str | None = None
    users: int | None = None
    interactions_per_user: float | None = None
    arrivals_per_second: float | None = None
    session_seconds: float | None = None
    rps_peak: float | None = None
    rps_avg: float | None = None
    calls_per_month: float | None = None
    tokens_per_day: float | None = None
    window: Window | None = None
    peak_factor: float | None = None
    burst: float | None = None
    headroom: float | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None
    input_spread: float | None = None
    output_spread: float | None = None
    streaming_share: float | None = None
    cache_hit_share: float | None = None
    self_hosted_share: float | None = None
    models: tuple[ServedModel, ...] | None = None
    model_names: int | None = None
    providers: tuple[Provider, ...] | None = None
    keys: int | None = None
    regions: tuple[RegionShare, ...] | None = None
    retention_days: float | None = None
    cache_ttl_seconds: float | None = None
    vectors: float | None = None
    vector_dimensions: int | None = None
    trace_share: float | None = None
    prompts_stored: bool | None = None
    limits_requests_per_minute: float | None = None
    replica_per_second: float | None = None
    metrics_series: int | None = None
    inter_token_latency_ms: float | None = None
    first_token_p95_ms: float | None = None
    first_token_external_p95_ms: float | None = None
    proxy_queue_p99_ms: float | None = None

    @property
    def stated_axes(self) -> tuple[str, ...]:
        """Return the axes that are stated; arrivals only with the requests of a session."""
        sessions = self.arrivals_per_second and self.interactions_per_user
        return tuple(
            axis for axis in AXES if (sessions if axis == "arrivals" else getattr(self, axis))
        )


def parse(mapping: Mapping[str, object]) -> Statement:
    """Return what plain data states; numbers may be text, as a command line gives them.

    Raises:
        WorkloadError: with every problem: unknown keys, wrong forms, values out of range, shares
            that do not add up, a primary axis that is not stated.
    """
    reading = _Reading()
    reading.mapping(mapping, "")
    stated = Statement(**reading.values)
    if stated.primary is not None and stated.primary not in stated.stated_axes:
        usable = ", ".join(stated.stated_axes) or f"one of {', '.join(AXES)}, stated"
        reading.refuse(_PRIMARY, shown(stated.primary), usable)
    if reading.problems:
        raise WorkloadError(reading.problems)
    return stated


class _Reading:
    """Values and problems gathered while one statement is read."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def refuse(self, path: str, found: str, may: str) -> None:
        self.problems.append(Problem(path=path, found=found, allowed=may))

    def mapping(self, given: object, group: str) -> None:
        if not isinstance(given, Mapping):
            self.refuse(group or "workload", shown(given), "a mapping")
            return
        known = (
            _KEYS
            if not group
            else tuple(path.partition(".")[2] for path in _PATHS if path.startswith(f"{group}."))
        )
        for key, value in given.items():
            path = f"{group}.{key}" if group else str(key)
            if key not in known:
                self.unknown(group, str(key), known)
            elif path in LISTS:
                self.entries(path, value)
            elif path == _PRIMARY:
                self.values[_PRIMARY] = value
            elif path in _GROUPS:
                self.mapping(value, path)
            else:
                self.field(_PATHS[path], path, value, self.values)

    def unknown(self, group: str, key: str, known: Sequence[str]) -> None:
        path = ".".join(filter(None, (group, on_a_line(key) or '""')))
        near = get_close_matches(key, known, n=1)
        meant = f' (did you mean "{near[0]}"?)' if near else ""
        self.refuse(path, f"an unknown key{meant}", ", ".join(known))

    def field(self, field: Field, path: str, value: object, into: dict[str, Any]) -> None:
        try:
            into[field.attribute] = read(field, value)
        except Refused as refused:
            self.refuse(path, refused.found, allowed(field))

    def entries(self, name: str, given: object) -> None:
        if name == REGIONS.path and not isinstance(given, Sequence | Mapping):
            return self.even_regions(given)
        if name == REGIONS.path and isinstance(given, str):
            return self.even_regions(given)
        if not isinstance(given, list | tuple) or not 0 < len(given) <= LIST_LONGEST:
            may = REGIONS.allowed if name == REGIONS.path else f"a list of 1 to {LIST_LONGEST:,}"
            return self.refuse(name, shown(given), may)
        before = len(self.problems)
        rows = [row for place, one in enumerate(given) for row in self.entry(name, place, one)]
        self.together(name, rows)
        if len(self.problems) == before:
            self.values[name] = tuple(_MAKERS[name](row) for row in rows)
        return None

    def even_regions(self, given: object) -> None:
        before = len(self.problems)
        counted: dict[str, Any] = {}
        self.field(REGIONS, REGIONS.path, given, counted)
        if len(self.problems) == before:
            count = counted[REGIONS.attribute]
            self.values[REGIONS.path] = tuple(
                RegionShare(name=f"region {place + 1}", share=1 / count) for place in range(count)
            )

    def entry(self, name: str, place: int, given: object) -> Iterator[dict[str, Any]]:
        at = f"{name}[{place}]"
        known = {field.path: field for field in LISTS[name]}
        if not isinstance(given, Mapping):
            return self.refuse(at, shown(given), f"a mapping of {', '.join(known)}")
        row: dict[str, Any] = {}
        for key, value in given.items():
            if key in known:
                self.field(known[key], f"{at}.{key}", value, row)
            else:
                self.unknown(at, str(key), tuple(known))
        if "name" not in given:
            self.refuse(f"{at}.name", "nothing", known["name"].allowed)
        elif name == "models" and "name" in row:
            self.served(f"{at}.name", row)
        yield row
        return None

    def served(self, path: str, row: dict[str, Any]) -> None:
        """Let a self-hosted model be one whose weights and cache are known."""
        try:
            row["shape"] = model_shape(row["name"]).name
        except UnknownNameError as error:
            self.refuse(path, str(error), "a model of the serving catalogue")

    def together(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Let the shares of a list add up to 1, even ones where none is stated."""
        with_share = [row["share"] for row in rows if "share" in row]
        names = [row["name"] for row in rows if "name" in row]
        for one in dict.fromkeys(one for one in names if names.count(one) > 1):
            self.refuse(name, f"{shown(one)} more than once", "each name once")
        if not with_share:
            for row in rows:
                row["share"] = 1 / len(rows)
        elif len(with_share) < len(rows):
            given = f"a share in {len(with_share)} of {len(rows)} entries"
            self.refuse(f"{name}[].share", given, "a share in every entry, or in none")
        elif abs(sum(with_share) - 1) > SHARES_OFF:
            found = f"shares that add up to {figure(sum(with_share))}"
            self.refuse(f"{name}[].share", found, "shares that add up to 1")
        else:
            whole = sum(with_share)
            for row in rows:
                row["share"] /= whole


def _model(row: dict[str, Any]) -> ServedModel:
    known = SELF_HOSTED_MODEL
    own = row["shape"] == model_shape(known.name).name
    return ServedModel(
        name=known.name if own else row["shape"],
        repository=row.get("repository", known.repository if own else row["name"]),
        precision=row.get("precision", known.precision),
        tensor_parallel=row.get("tensor_parallel", known.tensor_parallel if own else 1),
        context_tokens=row.get("context_tokens", known.context_tokens),
        share=row["share"],
        cache_precision=row.get("cache_precision", known.cache_precision),
    )


_MAKERS: Mapping[str, Any] = {
    "models": _model,
    "providers": lambda row: Provider(**row),
    "regions": lambda row: RegionShare(**row),
}
