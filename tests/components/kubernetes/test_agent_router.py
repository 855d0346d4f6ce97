"""A vendor's router gets limits that fit its providers, both its programs, and no more rights."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest
import yaml

from components.kubernetes.access import Pods
from components.kubernetes.agent_router import (
    AgentRouter,
    AgentRouterArgs,
)
from components.kubernetes.agent_router_config import (
    ProviderQuota,
    RouterConfig,
    Telemetry,
    active_keys,
    environment,
    labels,
    reconciled,
    render,
    shared_total,
)
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from tests.components.kubernetes.samples import SCALING, cluster, service_plan
from tests.components.support import Recorder, children_of, record
from tests.kubernetes.schemas import violations

PROXY = service_plan("agent-router", scaling=SCALING)
CONTROLLER = service_plan("agent-router-controller", scale=Scale(minimum=2, planned=2, maximum=2))
COLLECTOR = "http://otel-collector.prod-observability.svc.cluster.local:4317"
CONFIG = RouterConfig(
    active_keys=100,
    key_requests_per_minute=60,
    providers=(
        ProviderQuota(name="openai", requests_per_minute=10_000),
        ProviderQuota(name="azure", requests_per_minute=4000, tokens_per_minute=900_000),
    ),
    telemetry=Telemetry(endpoint=COLLECTOR, trace_share=0.05),
)


def built(**changes: Any) -> Recorder:  # noqa: ANN401
    plain: dict[str, Any] = {
        "plan": PROXY,
        "controller_plan": CONTROLLER,
        "cluster": cluster(),
        "namespace": "prod-gateway",
        "image": "vendor.example/router:1.2.3",
        "controller_image": "vendor.example/controller:1.2.3",
        "config": CONFIG,
        "credentials": {"MANAGEMENT_TOKEN": Remote(name="aigw/prod/agent-router")},
        "management_plane": "https://plane.vendor.example",
        "called_by": (
            Pods(namespace="prod-apps", ports=(10080,)),
            Pods(namespace="prod-observability", name="prometheus", ports=(19001,)),
        ),
    }
    return record(lambda: AgentRouter("router", AgentRouterArgs(**{**plain, **changes})))


def container(made: Recorder, name: str) -> dict[str, Any]:
    (one,) = made.one("Deployment", name).inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(one, dict)
    return one


def variables(made: Recorder, name: str) -> dict[str, Any]:
    return {
        one["name"]: one.get("value", one.get("valueFrom")) for one in container(made, name)["env"]
    }


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = children_of(built(), "aigw:kubernetes:AgentRouter")
    assert len([one for one in objects if one.type.endswith(":Deployment")]) == 2
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_the_images_are_the_stack_s_and_run_as_nobody_special() -> None:
    made = built(user=1234)
    assert container(made, "router-deployment")["image"] == "vendor.example/router:1.2.3"
    controller = container(made, "controller")
    assert controller["image"] == "vendor.example/controller:1.2.3"
    assert controller["securityContext"]["runAsUser"] == 1234
    assert controller["securityContext"]["readOnlyRootFilesystem"] is True


def test_both_open_their_management_plane_with_the_named_credentials() -> None:
    made = built()
    for name in ("router-deployment", "controller"):
        found = variables(made, name)
        assert found["MANAGEMENT_TOKEN"] == {
            "secretKeyRef": {"name": "agent-router", "key": "MANAGEMENT_TOKEN"}
        }
        assert found["AGENT_ROUTER_MANAGEMENT_PLANE"] == "https://plane.vendor.example"
    assert built(credentials={}).all("ExternalSecret") == []


def test_proxies_know_their_controller_and_it_answers_nobody_else() -> None:
    made = built()
    assert variables(made, "router-deployment")["AGENT_ROUTER_CONTROLLER"] == (
        "agent-router-controller.prod-gateway.svc.cluster.local:18000"
    )
    spec = made.one("NetworkPolicy", "controller").inputs["spec"]
    came = {
        (
            source.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/name"),
            port["port"],
        )
        for rule in spec["ingress"]
        for source in rule["from"]
        for port in rule["ports"]
    }
    assert came == {("agent-router", 18000), ("prometheus", 19001)}


def test_proxies_wait_for_their_controller_and_outlive_it() -> None:
    made = built()
    controller = made.one("Deployment", "controller").urn
    assert controller in made.one("Deployment", "router-deployment").depends_on
    probes = container(made, "router-deployment")
    assert probes["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "ready"}
    assert "tcpSocket" in probes["livenessProbe"]


def test_streams_may_end_before_a_proxy_is_stopped() -> None:
    spec = built().one("Deployment", "router-deployment").inputs["spec"]["template"]["spec"]
    assert spec["terminationGracePeriodSeconds"] >= 300


def test_replicas_are_the_plans_own() -> None:
    made = built()
    assert "replicas" not in made.one("Deployment", "router-deployment").inputs["spec"]
    assert made.one("Deployment", "controller").inputs["spec"]["replicas"] == 2


def test_all_keys_together_stay_within_what_is_left_when_the_largest_provider_fails() -> None:
    limit = reconciled(CONFIG)
    # 4,000 of the smaller provider, a fifth of it kept
    assert shared_total(CONFIG) == limit.total == 3200
    assert (limit.per_key, limit.lowered, limit.fits) == (32, True, True)


@pytest.mark.parametrize(
    ("changes", "per_key", "lowered"),
    [
        ({"key_requests_per_minute": 20}, 20, False),
        ({"key_requests_per_minute": None}, 32, True),
        ({"headroom": 0.5}, 20, True),
        ({"providers": CONFIG.providers[:1], "active_keys": 200}, 40, True),
    ],
)
def test_a_limit_is_lowered_only_where_it_would_not_fit(
    changes: dict[str, Any], per_key: int, lowered: bool
) -> None:
    limit = reconciled(replace(CONFIG, **changes))
    assert (limit.per_key, limit.lowered, limit.fits) == (per_key, lowered, True)


def test_an_unknown_quota_lowers_nothing_and_too_many_keys_are_told() -> None:
    unknown = replace(CONFIG, providers=(*CONFIG.providers, ProviderQuota(name="own")))
    assert reconciled(unknown).per_key == 60
    assert reconciled(unknown).total is None
    crowd = reconciled(replace(CONFIG, active_keys=60_000))
    assert (crowd.per_key, crowd.fits) == (1, False)


@pytest.mark.parametrize(
    ("keys", "requests", "active"), [(60_000, 720, 720), (40, 720, 40), (0, 0, 1)]
)
def test_no_more_keys_are_in_use_than_there_are_requests(
    keys: int, requests: int, active: int
) -> None:
    assert active_keys(keys, requests) == active


def test_a_provider_may_be_a_word_of_the_config() -> None:
    class Provider(StrEnum):
        OPENAI = "openai"

    named = replace(CONFIG, providers=(ProviderQuota(name=Provider.OPENAI),))
    assert yaml.safe_load(render(named))["providers"][0]["name"] == "openai"


def test_costly_labels_leave_and_the_file_says_which() -> None:
    quiet = replace(CONFIG, telemetry=Telemetry(requested_model_labels=False))
    assert labels(quiet.telemetry) == ("model", "provider", "status")
    assert yaml.safe_load(render(quiet))["metrics"]["left_out"] == [
        "api_key_id",
        "requested_model",
    ]
    assert "api_key_id" in labels(Telemetry(key_labels=True))
    assert "api_key_id" not in labels(CONFIG.telemetry)


def test_traces_are_sampled_where_they_are_sent() -> None:
    found = variables(built(), "router-deployment")
    assert found["OTEL_TRACES_SAMPLER_ARG"] == "0.05"
    assert found["OTEL_EXPORTER_OTLP_ENDPOINT"] == COLLECTOR
    assert environment(Telemetry(), "agent-router") == {}


def test_the_file_holds_the_limit_and_rolls_the_pods() -> None:
    made = built()
    (text,) = made.one("ConfigMap", "controller").inputs["data"].values()
    assert yaml.safe_load(text)["limits"] == {
        "requests_per_minute_per_key": 32,
        "requests_per_minute_of_all_keys": 3200,
        "lowered_to_fit_quotas": True,
        "fits_quotas": True,
    }
    assert render(CONFIG) == render(replace(CONFIG))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"active_keys": 0}, "above 0"),
        ({"headroom": 1.0}, "below 1"),
        ({"providers": (ProviderQuota(name="a"), ProviderQuota(name="a"))}, "two providers"),
    ],
)
def test_what_has_no_meaning_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(CONFIG, **changes)
    with pytest.raises(ValueError, match="from 0 to 1"):
        Telemetry(trace_share=2)
