"""A vendor's agent router: the proxy before the providers, and the controller that tells it rules.

Its images, its credentials and its management plane are the vendor's (docs/agents.md). Where they
listen can be set; what stands here is what Envoy Gateway does, on which the product is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.kubernetes import agent_router_config as configs
from components.kubernetes.access import Peer, Pods, internet
from components.kubernetes.agent_router_config import RouterConfig
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.units import MIB

CONTROLLER = "AGENT_ROUTER_CONTROLLER"
CONFIG = "AGENT_ROUTER_CONFIG"
MANAGEMENT_PLANE = "AGENT_ROUTER_MANAGEMENT_PLANE"
# `nonroot` of distroless images, as which Envoy Gateway's and Envoy's own run.
_USER = 65532
_SCRATCH_BYTES = 256 * MIB
_LET_GO_SECONDS = 15
"""A balancer needs so long to see that a pod is about to go."""
DRAIN_SECONDS = 300
"""Streams that are under way may end; the vendor's own installer lets them have as long."""
_CONTROLLER_STOP_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterPorts:
    """Where the vendor's two programs listen; Envoy Gateway's ports, until its images say others.

    Attributes:
        traffic: of the proxy, for callers.
        stats: of the proxy and the controller, for Prometheus; `ready` for probes of the proxy.
        rules: of the controller, from which proxies fetch their rules.
    """

    traffic: int = 10080
    stats: int = 19001
    stats_path: str = "/stats/prometheus"
    ready: int = 19003
    ready_path: str = "/ready"
    rules: int = 18000
    controller_stats_path: str = "/metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRouterArgs:
    """What the router needs; how many and how large stands in both plans.

    Attributes:
        plan: of the proxies, which grow with the requests in flight.
        controller_plan: of the controllers, which grow with rules, keys, models and providers.
        image: of the proxy, with its tag or digest; likewise of the controller.
        user: uid of both images, above 0.
        credentials: variables of both by name: what opens management plane and providers.
        management_plane: https:// address of the vendor's, "" for the image's own.
        called_by: who sends requests to the proxy, and Prometheus on the ports of both.
        calls: whom the proxy calls besides providers: what collects traces.
        after: operator, store of secrets and CRDs of what watches it.
    """

    plan: ServicePlan
    controller_plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    image: str
    controller_image: str
    user: int = _USER
    ports: RouterPorts = RouterPorts()
    config: RouterConfig
    credentials: Mapping[str, Remote] = field(default_factory=dict)
    management_plane: str = ""
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRouterPlans:
    """What the component shows: both plans, and the limit that a key gets."""

    proxy: ServicePlan
    controller: ServicePlan
    limit: configs.Limit


