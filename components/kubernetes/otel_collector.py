"""OpenTelemetry's collectors, by their own chart: the gateway, and one on every node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes import access, images, otel_config, search_access
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer, Pods
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.helm import release
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.kubernetes.otel_settings import (
    AGENT,
    GATEWAY,
    GRPC_PORT,
    HTTP_PORT,
    MEMBERS,
    METRICS_PORT,
    WHOLE_PORT,
    AgentConfig,
    GatewayConfig,
)
from components.kubernetes.service import NO_WAIT
from components.sequel import Sequel
from sizing.plans import HelperPlan, ServicePlan

CHART = "opentelemetry-collector"
IMAGE = "otel-collector"
SEARCH_URL = "SEARCH_URL"
"""Variable that names the store, which only the cloud knows."""
WHOLE = "otlp-whole"
"""Name of the port where collectors hand each other spans."""
ROOT = 0
# What is told to stop decides about the traces that it holds, and hands them on.
STOP_SECONDS = 60
_OFF = ("jaeger-compact", "jaeger-grpc", "jaeger-thrift", "zipkin")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorArgs:
    """What the gateway needs; how many collectors and how large stands in `plan`.

    Attributes:
        search: address of the logs' store with its scheme, "" where no logs are kept.
        senders: namespaces whose pods send traces, metrics or logs.
        stores: whom it hands them to, besides OpenSearch.
        after: what must exist first: its rights in the store, and what keeps traces.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: GatewayConfig
    search: pulumi.Input[str] = ""
    senders: tuple[str, ...]
    stores: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Collector(PlatformComponent):
    """The collectors that everybody sends to. Another config rolls them, one at a time."""

    ready: Sequence[pulumi.Resource]
    """What sends to them may wait for these; nothing breaks where it does not."""

    def __init__(
        self, name: str, args: CollectorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Collector", name, args.plan, opts)
        identity = args.cluster.identity(args.plan.namespace, GATEWAY)
        turn = Sequel(self, [*args.cluster.ready, *identity.ready, *args.after])
        access.closed(
            turn,
            f"{name}-peers",
            GATEWAY,
            args.namespace,
            called_by=_senders(args),
            calls=_stores(args),
        )
        if args.config.members:
            turn.add(self._members(name, args, turn.next))
        made = release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(args),
            after=turn.last,
            known_as=GATEWAY,
        )
        self.ready = [made]
        self.register_outputs({})

    def _members(
        self, name: str, args: CollectorArgs, opts: pulumi.ResourceOptions
    ) -> core.v1.Service:
        """Give each collector an address that the others find it by."""
        return core.v1.Service(
            f"{name}-members",
            metadata=meta.v1.ObjectMetaArgs(
                name=MEMBERS,
                namespace=args.namespace,
                labels=labels(MEMBERS),
                annotations=dict(NO_WAIT),
            ),
            spec=core.v1.ServiceSpecArgs(
                cluster_ip="None",
                selector=selector(GATEWAY),
                ports=[core.v1.ServicePortArgs(name="whole", port=WHOLE_PORT, target_port=WHOLE)],
            ),
            opts=opts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentArgs:
    """What the collectors of nodes need; how large each is stands in `plan`.

    Attributes:
        namespace: the one of level "privileged", which `cluster.ready` waits for.
        after: what must exist first: the gateway.
    """

    plan: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: AgentConfig
    after: Sequence[pulumi.Resource] = field(default_factory=tuple)


class Agents(PlatformComponent):
    """A collector on each node, which reads what its pods write and asks the API who they are."""

    def __init__(
        self, name: str, args: AgentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Agents", name, args.plan, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        gateway = args.cluster.namespaces["observability"]
        access.closed(
            turn,
            f"{name}-peers",
            AGENT,
            args.namespace,
            called_by=[access.prometheus(args.cluster, METRICS_PORT)],
            calls=[Pods(namespace=gateway, name=GATEWAY, ports=(GRPC_PORT,)), shared.api()],
        )
        release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            agent_values(args),
            after=turn.last,
            known_as=AGENT,
        )
        self.register_outputs({})


def _senders(args: CollectorArgs) -> list[Peer]:
    on = args.cluster
    own = Pods(namespace=on.namespaces["observability"], name=GATEWAY, ports=(WHOLE_PORT,))
    return [
        *(Pods(namespace=one, ports=(GRPC_PORT, HTTP_PORT)) for one in sorted({*args.senders})),
        *((own,) if args.config.members else ()),
        access.prometheus(on, METRICS_PORT),
    ]


def _stores(args: CollectorArgs) -> list[Peer]:
    on = args.cluster
    own = Pods(namespace=on.namespaces["observability"], name=GATEWAY, ports=(WHOLE_PORT,))
    logs = args.config.logs
    return [
        *((own,) if args.config.members else ()),
        *args.stores,
        *(search_access.calls(logs.sign_in, on) if logs else ()),
    ]


def values(args: CollectorArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values, for the gateway."""
    whole = {WHOLE: _port(WHOLE_PORT)} if args.config.members else {}
    logs = args.config.logs
    address = [{"name": SEARCH_URL, "value": args.search}] if logs else []
    identity = args.cluster.identity(args.plan.namespace, GATEWAY)
    return {
        **_common(GATEWAY, otel_config.gateway(args.config), args.cluster),
        "mode": "deployment",
        "fullnameOverride": GATEWAY,
        "replicaCount": args.plan.scale.planned,
        "resources": shared.resources(args.plan),
        **shared.placed(args.cluster, args.plan),
        "topologySpreadConstraints": shared.spread(GATEWAY),
        "podDisruptionBudget": {"enabled": True, **shared.BUDGET},
        "serviceAccount": {
            "name": GATEWAY,
            "annotations": dict(identity.annotations),
            "automountServiceAccountToken": False,
        },
        "podSecurityContext": dict(shared.POD_SECURITY),
        "securityContext": {**shared.CONTAINER_SECURITY, **_user()},
        "terminationGracePeriodSeconds": STOP_SECONDS,
        "extraEnvs": address,
        **(search_access.extra(logs.sign_in) if logs else {}),
        "ports": {
            **{name: {"enabled": False} for name in _OFF},
            "metrics": {"enabled": True},
            **whole,
        },
        "serviceMonitor": _monitored(),
    }


def agent_values(args: AgentArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values, for the collectors of nodes."""
    logs, state = otel_config.PODS_FOLDER, otel_config.STATE_FOLDER
    return {
        **_common(AGENT, otel_config.agent(args.config), args.cluster),
        "mode": "daemonset",
        # the chart adds what it is
        "fullnameOverride": AGENT.removesuffix("-agent"),
        "resources": shared.resources(args.plan),
        # wherever pods run, lines are written
        "tolerations": [{"operator": "Exists"}],
        "serviceAccount": {"name": AGENT},
        # pods alone, to say whose a line is
        "clusterRole": {
            "create": True,
            "name": AGENT,
            "rules": [
                {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
            ],
            "clusterRoleBinding": {"name": AGENT},
        },
        "podSecurityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        # lines are root's own files; every other right of root is taken away
        "securityContext": {**shared.CONTAINER_SECURITY, "runAsUser": ROOT, "runAsGroup": ROOT},
        "extraVolumes": [
            {"name": "pods", "hostPath": {"path": logs}},
            {"name": "state", "hostPath": {"path": state, "type": "DirectoryOrCreate"}},
        ],
        "extraVolumeMounts": [
            {"name": "pods", "mountPath": logs, "readOnly": True},
            {"name": "state", "mountPath": state},
        ],
        "ports": {
            **{name: {"enabled": False} for name in (*_OFF, "otlp", "otlp-http")},
            "metrics": {"enabled": True},
        },
        # what Prometheus looks for behind Services alone
        "service": {"enabled": True},
        "serviceMonitor": _monitored(),
    }


def _common(name: str, config: dict[str, Any], cluster: Cluster) -> dict[str, Any]:
    return {
        "nameOverride": name,
        "image": shared.image(IMAGE, cluster),
        # the chart's own would be merged into it: receivers that nobody asked for
        "alternateConfig": config,
    }


def _user() -> dict[str, int]:
    runs_as = images.facts(IMAGE)
    return {"runAsUser": runs_as.uid, "runAsGroup": runs_as.gid}


def _port(number: int) -> dict[str, Any]:
    return {
        "enabled": True,
        "containerPort": number,
        "servicePort": number,
        "protocol": "TCP",
        "appProtocol": "grpc",
    }


def _monitored() -> dict[str, Any]:
    return {
        "enabled": True,
        "metricsEndpoints": [{"port": "metrics", "interval": f"{SCRAPE_SECONDS}s"}],
    }
