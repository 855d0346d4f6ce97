"""What a workload may state: every field with its place, its unit and the range it may lie in.

The ranges refuse slips (a share of 70, tokens in thousands, a month's calls as a day's), not
ambitions: each end lies far beyond any deployment that the documents or the measurements name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sizing.serving.models import CACHE_PRECISIONS, PRECISIONS
from sizing.workload.quantities import UNIT_SECONDS, duration, figure, number, share, shown, window


class Form(StrEnum):
    """How a field is written."""

    NUMBER = "a number"
    WHOLE = "a whole number"
    SHARE = 'a share of 1 or a percentage ("70 %")'
    DURATION = 'a duration with its unit ("500ms", "2s", "15m", "1h", "30d")'
    WINDOW = 'hours a day and days a month ("2h/22d")'
    FLAG = "true or false"
    TEXT = "text of at most 200 characters"


class Field(NamedTuple):
    """One field: `path` in the file, `attribute` of what it is read into, range in `unit`."""

    path: str
    attribute: str
    form: Form
    low: float
    high: float
    unit: str

    @property
    def allowed(self) -> str:
        """Return what may stand here, in words."""
        if self.form in {Form.FLAG, Form.TEXT}:
            return str(self.form)
        if self.form is Form.WINDOW:
            return f"{self.form}, 1 minute to 24 hours a day on 1 to 30 days a month"
        span = f"{figure(self.low)} to {figure(self.high)}"
        return f"{self.form}, {span} {self.unit}".rstrip()


class Refused(Exception):  # noqa: N818  # it says what was refused
    """A value that a field may not hold: `found` in words."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


N, W, S, D = Form.NUMBER, Form.WHOLE, Form.SHARE, Form.DURATION
FIELDS = (
    Field("users", "users", W, 1, 1e9, "people"),
    Field("interactions_per_user", "interactions_per_user", N, 0.1, 10_000, "requests a session"),
    Field("arrivals_per_second", "arrivals_per_second", N, 0.0001, 100_000, "new users a second"),
    Field("session", "session_seconds", D, 1, 86_400, "s"),
    Field("requests.per_second_peak", "rps_peak", N, 0.0001, 100_000, "requests a second"),
    Field("requests.per_second_average", "rps_avg", N, 0.0001, 100_000, "requests a second"),
    Field("requests.per_month", "calls_per_month", N, 1, 1e11, "requests in 30 days"),
    Field("peak.window", "window", Form.WINDOW, 60, 86_400, "s"),
    Field("peak.factor", "peak_factor", N, 1, 1000, "times the average"),
    Field("peak.burst", "burst", N, 1, 100, "times the peak"),
    Field("headroom", "headroom", S, 0, 10, "of the peak"),
    Field("tokens.per_day", "tokens_per_day", N, 1, 1e13, "tokens a day, in and out"),
    Field("tokens.input", "input_tokens", N, 1, 10e6, "tokens a request"),
    Field("tokens.output", "output_tokens", N, 1, 1e6, "tokens a request"),
    Field("tokens.input_spread", "input_spread", N, 0, 20, "standard deviations over the mean"),
    Field("tokens.output_spread", "output_spread", N, 0, 20, "standard deviations over the mean"),
    Field("shares.streaming", "streaming_share", S, 0, 1, "of all requests"),
    Field("shares.cache_hits", "cache_hit_share", S, 0, 0.99, "of all requests"),
    Field("shares.self_hosted", "self_hosted_share", S, 0, 1, "of what misses the cache"),
    Field("shares.traced", "trace_share", S, 0, 1, "of all requests"),
    Field("model_names", "model_names", W, 1, 10_000, "models that callers can name"),
    Field("keys", "keys", W, 1, 1e9, "API keys"),
    Field("limits_per_minute", "limits_requests_per_minute", N, 1, 1e12, "requests a minute"),
    Field("retention", "retention_days", D, 1, 3650, "d"),
    Field("cache_ttl", "cache_ttl_seconds", D, 1, 2_592_000, "s"),
    Field("vectors.count", "vectors", N, 0, 1e12, "vectors"),
    Field("vectors.dimensions", "vector_dimensions", W, 1, 100_000, "floats a vector"),
    Field("prompts_stored", "prompts_stored", Form.FLAG, 0, 1, ""),
    Field("replica_per_second", "replica_per_second", N, 0.01, 1e6, "requests a second, measured"),
    Field("metrics_series", "metrics_series", W, 1000, 1e12, "time series"),
    Field("objectives.inter_token_latency", "inter_token_latency_ms", D, 1, 10_000, "ms"),
    Field("objectives.first_token_p95", "first_token_p95_ms", D, 1, 600_000, "ms"),
    Field("objectives.first_token_outside_p95", "first_token_external_p95_ms", D, 1, 600_000, "ms"),
    Field("objectives.proxy_queue_p99", "proxy_queue_p99_ms", D, 1, 60_000, "ms"),
)
"""Fields outside lists."""

