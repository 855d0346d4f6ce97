"""The container images that nodes pull: the platform's own workloads, and those of the charts.

A digest stands here only where a source shows it for that tag; it is the one of the index over all
architectures. "" means that none was seen: the tag alone is pulled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePin:
    """One pinned image.

    Attributes:
        repository: with its registry's host, without tag.
        digest: "sha256:..." or "".
        source: an id of `sizing.sources`; `seen` is when it showed tag and digest.
    """

    repository: str
    tag: str
    digest: str
    source: str
    seen: str


def _image(repository: str, tag: str, digest: str = "", source: str = "images-seen") -> ImagePin:
    return ImagePin(
        repository=repository,
        tag=tag,
        digest=f"sha256:{digest}" if digest else "",
        source=source,
        seen="2026-11-21",
    )


# What runs as uid 65534 and holds no floating part. 1.82.7 and 1.82.8 stole credentials (2026-03).
# It is on Docker Hub and on ghcr.io; the digest was seen on Docker Hub (index ids 70544137024,
# 70382773013).
LITELLM = _image(
    "docker.io/litellm/litellm-non_root",
    "v1.104.2",
    "e8dee87e7ddbf9abc174e8a7b180a690d5265cc4827458d22c5ff5e108170027",
)

IMAGES: Mapping[str, ImagePin] = MappingProxyType(
    {
        # cr.agentgateway.dev answers for ghcr.io, which a pull-through cache takes: v1.5.0's digest
        # was seen under both names (70239334343, 66187599708), this one under the first
        # (69488277591, 62664082024).
        "agentgateway": _image(
            "ghcr.io/agentgateway/agentgateway",
            "v1.4.1",
            "efd79355b89094a8225a9db465d9a01dc656b377f0bab458761b935a13231d29",
        ),
        # 62053750901, 59862991324
        "alertmanager": _image(
            "quay.io/prometheus/alertmanager",
            "v0.34.0",
            "690c7b525f4367aa91f73e2f91c632206d32e97c6384bdbf2fb7a861b420340d",
        ),
        # The chart of the same version names it; no source shows its digest.
        "archestra": _image("docker.io/archestra/platform", "1.3.60", source="archestra-chart"),
        "aws-load-balancer-controller": _image(
            "public.ecr.aws/eks/aws-load-balancer-controller", "v3.5.0", source="chart-aws-lbc"
        ),
        # 69403174024, 70955516482
        "blackbox-exporter": _image(
            "quay.io/prometheus/blackbox-exporter",
            "v0.28.0",
            "e753ff9f3fc458d02cca5eddab5a77e1c175eee484a8925ac7d524f04366c2fc",
        ),
        # Its minor is the cluster's; 68361284524, 59909572222.
        "cluster-autoscaler": _image(
            "registry.k8s.io/autoscaling/cluster-autoscaler",
            "v1.35.0",
            "2fc9433dd3b47baef0e68d6b1110b770a3c93db10c7bead4c5bc6cb21c72b875",
        ),
        # 54523359997
        "dcgm-exporter": _image(
            "nvcr.io/nvidia/k8s/dcgm-exporter",
            "4.5.3-4.8.2-distroless",
            "60d3b00ac80b4ae77f94dae2f943685605585ad9e92fdccda3154d009ae317cc",
        ),
        "elasticsearch-exporter": _image(
            "quay.io/prometheuscommunity/elasticsearch-exporter",
            "v1.11.0",
            source="chart-prometheus-community",
        ),
        "external-secrets": _image(
            "ghcr.io/external-secrets/external-secrets", "v2.9.0", source="chart-external-secrets"
        ),
        # 61506032747, 62084868507
        "grafana": _image(
            "docker.io/grafana/grafana",
            "13.2.0",
            "3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b",
        ),
        # 2.19, which the chart names, signs every request as if it had no body, and AWS refuses
        # those that have one (jaegertracing/jaeger #8760); 2.21 takes Grafana's interface away.
        # 65791410940, 60325022002
        "jaeger": _image(
            "docker.io/jaegertracing/jaeger",
            "2.20.0",
            "46a886260e04002d8f45e213fc39063fa11a50446048fdaa64786fc0840cb9f8",
        ),
        # 68336677490
        "keda": _image(
            "ghcr.io/kedacore/keda",
            "2.20.2",
            "fe74c7b8849586a67ad2201bcb89e7f5ac221ff90399ecaa8fd28427f1ef11e6",
        ),
        # 68336677490
        "keda-metrics-apiserver": _image(
            "ghcr.io/kedacore/keda-metrics-apiserver",
            "2.20.2",
            "27286536a8a775aeeee37a7e343f8ecebb27ebf680ee1181a4f99e82eefb253b",
        ),
        "keda-webhooks": _image(
            "ghcr.io/kedacore/keda-admission-webhooks", "2.20.2", source="chart-keda"
        ),
        # 71400200972; its child for amd64 apart in 62053750901
        "kube-state-metrics": _image(
            "registry.k8s.io/kube-state-metrics/kube-state-metrics",
            "v2.20.0",
            "42cfe3723a5f058171c627537fb57a3ea0f26e4380fa18555a95cb1a1b4cfc5b",
        ),
        # 70769785513, 70138401419
        "langflow": _image(
            "docker.io/langflowai/langflow",
            "1.12.3",
            "34055a07d446de51760e28dab6332e22624e5f48dca611567779992fc32c5ec0",
        ),
        "litellm": LITELLM,
        # The multi-architecture index, as both say; 70516194357, 70799518339
        "locust": _image(
            "docker.io/locustio/locust",
            "2.46.6",
            "d43616228012a7d79b883e2ecd42f87640469377f2b666c4ab27e5248dfdf35f",
        ),
        # LiteLLM's own: what it is made of includes huggingface-hub, boto3 and google-cloud-storage
        # (of google-cloud-aiplatform), so nothing is installed at start, and the nodes that run it
        # hold it already. vLLM's has the same parts in ten times the size.
        "model-sync": LITELLM,
        # 66024765498, 69403174024
        "node-exporter": _image(
            "quay.io/prometheus/node-exporter",
            "v1.12.1",
            "1b4e4438faca4dd7e001dd445d161a4a2091b0fededa84093b3a8dfeae1f1be0",
        ),
        # 70271908760, 70632185587
        "n8n": _image(
            "docker.io/n8nio/n8n",
            "2.40.7",
            "ffeb52485f78b1b06c9a832205853cf75da72a07a514c9a27724df85979d6c34",
        ),
        # 68441749179, 71401494007
        "nvidia-device-plugin": _image(
            "nvcr.io/nvidia/k8s-device-plugin",
            "v0.20.0",
            "a61ba9fd8efb82f3a79f877f7580e02c1e8e7593f62473644bc9c79e315c3312",
        ),
        # What a pull answered with; 53924100237, 53782560237. Jaeger's example (19941747648) names
        # another one of the same tag.
        "opensearch": _image(
            "docker.io/opensearchproject/opensearch",
            "3.5.0",
            "919ff4e7d0d57dbc4bd0999ddf0e43e961bba844ec2a5b6734fc979eb4e32399",
        ),
        # All parts of it that anybody contributed: 61467434818, 57914701743
        "otel-collector": _image(
            "docker.io/otel/opentelemetry-collector-contrib",
            "0.158.0",
            "c5918f78992ee73b0d6f0e599423ac5ec52dd5d9726733114d6eca53d5a32ed5",
        ),
        # 70417161889, 70958445953
        "ollama": _image(
            "docker.io/ollama/ollama",
            "0.35.1",
            "292ee7945dfc3d5840a181f3ab86fedb1e66703e02c8af98b50f4da56b7e278c",
        ),
        # 60237905784, 71648386088
        "pgbouncer": _image(
            "docker.io/edoburu/pgbouncer",
            "v1.25.2-p0",
            "7d7a27d9e90985cab5cf42256f5c13a3120baa4b055b69df37beb272b89b2340",
        ),
        # 57771153473
        "pgbouncer-exporter": _image(
            "quay.io/prometheuscommunity/pgbouncer-exporter",
            "v0.12.1",
            "30f31b6c2efdad3647f8182cc7c1a3a19e42bae5d17387694989f969371c230d",
        ),
        # psql of the server's own version; 70387499650
        "postgres-client": _image(
            "docker.io/library/postgres",
            "17.11-alpine",
            "18cfe3ef5e6815560c98237d6216d1e5119702fb0f3894c8785dd58b8bbe5d73",
        ),
        # 60457603978, 66500151997
        "postgres-exporter": _image(
            "quay.io/prometheuscommunity/postgres-exporter",
            "v0.20.1",
            "ac5ec343104fae0e2d84a27bb8d69b38430a11910c5382cad85d478d2bab713e",
        ),
        # The tag that the chart itself takes; 62053750901
        "prometheus": _image(
            "quay.io/prometheus/prometheus",
            "v3.14.0-distroless",
            "50c707e96da5ade383cb1707790576480485e93de06aa60ad8802cb5f744bd0a",
        ),
        # 62053750901
        "prometheus-config-reloader": _image(
            "quay.io/prometheus-operator/prometheus-config-reloader",
            "v0.93.1",
            "428f088fe6fe07ab138bda92113664b04848a1dc408e4d3680a60ecdb55d1a65",
        ),
        # 62053750901
        "prometheus-operator": _image(
            "quay.io/prometheus-operator/prometheus-operator",
            "v0.93.1",
            "e52bb28fd41c98dd407c7a8cba8bdcfe7eabd7447e250afaf1fe7bb816dedbff",
        ),
        # Runs as uid 1000 from its build on; 57447529225, 59693946234
        "qdrant": _image(
            "docker.io/qdrant/qdrant",
            "v1.19.0-unprivileged",
            "a0e04fe623cb064502cd869cefc1dc7ce359d8edd481063b5bd351c0a0a2c91e",
        ),
        "redis-exporter": _image(
            "docker.io/oliver006/redis_exporter", "v1.89.0", source="chart-prometheus-community"
        ),
        # 61925083873
        "thanos": _image(
            "quay.io/thanos/thanos",
            "v0.42.4",
            "b567818fe608067eb0f1d7c2c4fe361e7ad83c8a256234c97685f1d0bf670cc8",
        ),
        # Business Source License; OpenBao is the fork without it. 70348966975, 69887664392
        "vault": _image(
            "docker.io/hashicorp/vault",
            "2.0.4",
            "5be49781ecf78bfe775c5309c6a4d9f4e9e040b6c885c99eb2b12fb69855e1a2",
        ),
        # CUDA 13, so a driver from 580 on; 68334697520, 68941213417
        "vllm": _image(
            "docker.io/vllm/vllm-openai",
            "v0.29.0",
            "c2914767605584b6d8f45686b82de173ecc99e781897aa3d0a66dacd72c51ae1",
        ),
        # The router of vllm-stack 0.1.12, for amd64 alone. The newer vllm/vllm-router has nightly
        # tags only. 68683424922, 68560194243
        "vllm-router": _image(
            "docker.io/lmcache/lmstack-router",
            "v0.1.12",
            "d8cfaf022f0179ba3f9d2bbcb95c602bd639b700f7a6ac409626758d1a366483",
        ),
    }
)
