"""Jaeger by its own chart: one process, or those that take traces and those that show them.

The chart mounts its `userconfig` under a name that two releases would fight for, and does not start
pods anew when it changes: here each has a config map of its own, and a label that changes with it.
Nobody outside the cluster reaches what shows traces; people forward its port (docs/operations.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes import access, images, jaeger_config, monitors, search_access
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer, Pods
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.helm import release
from components.kubernetes.jaeger_config import Role, TraceStore
from components.kubernetes.pod import digest
from components.kubernetes.workload import budget
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "jaeger"
SEARCH_URL = "SEARCH_URL"
"""Variable that names the store, which only the cloud knows."""
METRICS = "internal-metrics"
"""What the chart calls the port of Jaeger's own metrics."""
_FOLDER, _FILE = "/etc/jaeger", "config.yaml"
_VOLUME = "configuration"
_JOBS = ("esIndexCleaner", "esLookback", "esRollover", "spark")
CONFIG_LABEL = "aigw.io/config"
# As much as a label's value may be long, and enough to tell configs apart.
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class JaegerArgs:
    """What one role of Jaeger needs; how many and how large stands in `plan`, which names it.

    Attributes:
        search: address of the store with its scheme; `store` calls it by its variable.
        called_by: who may open a connection to it, besides Prometheus.
        after: what must exist first: its rights in the store.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    store: TraceStore
    search: pulumi.Input[str]
    called_by: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()

    @property
    def role(self) -> Role:
        """Return what it does."""
        return Role(self.plan.name)


class Jaeger(PlatformComponent):
    """One role of Jaeger. What it keeps is in the store: its pods can go at any time."""

    ready: Sequence[pulumi.Resource]
    """What sends to it may wait for these."""

    def __init__(
        self, name: str, args: JaegerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Jaeger", name, args.plan, opts)
        on, role = args.cluster, args.role
        identity = on.identity(args.plan.namespace, role)
        turn = Sequel(self, [*on.ready, *identity.ready, *args.after])
        access.closed(
            turn,
            f"{name}-peers",
            role,
            args.namespace,
            called_by=[*args.called_by, access.prometheus(on, jaeger_config.METRICS_PORT)],
            calls=search_access.calls(args.store.sign_in, on),
        )
        turn.add(
            core.v1.ConfigMap(
                f"{name}-config",
                metadata=_meta(f"{role}-config", args),
                data={_FILE: text(args)},
                opts=turn.next,
            )
        )
        made = release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(args),
            after=turn.last,
            known_as=role,
        )
        opts = self.child_with(depends_on=[*on.ready])
        budget(f"{name}-budget", _meta(role, args), role, 1, opts)
        monitors.service_monitor(
            f"{name}-metrics",
            _meta(role, args),
            selector(role),
            METRICS,
            "/metrics",
            self.child_with(depends_on=[made]),
        )
        self.ready = [made]
        self.register_outputs({})


def _meta(name: str, args: JaegerArgs) -> meta.v1.ObjectMetaArgs:
    return meta.v1.ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels(args.role))


def text(args: JaegerArgs) -> str:
    """Return the file that a process reads: the same for the same plan, to the byte."""
    return json.dumps(jaeger_config.config(args.role, args.store), indent=1, sort_keys=True)


def values(args: JaegerArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    on, role = args.cluster, args.role
    runs_as = images.facts(CHART)
    user = {"runAsUser": runs_as.uid, "runAsGroup": runs_as.gid}
    identity = on.identity(args.plan.namespace, role)
    return {
        "fullnameOverride": role,
        "nameOverride": role,
        # jobs of its own that nobody asked for: indices go by the domain's rules
        **{part: {"enabled": False} for part in _JOBS},
        "jaeger": {
            "replicas": args.plan.scale.planned,
            "image": shared.image_by_host(CHART, on),
            "args": ["--config", f"{_FOLDER}/{_FILE}"],
            "extraEnv": [
                {"name": SEARCH_URL, "value": args.search},
                # it would send spans of its own to where nobody listens
                {"name": "OTEL_TRACES_SAMPLER", "value": "always_off"},
            ],
            "strategy": {"type": "RollingUpdate"},
            "podLabels": {CONFIG_LABEL: digest(text(args))[:_DIGITS]},
            "resources": shared.resources(args.plan),
            **shared.placed(on, args.plan),
            "topologySpreadConstraints": shared.spread(role),
            "podSecurityContext": {**shared.POD_SECURITY, **user, "fsGroup": runs_as.gid},
            "securityContext": dict(shared.CONTAINER_SECURITY),
            "serviceAccount": {
                "annotations": dict(identity.annotations),
                "automountServiceAccountToken": False,
            },
            "extraVolumes": [
                {"name": _VOLUME, "configMap": {"name": f"{role}-config"}},
                {"name": "tmp", "emptyDir": {}},
                *search_access.volumes(args.store.sign_in),
            ],
            "extraVolumeMounts": [
                {"name": _VOLUME, "mountPath": _FOLDER, "readOnly": True},
                {"name": "tmp", "mountPath": "/tmp"},
                *search_access.mounts(args.store.sign_in),
            ],
        },
    }


def asking(namespace: str, name: str) -> Pods:
    """Return a workload that looks traces up."""
    return Pods(namespace=namespace, name=name, ports=(jaeger_config.QUERY_PORT,))
