"""The one building block of everything that serves: pods, their name, their scale, their peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes import access, monitors, scaling
from components.kubernetes.access import Peer
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.container import Container, Port, SecretKey
from components.kubernetes.pod import Pod, Spread, checksum
from components.kubernetes.scaling import Target, Trigger
from components.kubernetes.secrets import SecretNeed, origins
from components.kubernetes.workload import (
    Workload,
    budget,
    config_maps,
    deployment,
    service_account,
    stateful_set,
)
from components.sequel import Sequel
from sizing.plans import ServicePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Where a workload's metrics are: the name of a port of its Service, and the path.

    Attributes:
        bearer: what the scraper shows there, None where nothing is asked.
    """

    port: str
    path: str = "/metrics"
    bearer: SecretKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceArgs:
    """What a workload needs; how many and how large stands in `plan`.

    Attributes:
        cluster: its `ready` is what must exist before the first object.
        namespace: where it lives.
        containers: the first one is the workload, the others stand beside it.
        before: run to their end before the others start.
        stop_seconds: from being told to stop to being stopped.
        called_by: who may open a connection to it.
        calls: whom it may open one to, besides looking up names.
        stateful: it has names and volumes of its own (`plan.volume_gib`), one for each replica.
        api: it speaks to the Kubernetes API.
        triggers: queries that its plan's queue figures stand for, in place of CPU and memory.
        prometheus: URL of the server that answers them.
        metrics: None where it has none.
        secrets: what its variables come from; it starts anew when they are kept elsewhere.
        after: what must exist first.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    containers: tuple[Container, ...]
    before: tuple[Container, ...] = ()
    stop_seconds: int
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...]
    stateful: bool = False
    api: bool = False
    triggers: tuple[Trigger, ...] = ()
    prometheus: str = ""
    metrics: Metrics | None = None
    secrets: tuple[SecretNeed, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Service(PlatformComponent):
    """A Deployment or StatefulSet with everything that belongs to it.

    A change of its name or of being stateful replaces it; all else rolls, a pod at a time where
    it has volumes.
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster."""
    account: pulumi.Output[str]
    """Name of the service account."""
    workload: pulumi.Resource
    """What others wait for: ready once its pods are."""

    def __init__(
        self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Service", name, args.plan, opts)
        self._name, self._args = name, args
        self._turn = Sequel(self, args.cluster.ready)
        self._identity = args.cluster.identity(args.plan.namespace, args.plan.name)
        account = service_account(
            self._turn, f"{name}-account", args.plan.name, args.namespace, self._identity
        )
        self.account = account.metadata.name
        ports = tuple(port for one in args.containers for port in one.ports)
        service = self._service(ports) if ports else None
        if service is not None:
            self._turn.add(service)
        access.closed(
            self._turn,
            f"{name}-peers",
            args.plan.name,
            args.namespace,
            called_by=args.called_by,
            calls=args.calls,
        )
        pod = self._pod()
        before = [*self._turn.last, *args.after, *self._identity.ready]
        self.workload = self._workload(pod, before)
        self._autoscaler()
        self._budget()
        if args.metrics is not None and service is not None:
            monitors.service_monitor(
                f"{name}-metrics",
                self._meta(),
                selector(args.plan.name),
                args.metrics.port,
                args.metrics.path,
                self.child_with(depends_on=[service, *args.after]),
                bearer=args.metrics.bearer,
            )
        self.host = pulumi.Output.concat(args.plan.name, ".", args.namespace, ".svc.cluster.local")
        self.register_outputs({"host": self.host})

    def _meta(self, suffix: str = "") -> meta.v1.ObjectMetaArgs:
        plan = self._args.plan
        return meta.v1.ObjectMetaArgs(
            name=plan.name + suffix, namespace=self._args.namespace, labels=labels(plan.name)
        )

    def _service(self, ports: tuple[Port, ...]) -> core.v1.Service:
        args, metadata = self._args, self._meta()
        metadata.annotations = dict(NO_WAIT)
        return core.v1.Service(
            f"{self._name}-service",
            metadata=metadata,
            spec=core.v1.ServiceSpecArgs(
                type="ClusterIP",
                # members find each other by name before they are ready
                cluster_ip="None" if args.stateful else None,
                publish_not_ready_addresses=True if args.stateful else None,
                selector=selector(args.plan.name),
                ports=[
                    core.v1.ServicePortArgs(
                        name=p.name, port=p.exposed or p.number, target_port=p.name
                    )
                    for p in ports
                ],
            ),
            opts=self._turn.next,
        )

    def _pod(self) -> Pod:
        args = self._args
        everyone = (*args.before, *args.containers)
        files = [one for c in everyone for one in c.files if one.contents]
        kept = origins(args.secrets)
        return Pod(
            name=args.plan.name,
            account=args.plan.name,
            containers=args.containers,
            before=args.before,
            placement=args.cluster.placement(args.plan),
            stop_seconds=args.stop_seconds,
            config=config_maps(self._name, args.plan.name, args.namespace, files, self._turn),
            checksum=checksum(files, secrets=kept) if files or kept else "",
            spread=self._spread(),
            api=args.api,
        )

    def _spread(self) -> Spread | None:
        args = self._args
        if args.plan.scale.maximum == 1:
            return None
        # an engine takes the GPU that its predecessor leaves, in whatever zone that one is
        movable = args.plan.gpus == 0
        return Spread(zones=movable, hosts=args.stateful, rollout=not args.stateful)

    @property
    def _scaled(self) -> bool:
        plan = self._args.plan
        return plan.scaling is not None and plan.scale.minimum < plan.scale.maximum

    @property
    def _replicas(self) -> int | None:
        """None where an autoscaler owns the number: each `up` would undo what it has decided."""
        return None if self._scaled else self._args.plan.scale.planned

    def _workload(self, pod: Pod, before: Sequence[pulumi.Resource]) -> pulumi.Resource:
        args = self._args
        work = Workload(
            plan=args.plan,
            cluster=args.cluster,
            namespace=args.namespace,
            pod=pod,
            replicas=self._replicas,
        )
        start = args.plan.cold_start_seconds
        # the provider waits for the pods; an engine that is fetched and loaded takes its time
        patience = pulumi.CustomTimeouts(create=f"{2 * start}s", update=f"{2 * start}s")
        keeps = args.stateful and args.plan.volume_gib > 0
        opts = self.child_with(
            depends_on=before,
            custom_timeouts=patience if 2 * start > _PATIENCE_SECONDS else None,
            protect=args.cluster.protect if keeps else None,
            # another size would replace the set, and its volumes with it: claims are grown in
            # place (docs/operations.md)
            ignore_changes=["spec.volumeClaimTemplates"] if keeps else None,
        )
        make = stateful_set if args.stateful else deployment
        return make(f"{self._name}-{'set' if args.stateful else 'deployment'}", work, opts)

    def _autoscaler(self) -> None:
        args = self._args
        if not self._scaled or args.plan.scaling is None:
            return
        target = Target(
            name=args.plan.name,
            namespace=args.namespace,
            kind="StatefulSet" if args.stateful else "Deployment",
            scale=args.plan.scale,
            plan=args.plan.scaling,
        )
        opts = self.child_with(depends_on=[self.workload])
        if args.triggers:
            scaling.by_queue(
                f"{self._name}-scale", target, args.triggers, prometheus=args.prometheus, opts=opts
            )
        else:
            scaling.by_load(f"{self._name}-scale", target, opts)

    @property
    def _may_go(self) -> int | str:
        """Return how many pods may go at once: those beyond the needed, and one at least.

        Without that one no node could be emptied.
        """
        plan = self._args.plan
        if self._args.stateful:
            return 1  # members vote: two away at a time may be a majority
        spare = max(1, plan.scale.planned - plan.needed)
        if spare == 1 or not self._scaled:
            return spare
        # at night an autoscaler leaves fewer than are spare at the peak: the same part may go then
        return f"{100 * spare // plan.scale.planned}%"

    def _budget(self) -> None:
        opts = self.child_with(depends_on=[*self._args.cluster.ready])
        budget(f"{self._name}-budget", self._meta(), self._args.plan.name, self._may_go, opts)


_PATIENCE_SECONDS = 600  # what the provider waits by itself
# The provider would give up on a Service whose pods are not ready within ten minutes, although they
# may not even have begun: they wait for what must exist first. The workload is what is waited for.
NO_WAIT: Mapping[str, str] = MappingProxyType({"pulumi.com/skipAwait": "true"})
