"""What Prometheus scrapes: a ServiceMonitor beside each workload that has metrics."""

from __future__ import annotations

from collections.abc import Mapping
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
) -> apiextensions.CustomResource:
    """Create the object that makes Prometheus scrape a Service's pods.

    Args:
        selected: labels of the Service.
        port: name of its port.
        bearer: what the scraper shows there: a key of a secret in the same namespace.
    """
    endpoint: dict[str, Any] = {"port": port, "path": path, "interval": f"{SCRAPE_SECONDS}s"}
    if bearer is not None:
        shown = {"name": bearer.secret, "key": bearer.key}
        endpoint["authorization"] = {"type": "Bearer", "credentials": shown}
    return apiextensions.CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=metadata,
        spec={"selector": {"matchLabels": dict(selected)}, "endpoints": [endpoint]},
        opts=opts,
    )
