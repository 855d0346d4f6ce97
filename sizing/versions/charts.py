"""The Helm charts of third parties: operators and controllers that the platform only configures.

All were seen to ask for a Kubernetes older than the planned one; each is of API version v2, which
Helm 3 reads. What a chart's values may be called is recorded under tests/kubernetes/charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPin:
    """One pinned chart.

    Attributes:
        repository: an https:// chart repository, or the oci:// folder that the chart stands in.
        source: an id of `sizing.sources`; `seen` is when it showed the version.
    """

    chart: str
    repository: str
    version: str
    source: str
    seen: str


PROMETHEUS_COMMUNITY = "oci://ghcr.io/prometheus-community/charts"


CHARTS: Mapping[str, ChartPin] = MappingProxyType(
    {
        "aws-load-balancer-controller": ChartPin(
            chart="aws-load-balancer-controller",
            repository="https://aws.github.io/eks-charts",
            version="3.5.0",
            source="chart-aws-lbc",
            seen="2026-08-17",
        ),
        "cluster-autoscaler": ChartPin(
            chart="cluster-autoscaler",
            repository="https://kubernetes.github.io/autoscaler",
            version="9.59.0",
            source="chart-cluster-autoscaler",
            seen="2026-08-22",
        ),
        "dcgm-exporter": ChartPin(
            chart="dcgm-exporter",
            repository="https://nvidia.github.io/dcgm-exporter/helm-charts",
            version="4.8.2",
            source="chart-dcgm-exporter",
            seen="2026-05-12",
        ),
        "external-secrets": ChartPin(
            chart="external-secrets",
            repository="https://charts.external-secrets.io",
            version="2.9.0",
            source="chart-external-secrets",
            seen="2026-08-08",
        ),
        # Grafana Labs' own repository is frozen since 2026-01 (grafana/helm-charts #4087).
        "grafana": ChartPin(
            chart="grafana",
            repository="https://grafana-community.github.io/helm-charts",
            version="12.11.1",
            source="chart-grafana",
            seen="2026-08-20",
        ),
        # Its templates are of Bitnami's library, its images are not.
        "jaeger": ChartPin(
            chart="jaeger",
            repository="https://jaegertracing.github.io/helm-charts",
            version="4.11.1",
            source="chart-jaeger",
            seen="2026-06-14",
        ),
        "keda": ChartPin(
            chart="keda",
            repository="https://kedacore.github.io/charts",
            version="2.20.2",
            source="chart-keda",
            seen="2026-08-13",
        ),
        # Its CRDs come from prometheus-operator-crds: one owner.
        "kube-prometheus-stack": ChartPin(
            chart="kube-prometheus-stack",
            repository=PROMETHEUS_COMMUNITY,
            version="88.5.3",
            source="chart-prometheus-community",
            seen="2026-08-22",
        ),
        "kube-state-metrics": ChartPin(
            chart="kube-state-metrics",
            repository=PROMETHEUS_COMMUNITY,
            version="8.4.0",
            source="chart-prometheus-community",
            seen="2026-08-22",
        ),
        "nvidia-device-plugin": ChartPin(
            chart="nvidia-device-plugin",
            repository="https://nvidia.github.io/k8s-device-plugin",
            version="0.20.0",
            source="chart-nvidia-device-plugin",
            seen="2026-08-19",
        ),
        "opentelemetry-collector": ChartPin(
            chart="opentelemetry-collector",
            repository="https://open-telemetry.github.io/opentelemetry-helm-charts",
            version="0.170.0",
            source="chart-opentelemetry-collector",
            seen="2026-08-20",
        ),
        "prometheus-node-exporter": ChartPin(
            chart="prometheus-node-exporter",
            repository=PROMETHEUS_COMMUNITY,
            version="4.56.1",
            source="chart-prometheus-community",
            seen="2026-08-22",
        ),
        "prometheus-operator-crds": ChartPin(
            chart="prometheus-operator-crds",
            repository=PROMETHEUS_COMMUNITY,
            version="31.0.1",
            source="chart-prometheus-community",
            seen="2026-08-22",
        ),
        "thanos": ChartPin(
            chart="thanos",
            repository="oci://ghcr.io/stevehipwell/helm-charts",
            version="1.24.1",
            source="chart-thanos",
            seen="2026-08-19",
        ),
        "vault": ChartPin(
            chart="vault",
            repository="https://helm.releases.hashicorp.com",
            version="0.34.1",
            source="chart-vault",
            seen="2026-08-13",
        ),
    }
)
