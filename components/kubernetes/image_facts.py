"""As whom each image can run under `runAsNonRoot`, and what it writes on a read-only root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What a pod must grant an image.

    Attributes:
        uid: who it runs as; 0 for the node agents of NVIDIA, which nothing else can replace.
        writable: folders that it writes and that may be empty at each start.
        source: where all this is written down.
        data: folders whose content must survive; they want a volume, not scratch.
    """

    uid: int
    gid: int
    writable: tuple[str, ...]
    source: str
    data: tuple[str, ...] = ()


# `nonroot` of distroless and of Chainguard's base images; `nobody` of Debian, Alpine and busybox.
NONROOT = 65532
NOBODY = 65534
# The user `postgres` of Alpine, which both of its images here run as.
ALPINE_POSTGRES = 70


def _nobody(source: str) -> ImageFacts:
    """Return those of a program that writes nothing and needs no user of its own."""
    return ImageFacts(uid=NOBODY, gid=NOBODY, writable=(), source=source)


LITELLM = ImageFacts(
    uid=NOBODY,
    gid=NOBODY,
    # The UI is laid out and Prisma's engines are unpacked when the image is built; /tmp is all that
    # is written: https://github.com/BerriAI/litellm/pull/22980. HOME is /app and stays read-only:
    # whatever else caches there (Hugging Face, npm) is to be sent to /tmp.
    writable=("/tmp",),
    source="https://github.com/BerriAI/litellm/blob/main/docker/Dockerfile.non_root",
)

