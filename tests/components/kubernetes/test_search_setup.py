"""How the job that sets OpenSearch up signs in."""

from __future__ import annotations

from typing import Any

from components.kubernetes.access import Pods
from components.kubernetes.container import SecretKey
from components.kubernetes.opensearch_config import ADMINISTRATOR, AUTHORITY, HTTP_PORT
from components.kubernetes.search_rules import Right, Rules
from components.kubernetes.search_setup import Login, SearchSetup, SearchSetupArgs
from sizing.plans.workloads import HelperPlan
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

JOB = HelperPlan(
    name="search-setup",
    namespace="prod-observability",
    kind="job",
    pods=1,
    cpu_request_millis=100,
    cpu_limit_millis=500,
    memory_request_bytes=128 * MIB,
    memory_limit_bytes=256 * MIB,
)
RULES = Rules(
    rights=(
        Right(
            name="logs", holders=("WRITER",), cluster=(), indices=("logs-*",), actions=("write",)
        ),
    )
)


def told(container: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def setup(login: Login | None) -> Recorder:
    args = SearchSetupArgs(
        plan=JOB,
        cluster=cluster(),
        namespace="prod-observability",
        url="https://opensearch.prod-data.svc.cluster.local:9200",
        region="" if login else "us-east-1",
        rules=RULES,
        roles={"WRITER": "otel-gateway"},
        login=login,
    )
    return record(lambda: SearchSetup("search-setup", args))


def job_container(made: Recorder) -> dict[str, Any]:
    (container,) = made.one("Job", "run-job").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def test_the_job_signs_in_by_password_and_sees_each_user_s_own() -> None:
    login = Login(
        user=ADMINISTRATOR,
        password=SecretKey(secret="searchers", key="admin"),
        authority=SecretKey(secret="searchers", key=AUTHORITY),
        users={"otel-gateway": SecretKey(secret="searchers", key="otel-gateway")},
        server=Pods(namespace="prod-data", name="opensearch", ports=(HTTP_PORT,)),
    )
    made = setup(login)
    objects = [one for one in made.resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    container = job_container(made)
    assert container["command"][-1].endswith(".search_password")
    held = {
        one["name"]: one["valueFrom"]["secretKeyRef"]["key"]
        for one in container["env"]
        if "valueFrom" in one
    }
    assert held == {
        "SEARCH_PASSWORD": "admin",
        "SEARCH_PASSWORD_OF_OTEL_GATEWAY": "otel-gateway",
    }
    assert told(container)["SEARCH_USERS"] == "otel-gateway"
    assert "AWS_REGION" not in told(container)
    programs = {name for one in made.all("ConfigMap") for name in one.inputs["data"]}
    assert {"search_password.py", "search_setup.py", "aws_signature.py"} <= programs
    folders = {one["mountPath"] for one in container["volumeMounts"]}
    assert told(container)["SEARCH_AUTHORITY"].rpartition("/")[0] in folders


def test_a_job_that_signs_its_requests_knows_no_password() -> None:
    made = setup(None)
    assert job_container(made)["command"][-1].endswith(".search_setup")
    assert told(job_container(made))["AWS_REGION"] == "us-east-1"
    programs = {name for one in made.all("ConfigMap") for name in one.inputs["data"]}
    assert "search_password.py" not in programs
    assert not any("valueFrom" in one for one in job_container(made)["env"])