MODEL_FIELDS = (
    Field("name", "name", Form.TEXT, 1, 1, ""),
    Field("repository", "repository", Form.TEXT, 1, 1, ""),
    Field("precision", "precision", Form.TEXT, 1, 1, ""),
    Field("cache_precision", "cache_precision", Form.TEXT, 1, 1, ""),
    Field("tensor_parallel", "tensor_parallel", W, 1, 64, "GPUs"),
    Field("context", "context_tokens", W, 128, 10e6, "tokens"),
    Field("share", "share", S, 0.0001, 1, "of the self-hosted requests"),
)
PROVIDER_FIELDS = (
    Field("name", "name", Form.TEXT, 1, 1, ""),
    Field("share", "share", S, 0.0001, 1, "of the outside requests"),
    Field("models", "models", W, 1, 10_000, "models"),
    Field("requests_per_minute", "requests_per_minute", N, 1, 1e9, "requests a minute"),
    Field("tokens_per_minute", "tokens_per_minute", N, 1, 1e13, "tokens a minute"),
)
REGION_FIELDS = (
    Field("name", "name", Form.TEXT, 1, 1, ""),
    Field("share", "share", S, 0.0001, 1, "of the load"),
)
REGIONS = Field("regions", "regions", W, 1, 100, "regions of even share, or a list of them")
LISTS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {"models": MODEL_FIELDS, "providers": PROVIDER_FIELDS, "regions": REGION_FIELDS}
)
DAYS_LONGEST = 30  # of a month as document 004 counts it
TEXT_LONGEST = 200  # characters of a name
LIST_LONGEST = 1000  # entries: a longer one is no statement of a person
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"precision": PRECISIONS, "cache_precision": CACHE_PRECISIONS}
)


def value_of(field: Field, value: object) -> object:
    """Return what a field holds, in its unit.

    Raises:
        Refused: it is not written as the field is, or lies outside its range.
    """
    return _READERS.get(field.form, _number)(field, value)


def allowed(field: Field) -> str:
    """Return what may stand in a field, its closed set of words where it has one."""
    words = CHOICES.get(field.path)
    return ", ".join(words) if words else field.allowed


def _number(field: Field, value: object) -> float | int:
    found = share(value) if field.form is Form.SHARE else number(value)
    if found is None or not field.low <= found <= field.high:
        raise Refused(shown(value))
    if field.form is not Form.WHOLE:
        return found
    if not found.is_integer():
        raise Refused(shown(value))
    return int(found)


def _duration(field: Field, value: object) -> float:
    seconds = duration(value)
    if seconds is None:
        unitless = " without a unit" if number(value) is not None else ""
        raise Refused(f"{shown(value)}{unitless}")
    found = round(seconds / UNIT_SECONDS[field.unit], 9)
    if not field.low <= found <= field.high:
        raise Refused(shown(value))
    return found


def _window(field: Field, value: object) -> object:
    found = window(value)
    if found is None or not field.low <= found.seconds_a_day <= field.high:
        raise Refused(shown(value))
    if not 1 <= found.days_a_month <= DAYS_LONGEST:
        raise Refused(shown(value))
    return found


def _flag(_: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Refused(shown(value))


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise Refused(shown(value))
    if len(value) > TEXT_LONGEST:
        raise Refused(shown(value))
    if value not in CHOICES.get(field.path, (value,)):
        raise Refused(shown(value))
    return value


_READERS: Mapping[Form, Callable[[Field, object], object]] = MappingProxyType(
    {Form.DURATION: _duration, Form.WINDOW: _window, Form.FLAG: _flag, Form.TEXT: _text}
)
