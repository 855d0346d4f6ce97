"""The collectors' configuration: of the gateway, which keeps traces and logs, and of each node.

Pure. Whether a trace is kept is decided by all of its spans together, so they must meet at one
collector. Applications speak to any; where there are several, each hands every span to the one that
its trace id names (`load_balancing`), and that one decides. Redaction comes after that decision and
before any store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.kubernetes import otel_log_store, otel_redaction
from components.kubernetes.otel_settings import (
    DEPLOYMENT,
    GRPC_PORT,
    HEALTH_PORT,
    HTTP_PORT,
    METRICS_PORT,
    WHOLE_PORT,
    AgentConfig,
    GatewayConfig,
    Memory,
    Sampling,
)

# The chart gives it to every pod.
POD_IP = "${env:MY_POD_IP}"
NODE_NAME = "OTEL_K8S_NODE_NAME"
PODS_FOLDER = "/var/log/pods"
STATE_FOLDER = "/var/lib/otelcol"
"""Where an agent writes down how far it has read: on its node, which outlives the pod."""
# A client's connection ends after so long, and its next one may reach another collector: a Service
# chooses by connection, and gRPC keeps one for ever.
CONNECTION_SECONDS = 60
CONNECTION_GRACE_SECONDS = 10
# A day of decisions would be too much; late spans come within minutes.
DECISIONS_PER_TRACE = 10
BATCH = 1024
BATCH_SECONDS = 1
# Lines that go on: indented ones, what Python and Java say of a chain of errors, and Python's last
# line, which says what it was about.
_CONTINUES = (
    r"^(\s|Caused by:|During handling|The above exception|\}|\]|[\w.]+(Error|Exception)(:|$))"
)
# One line of a stack trace follows the other at once.
_FLUSH_SECONDS = 1
_MOST_LINE = 256 * 1024
_PERCENT = 100

Entry = dict[str, Any]


def gateway(config: GatewayConfig) -> Entry:
    """Return the configuration of the collectors that everybody sends to."""
    spread, traces = bool(config.members and config.jaeger), bool(config.jaeger)
    signing = otel_log_store.signing(config.logs) if config.logs else {}
    pipelines: Entry = {}
    if spread:
        pipelines["traces/spread"] = _pipeline(["otlp"], ["memory_limiter"], ["load_balancing"])
    if traces:
        pipelines["traces"] = _pipeline(
            ["otlp/whole" if spread else "otlp"],
            ["memory_limiter", "tail_sampling", otel_redaction.NAME, "batch"],
            ["otlp_grpc/jaeger"],
        )
    if config.logs:
        pipelines["logs"] = _pipeline(
            ["otlp"], ["memory_limiter", otel_redaction.NAME, "batch"], ["opensearch"]
        )
    return {
        "extensions": {
            "health_check": {"endpoint": f"{POD_IP}:{HEALTH_PORT}"},
            **signing,
        },
        "receivers": {
            "otlp": _receiver(http=True),
            **({"otlp/whole": _receiver(port=WHOLE_PORT)} if spread else {}),
        },
        "processors": {
            "memory_limiter": _memory(config.memory),
            **({"tail_sampling": _sampling(config.sampling)} if traces else {}),
            otel_redaction.NAME: otel_redaction.processor(),
            "batch": {"send_batch_size": BATCH, "timeout": f"{BATCH_SECONDS}s"},
        },
        "exporters": {
            **({"load_balancing": _spread(config.members)} if spread else {}),
            **({"otlp_grpc/jaeger": _unsecured(config.jaeger)} if traces else {}),
            **({"opensearch": otel_log_store.exporter(config.logs)} if config.logs else {}),
        },
        "service": _service(["health_check", *signing], pipelines),
    }


def agent(config: AgentConfig) -> Entry:
    """Return the configuration of the collector that reads the lines of a node's pods."""
    return {
        "extensions": {
            "health_check": {"endpoint": f"{POD_IP}:{HEALTH_PORT}"},
            "file_storage": {"directory": STATE_FOLDER, "create_directory": True},
        },
        "receivers": {"file_log": _lines(config)},
        "processors": {
            "memory_limiter": _memory(config.memory),
            "k8s_attributes": _pods(),
            "resource": {
                "attributes": [
                    {"key": "k8s.cluster.name", "value": config.cluster, "action": "upsert"}
                ]
            },
            "batch": {"send_batch_size": BATCH, "timeout": f"{BATCH_SECONDS}s"},
        },
        "exporters": {"otlp_grpc/gateway": _unsecured(config.gateway)},
        "service": _service(
            ["health_check", "file_storage"],
            {
                "logs": _pipeline(
                    ["file_log"],
                    ["memory_limiter", "k8s_attributes", "resource", "batch"],
                    ["otlp_grpc/gateway"],
                )
            },
        ),
    }


