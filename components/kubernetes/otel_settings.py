"""What the collectors are told, as values: how much they keep, whom they ask, where it goes.

Pure. `otel_config` says it in the collector's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from components.kubernetes.search_access import SignIn
from sizing.capacity.traces import LIMITER_SHARE, wait_seconds
from sizing.plans import HelperPlan, ServicePlan
from sizing.units import MIB, MILLIS_PER_SECOND
from sizing.workload import Workload

GRPC_PORT = 4317
HTTP_PORT = 4318
WHOLE_PORT = 4319
"""Where collectors hand each other spans, so that all of a trace are at one of them."""
METRICS_PORT = 8888
HEALTH_PORT = 13133
GATEWAY = "otel-collector"
MEMBERS = "otel-collector-members"
"""Name that stands for each of the gateway's pods by itself."""
AGENT = "otel-agent"
# Bursts: as many traces again may begin while the others are waited for.
BURST = 2
# Of what the limiter allows, the last part comes with garbage to collect
# (opentelemetry-collector, processor/memorylimiterprocessor).
SPIKE_PERCENT = 20
PERCENT = 100
DEPLOYMENT = "deployment.environment"
"""Attribute that tells the environments apart whose traces and lines one store keeps."""
ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES"


def attributes(deployment: str) -> dict[str, str]:
    """Return the variable by which every SDK says whose spans they are; none for nobody's."""
    return {ATTRIBUTES: f"{DEPLOYMENT}={deployment}"} if deployment else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """When a collector refuses more, in MiB: from `limit` on, and from `limit - spike` a little."""

    limit_mib: int
    spike_mib: int

    @classmethod
    def of(cls, plan: ServicePlan | HelperPlan) -> Memory:
        """Return what fits into a plan's pod."""
        limit = int(plan.memory_limit_bytes * LIMITER_SHARE.value) // MIB
        return cls(limit_mib=limit, spike_mib=limit * SPIKE_PERCENT // PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Which traces are kept, decided once all of a trace is there.

    Attributes:
        share: of the ordinary ones; those with an error and slow ones are always kept.
        slow_ms: from how long on a trace is slow.
        wait_seconds: for how long a trace is waited for from its first span on.
        traces: that one collector keeps while it waits.
        traces_per_second: that begin at one collector at the peak.

    Raises:
        ValueError: a share outside 0 to 1, or nothing to wait for or to keep.
    """

    share: float
    slow_ms: int
    wait_seconds: int
    traces: int
    traces_per_second: int

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError("the share of traces that are kept is from 0 to 1")
        if min(self.slow_ms, self.wait_seconds, self.traces, self.traces_per_second) < 1:
            raise ValueError("a sampler waits for something and keeps something")

    @classmethod
    def of(cls, load: Workload, *, collectors: int, beside: float = 0) -> Sampling:
        """Return how the traces of a load are kept.

        Slow is what takes longer than a request may at the objectives. A model's answer takes that
        long, and its own span is the last one, so every trace is waited for as long.

        Args:
            load: what this environment carries.
            collectors: that share the traces; the others carry them when one is lost.
            beside: requests/s of others, whose traces wait at the same collectors.
        """
        slow, wait = load.request_seconds, wait_seconds(load)
        each = ceil((load.requests_per_second_peak + beside) / max(1, collectors - 1))
        return cls(
            share=load.trace_share,
            slow_ms=ceil(slow * MILLIS_PER_SECOND),
            wait_seconds=wait,
            traces=BURST * each * wait,
            traces_per_second=each,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStore:
    """OpenSearch as the logs' store.

    Attributes:
        endpoint: with its scheme.
        sign_in: how every request says who sends it.
        index: a day's index is "<index>-<date>".
    """

    endpoint: str
    sign_in: SignIn
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """What the gateway's collectors do.

    Attributes:
        members: name behind which each of them answers, "" where there is but one.
        jaeger: "host:port" that takes traces by OTLP over gRPC, "" where nothing keeps traces.
        logs: None where nothing keeps logs.
    """

    memory: Memory
    sampling: Sampling
    members: str
    jaeger: str
    logs: LogStore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """What the collector of a node does.

    Attributes:
        gateway: "host:port" that takes logs by OTLP over gRPC.
        cluster: name that every line is given.
        own: namespaces and pods whose lines are not read ("node-system_otel-agent-"): a line about
            a line that was not sent would be a line more.
        environment: whose lines they are, "" where nobody says.
        guests: the namespaces whose lines are another environment's, by that one.
    """

    memory: Memory
    gateway: str
    cluster: str
    own: tuple[str, ...]
    environment: str = ""
    guests: tuple[tuple[str, tuple[str, ...]], ...] = ()