class AgentRouter(PlatformComponent):
    """Proxies and controllers, with the credentials of both in one secret.

    Nothing reaches the controller but its proxies; both open connections to the internet by HTTPS
    alone. They get no right at the Kubernetes API and no CRD is installed: a version of the product
    that is driven by the Gateway API is the vendor's own installer's (docs/agents.md).
    """

    host: pulumi.Output[str]
    """Name of the proxy within the cluster; it listens on `RouterPorts.traffic`."""
    controller_host: pulumi.Output[str]
    """Name of the controller, likewise; proxies alone may call it."""
    ready: Sequence[pulumi.Resource]
    """What exists once both answer."""

    def __init__(
        self, name: str, args: AgentRouterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        shown = AgentRouterPlans(
            proxy=args.plan,
            controller=args.controller_plan,
            limit=configs.reconciled(args.config),
        )
        super().__init__("aigw:kubernetes:AgentRouter", name, shown, opts)
        self._name, self._args = name, args
        self._after = [*args.after, *self._secret()]
        controller = self._controller()
        proxy = self._proxy(controller)
        self.host, self.controller_host = proxy.host, controller.host
        self.ready = (proxy.workload, controller.workload)
        self.register_outputs({"host": self.host, "controller_host": self.controller_host})

    def _secret(self) -> list[pulumi.Resource]:
        args = self._args
        return [
            external_secret(
                self,
                f"{self._name}-secret",
                need,
                cluster=args.cluster,
                namespace=args.namespace,
                after=args.after,
            )
            for need in self._needs
        ]

    @property
    def _needs(self) -> tuple[SecretNeed, ...]:
        args = self._args
        return (
            (SecretNeed(secret=args.plan.name, entries=args.credentials),)
            if args.credentials
            else ()
        )

    def _controller(self) -> Service:
        args, plan = self._args, self._args.controller_plan
        # asked by a connection alone: its own health is answered on loopback, and to nobody else
        answers = Probe(port="rules")
        container = Container(
            name=plan.name,
            image=args.controller_image,
            user=args.user,
            resources=resources_of(plan),
            environment=self._environment(plan),
            secret_environment=self._credentials(),
            ports=(
                Port(name="rules", number=args.ports.rules),
                Port(name="stats", number=args.ports.stats),
            ),
            probes=Probes(
                startup=Probe(port="rules", period_seconds=5, failures=24),
                readiness=answers,
                liveness=answers,
            ),
            scratch=(Scratch(path="/tmp", size_bytes=_SCRATCH_BYTES),),
            files=(self._file(),),
        )
        proxies = Pods(namespace=plan.namespace, name=args.plan.name, ports=(args.ports.rules,))
        return Service(
            f"{self._name}-controller",
            ServiceArgs(
                plan=plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(container,),
                stop_seconds=_CONTROLLER_STOP_SECONDS,
                called_by=(proxies, *_of(args.called_by, args.ports.stats)),
                # its management plane and, where it sends its own traces, their collector
                calls=(internet(args.cluster.addresses), *args.calls),
                metrics=Metrics(port="stats", path=args.ports.controller_stats_path),
                secrets=self._needs,
                after=self._after,
            ),
            self.child,
        )

    def _proxy(self, controller: Service) -> Service:
        args, plan = self._args, self._args.plan
        answers = Probe(port="ready", path=args.ports.ready_path)
        container = Container(
            name=plan.name,
            image=args.image,
            user=args.user,
            resources=resources_of(plan),
            environment={
                **self._environment(plan),
                CONTROLLER: pulumi.Output.concat(controller.host, f":{args.ports.rules}"),
            },
            secret_environment=self._credentials(),
            ports=(
                Port(name="http", number=args.ports.traffic),
                Port(name="stats", number=args.ports.stats),
                Port(name="ready", number=args.ports.ready),
            ),
            probes=Probes(
                startup=Probe(
                    port="ready", path=args.ports.ready_path, period_seconds=2, failures=60
                ),
                readiness=answers,
                # a proxy that has lost its controller goes on with the rules that it has
                liveness=Probe(port="ready"),
            ),
            scratch=(Scratch(path="/tmp", size_bytes=_SCRATCH_BYTES),),
            files=(self._file(),),
            stop_seconds=_LET_GO_SECONDS,
        )
        rules = Pods(
            namespace=plan.namespace, name=args.controller_plan.name, ports=(args.ports.rules,)
        )
        return Service(
            self._name,
            ServiceArgs(
                plan=plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(container,),
                stop_seconds=_LET_GO_SECONDS + DRAIN_SECONDS,
                called_by=args.called_by,
                calls=(rules, internet(args.cluster.addresses), *args.calls),
                metrics=Metrics(port="stats", path=args.ports.stats_path),
                secrets=self._needs,
                after=[*self._after, controller.workload],
            ),
            self.child,
        )

    def _environment(self, plan: ServicePlan) -> dict[str, pulumi.Input[str]]:
        args = self._args
        plane = {MANAGEMENT_PLANE: args.management_plane} if args.management_plane else {}
        return {
            CONFIG: f"{configs.FOLDER}/{configs.FILE}",
            **plane,
            **configs.environment(args.config.telemetry, plan.name),
        }

    def _credentials(self) -> dict[str, SecretKey]:
        secret = self._args.plan.name
        return {name: SecretKey(secret=secret, key=name) for name in self._args.credentials}

    def _file(self) -> Files:
        return Files(
            path=configs.FOLDER, contents={configs.FILE: configs.render(self._args.config)}
        )


def _of(named: tuple[Peer, ...], port: int) -> tuple[Peer, ...]:
    """Return the peers that come to a port."""
    return tuple(one for one in named if port in one.ports)
