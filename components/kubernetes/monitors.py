"""What Prometheus scrapes: a ServiceMonitor beside each workload that has metrics."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes import apiextensions, meta

SCRAPE_SECONDS = 15


def service_monitor(
    name: str,
    metadata: meta.v1.ObjectMetaArgs,
    selected: Mapping[str, str],
    port: str,
    path: str,
    opts: pulumi.ResourceOptions,
) -> apiextensions.CustomResource:
    """Create the object that makes Prometheus scrape a Service's pods.

    Args:
        selected: labels of the Service.
        port: name of its port.
    """
    return apiextensions.CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=metadata,
        spec={
            "selector": {"matchLabels": dict(selected)},
            "endpoints": [{"port": port, "path": path, "interval": f"{SCRAPE_SECONDS}s"}],
        },
        opts=opts,
    )
