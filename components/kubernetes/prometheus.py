"""Prometheus: what KEDA scales on, what alerts look at, and what people see of the days before."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.cluster import labels, selector
from components.kubernetes.monitors import service_monitor
from components.kubernetes.prometheus_spec import (
    KUBELET_PORT,
    NAME,
    NODE_EXPORTER_PORT,
    OBJECTS,
    OBJECTS_KEY,
    PORT,
    PORT_NAME,
    SIDECAR_GRPC_PORT,
    SIDECAR_HTTP_PORT,
    Objects,
    PrometheusArgs,
    spec,
)
from components.kubernetes.service import NO_WAIT
from components.kubernetes.watched import let_look
from components.kubernetes.workload import budget
from components.sequel import Sequel

__all__ = ["NAME", "PORT", "Objects", "Prometheus", "PrometheusArgs", "spec"]

_SIDECAR = "thanos-sidecar"
_SIDECAR_PORT = "sidecar"
_SIDECAR_TARGET = "http"  # as the operator names it on the pods
_WAIT = {"pulumi.com/waitFor": "condition=Available"}


class Prometheus(PlatformComponent):
    """Servers that scrape the same targets, each with a volume of its own.

    Another size of the volumes does not grow them (docs/operations.md).
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster."""
    url: pulumi.Output[str]
    """Where queries go."""
    ready: Sequence[pulumi.Resource]
    """What everyone waits for that asks it."""

    def __init__(
        self, name: str, args: PrometheusArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Prometheus", name, args.plan, opts)
        self._name, self._args = name, args
        self._turn = Sequel(self, [*args.cluster.ready, *args.after])
        self._turn.add(self._account())
        for role, namespace in sorted(args.watched.items()):
            let_look(self._turn, f"{name}-{role}", namespace, args.namespace)
        service = self._service()
        self._turn.add(service)
        if args.objects is not None:
            self._turn.add(self._bucket(args.objects))
        self._rules()
        identity = args.cluster.identity(args.plan.namespace, NAME)
        server = self._server([*self._turn.last, *identity.ready])
        self._budget()
        self._measured(service)
        self.host = pulumi.Output.concat(NAME, ".", args.namespace, ".svc.cluster.local")
        self.url = pulumi.Output.concat("http://", self.host, f":{PORT}")
        self.ready = [server]
        self.register_outputs({"host": self.host, "url": self.url})

    def _meta(self) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(
            name=NAME, namespace=self._args.namespace, labels=labels(NAME)
        )

    def _account(self) -> core.v1.ServiceAccount:
        return core.v1.ServiceAccount(
            f"{self._name}-account",
            metadata=self._meta(),
            automount_service_account_token=False,  # its pods mount it, nobody else's
            opts=self._turn.next,
        )

    def _bucket(self, objects: Objects) -> core.v1.ConfigMap:
        return core.v1.ConfigMap(
            f"{self._name}-objects",
            metadata=meta.v1.ObjectMetaArgs(
                name=OBJECTS, namespace=self._args.namespace, labels=labels(NAME)
            ),
            data={OBJECTS_KEY: objects.config},
            opts=self._turn.next,
        )

    def _measured(self, service: core.v1.Service) -> None:
        """Let each server be scraped by both of a pair, and the sidecars beside them."""
        asked = [(NAME, PORT_NAME)]
        if self._args.objects is not None:
            asked.append((_SIDECAR, _SIDECAR_PORT))
        for name, port in asked:
            service_monitor(
                f"{self._name}-{port}-metrics",
                meta.v1.ObjectMetaArgs(
                    name=name, namespace=self._args.namespace, labels=labels(name)
                ),
                labels(NAME),
                port,
                "/metrics",
                self.child_with(depends_on=[service, *self._args.after]),
            )

    def _service(self) -> core.v1.Service:
        metadata = self._meta()
        metadata.annotations = dict(NO_WAIT)
        ports = [core.v1.ServicePortArgs(name=PORT_NAME, port=PORT, target_port=PORT_NAME)]
        if self._args.objects is not None:
            further = core.v1.ServicePortArgs(
                name=_SIDECAR_PORT, port=SIDECAR_HTTP_PORT, target_port=_SIDECAR_TARGET
            )
            ports.append(further)
        return core.v1.Service(
            f"{self._name}-service",
            metadata=metadata,
            spec=core.v1.ServiceSpecArgs(
                type="ClusterIP",
                selector=selector(NAME),
                ports=ports,
            ),
            opts=self._turn.next,
        )

    def _rules(self) -> None:
        on = self._args.cluster
        keda = Pods(namespace=on.namespaces[shared.SYSTEM], name="keda-operator", ports=(PORT,))
        watched = [
            *(on.namespaces[role] for role in sorted(self._args.watched)),
            *sorted(self._args.guests),
        ]
        access.closed(
            self._turn,
            f"{self._name}-peers",
            NAME,
            self._args.namespace,
            called_by=[keda, *self._own_callers(), *self._args.called_by],
            calls=[
                shared.api(),
                # each target says itself on which port it may be asked
                *(Pods(namespace=one, ports=()) for one in watched),
                # what answers for a machine has the machine's address
                Blocks(blocks=on.addresses, ports=(KUBELET_PORT, NODE_EXPORTER_PORT)),
                *(shared.cloud(on) if self._args.objects is not None else ()),
            ],
        )

    def _own_callers(self) -> list[Peer]:
        on = self._args.cluster
        if self._args.objects is None:
            return [access.prometheus(on, PORT)]
        querying = Pods(
            namespace=on.namespaces["observability"], name="thanos", ports=(SIDECAR_GRPC_PORT,)
        )
        return [access.prometheus(on, PORT, SIDECAR_HTTP_PORT), querying]

    def _server(self, before: Sequence[pulumi.Resource]) -> apiextensions.CustomResource:
        metadata = self._meta()
        metadata.annotations = dict(_WAIT)
        return apiextensions.CustomResource(
            f"{self._name}-server",
            api_version="monitoring.coreos.com/v1",
            kind="Prometheus",
            metadata=metadata,
            spec=spec(self._args),
            # another size would make the operator start over with the old volumes: they are grown
            # in place (docs/operations.md)
            opts=self.child_with(depends_on=[*before], ignore_changes=["spec.storage"]),
        )

    def _budget(self) -> None:
        opts = self.child_with(depends_on=[*self._args.cluster.ready])
        budget(f"{self._name}-budget", self._meta(), NAME, 1, opts)
