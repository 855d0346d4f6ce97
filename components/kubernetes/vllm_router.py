"""The router of vLLM's production stack: one address for all self-hosted models, by their names.

It stands beside the engines' own Services, which the gateway asks by default; who wants one
endpoint for all models, or the router's own metrics, switches it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import vllm_arguments as vllm
from components.kubernetes.access import Pods, prometheus
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Port,
    Probe,
    Probes,
    Scratch,
    resources_of,
)
from components.kubernetes.monitors import SCRAPE_SECONDS
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.plans.workloads import ModelPlan
from sizing.units import MIB

PORT = 8000
HEALTH = "/health"
LET_GO_SECONDS = 15
END_SECONDS = 15
START_FAILURES = 30  # of 10 s each: its imports (torch among them) take a minute on a slow node


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmRouterArgs:
    """What the router needs.

    Attributes:
        plan: its replicas and their size.
        models: what it routes to, each to its engines' Service.
        after: what must exist first: monitoring's CRDs.
    """

    plan: ServicePlan
    models: tuple[ModelPlan, ...]
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class VllmRouter(PlatformComponent):
    """A Deployment of routers without state, and everything that belongs to it."""

    host: pulumi.Output[str]
    """Name of the Service within the cluster; it answers on port 8000."""
    url: pulumi.Output[str]
    """Where OpenAI's protocol is spoken for every model."""
    ready: Sequence[pulumi.Resource]
    """Done when the planned routers answer."""

    def __init__(
        self, name: str, args: VllmRouterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:VllmRouter", name, args.plan, opts)
        homes = args.cluster.namespaces
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_router(args),),
                # an answer passes through it from its first word to its last
                stop_seconds=LET_GO_SECONDS + vllm.DRAIN_SECONDS + END_SECONDS,
                called_by=(
                    Pods(namespace=homes["gateway"], name="litellm", ports=(PORT,)),
                    prometheus(args.cluster, PORT),
                ),
                calls=tuple(
                    Pods(namespace=homes["serving"], name=one.service, ports=(vllm.PORT,))
                    for one in args.models
                ),
                metrics=Metrics(port="http"),
                after=args.after,
            ),
            self.child,
        )
        self.host = service.host
        self.url = pulumi.Output.concat("http://", service.host, f":{PORT}/v1")
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host, "url": self.url})


def flags(models: Sequence[ModelPlan], cluster: Cluster) -> tuple[str, ...]:
    """Return the router's arguments, as vllm-stack 0.1.12 names them.

    Each model is its Service, which spreads over the engines that are ready: the router needs no
    right to watch pods, and asks no engine for a health of its own with a paid request.

    Raises:
        ValueError: there is nothing to route to.
    """
    if not models:
        raise ValueError("a router needs a model to route to")
    backends = ",".join(
        f"http://{cluster.host(one.service, 'serving')}:{vllm.PORT}" for one in models
    )
    return (
        "--host",
        "0.0.0.0",
        "--port",
        str(PORT),
        "--service-discovery",
        "static",
        "--static-backends",
        backends,
        "--static-models",
        ",".join(one.name for one in models),
        "--routing-logic",
        "roundrobin",
        "--engine-stats-interval",
        str(SCRAPE_SECONDS),
        "--log-format",
        "json",
    )


def _router(args: VllmRouterArgs) -> Container:
    asked = Probe(port="http", path=HEALTH)
    return Container(
        name="router",
        image="vllm-router",
        resources=resources_of(args.plan),
        arguments=flags(args.models, args.cluster),
        environment={
            "HOME": "/tmp",
            "USER": "nobody",
            "HF_HUB_OFFLINE": "1",
            "DO_NOT_TRACK": "1",
            "PYTHONUNBUFFERED": "1",
        },
        ports=(Port(name="http", number=PORT),),
        probes=Probes(
            startup=Probe(port="http", path=HEALTH, failures=START_FAILURES),
            readiness=asked,
            liveness=Probe(port="http", failures=6),
        ),
        scratch=(Scratch(path="/tmp", size_bytes=256 * MIB),),
        stop_seconds=LET_GO_SECONDS,
    )
