"""How the job that sets OpenSearch up signs in."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.access import Pods
from components.kubernetes.opensearch_config import ADMINISTRATOR, HTTP_PORT
from components.kubernetes.search_access import AUTHORITY, FOLDER, LOGINS, Login, Signed, SignIn
from components.kubernetes.search_rules import Right, Rules
from components.kubernetes.search_setup import SearchSetup, SearchSetupArgs
from components.kubernetes.secrets import Remote
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


LOGIN = Login(
    user=ADMINISTRATOR,
    secret=LOGINS,
    server=Pods(namespace="prod-data", name="opensearch", ports=(HTTP_PORT,)),
)
WRITER = "otel-gateway"
HELD = {one: Remote(name=f"prod/{one}") for one in (ADMINISTRATOR, AUTHORITY, WRITER)}


def setup(sign_in: SignIn, held: dict[str, Remote] | None = None) -> Recorder:
    args = SearchSetupArgs(
        plan=JOB,
        cluster=cluster(),
        namespace="prod-observability",
        url="https://opensearch.prod-data.svc.cluster.local:9200",
        sign_in=sign_in,
        rules=RULES,
        roles={"WRITER": WRITER},
        users=(WRITER,) if held else (),
        logins=held or {},
    )
    return record(lambda: SearchSetup("search-setup", args))


def job_container(made: Recorder) -> dict[str, Any]:
    (container,) = made.one("Job", "run-job").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def test_the_job_signs_in_by_password_and_sees_each_user_s_own() -> None:
    made = setup(LOGIN, HELD)
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
        "SEARCH_PASSWORD": ADMINISTRATOR,
        "SEARCH_PASSWORD_OF_OTEL_GATEWAY": WRITER,
    }
    assert told(container)["SEARCH_USERS"] == "otel-gateway"
    assert "AWS_REGION" not in told(container)
    programs = {name for one in made.all("ConfigMap") for name in one.inputs["data"]}
    assert {"search_password.py", "search_setup.py", "aws_signature.py"} <= programs
    folders = {one["mountPath"] for one in container["volumeMounts"]}
    assert told(container)["SEARCH_AUTHORITY"] == f"{FOLDER}/{AUTHORITY}"
    assert FOLDER in folders


def test_everybody_s_password_is_fetched_before_anybody_signs_in() -> None:
    made = setup(LOGIN, HELD)
    secret = made.one("ExternalSecret")
    assert secret.inputs["metadata"]["name"] == LOGINS
    fetched = {one["secretKey"]: one["remoteRef"] for one in secret.inputs["spec"]["data"]}
    assert fetched == {name: {"key": f"prod/{name}"} for name in HELD}
    assert secret.urn in made.before(made.one("Job", "run-job"))


def test_the_job_asks_the_members_alone() -> None:
    (rule,) = setup(LOGIN, HELD).one("NetworkPolicy").inputs["spec"]["egress"][1:]
    (peer,) = rule["to"]
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "opensearch"}
    assert [one["port"] for one in rule["ports"]] == [HTTP_PORT]


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match=f"passwords of {WRITER}"):
        setup(LOGIN, {ADMINISTRATOR: HELD[ADMINISTRATOR]})


def test_a_job_that_signs_its_requests_knows_no_password() -> None:
    made = setup(Signed(region="us-east-1"))
    assert job_container(made)["command"][-1].endswith(".search_setup")
    assert told(job_container(made))["AWS_REGION"] == "us-east-1"
    programs = {name for one in made.all("ConfigMap") for name in one.inputs["data"]}
    assert "search_password.py" not in programs
    assert not any("valueFrom" in one for one in job_container(made)["env"])