def unused(config: Mapping[str, Any]) -> list[str]:
    """Return what a configuration defines and uses nowhere, or uses and defines nowhere."""
    pipelines = config["service"]["pipelines"].values()
    used = {kind: {one for p in pipelines for one in p[kind]} for kind in _KINDS}
    used["extensions"] = set(config["service"]["extensions"])
    return sorted(
        f"{kind}.{name}" for kind, names in used.items() for name in names ^ set(config[kind])
    )


_KINDS = ("receivers", "processors", "exporters")


def _pipeline(receivers: list[str], processors: list[str], exporters: list[str]) -> Entry:
    return {"receivers": receivers, "processors": processors, "exporters": exporters}


def _service(extensions: list[str], pipelines: Entry) -> Entry:
    pull = {"exporter": {"prometheus": {"host": POD_IP, "port": METRICS_PORT}}}
    return {
        "extensions": extensions,
        "telemetry": {
            "logs": {"encoding": "json", "level": "info"},
            "metrics": {"level": "normal", "readers": [{"pull": pull}]},
        },
        "pipelines": pipelines,
    }


def _receiver(*, port: int = GRPC_PORT, http: bool = False) -> Entry:
    server = {
        "max_connection_age": f"{CONNECTION_SECONDS}s",
        "max_connection_age_grace": f"{CONNECTION_GRACE_SECONDS}s",
    }
    grpc = {"endpoint": f"{POD_IP}:{port}", "keepalive": {"server_parameters": server}}
    return {
        "protocols": {
            "grpc": grpc,
            **({"http": {"endpoint": f"{POD_IP}:{HTTP_PORT}"}} if http else {}),
        }
    }


def _memory(memory: Memory) -> Entry:
    return {
        "check_interval": "1s",
        "limit_mib": memory.limit_mib,
        "spike_limit_mib": memory.spike_mib,
    }


def _sampling(sampling: Sampling) -> Entry:
    decisions = DECISIONS_PER_TRACE * sampling.traces
    return {
        "decision_wait": f"{sampling.wait_seconds}s",
        "num_traces": sampling.traces,
        "expected_new_traces_per_sec": sampling.traces_per_second,
        # spans that come after the decision follow it
        "decision_cache": {"sampled_cache_size": decisions, "non_sampled_cache_size": decisions},
        "policies": [
            {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
            {"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slow_ms}},
            {
                "name": "share",
                "type": "probabilistic",
                "probabilistic": {"sampling_percentage": sampling.share * _PERCENT},
            },
        ],
    }


def _spread(members: str) -> Entry:
    return {
        "routing_key": "traceID",
        "protocol": {"otlp": {"tls": {"insecure": True}}},
        "resolver": {"dns": {"hostname": members, "port": str(WHOLE_PORT)}},
    }


def _unsecured(endpoint: str) -> Entry:
    # within the cluster, where network policies say who may connect
    return {"endpoint": endpoint, "tls": {"insecure": True}}


def _lines(config: AgentConfig) -> Entry:
    return {
        "include": [f"{PODS_FOLDER}/*/*/*.log"],
        "exclude": [f"{PODS_FOLDER}/{one}*/*/*.log" for one in config.own],
        # a node's older lines were another agent's, or nobody's
        "start_at": "end",
        "include_file_path": True,
        "include_file_name": False,
        "max_log_size": _MOST_LINE,
        "storage": "file_storage",
        # what the gateway does not take is read again, and nothing behind it
        "retry_on_failure": {"enabled": True},
        "operators": [
            {"type": "container", "id": "lines", "add_metadata_from_filepath": True},
            *_environments(config),
            {
                "type": "recombine",
                "id": "whole",
                "combine_field": "body",
                "is_first_entry": f"body not matches `{_CONTINUES}`",
                "source_identifier": 'attributes["log.file.path"]',
                "force_flush_period": f"{_FLUSH_SECONDS}s",
                "max_log_size": _MOST_LINE,
            },
        ],
    }


def _environments(config: AgentConfig) -> list[Entry]:
    """Return what says whose a line is: the stack's own, but for those of its guests."""
    if not config.environment:
        return []
    field = f'resource["{DEPLOYMENT}"]'
    own: Entry = {"type": "add", "id": "own", "field": field, "value": config.environment}
    return [
        own,
        *(
            {
                "type": "add",
                "id": f"guest-{environment}",
                "if": f'resource["k8s.namespace.name"] in {json.dumps(sorted(namespaces))}',
                "field": field,
                "value": environment,
            }
            for environment, namespaces in config.guests
        ),
    ]


def _pods() -> Entry:
    """Return who a line's pod is; of its own node alone, so that the API is asked for no more."""
    return {
        "filter": {"node_from_env_var": NODE_NAME},
        "extract": {
            # a Deployment's name is read off its ReplicaSet's: pods are all that is looked at
            "deployment_name_from_replicaset": True,
            "metadata": ["k8s.deployment.name", "k8s.node.name", "k8s.pod.name"],
            "labels": [
                {"tag_name": "service.name", "key": "app.kubernetes.io/name", "from": "pod"}
            ],
        },
        "pod_association": [{"sources": [{"from": "resource_attribute", "name": "k8s.pod.uid"}]}],
    }
