"""A real API server takes what is made around the controllers' charts."""

from __future__ import annotations

import pytest

from components.aws.storage_class import StorageClass, StorageClassArgs
from components.kubernetes.load_balancer_controller import Binding, target_group_binding
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.prometheus import Prometheus, PrometheusArgs
from sizing.words import Cloud
from tests.cluster.api import Api
from tests.cluster.objects import create_all, recorded
from tests.components.kubernetes.controllers import BUILDERS, load_balancer_controller
from tests.components.kubernetes.samples import NAMESPACES, cluster, namespace_plan, service_plan
from tests.components.support import TAGS, record

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.one_cloud(
        Cloud.AWS, "a storage class and target groups of AWS; test_stacks has those of both"
    ),
]

GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gateway/0123456789abcdef"


def everything() -> None:
    """Register every namespace and controller, Prometheus, a binding and the class of volumes."""
    on = cluster()
    for role in NAMESPACES:
        Namespace(role, NamespaceArgs(plan=namespace_plan(role), ready=()))
    for chart, build in sorted(BUILDERS.items()):
        if chart != "aws-load-balancer-controller":
            build(on)
    balancers = load_balancer_controller(on)
    binding = Binding(service="litellm", port="http", target_group_arn=GROUP)
    target_group_binding(
        balancers, "binding", binding, namespace=NAMESPACES["gateway"], after=balancers.ready
    )
    plan = service_plan("prometheus", role="observability", pool_role="data", volume_gib=100)
    Prometheus(
        "prometheus",
        PrometheusArgs(
            plan=plan,
            cluster=on,
            namespace=NAMESPACES["observability"],
            retention_days=15,
            watched=NAMESPACES,
        ),
    )
    StorageClass("volumes", StorageClassArgs(volume_key_arn="key", driver=(), tags=dict(TAGS)))


def test_every_object_around_the_charts_is_taken_without_a_warning(cluster: Api) -> None:
    made = recorded(record(everything))
    kinds = {one["kind"] for one in made}
    assert {"ClusterSecretStore", "Prometheus", "StorageClass", "TargetGroupBinding"} <= kinds
    assert create_all(cluster, made) == {}
