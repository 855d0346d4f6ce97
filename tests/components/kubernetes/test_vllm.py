"""The engines of a model, as the API server is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.cluster import Identity
from components.kubernetes.images import facts
from components.kubernetes.model_sync import FETCH
from components.kubernetes.vllm import VllmModel, VllmModelArgs, probes, triggers
from components.object_stores import ObjectStore
from sizing.plans import Scale
from tests.components.kubernetes.model_samples import (
    FOLDER,
    engine_plan,
    model_plan,
    store,
    url,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

NAME = "vllm-llama-3-1-8b"


def built(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of the arguments)
    plain: dict[str, Any] = {
        "model": model_plan(),
        "plan": engine_plan(),
        "cluster": cluster(),
        "namespace": "prod-serving",
        "store": store(),
        "prometheus": "http://prometheus.prod-observability.svc:9090",
    }
    return record(lambda: VllmModel(NAME, VllmModelArgs(**{**plain, **changes})))


def pod(made: Recorder) -> Mapping[str, Any]:
    spec = made.one("Deployment").inputs["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def engine(made: Recorder) -> Mapping[str, Any]:
    (found,) = pod(made)["containers"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("cache", ["object-store", "files", "node"])
def test_every_object_is_one_that_the_api_server_takes(cache: str) -> None:
    made = built(cache=cache, files="models")
    objects = [one for one in made.resources if one.custom]
    assert {one.inputs["kind"] for one in objects} >= {
        "Deployment",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "ScaledObject",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
    }
    assert {one.name: wrong for one in objects if (wrong := violations(one.inputs))} == {}


def test_an_engine_streams_its_pinned_commit_from_the_bucket() -> None:
    made = built()
    assert engine(made)["command"] == ["vllm", "serve"]
    assert engine(made)["args"][0] == url()
    assert "initContainers" not in pod(made)
    told = {one["name"]: one["value"] for one in engine(made)["env"]}
    region = here().region if here().objects is ObjectStore.S3 else None
    assert told.get("AWS_REGION") == region


def test_an_engine_takes_its_gpus_and_room_for_them_to_speak() -> None:
    model = replace(model_plan(), tensor_parallel=4, shared_memory_bytes=20 << 30)
    made = built(model=model, plan=engine_plan(model))
    asked = engine(made)["resources"]
    assert asked["requests"]["nvidia.com/gpu"] == asked["limits"]["nvidia.com/gpu"] == "4"
    (mount,) = [one for one in engine(made)["volumeMounts"] if one["mountPath"] == "/dev/shm"]
    (shared,) = [one for one in pod(made)["volumes"] if one["name"] == mount["name"]]
    assert shared["emptyDir"] == {"medium": "Memory", "sizeLimit": str(20 << 30)}


def test_engines_run_on_gpu_nodes_and_end_before_their_successors_start() -> None:
    made = built()
    assert pod(made)["nodeSelector"] == {"aigw.io/role": "gpu"}
    (toleration,) = pod(made)["tolerations"]
    assert (toleration["key"], toleration["effect"]) == ("nvidia.com/gpu", "NoSchedule")
    rolling = made.one("Deployment").inputs["spec"]["strategy"]["rollingUpdate"]
    assert rolling == {"maxSurge": 0, "maxUnavailable": 1}


def test_an_engine_is_nobody_special_and_writes_only_where_it_may() -> None:
    made = built()
    security = engine(made)["securityContext"]
    assert (security["runAsUser"], security["runAsGroup"]) == (2000, 0)
    assert security["readOnlyRootFilesystem"] is True
    mounted = {one["mountPath"] for one in engine(made)["volumeMounts"]}
    assert mounted >= {*facts("vllm").writable, "/dev/shm"}
    paths = [one["value"] for one in engine(made)["env"] if one.get("value", "").startswith("/")]
    assert paths
    assert all(any(path.startswith(folder) for folder in mounted) for path in paths)


def test_a_start_may_take_as_long_as_a_cold_one() -> None:
    plan = engine_plan()
    asked = probes(plan)
    assert asked.startup.failures * asked.startup.period_seconds >= plan.cold_start_seconds
    assert {one.path for one in (asked.startup, asked.readiness, asked.liveness)} == {"/health"}
    # a restart costs a whole start: it needs more than a passing silence
    assert asked.liveness.failures > asked.readiness.failures


def test_a_start_that_the_plan_does_not_know_has_ten_minutes() -> None:
    asked = probes(replace(engine_plan(), startup_seconds=0, cold_start_seconds=0)).startup
    assert asked.failures * asked.period_seconds == 600


def test_a_stopping_engine_has_time_for_its_answers() -> None:
    made = built()
    flags = engine(made)["args"]
    drain = int(flags[flags.index("--shutdown-timeout") + 1])
    waits = engine(made)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert waits > 0
    assert pod(made)["terminationGracePeriodSeconds"] > drain + waits


def test_engines_follow_what_they_answer_and_what_waits() -> None:
    made = built()
    scaled = made.one("ScaledObject").inputs["spec"]
    asked = {one["metadata"]["query"]: one["metadata"] for one in scaled["triggers"]}
    where = f'{{namespace="prod-serving",service="{NAME}"}}'
    assert {query: one["threshold"] for query, one in asked.items()} == {
        f"sum(vllm:num_requests_running{where})": "48",
        f"sum(vllm:num_requests_waiting{where})": "1",
    }
    assert all(one["ignoreNullValues"] == "false" for one in asked.values())
    assert scaled["fallback"]["replicas"] == 3
    assert "replicas" not in made.one("Deployment").inputs["spec"]


def test_engines_that_never_change_in_number_are_not_scaled() -> None:
    plan = replace(engine_plan(), scale=Scale(minimum=2, planned=2, maximum=2), scaling=None)
    made = built(plan=plan)
    assert triggers(plan) == ()
    assert made.all("ScaledObject") == []
    assert made.one("Deployment").inputs["spec"]["replicas"] == 2


@pytest.mark.parametrize("router", [False, True])
def test_only_the_gateway_prometheus_and_the_router_reach_an_engine(router: bool) -> None:
    rules = built(router=router).one("NetworkPolicy").inputs["spec"]
    callers = [
        one["from"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for one in rules["ingress"]
    ]
    assert callers == ["litellm", "prometheus", *(["vllm-router"] if router else [])]
    assert {port["port"] for one in rules["ingress"] for port in one["ports"]} == {8000}


def test_an_engine_reaches_the_bucket_and_its_credentials_alone() -> None:
    names, role, bucket = built().one("NetworkPolicy").inputs["spec"]["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    assert role["to"] == [{"ipBlock": {"cidr": here().credentials}}]
    assert bucket["to"][0]["ipBlock"]["cidr"] == "0.0.0.0/0"
    assert "10.0.0.0/8" in bucket["to"][0]["ipBlock"]["except"]
    assert {port["port"] for port in bucket["ports"]} == {443}


def test_addresses_of_the_bucket_close_everything_else() -> None:
    known = replace(store(), addresses=("52.216.0.0/15",))
    egress = built(store=known).one("NetworkPolicy").inputs["spec"]["egress"]
    assert egress[-1]["to"] == [{"ipBlock": {"cidr": "52.216.0.0/15"}}]


def test_an_engines_account_gets_the_role_that_reads_the_bucket() -> None:
    bound = {f"prod-serving/{NAME}": Identity(annotations={"role": "models-reader"})}
    account = built(cluster=cluster(identities=bound)).one("ServiceAccount").inputs
    assert account["metadata"]["annotations"] == {"role": "models-reader"}


@pytest.mark.parametrize("cache", ["files", "node"])
def test_a_copy_is_made_before_the_engine_starts_and_read_from_there(cache: str) -> None:
    made = built(cache=cache, files="models")
    (fetch,) = pod(made)["initContainers"]
    assert fetch["args"] == ["--from", url(), "--to", f"/models/{FOLDER}"]
    assert fetch["command"] == [*FETCH[here().objects].command("python3")]
    assert fetch["image"] == engine(made)["image"]
    assert engine(made)["args"][0] == f"/models/{FOLDER}"

    def volume(container: Mapping[str, Any]) -> Mapping[str, Any]:
        (mount,) = [one for one in container["volumeMounts"] if one["mountPath"] == "/models"]
        (found,) = [one for one in pod(made)["volumes"] if one["name"] == mount["name"]]
        assert isinstance(found, dict)
        return found

    assert volume(fetch) == volume(engine(made))
    if cache == "files":
        assert volume(fetch)["persistentVolumeClaim"]["claimName"] == "models"
    else:
        assert int(volume(fetch)["emptyDir"]["sizeLimit"]) > model_plan().weight_bytes


def test_a_shared_copy_cannot_be_changed_by_an_engine() -> None:
    made = built(cache="files", files="models")
    (mount,) = [one for one in engine(made)["volumeMounts"] if one["mountPath"] == "/models"]
    assert mount["readOnly"] is True


def test_a_cache_that_lacks_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a claim"):
        built(cache="files")
    with pytest.raises(ValueError, match="weights of known size"):
        built(cache="node", model=replace(model_plan(), weight_bytes=0))
