"""Where programs send what they do, by OpenTelemetry's own protocol. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.kubernetes.access import Pods
from components.kubernetes.otel_settings import GRPC_PORT, HTTP_PORT, attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Otlp:
    """The collectors, as who sends to them sees them; nothing where a stack keeps no traces.

    A program sends every span: which traces are kept is decided where all of one is together.

    Attributes:
        host: name within the cluster, "" for nowhere.
        peers: whom a program must be let out to.
        deployment: environment of whoever sends, as collectors are shared.
    """

    host: str = ""
    peers: tuple[Pods, ...] = ()
    deployment: str = ""

    @property
    def attributes(self) -> Mapping[str, str]:
        """Return the variable that names the environment to every SDK; none for nowhere."""
        return attributes(self.deployment) if self.host else {}

    @property
    def grpc(self) -> str:
        """Return "http://host:port" of OTLP over gRPC, "" for nowhere."""
        return f"http://{self.address}" if self.host else ""

    @property
    def http(self) -> str:
        """Return "http://host:port" of OTLP over HTTP, "" for nowhere."""
        return f"http://{self.host}:{HTTP_PORT}" if self.host else ""

    @property
    def address(self) -> str:
        """Return "host:port" of OTLP over gRPC, "" for nowhere."""
        return f"{self.host}:{GRPC_PORT}" if self.host else ""

    def environment(self, service: str) -> Mapping[str, str]:
        """Return OpenTelemetry's own variables of a program; none where nothing is sent."""
        if not self.host:
            return {}
        return {
            **self.attributes,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.http,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_SERVICE_NAME": service,
            "OTEL_TRACES_SAMPLER": "parentbased_always_on",
        }


NOWHERE = Otlp()
