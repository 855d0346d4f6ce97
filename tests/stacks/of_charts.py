"""What charts make that others name: Services and pods, as their templates write them.

Nobody here runs Helm: this is what `helm template` showed of the pinned charts with our values.
"""

from __future__ import annotations

from collections.abc import Iterator

from preview.offline import Resource
from tests.stacks.manifests import RELEASE, Manifest, Rendered, values

NAME = "app.kubernetes.io/name"
# Jaeger's chart opens them all, whatever the process behind listens on.
JAEGER_PORTS = {
    "otlp-grpc": 4317,
    "otlp-http": 4318,
    "http-query": 16686,
    "grpc-query": 16685,
    "internal-metrics": 8888,
    "span-metrics": 8889,
}
COLLECTOR_PORTS = {"otlp": 4317, "otlp-http": 4318}
METRICS_PORT = 8888
COMPONENT = "app.kubernetes.io/component"
# Services of Thanos' parts: the chart's own names of them, and their ports
THANOS = {
    "query": ("query", {"grpc": 10901, "http": 10902}),
    "store-gateway": ("store-gateway-headless", {"grpc": 10901, "http": 10902}),
    "compact": ("compact-headless", {"http": 10902}),
}


def chart_objects(made: Rendered) -> Iterator[Manifest]:
    """Return the Services and workloads of charts that other objects of a stack name."""
    for one in made.recording.resources:
        if one.type != RELEASE:
            continue
        if one.inputs["chart"] == "jaeger":
            yield from _jaeger(one)
        elif one.inputs["chart"] == "opentelemetry-collector":
            yield from _collector(one)
        elif str(one.inputs["chart"]).endswith("/kube-state-metrics"):
            name = values(one)["fullnameOverride"]
            yield from _both(one, name, name, "Deployment", {"http": 8080})
        elif str(one.inputs["chart"]).endswith("/prometheus-node-exporter"):
            name = values(one)["fullnameOverride"]
            yield from _both(one, name, name, "DaemonSet", {"metrics": 9100})
        elif str(one.inputs["chart"]).endswith("/thanos"):
            yield from _thanos(one)


def _jaeger(release: Resource) -> Iterator[Manifest]:
    said = values(release)
    name = said["fullnameOverride"]
    yield from _both(release, name, said["nameOverride"], "Deployment", JAEGER_PORTS)


def _collector(release: Resource) -> Iterator[Manifest]:
    said = values(release)
    daemon = said["mode"] == "daemonset"
    name = said["fullnameOverride"] + ("-agent" if daemon else "")
    ports = dict(COLLECTOR_PORTS)
    for port, asked in said["ports"].items():
        if asked["enabled"]:
            ports[port] = asked.get("containerPort", METRICS_PORT)
        else:
            ports.pop(port, None)
    kind = "DaemonSet" if daemon else "Deployment"
    yield from _both(release, name, said["nameOverride"], kind, ports)


def _thanos(release: Resource) -> Iterator[Manifest]:
    name = values(release)["fullnameOverride"]
    for part, (service, ports) in THANOS.items():
        for one in _both(release, f"{name}-{service}", name, "Deployment", ports):
            one["metadata"]["labels"][COMPONENT] = part
            yield one


def _both(
    release: Resource, name: str, label: str, kind: str, ports: dict[str, int]
) -> Iterator[Manifest]:
    metadata = {"name": name, "namespace": release.inputs["namespace"], "labels": {NAME: label}}
    yield {
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "selector": {NAME: label},
            "ports": [{"name": k, "port": v, "targetPort": k} for k, v in ports.items()],
        },
    }
    named = [{"name": k, "containerPort": v} for k, v in ports.items()]
    template = {"metadata": {"labels": {NAME: label}}, "spec": {"containers": [{"ports": named}]}}
    yield {"kind": kind, "metadata": metadata, "spec": {"template": template}}
