"""Controllers, helpers and their namespaces: what the cluster runs for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from sizing.plan import plan
from sizing.planning import sizes
from sizing.planning.controllers import CONTROLLERS
from sizing.planning.homes import CLOUD, MEMBERS, WITHOUT_ENVIRONMENT, role
from sizing.plans import HelperPlan, PlatformPlan
from sizing.reserve import GPU_DAEMON_MEMORY, GPU_DAEMON_MILLIS, GPU_DAEMON_PODS
from sizing.units import MIB
from sizing.words import Cloud, Environment, Tier
from tests.both_clouds import here
from tests.sizing.requests import ENGINE, PRESETS, planned, request, service

NAMES = {one.name for one in CONTROLLERS}


def eks(*values: object) -> ParameterSet:
    """Return a case of what GKE runs itself."""
    return pytest.param(*values, marks=pytest.mark.one_cloud(Cloud.AWS, "GKE runs its own"))


def helpers(found: PlatformPlan) -> dict[str, HelperPlan]:
    return {one.name: one for one in found.helpers}


def controllers(found: PlatformPlan) -> set[str]:
    return {one.name for one in found.services} & NAMES


def only_on(*clouds: Cloud) -> set[str]:
    return {one.name for one in CONTROLLERS if one.clouds == clouds}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_every_stack_has_every_controller_of_its_cloud_on_the_system_pool(
    environment: Environment, tier: Tier
) -> None:
    found = planned(environment, tier)
    (other,) = set(Cloud) - {here()}
    assert controllers(found) == NAMES - only_on(other)
    assert {service(found, name).pool_role for name in controllers(found)} == {"system"}


@pytest.mark.cloud_free("the table of controllers, which says where each stands")
def test_google_runs_what_it_runs_itself() -> None:
    assert only_on(Cloud.GCP) == {"kube-dns"}
    assert {"cluster-autoscaler", "aws-load-balancer-controller"} < only_on(Cloud.AWS)


@pytest.mark.parametrize(
    ("name", "replicas"),
    [
        ("keda-operator", {"dev": 1, "staging": 2, "prod": 2}),
        ("external-secrets-cert-controller", {"dev": 1, "staging": 1, "prod": 1}),
        ("prometheus-operator", {"dev": 1, "staging": 1, "prod": 1}),
        # the cloud's own stand as often everywhere
        eks("coredns", {"dev": 2, "staging": 2, "prod": 2}),
        eks("ebs-csi-controller", {"dev": 2, "staging": 2, "prod": 2}),
    ],
)
def test_a_controller_that_elects_a_leader_waits_beside_it(
    name: str, replicas: dict[str, int]
) -> None:
    found = {str(one): service(planned(one), name).scale for one in Environment}
    assert {stage: one.planned for stage, one in found.items()} == replicas
    assert all(one.minimum == one.planned == one.maximum for one in found.values())


@pytest.mark.parametrize(
    ("name", "millis", "mib", "limit_mib"),
    [
        ("keda-operator", 100, 100, 1000),  # keda-chart
        eks("aws-load-balancer-controller", 100, 200, 500),  # the project's manifest
        eks("cluster-autoscaler", 100, 600, 600),  # its manifest for AWS
        eks("coredns", 100, 70, 170),  # the add-on
        eks("ebs-csi-controller", 60, 240, 1536),  # six containers of 10m, 40Mi and 256Mi
        ("metrics-server", 100, 200, 400),  # its chart
        ("prometheus-operator", 100, 100, 200),  # the project's manifest
    ],
)
def test_requests_are_those_of_the_pinned_charts(
    name: str, millis: int, mib: int, limit_mib: int
) -> None:
    found = service(planned(), name)
    assert (found.cpu_request_millis, found.memory_request_bytes) == (millis, mib * MIB)
    assert found.memory_limit_bytes == limit_mib * MIB
    assert found.cpu_limit_millis >= millis


@pytest.mark.cloud_free("the table of controllers")
def test_a_size_that_no_chart_states_says_that_it_is_assumed() -> None:
    unsourced = [one for one in CONTROLLERS if one.name.startswith(("external", "efs"))]
    assert len(unsourced) == 4
    assert all("requests nothing" in one.why and "assumed" in one.why for one in unsourced)
    assert not [one for one in CONTROLLERS if "assumed" in one.why and one not in unsourced]


def test_every_job_has_a_size_and_a_home() -> None:
    found = helpers(planned())
    nodes = sum(one.scale.maximum for one in planned().node_pools)
    gpu_nodes = sum(one.scale.maximum for one in planned().node_pools if one.gpus_per_node)
    # GKE offers GPUs to pods itself; members in the cluster show each other certificates
    own = {
        Cloud.AWS: {"nvidia-device-plugin": ("daemon", "gpu-system", gpu_nodes)},
        Cloud.GCP: {"opensearch-certificates": ("job", "prod-data", 2)},
    }
    assert {name: (one.kind, one.namespace, one.pods) for name, one in found.items()} == {
        **own[here()],
        "database-setup": ("job", "prod-data", 1),
        "dcgm-exporter": ("daemon", "gpu-system", gpu_nodes),
        "litellm-migrations": ("job", "prod-gateway", 1),
        "model-sync": ("job", "prod-serving", 1),
        "node-exporter": ("daemon", "node-system", nodes),
        "otel-agent": ("daemon", "node-system", nodes),
        "pgbouncer-exporter": (
            "sidecar",
            "prod-data",
            service(planned(), "pgbouncer").scale.maximum,
        ),
        "prometheus-config-reloader": ("sidecar", "prod-observability", 2),
        "search-setup": ("job", "prod-observability", 1),
        "vault-care": ("sidecar", "prod-vault", service(planned(), "vault").scale.planned),
        "vault-certificates": ("job", "prod-vault", 2),
        "vault-setup": ("job", "prod-vault", 1),
        "vault-snapshots": ("job", "prod-vault", 1),
        "vector-snapshots": ("job", "prod-data", 1),
    }
    for one in found.values():
        assert 0 < one.cpu_request_millis <= one.cpu_limit_millis
        assert 0 < one.memory_request_bytes <= one.memory_limit_bytes


def test_each_server_of_metrics_has_its_sidecar() -> None:
    found = planned(tier=Tier.ENTERPRISE)
    servers = service(found, "prometheus").scale.maximum
    assert helpers(found)["prometheus-config-reloader"].pods == servers == 2
    # what goes to objects is brought there by each, and by none where nothing does
    assert helpers(found)["thanos-sidecar"].pods == servers
    assert "thanos-sidecar" not in helpers(planned(tier=Tier.LARGE))


def test_each_model_is_copied_by_a_job_of_its_own_and_none_without_models() -> None:
    load = request().load
    (model,) = load.models
    two = tuple(
        replace(model, name=name, share=share) for name, share in (("one", 0.5), ("two", 0.5))
    )
    twice = plan(replace(request(), workload=replace(load, models=two)))
    assert helpers(twice)["model-sync"].pods == 2
    none = plan(replace(request(), workload=replace(load, self_hosted_share=0)))
    assert "model-sync" not in helpers(none)
    assert not [one for one in none.helpers if one.namespace == "gpu-system"]


def test_daemons_of_gpu_nodes_stand_on_every_one_that_there_may_be() -> None:
    found = planned(tier=Tier.ENTERPRISE)
    nodes = sum(one.scale.maximum for one in found.node_pools if one.gpus_per_node)
    daemons = [one for one in found.helpers if one.namespace == "gpu-system"]
    plugin = ["nvidia-device-plugin"] if here() is Cloud.AWS else []
    assert [one.name for one in daemons] == ["dcgm-exporter", *plugin]
    assert {one.pods for one in daemons} == {nodes}
    assert nodes > 1
    (home,) = (one for one in found.namespaces if one.role == "gpu")
    assert (home.pods, home.pod_security) == (nodes * len(daemons), "privileged")


@pytest.mark.cloud_free("sizes of both daemons, and what nodes keep back for them")
def test_daemons_of_gpu_nodes_take_no_more_than_is_reserved() -> None:
    daemons = (sizes.DCGM_EXPORTER, sizes.DEVICE_PLUGIN)
    assert sum(one.cpu_millis for one in daemons) <= int(GPU_DAEMON_MILLIS)
    assert sum(one.memory_bytes for one in daemons) <= int(GPU_DAEMON_MEMORY)
    assert len(daemons) == int(GPU_DAEMON_PODS)


@pytest.mark.cloud_free("the table of homes")
def test_a_workload_lives_with_its_like() -> None:
    assert role("litellm") == role("litellm-migrations") == "gateway"
    assert role(ENGINE) == role("vllm-router") == role("model-sync") == "serving"
    assert role("keda-operator") == "system"
    assert role("coredns") == CLOUD
    with pytest.raises(KeyError):
        role("something-new")


@pytest.mark.cloud_free("the table of homes")
def test_no_workload_has_two_homes() -> None:
    every = [name for names in MEMBERS.values() for name in names]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("environment", Environment)
def test_what_belongs_to_an_environment_is_named_by_it(environment: Environment) -> None:
    found = planned(environment)
    own = {"data", "gateway", "observability", "serving", "vault"}
    shared = set(WITHOUT_ENVIRONMENT.values())
    homes = _homes(found.services) | _homes(found.helpers)
    assert homes - shared == {f"{environment}-{one}" for one in own}


def _homes(found: Iterable[object]) -> set[str]:
    return {getattr(one, "namespace", "") for one in found}
