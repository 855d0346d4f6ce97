"""What an update waits for: workloads, each with its own patience, and never their names."""

from __future__ import annotations

from components.kubernetes.container import Container, Port, Resources
from components.kubernetes.service import Service, ServiceArgs
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import record


def test_a_name_is_there_before_its_pods_however_long_they_wait() -> None:
    container = Container(
        name="echo",
        image="example.org/echo:1",
        user=1000,
        resources=Resources(
            cpu_millis=100, cpu_limit_millis=200, memory_bytes=MIB, memory_limit_bytes=MIB
        ),
        ports=(Port(name="http", number=8080),),
    )
    args = ServiceArgs(
        plan=service_plan(),
        cluster=cluster(),
        namespace="prod-gateway",
        containers=(container,),
        stop_seconds=30,
        called_by=(),
        calls=(),
    )
    made = record(lambda: Service("echo", args))
    metadata = made.one("kubernetes:core/v1:Service").inputs["metadata"]
    assert metadata["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert "annotations" not in made.one("Deployment").inputs["metadata"]
