"""What Prometheus scrapes: a ServiceMonitor beside each workload that has metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, meta

from components.kubernetes.container import SecretKey

SCRAPE_SECONDS = 15


def service_monitor(
    name: str,
    metadata: meta.v1.ObjectMetaArgs,
    selected: Mapping[str, str],
    port: str,
    path: str,
    opts: pulumi.ResourceOptions,
    *,
    bearer: SecretKey | None = None,
    own_labels: bool = False,
    parameters: Mapping[str, tuple[pulumi.Input[str], ...]] | None = None,
    relabelings: Sequence[Mapping[str, Any]] = (),
    every_seconds: int = SCRAPE_SECONDS,
) -> apiextensions.CustomResource:
    """Create the object that makes Prometheus scrape a Service's pods.

    Args:
        selected: labels of the Service.
        port: name of its port.
        bearer: what the scraper shows there: a key of a secret in the same namespace.
        own_labels: labels of the metrics win over those of the target, where they speak of others.
        parameters: of the query.
        relabelings: of the target, before it is asked.
        every_seconds: how often it is asked.
    """
    endpoint: dict[str, Any] = {"port": port, "path": path, "interval": f"{every_seconds}s"}
    if bearer is not None:
        shown = {"name": bearer.secret, "key": bearer.key}
        endpoint["authorization"] = {"type": "Bearer", "credentials": shown}
    if own_labels:
        endpoint["honorLabels"] = True
    if parameters:
        endpoint["params"] = {key: list(values) for key, values in parameters.items()}
    if relabelings:
        endpoint["relabelings"] = [dict(one) for one in relabelings]
    return apiextensions.CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=metadata,
        spec={"selector": {"matchLabels": dict(selected)}, "endpoints": [endpoint]},
        opts=opts,
    )
