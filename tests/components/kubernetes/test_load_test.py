"""The load test stands ready in the cluster, asks the gateway alone, and never runs by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from components.kubernetes import load_test_config as config
from components.kubernetes.access import Pods
from components.kubernetes.load_test import NEVER, LoadTest, LoadTestArgs, deadline_seconds
from components.kubernetes.secrets import Remote
from sizing.loadtest import Run, document, profile
from sizing.plans import HelperPlan
from sizing.units import MIB
from sizing.words import Tier
from sizing.workload import reference
from tests.components.kubernetes.samples import cluster
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

PLAN = HelperPlan(
    name="load-test",
    namespace="prod-apps",
    kind="job",
    pods=3,
    cpu_request_millis=1000,
    cpu_limit_millis=1000,
    memory_request_bytes=512 * MIB,
    memory_limit_bytes=1024 * MIB,
)
PROFILE = profile(reference(Tier.LARGE), Run(stack="prod-large"))
URL = "http://litellm.prod-gateway.svc.cluster.local:4000"


def built(plan: HelperPlan = PLAN) -> Recorder:
    args = LoadTestArgs(
        plan=plan,
        cluster=cluster(),
        namespace="prod-apps",
        profile=PROFILE,
        gateway=Pods(namespace="prod-gateway", name="litellm", ports=(4000,)),
        url=URL,
        key=Remote(name="acme/load-test-key"),
    )
    return record(lambda: LoadTest("load-test", args))


def job(made: Recorder) -> dict[str, Any]:
    found = made.one("CronJob").inputs["spec"]["jobTemplate"]["spec"]
    assert isinstance(found, dict)
    return found


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = [one for one in built().resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_it_never_runs_by_itself() -> None:
    made = built()
    spec = made.one("CronJob").inputs["spec"]
    assert spec["suspend"] is True
    assert spec["schedule"] == NEVER == "0 0 31 2 *"
    assert [one for one in made.all("Job") if one.custom] == []


def test_a_part_that_fails_is_not_run_again() -> None:
    spec = job(built())
    assert spec["backoffLimit"] == 0
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["activeDeadlineSeconds"] == deadline_seconds(PROFILE) > 600 + 300


def test_its_pods_know_their_places_and_are_as_many_as_planned() -> None:
    spec = job(built())
    assert (spec["completions"], spec["parallelism"], spec["completionMode"]) == (3, 3, "Indexed")
    assert environment(spec)[config.PARTS] == "3"
    alone = job(built(replace(PLAN, pods=1)))
    assert "completionMode" not in alone
    assert environment(alone)[config.PARTS] == "1"


def environment(spec: dict[str, Any]) -> dict[str, str]:
    (container,) = spec["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", "") for one in container["env"]}


def test_it_reaches_the_gateway_and_nobody_reaches_it() -> None:
    policy = built().one("NetworkPolicy").inputs["spec"]
    assert policy["ingress"] == []
    names, gateway = policy["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    (peer,) = gateway["to"]
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "litellm"}
    assert [port["port"] for port in gateway["ports"]] == [4000]


def test_the_key_comes_from_the_secret_store_and_stands_nowhere() -> None:
    made = built()
    (entry,) = made.one("ExternalSecret").inputs["spec"]["data"]
    assert entry == {"secretKey": config.KEY, "remoteRef": {"key": "acme/load-test-key"}}
    (container,) = job(made)["template"]["spec"]["containers"]
    (key,) = [one for one in container["env"] if one["name"] == config.KEY]
    assert key["valueFrom"]["secretKeyRef"] == {"name": "load-test", "key": config.KEY}
    assert config.KEY not in json.dumps(container["command"])


def test_it_mounts_the_profile_and_every_program_under_the_python_path() -> None:
    made = built()
    texts: dict[str, str] = {}
    for one in made.all("ConfigMap"):
        texts |= one.inputs["data"]
    assert json.loads(texts["profile.json"]) == document(PROFILE)
    assert set(texts) == {"profile.json", *config.PROGRAMS}
    (container,) = job(made)["template"]["spec"]["containers"]
    mounted = {one["mountPath"] for one in container["volumeMounts"]}
    told = environment(job(made))
    assert told[config.PROFILE].rpartition("/")[0] in mounted
    generator = container["command"][container["command"].index("--locustfile") + 1]
    assert generator.rpartition("/")[0] in mounted
    assert generator.startswith(told["PYTHONPATH"])
    assert container["command"][container["command"].index("--host") + 1] == URL
