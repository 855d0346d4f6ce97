"""Namespaces and services of a test, as rendered objects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.kubernetes.access import Blocks, Pods, internet
from components.kubernetes.container import Container, Port, Probe, Probes, resources_of
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.service import Service, ServiceArgs
from sizing.plans import ServicePlan
from tests.cluster.api import Manifest
from tests.cluster.objects import recorded
from tests.components.kubernetes import samples
from tests.components.kubernetes.samples import service_plan
from tests.components.support import record

ASKED = Probe(port="http", path="/healthz")
RESTRICTED = ("gateway", "serving", "data")


def namespaces() -> list[Manifest]:
    def build() -> None:
        for role in RESTRICTED:
            plan = replace(samples.namespace_plan(role), gpus=8)
            Namespace(role, NamespaceArgs(plan=plan, ready=()))
        Namespace(
            "gpu",
            NamespaceArgs(plan=samples.namespace_plan("gpu", pod_security="privileged"), ready=()),
        )

    return recorded(record(build))


def container(**changes: Any) -> Container:  # noqa: ANN401  (any field of a container)
    plain: dict[str, Any] = {
        "name": "echo",
        "image": "example.org/echo:1.0",
        "user": 1000,
        "resources": resources_of(service_plan()),
        "ports": (Port(name="http", number=8080),),
        "probes": Probes(startup=ASKED, readiness=ASKED, liveness=ASKED),
    }
    return Container(**{**plain, **changes})


def service(plan: ServicePlan, **changes: Any) -> list[Manifest]:  # noqa: ANN401
    plain: dict[str, Any] = {
        "plan": plan,
        "cluster": samples.cluster(),
        "namespace": plan.namespace,
        "containers": (container(),),
        "stop_seconds": 30,
        "called_by": (Pods(namespace="prod-apps", name="caller", ports=(8080,)),),
        "calls": (Blocks(blocks=("10.40.0.0/16",), ports=(5432,)), internet(("10.40.0.0/16",))),
    }
    return recorded(record(lambda: Service(plan.name, ServiceArgs(**{**plain, **changes}))))
