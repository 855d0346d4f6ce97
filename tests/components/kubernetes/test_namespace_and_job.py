"""Namespaces are closed until opened; jobs run once for each version of what they do."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.access import Blocks
from components.kubernetes.container import Container, Files, Resources
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster, namespace_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations


def objects(recorder: Recorder) -> dict[str, list[str]]:
    """Return what the API server would refuse, by name; nothing where it takes all."""
    found = {r.name: violations(r.inputs) for r in recorder.resources if r.custom}
    return {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("level", ["restricted", "privileged"])
def test_a_namespace_enforces_its_level_and_lets_nothing_through(level: str) -> None:
    plan = namespace_plan(pod_security=level)
    made = record(lambda: Namespace("gateway", NamespaceArgs(plan=plan, ready=())))
    assert objects(made) == {}
    metadata = made.one("Namespace", "namespace").inputs["metadata"]
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == level
    assert ("annotations" in metadata) == (level != "restricted")
    closed = made.one("NetworkPolicy").inputs["spec"]
    assert closed["podSelector"] == {}
    assert closed["ingress"] == []
    (egress,) = closed["egress"]
    assert {port["port"] for port in egress["ports"]} == {53}


def test_what_a_controller_is_told_by_stands_beside_our_own_labels() -> None:
    args = NamespaceArgs(plan=namespace_plan(), ready=(), labels={"example.org/inject": "enabled"})
    made = record(lambda: Namespace("gateway", args))
    labels = made.one("Namespace", "namespace").inputs["metadata"]["labels"]
    assert labels["example.org/inject"] == "enabled"
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_a_quota_holds_the_plan_and_forbids_ways_in_that_nobody_planned() -> None:
    made = record(lambda: Namespace("gateway", NamespaceArgs(plan=namespace_plan(), ready=())))
    hard = made.one("ResourceQuota").inputs["spec"]["hard"]
    assert hard["requests.cpu"] == "20000m"
    assert hard["services.loadbalancers"] == hard["services.nodeports"] == "0"


def a_job(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of a job)
    container = Container(
        name="setup",
        image="example.org/setup:1",
        user=1000,
        resources=Resources(
            cpu_millis=100,
            cpu_limit_millis=500,
            memory_bytes=64 * MIB,
            memory_limit_bytes=128 * MIB,
        ),
        files=(Files(path="/scripts", contents={"run.sh": "true"}),),
    )
    on = cluster()
    plain: dict[str, Any] = {
        "job": "setup",
        "cluster": on,
        "namespace_name": "prod-data",
        "namespace": "prod-data",
        "container": container,
        "placement": on.placement_on("general"),
        "calls": (Blocks(blocks=(here().vpc,), ports=(5432,)),),
        "version": "1",
        "deadline_seconds": 600,
    }
    return record(lambda: Job("setup", JobArgs(**{**plain, **changes})))


def test_a_job_has_no_name_of_its_own_so_that_the_next_version_can_be_made() -> None:
    made = a_job()
    assert objects(made) == {}
    job = made.one("Job", "setup-job").inputs
    assert "name" not in job["metadata"]
    assert job["spec"]["activeDeadlineSeconds"] == 600
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert made.one("NetworkPolicy").inputs["spec"]["ingress"] == []


def test_another_version_runs_the_job_again() -> None:
    def template(version: str) -> object:
        return a_job(version=version).one("Job", "setup-job").inputs["spec"]["template"]

    assert template("1") == template("1")
    assert template("1") != template("2")


def test_a_failed_job_is_made_anew_by_the_next_run() -> None:
    annotations = a_job().one("Job", "setup-job").inputs["metadata"]["annotations"]
    assert annotations["pulumi.com/replaceUnready"] == "true"


def test_a_schedule_makes_it_a_cron_job_that_never_overlaps() -> None:
    made = a_job(schedule="0 3 * * *")
    assert objects(made) == {}
    spec = made.one("CronJob").inputs["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("0 3 * * *", "Forbid")


def test_a_secret_is_named_and_never_held() -> None:
    def build() -> None:
        owner = Namespace("gateway", NamespaceArgs(plan=namespace_plan(), ready=()))
        need = SecretNeed(
            secret="litellm",
            entries={"password": Remote(name="aigw/prod/litellm", property="password")},
            texts={"url": "postgresql://litellm:{{ .password }}@pgbouncer/litellm"},
        )
        external_secret(owner, "litellm", need, cluster=cluster(), namespace="prod-gateway")

    made = record(build)
    secret = made.one("ExternalSecret").inputs
    assert violations(secret) == []
    assert made.all("Secret") == []
    assert secret["spec"]["data"] == [
        {
            "secretKey": "password",
            "remoteRef": {"key": "aigw/prod/litellm", "property": "password"},
        }
    ]
