"""The namespace of every workload, by what it does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.planning.environment import Setting

GATEWAY = "gateway"
SERVING = "serving"
DATA = "data"
OBSERVABILITY = "observability"
APPS = "apps"
VAULT = "vault"
NODE = "node"
SYSTEM = "system"
GPU = "gpu"
CLOUD = "cloud"
ENGINES = "vllm-"
"""Prefix of every model's engine, and of the router before them."""

# What serves the whole cluster, whatever environment it belongs to; the last is the cloud's own.
WITHOUT_ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {SYSTEM: "platform-system", GPU: "gpu-system", NODE: "node-system", CLOUD: "kube-system"}
)
MEMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # migrations run where the proxy's own credentials are
        GATEWAY: (
            "agent-gateway",
            "agent-router",
            "agent-router-controller",
            "litellm",
            "litellm-migrations",
        ),
        SERVING: ("model-sync",),
        DATA: (
            "database-setup",
            "file-folders",
            "opensearch",
            "opensearch-certificates",
            "pgbouncer",
            "pgbouncer-exporter",
            "qdrant",
            "vector-snapshots",
        ),
        VAULT: ("vault", "vault-care", "vault-certificates", "vault-setup", "vault-snapshots"),
        OBSERVABILITY: (
            "alertmanager",
            "blackbox-exporter",
            "grafana",
            "jaeger",
            "jaeger-collector",
            "jaeger-query",
            "kube-state-metrics",
            "opensearch-exporter",
            "otel-collector",
            "postgres-exporter",
            "prometheus",
            "prometheus-config-reloader",
            "redis-exporter",
            "search-setup",
            "thanos-compact",
            "thanos-query",
            "thanos-sidecar",
            "thanos-store",
        ),
        APPS: (
            "application",
            "archestra",
            "archestra-migrations",
            "archestra-worker",
            "langflow",
            "load-test",
            "n8n",
            "n8n-worker",
            "ollama",
            "osmen-gateway",
        ),
        NODE: ("node-exporter", "otel-agent"),
        SYSTEM: (
            "aws-load-balancer-controller",
            "cluster-autoscaler",
            "external-secrets",
            "external-secrets-cert-controller",
            "external-secrets-webhook",
            "keda-admission",
            "keda-metrics-apiserver",
            "keda-operator",
            "prometheus-operator",
        ),
        GPU: ("dcgm-exporter", "nvidia-device-plugin"),
        CLOUD: (
            "coredns",
            "ebs-csi-controller",
            "efs-csi-controller",
            "kube-dns",
            "metrics-server",
        ),
    }
)
_ROLES = {name: role for role, names in MEMBERS.items() for name in names}


def role(workload: str) -> str:
    """Return the role of a workload's namespace.

    Raises:
        KeyError: nothing says where it lives.
    """
    return SERVING if workload.startswith(ENGINES) else _ROLES[workload]


def namespace(setting: Setting, of_role: str) -> str:
    """Return the name of a role's namespace ("prod-gateway", "platform-system")."""
    return WITHOUT_ENVIRONMENT.get(of_role, f"{setting.environment}-{of_role}")


def home(setting: Setting, workload: str) -> str:
    """Return the name of a workload's namespace.

    Raises:
        KeyError: nothing says where it lives.
    """
    return namespace(setting, role(workload))
