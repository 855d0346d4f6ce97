"""The jobs that fill the bucket, as the API server is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.cluster import Cluster, Identity
from components.kubernetes.model_store import folder
from components.kubernetes.model_sync import SYNC, ModelSync, ModelSyncArgs, deadline_seconds
from components.kubernetes.secrets import Remote
from components.object_stores import ObjectStore
from sizing.plans.workloads import ModelPlan
from tests.components.kubernetes.model_samples import (
    COMMIT,
    helper_plan,
    model_plan,
    store,
    url,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

GATED = replace(model_plan(), gated=True)
OPEN = replace(
    model_plan(),
    name="qwen-2.5-7b",
    service="vllm-qwen-2-5-7b",
    repository="Qwen/Qwen2.5-7B-Instruct",
)
TOKEN = Remote(name="aigw/prod/huggingface")


def built(
    *models: ModelPlan,
    on: Cluster | None = None,
    token: Remote | None = TOKEN,
    at: tuple[str, ...] = (),
) -> tuple[Recorder, ModelSync]:
    args = ModelSyncArgs(
        plan=helper_plan("model-sync", "serving"),
        models=models,
        cluster=on or cluster(),
        namespace="prod-serving",
        store=replace(store(), addresses=at),
        token=token,
    )
    kept: list[ModelSync] = []
    made = record(lambda: kept.append(ModelSync("model-sync", args)))
    return made, kept[0]


def pod(made: Recorder, model: ModelPlan) -> Mapping[str, Any]:
    (job,) = [one for one in made.all("kubernetes:batch/v1:Job") if model.service in one.name]
    spec = job.inputs["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def environment(made: Recorder, model: ModelPlan) -> Mapping[str, Any]:
    return {one["name"]: one for one in pod(made, model)["containers"][0]["env"]}


def test_every_object_is_one_that_the_api_server_takes() -> None:
    made, _ = built(GATED, OPEN)
    objects = [one for one in made.resources if one.custom]
    assert {one.name: wrong for one in objects if (wrong := violations(one.inputs))} == {}


def test_each_model_has_a_job_that_copies_its_pinned_commit() -> None:
    made, sync = built(GATED, OPEN)
    assert len(made.all("kubernetes:batch/v1:Job")) == 2
    assert sync.done.keys() == {GATED.service, OPEN.service}
    told = pod(made, GATED)["containers"][0]["args"]
    given = dict(zip(told[::2], told[1::2], strict=True))
    assert given == {
        "--repository": GATED.repository,
        "--revision": COMMIT,
        "--to": url(),
        "--hub": "https://huggingface.co",
    }


def test_a_job_runs_the_program_that_speaks_to_the_bucket() -> None:
    made, _ = built(OPEN)
    (container,) = pod(made, OPEN)["containers"]
    program = SYNC[here().objects]
    assert container["command"] == [*program.command("python")]
    (scripts,) = [one.inputs["data"] for one in made.all("ConfigMap")]
    assert scripts.keys() == {*program.files}
    told = {name for name in environment(made, OPEN) if name.startswith("AWS_")}
    assert bool(told) is (here().objects is ObjectStore.S3)


def test_a_bucket_of_known_addresses_leaves_hugging_face_open() -> None:
    made, _ = built(OPEN, at=("199.36.153.8/30",))
    *_, outside = made.one("NetworkPolicy").inputs["spec"]["egress"]
    assert outside["to"][0]["ipBlock"]["cidr"] == "0.0.0.0/0"


def test_another_commit_is_another_job_and_another_folder() -> None:
    def version(model: ModelPlan) -> object:
        made, _ = built(model)
        return made.one("kubernetes:batch/v1:Job").inputs["metadata"]["annotations"]

    other = replace(OPEN, revision="a" * 40)
    assert version(OPEN) == version(OPEN)
    assert version(OPEN) != version(other)
    assert folder(OPEN) != folder(other)


def test_a_model_that_nobody_has_pinned_is_copied_from_the_default_branch() -> None:
    made, _ = built(replace(OPEN, revision=""))
    told = pod(made, OPEN)["containers"][0]["args"]
    assert told[told.index("--revision") + 1] == "main"
    assert told[told.index("--to") + 1].endswith("/Qwen/Qwen2.5-7B-Instruct/main")


def test_only_gated_models_are_given_the_token_and_nobody_its_value() -> None:
    made, _ = built(GATED, OPEN)
    secret = environment(made, GATED)["HF_TOKEN"]["valueFrom"]["secretKeyRef"]
    assert secret == {"name": "huggingface-token", "key": "token"}
    assert "HF_TOKEN" not in environment(made, OPEN)
    wanted = made.one("ExternalSecret").inputs["spec"]["data"]
    assert wanted == [{"secretKey": "token", "remoteRef": {"key": TOKEN.name}}]


def test_open_models_need_no_token() -> None:
    made, _ = built(OPEN, token=None)
    assert made.all("ExternalSecret") == []


def test_a_gated_model_without_a_token_is_refused() -> None:
    with pytest.raises(ValueError, match=r"llama-3\.1-8b: the publisher asks"):
        built(GATED, token=None)


def test_all_jobs_share_the_account_that_may_write_the_bucket() -> None:
    bound = {"prod-serving/model-sync": Identity(annotations={"role": "models-writer"})}
    made, _ = built(GATED, OPEN, on=cluster(identities=bound))
    account = made.one("ServiceAccount").inputs["metadata"]
    assert (account["name"], account["annotations"]) == ("model-sync", {"role": "models-writer"})
    accounts = {pod(made, one)["serviceAccountName"] for one in (GATED, OPEN)}
    assert accounts == {"model-sync"}


def test_a_job_reaches_the_internet_by_https_and_its_credentials_alone() -> None:
    made, _ = built(OPEN)
    rules = made.one("NetworkPolicy").inputs["spec"]
    assert rules["ingress"] == []
    _, role, internet = rules["egress"]
    assert role["to"][0]["ipBlock"]["cidr"] == here().credentials
    assert [port["port"] for port in internet["ports"]] == [443]
    assert "10.0.0.0/8" in internet["to"][0]["ipBlock"]["except"]


def test_a_job_writes_nowhere_but_in_its_scratch() -> None:
    made, _ = built(OPEN)
    (container,) = pod(made, OPEN)["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    writable = [one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")]
    assert writable == ["/tmp"]


def test_a_larger_model_has_more_time() -> None:
    large = replace(OPEN, weight_bytes=140_000_000_000)
    assert deadline_seconds(replace(OPEN, weight_bytes=0)) == 3600
    assert deadline_seconds(large) == 3600 + 3500
