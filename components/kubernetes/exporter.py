"""What exporters share: one pod, one port, one caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes.access import Peer
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.container import Container, Probe, Probes
from components.kubernetes.monitors import SCRAPE_SECONDS, service_monitor
from components.kubernetes.secrets import SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import ServicePlan

PORT_NAME = "metrics"
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every exporter needs.

    Attributes:
        namespace: where they live, which `cluster.ready` waits for.
        after: what must exist first: what they ask.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


def probes() -> Probes:
    """Return how an exporter itself is asked."""
    # its own page: what the store says is a metric, and no reason to start anew
    answers = Probe(port=PORT_NAME, path="/")
    return Probes(startup=answers, readiness=answers, liveness=answers)


def secret(
    owner: PlatformComponent, name: str, need: SecretNeed, around: Surroundings
) -> pulumi.Resource:
    """Create the secret that an exporter reads."""
    return external_secret(
        owner, f"{name}-secret", need, cluster=around.cluster, namespace=around.namespace
    )


def service(
    owner: PlatformComponent,
    name: str,
    plan: ServicePlan,
    around: Surroundings,
    container: Container,
    *,
    metrics: Metrics | None,
    calls: tuple[Peer, ...],
    need: SecretNeed | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> Service:
    """Create an exporter's pods, which Prometheus alone may ask.

    Args:
        owner: the component that it belongs to.
        name: of that one.
        plan: how many, how large.
        around: what it finds.
        container: its first port is the one that is scraped.
        metrics: None where each scrape names what it is about.
        calls: what it asks itself.
        need: the secret that it reads.
        after: what must exist first.
    """
    return Service(
        f"{name}-service",
        ServiceArgs(
            plan=plan,
            cluster=around.cluster,
            namespace=around.namespace,
            containers=(container,),
            stop_seconds=_STOP_SECONDS,
            called_by=(access.prometheus(around.cluster, container.ports[0].number),),
            calls=calls,
            metrics=metrics,
            secrets=() if need is None else (need,),
            after=[*after, *around.after],
        ),
        owner.child,
    )


def targets(
    owner: PlatformComponent,
    name: str,
    plan: ServicePlan,
    around: Surroundings,
    made: Service,
    path: str,
    asked: Mapping[str, Mapping[str, tuple[pulumi.Input[str], ...]]],
    every_seconds: int = SCRAPE_SECONDS,
) -> None:
    """Have one exporter scraped once for each target.

    Args:
        owner: the component that it belongs to.
        name: of that one.
        plan: how its pods are called.
        around: what it finds.
        made: its pods.
        path: that is scraped.
        asked: parameters of the query by the target's name, which becomes its `instance`: the
            target is what is measured, not who measures it.
        every_seconds: how often.
    """
    for role, parameters in sorted(asked.items()):
        metadata = meta.v1.ObjectMetaArgs(
            name=f"{plan.name}-{role}", namespace=around.namespace, labels=labels(plan.name)
        )
        service_monitor(
            f"{name}-{role}-metrics",
            metadata,
            selector(plan.name),
            PORT_NAME,
            path,
            owner.child_with(depends_on=[made.workload, *around.after]),
            parameters=parameters,
            relabelings=[{"targetLabel": "instance", "replacement": role}],
            every_seconds=every_seconds,
        )
