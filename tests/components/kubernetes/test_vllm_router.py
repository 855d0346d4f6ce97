"""The router before the engines, as the API server is asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.vllm_router import VllmRouter, VllmRouterArgs, flags
from sizing.plans import Scale
from sizing.plans.workloads import ModelPlan
from tests.components.kubernetes.model_samples import model_plan
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

QWEN = replace(model_plan(), name="qwen-2.5-7b", service="vllm-qwen-2-5-7b")


def built(models: tuple[ModelPlan, ...] = (model_plan(), QWEN)) -> Recorder:
    plan = service_plan("vllm-router", role="serving", scale=Scale(minimum=2, planned=2, maximum=2))
    args = VllmRouterArgs(plan=plan, models=models, cluster=cluster(), namespace="prod-serving")
    return record(lambda: VllmRouter("vllm-router", args))


def pod(made: Recorder) -> dict[str, Any]:
    spec = made.one("Deployment").inputs["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def test_every_object_is_one_that_the_api_server_takes() -> None:
    made = built()
    assert {
        one.name: wrong
        for one in made.resources
        if one.custom and (wrong := violations(one.inputs))
    } == {}
    assert made.one("Deployment").inputs["spec"]["replicas"] == 2


def test_each_model_leads_to_the_service_of_its_engines() -> None:
    told = flags((model_plan(), QWEN), cluster())
    given = dict(zip(told[::2], told[1::2], strict=True))
    assert given["--service-discovery"] == "static"
    home = "prod-serving.svc.cluster.local:8000"
    assert given["--static-backends"].split(",") == [
        f"http://vllm-llama-3-1-8b.{home}",
        f"http://vllm-qwen-2-5-7b.{home}",
    ]
    assert given["--static-models"].split(",") == ["llama-3.1-8b", "qwen-2.5-7b"]


def test_a_router_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a model"):
        built(())


def test_it_is_reached_by_the_gateway_and_reaches_the_engines_alone() -> None:
    rules = built().one("NetworkPolicy").inputs["spec"]

    def names(peers: list[dict[str, Any]]) -> list[str]:
        return [one["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for one in peers]

    assert [names(one["from"]) for one in rules["ingress"]] == [["litellm"], ["prometheus"]]
    (_, *engines) = rules["egress"]
    assert [names(one["to"]) for one in engines] == [["vllm-llama-3-1-8b"], ["vllm-qwen-2-5-7b"]]


def test_an_engine_that_is_away_restarts_no_router() -> None:
    (router,) = pod(built())["containers"]
    assert router["livenessProbe"]["tcpSocket"]["port"] == "http"
    assert router["readinessProbe"]["httpGet"]["path"] == "/health"


def test_it_lets_long_answers_pass_before_it_ends() -> None:
    assert pod(built())["terminationGracePeriodSeconds"] >= 600
