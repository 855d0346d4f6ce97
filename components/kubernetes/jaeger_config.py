"""Jaeger's configuration (`userconfig`): who takes traces, who shows them, where they are kept.

Pure. Traces are kept in OpenSearch, each day in indices of its own, so that keeping them for so
many days is deleting whole indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from components.kubernetes.search_access import Login, SignIn

GRPC_PORT = 4317
HTTP_PORT = 4318
QUERY_PORT = 16686
QUERY_GRPC_PORT = 16685
METRICS_PORT = 8888
HEALTH_PORT = 13133
STORE = "traces"
# As Jaeger's own example for OpenSearch names days (cmd/jaeger/config-opensearch.yaml).
DATE = "2006-01-02"
_KINDS = ("spans", "services", "dependencies", "sampling")
_ANYWHERE = "0.0.0.0"
_HOURS = 24

Entry = dict[str, Any]


class Role(StrEnum):
    """What a process does: table 2.7 has one for everything, and processes apart."""

    ALL = "jaeger"
    COLLECTOR = "jaeger-collector"
    QUERY = "jaeger-query"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStore:
    """OpenSearch as the traces' store.

    Attributes:
        endpoint: with its scheme.
        sign_in: how every request says who sends it.
        prefix: begins the name of every index, so that environments can share a domain.
        shards: of a day's spans.
        copies: beside each shard.
        days: that a trace is kept; nothing older is looked for.

    Raises:
        ValueError: a store without a shard or a day.
    """

    endpoint: str
    sign_in: SignIn
    prefix: str
    shards: int
    copies: int
    days: int

    def __post_init__(self) -> None:
        if self.shards < 1 or self.copies < 0 or self.days < 1:
            raise ValueError("a day's traces have a shard, and are kept for a day at least")


def config(role: Role, store: TraceStore) -> Entry:
    """Return what a process of that role is told."""
    collects, shows = role is not Role.QUERY, role is not Role.COLLECTOR
    signing = _signing(store.sign_in)
    extensions = [
        *signing,
        "jaeger_storage",
        *(["jaeger_query"] if shows else []),
        "healthcheckv2",
    ]
    return {
        "extensions": {
            **signing,
            "jaeger_storage": {"backends": {STORE: {"opensearch": _backend(store, collects)}}},
            **({"jaeger_query": _query()} if shows else {}),
            "healthcheckv2": {
                "use_v2": True,
                "http": {"endpoint": f"{_ANYWHERE}:{HEALTH_PORT}"},
            },
        },
        **(_collector() if collects else _nothing()),
        "service": {
            "extensions": extensions,
            "telemetry": _telemetry(role),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp" if collects else "nop"],
                    "processors": ["batch"] if collects else [],
                    "exporters": ["jaeger_storage_exporter" if collects else "nop"],
                }
            },
        },
    }


def _collector() -> Entry:
    return {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"{_ANYWHERE}:{GRPC_PORT}"}}}},
        "processors": {"batch": {}},
        "exporters": {"jaeger_storage_exporter": {"trace_storage": STORE}},
    }


def _nothing() -> Entry:
    # a process must have a pipeline, even where it only shows what another has kept
    return {"receivers": {"nop": {}}, "processors": {}, "exporters": {"nop": {}}}


def _query() -> Entry:
    return {
        # performance by service is not fed, so it is not offered
        "storage": {"traces": STORE},
        "http": {"endpoint": f"{_ANYWHERE}:{QUERY_PORT}"},
        "grpc": {"endpoint": f"{_ANYWHERE}:{QUERY_GRPC_PORT}"},
        # its own calls would be traces of their own, sent to where nobody listens
        "enable_tracing": False,
    }


def _signing(way: SignIn) -> Entry:
    """Return the extension that signs requests, by its name; a password asks for none."""
    if isinstance(way, Login):
        return {}
    return {"sigv4auth": {"region": way.region, "service": way.service}}


def _signed_in(way: SignIn) -> Entry:
    if isinstance(way, Login):
        basic = {"username": way.user, "password_file": way.password_file}
        return {"auth": {"basic": basic}, "tls": {"ca_file": way.authority_file}}
    return {"auth": {"authenticator": "sigv4auth"}}


def _backend(store: TraceStore, collects: bool) -> Entry:
    index = {
        "date_layout": DATE,
        "rollover_frequency": "day",
        "shards": store.shards,
        "replicas": store.copies,
    }
    # names of services and what depends on what are few
    few = {**index, "shards": 1}
    return {
        "server_urls": [store.endpoint],
        **_signed_in(store.sign_in),
        "indices": {
            "index_prefix": store.prefix,
            **{kind: dict(index if kind == "spans" else few) for kind in _KINDS},
        },
        # who writes makes the templates at its start; how long indices live is the domain's rule
        "create_mappings": collects,
        "max_span_age": f"{store.days * _HOURS}h",
    }


def _telemetry(role: Role) -> Entry:
    pull = {"exporter": {"prometheus": {"host": _ANYWHERE, "port": METRICS_PORT}}}
    return {
        "resource": {"service.name": str(role)},
        "metrics": {"level": "normal", "readers": [{"pull": pull}]},
        "logs": {"encoding": "json", "level": "info"},
    }
