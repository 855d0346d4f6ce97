"""Replicas that are missing and autoscalers that end, by what the cluster says is wanted.

No count of the plan stands here: whoever has another one changes the workload that it is of, and
no rule and no dashboard beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sizing.alerts import lines
from sizing.alerts.model import AlertPlan, Line, Shown, Told, one_of
from sizing.alerts.words import Severity
from sizing.plans import ServicePlan

FAMILY: Final = "workloads"
# What a Deployment's pod is called after its workload, which no job's is: hash and id, without
# vowels and 0, 1, 3. Source: k8s.io/apimachinery, util/rand.
_ENDS = "[bcdfghjklmnpqrstvwxz2456789]"
# What KEDA calls the autoscaler that it makes of a ScaledObject.
_KEDA = "keda-hpa-"
# Workloads that charts call otherwise than the plan does, as Helm renders them.
CALLED: Mapping[str, str] = MappingProxyType(
    {
        "keda-admission": "keda-admission-webhooks",
        "keda-metrics-apiserver": "keda-operator-metrics-apiserver",
        "prometheus-operator": "kube-prometheus-stack-operator",
        "thanos-store": "thanos-store-gateway",
    }
)


def pods(service: str) -> str:
    """Return an expression that matches the names of a service's pods.

    A StatefulSet's end in a number; the operator's begin with the kind, which is the service too.
    """
    name = CALLED.get(service, service)
    return f"{name}-({_ENDS}{{6,10}}-{_ENDS}{{5}}|({name}-)?[0-9]+)"


def wanted(service: ServicePlan) -> str:
    """Return PromQL of the replicas that a service's workload asks for now."""
    name = CALLED.get(service.name, service.name)
    sets = one_of((name, f"{name}-{name}"))
    where = f'namespace="{service.namespace}"'
    return (
        f'max(kube_deployment_spec_replicas{{{where},deployment="{name}"}}) '
        f'or max(kube_statefulset_replicas{{{where},statefulset=~"{sets}"}})'
    )


def fewest(service: ServicePlan) -> str:
    """Return PromQL of the replicas that a service's autoscaler keeps at least."""
    return _of_autoscaler(service, "spec_min_replicas")


def most(service: ServicePlan) -> str:
    """Return PromQL of the replicas that a service's autoscaler makes at most."""
    return _of_autoscaler(service, "spec_max_replicas")


def replicas(services: Iterable[ServicePlan]) -> Iterator[AlertPlan]:
    """Return the alerts of services that have fewer ready replicas than they should."""
    for one in services:
        ready = (
            f'sum(kube_pod_status_ready{{condition="true",namespace="{one.namespace}",'
            f'pod=~"{pods(one.name)}"}})'
        )
        told = f"{fewest(one)} or {wanted(one)}" if one.autoscaled else wanted(one)
        least = Told(query=told, words="what its autoscaler or its workload says")
        wait = lines.at_least_minutes(one.cold_start_seconds)
        yield AlertPlan(
            name="ReplicasBelowPlan",
            family=FAMILY,
            summary=f"{one.name} has fewer ready replicas than planned",
            query=f"{ready} or vector(0)",
            sign="<",
            # who counts pods must be there: its absence is an alert of its own
            also='and on () (count(kube_pod_status_ready{condition="true"}) > 0)',
            lines=(
                Line(severity=Severity.WARNING, at=least, minutes=wait),
                Line(severity=Severity.CRITICAL, at=1, minutes=lines.CRITICAL_MINUTES),
            ),
            shown=Shown.COUNT,
            planned="the minimum of its autoscaler, or as many as its workload asks for",
            source=lines.DECIDED,
            labels=(("namespace", one.namespace), ("service", one.name)),
        )


def autoscalers(services: Iterable[ServicePlan]) -> Iterator[AlertPlan]:
    """Return the alerts of services that cannot be scaled further."""
    for one in services:
        if one.scaling is None or not one.autoscaled:
            continue
        yield AlertPlan(
            name="AutoscalerAtMaximum",
            family=FAMILY,
            summary=f"{one.name} cannot be scaled further",
            query=_of_autoscaler(one, "status_desired_replicas"),
            sign=">=",
            lines=lines.warning(Told(query=most(one), words="its maximum")),
            shown=Shown.COUNT,
            planned="connections and nodes are planned for the maximum of its autoscaler",
            source=lines.MIXIN,
            labels=(("namespace", one.namespace), ("service", one.name)),
        )


def _of_autoscaler(service: ServicePlan, metric: str) -> str:
    names = one_of((service.name, f"{_KEDA}{service.name}"))
    return (
        f"max(kube_horizontalpodautoscaler_{metric}"
        f'{{namespace="{service.namespace}",horizontalpodautoscaler=~"{names}"}})'
    )