FACTS: Mapping[str, ImageFacts] = MappingProxyType(
    {
        "agentgateway": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            writable=("/tmp",),
            source="https://github.com/agentgateway/agentgateway/blob/v1.4.1/Dockerfile and "
            "controller/install/helm/agentgateway-standalone",
        ),
        "alertmanager": ImageFacts(
            uid=NOBODY,
            gid=NOBODY,
            writable=(),
            source="https://github.com/prometheus/alertmanager/blob/v0.34.0/Dockerfile",
            data=("/alertmanager",),
        ),
        "archestra": ImageFacts(
            # `node` of the base image. The image's own entrypoint runs supervisord as root; its two
            # programs are started by themselves instead, and read what root has laid out.
            uid=1000,
            gid=1000,
            writable=("/app/data", "/tmp"),
            source="https://github.com/archestra-ai/archestra: platform/Dockerfile and "
            "platform/backend/scripts/start-production.sh",
        ),
        "aws-load-balancer-controller": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            # The webhook's certificate is mounted below /tmp by the chart.
            writable=(),
            source="https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/"
            "helm/aws-load-balancer-controller/values.yaml",
        ),
        # The image names no user; a handshake needs no right that root has.
        "blackbox-exporter": _nobody(
            "https://github.com/prometheus/blackbox_exporter/blob/v0.28.0/Dockerfile"
        ),
        "cluster-autoscaler": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            writable=(),
            source="https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/Dockerfile",
        ),
        "dcgm-exporter": ImageFacts(
            uid=0,
            gid=0,
            writable=(),
            source="https://github.com/NVIDIA/dcgm-exporter/blob/4.5.3-4.8.2/docker/Dockerfile",
        ),
        "elasticsearch-exporter": _nobody(
            "https://github.com/prometheus-community/elasticsearch_exporter/blob/v1.11.0/Dockerfile"
        ),
        "external-secrets": _nobody(
            "https://github.com/external-secrets/external-secrets/blob/v2.9.0/Dockerfile"
        ),
        "grafana": ImageFacts(
            uid=472,
            gid=472,
            # Its own data, its search index, and the sockets of its plugins' processes.
            writable=("/tmp", "/var/lib/grafana", "/var/lib/grafana-search"),
            source="https://github.com/grafana-community/helm-charts/blob/grafana-12.11.1/charts/"
            "grafana/values.yaml and templates/_pod.tpl",
        ),
        "jaeger": ImageFacts(
            uid=10001,
            gid=10001,
            writable=("/tmp",),
            source="https://github.com/jaegertracing/jaeger/blob/v2.20.0/cmd/jaeger/Dockerfile",
        ),
        "keda": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            writable=(),
            source="https://github.com/kedacore/keda/blob/v2.20.2/Dockerfile",
        ),
        "keda-metrics-apiserver": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            writable=(),
            source="https://github.com/kedacore/keda/blob/v2.20.2/Dockerfile.adapter",
        ),
        "keda-webhooks": ImageFacts(
            uid=NONROOT,
            gid=NONROOT,
            writable=(),
            source="https://github.com/kedacore/keda/blob/v2.20.2/Dockerfile.webhooks",
        ),
        "kube-state-metrics": _nobody(
            "https://github.com/kubernetes/kube-state-metrics/blob/v2.20.0/Dockerfile"
        ),
        "langflow": ImageFacts(
            uid=1000,
            gid=0,
            # Its home; locks and its outbox of telemetry are below /tmp.
            writable=("/app/data", "/tmp"),
            source="https://github.com/langflow-ai/langflow/blob/main/docker/"
            "build_and_push.Dockerfile",
            data=("/app/langflow",),
        ),
        "litellm": LITELLM,
        "locust": ImageFacts(
            # The first user that is added to Debian's, `locust`; without its page Locust writes
            # nothing.
            uid=1000,
            gid=1000,
            writable=(),
            source="https://github.com/locustio/locust/blob/2.46.6/Dockerfile.ci",
        ),
        "model-sync": LITELLM,
        "node-exporter": _nobody(
            "https://github.com/prometheus/node_exporter/blob/v1.12.1/Dockerfile"
        ),
        "n8n": ImageFacts(
            uid=1000,
            gid=1000,
            # Settings in ~/.n8n, and its pages unpacked in ~/.cache at each start.
            writable=("/home/node", "/tmp"),
            source="https://github.com/n8n-io/n8n/blob/n8n%402.40.7/docker/images/n8n/Dockerfile",
        ),
        "nvidia-device-plugin": ImageFacts(
            uid=0,
            gid=0,
            writable=(),
            source="https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/container/"
            "Dockerfile",
        ),
        # Whoever reads the logs of a node's pods runs it as root, whose files those are.
        "otel-collector": ImageFacts(
            uid=10001,
            gid=10001,
            writable=(),
            source="https://github.com/open-telemetry/opentelemetry-collector-releases/blob/"
            "v0.158.0/distributions/otelcol-contrib/Dockerfile",
        ),
        "ollama": ImageFacts(
            # `ubuntu` of the base image; the image itself starts as root. HOME is to be /tmp.
            uid=1000,
            gid=1000,
            writable=("/tmp",),
            source="https://github.com/ollama/ollama/issues/5986 and "
            "https://github.com/xencon/aixcl/pull/717",
            data=("/models",),
        ),
        "opensearch": ImageFacts(
            uid=1000,
            gid=1000,
            # Its configuration too, where the server makes its keystore: it is copied to a folder
            # of the pod's, which OPENSEARCH_PATH_CONF names.
            writable=("/tmp", "/usr/share/opensearch/logs"),
            source="https://github.com/opensearch-project/opensearch-build/blob/main/docker/release/"
            "dockerfiles/opensearch.al2023.dockerfile",
            data=("/usr/share/opensearch/data",),
        ),
        "pgbouncer": ImageFacts(
            uid=ALPINE_POSTGRES,
            gid=ALPINE_POSTGRES,
            # PgBouncer's own socket. The entrypoint writes a configuration only where none is
            # mounted, and an empty userlist only where auth_file does not exist.
            writable=("/tmp",),
            source="https://github.com/edoburu/docker-pgbouncer/blob/v1.25.2-p0/Dockerfile and "
            "entrypoint.sh",
        ),
        "pgbouncer-exporter": _nobody(
            "https://github.com/prometheus-community/pgbouncer_exporter/blob/v0.12.1/Dockerfile"
        ),
        "postgres-client": ImageFacts(
            uid=ALPINE_POSTGRES,
            gid=ALPINE_POSTGRES,
            writable=("/tmp",),
            source="https://github.com/docker-library/postgres/blob/master/17/alpine3.23/Dockerfile",
        ),
        "postgres-exporter": _nobody(
            "https://github.com/prometheus-community/postgres_exporter/blob/v0.20.1/Dockerfile"
        ),
        "prometheus": ImageFacts(
            uid=1000,
            gid=2000,
            writable=(),
            source="https://github.com/prometheus-community/helm-charts/blob/"
            "kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack/values.yaml",
            data=("/prometheus",),
        ),
        "prometheus-config-reloader": _nobody(
            "https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/cmd/"
            "prometheus-config-reloader/Dockerfile"
        ),
        "prometheus-operator": _nobody(
            "https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/Dockerfile"
        ),
        "qdrant": ImageFacts(
            uid=1000,
            gid=1000,
            # The start script's mark goes to QDRANT_INIT_FILE_PATH, by default beside the program;
            # the chart sends it to /qdrant/init. Snapshots are packed below the storage folder, by
            # QDRANT__STORAGE__SNAPSHOTS_PATH, and not in a folder of their own.
            writable=("/qdrant/init",),
            source="https://github.com/qdrant/qdrant/blob/v1.19.0/Dockerfile (USER_ID) and "
            "https://github.com/qdrant/qdrant-helm/blob/qdrant-1.19.0/charts/qdrant/templates/"
            "statefulset.yaml",
            data=("/qdrant/storage",),
        ),
        "redis-exporter": ImageFacts(
            uid=59000,
            gid=59000,
            writable=(),
            source="https://github.com/oliver006/redis_exporter/blob/v1.88.0/Dockerfile",
        ),
        "thanos": ImageFacts(
            uid=1001,
            gid=1001,
            writable=(),
            source="https://github.com/thanos-io/thanos/blob/v0.42.4/Dockerfile",
            data=("/var/thanos",),
        ),
        "vault": ImageFacts(
            # Its start script puts the configuration together in /tmp; HOME is an empty folder of
            # the chart's. Neither memory nor files are locked or owned anew (SKIP_CHOWN).
            uid=100,
            gid=1000,
            writable=("/tmp",),
            source="https://github.com/hashicorp/vault-helm/blob/v0.34.1/templates/"
            "_helpers.tpl and server-statefulset.yaml",
            data=("/vault/audit", "/vault/data"),
        ),
        "vllm": ImageFacts(
            # The user `vllm`, who is in group 0: its folders are open to that group. The image
            # itself starts as root, so a pod must say the uid.
            uid=2000,
            gid=0,
            # Caches of Hugging Face, Triton, torch and vLLM all follow HOME.
            writable=("/home/vllm", "/tmp"),
            source="https://github.com/vllm-project/vllm/pull/40275 and docs/deployment/docker.md",
        ),
        "vllm-router": ImageFacts(
            # Debian's `nobody`: torch, which comes with its extras, asks for the user's name and
            # fails for a uid without one (https://github.com/kserve/kserve/issues/5666). HOME is
            # to be /tmp.
            uid=NOBODY,
            gid=NOBODY,
            writable=("/tmp",),
            source="https://github.com/vllm-project/production-stack/blob/vllm-stack-0.1.12/docker/"
            "Dockerfile",
        ),
    }
)
