"""What the agent router is told: limits that fit the providers' quotas, labels and traces.

Pure. The router is a vendor's: its management plane holds rules and limits, and no schema of a file
is public. What is decided here goes to it in standard variables of OpenTelemetry and in one file of
plain names (docs/agents.md), from which an operator enters it where the image does not read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import yaml

from components.kubernetes.otel_settings import attributes

FOLDER = "/etc/agent-router"
FILE = "router.yaml"
# Document 004, "Observability at scale": these two multiply the series. Without a key's label its
# use is read in the vendor's console, which adds it up by itself.
KEY_LABEL = "api_key_id"
MODEL_LABEL = "requested_model"
LABELS = (KEY_LABEL, "model", "provider", MODEL_LABEL, "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderQuota:
    """What a provider grants; None where nobody has said."""

    name: str
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """What leaves the router.

    Attributes:
        endpoint: of what collects it, by OTLP over gRPC ("http://host:4317"); "" sends nothing.
        deployment: environment that its spans are of, "" for none that is said.
        trace_share: part of the requests whose trace is kept; metrics are never sampled.
        key_labels: metrics carry a label for each key, likewise for each requested model.
    """

    endpoint: str = ""
    deployment: str = ""
    trace_share: float = 0.1
    key_labels: bool = False
    requested_model_labels: bool = True

    def __post_init__(self) -> None:
        """Refuse a share that is none.

        Raises:
            ValueError: the share is not from 0 to 1.
        """
        if not 0 <= self.trace_share <= 1:
            raise ValueError("trace_share must be from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterConfig:
    """What the router may let through, and what it reports.

    Attributes:
        active_keys: keys that send requests within the same minute at the peak.
        key_requests_per_minute: asked for each of them, None for no limit.
        providers: whom it sends requests to.
        headroom: part of the quotas that is kept for what falls to a provider when another fails.

    Raises:
        ValueError: no key, two providers of a name, or a share that is none.
    """

    active_keys: int
    key_requests_per_minute: int | None = None
    providers: tuple[ProviderQuota, ...] = ()
    headroom: float = 0.2
    telemetry: Telemetry = Telemetry()

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        names = [one.name for one in self.providers]
        if len(set(names)) < len(names):
            raise ValueError(f"two providers of a name: {sorted(names)}")
        if self.active_keys < 1:
            raise ValueError("a limit is shared by keys: active_keys must be above 0")
        if not 0 <= self.headroom < 1:
            raise ValueError("headroom must be from 0 to below 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Requests a minute of one key, and how they came about; None for no limit.

    Attributes:
        total: that all keys may have together, None where a quota is unknown.
        fits: all active keys at their limit stay within the total; a limit below one request a
            minute is none, so that it may not.
    """

    per_key: int | None
    asked: int | None
    total: int | None
    fits: bool

    @property
    def lowered(self) -> bool:
        """Say whether less is granted than was asked."""
        return self.per_key is not None and (self.asked is None or self.per_key < self.asked)


def active_keys(keys: float, requests_per_minute: float) -> int:
    """Return how many keys can send requests within a minute: no more than there are requests.

    Args:
        keys: that callers hold.
        requests_per_minute: of all of them at the peak.
    """
    return max(1, ceil(min(keys, requests_per_minute)))


def shared_total(config: RouterConfig) -> int | None:
    """Return the requests a minute that all keys may have together.

    The largest provider is counted as lost, where there is another, and headroom is kept: else the
    requests that fall back would meet a quota that is used up already. None where one is unknown.
    """
    known = [one.requests_per_minute for one in config.providers]
    quotas = [one for one in known if one is not None]
    if not quotas or len(quotas) < len(known):
        return None
    left = sum(quotas) - (max(quotas) if len(quotas) > 1 else 0)
    return int(left * (1 - config.headroom))


def reconciled(config: RouterConfig) -> Limit:
    """Return a key's limit at which all active keys together do not outrun the quotas."""
    asked, total = config.key_requests_per_minute, shared_total(config)
    if total is None:
        return Limit(per_key=asked, asked=asked, total=None, fits=True)
    fair = max(1, total // config.active_keys)
    granted = fair if asked is None else min(asked, fair)
    return Limit(
        per_key=granted, asked=asked, total=total, fits=granted * config.active_keys <= total
    )


def labels(telemetry: Telemetry) -> tuple[str, ...]:
    """Return the labels that exported metrics carry."""
    wanted = {
        KEY_LABEL: telemetry.key_labels,
        MODEL_LABEL: telemetry.requested_model_labels,
    }
    return tuple(one for one in LABELS if wanted.get(one, True))


def environment(telemetry: Telemetry, service: str) -> Mapping[str, str]:
    """Return OpenTelemetry's own variables; none where nothing is sent."""
    if not telemetry.endpoint:
        return {}
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": telemetry.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_SERVICE_NAME": service,
        **attributes(telemetry.deployment),
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": f"{telemetry.trace_share:g}",
    }


def render(config: RouterConfig) -> str:
    """Return the text of the file: the same for the same config, to the byte."""
    limit, telemetry = reconciled(config), config.telemetry
    document = {
        "limits": {
            "requests_per_minute_per_key": limit.per_key,
            "requests_per_minute_of_all_keys": limit.total,
            "lowered_to_fit_quotas": limit.lowered,
            "fits_quotas": limit.fits,
        },
        "providers": [
            {
                "name": str(one.name),
                "requests_per_minute": one.requests_per_minute,
                "tokens_per_minute": one.tokens_per_minute,
            }
            for one in sorted(config.providers, key=lambda one: str(one.name))
        ],
        "metrics": {
            "labels": list(labels(telemetry)),
            "left_out": sorted(set(LABELS) - set(labels(telemetry))),
        },
        "traces": {"sampled_share": telemetry.trace_share},
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
