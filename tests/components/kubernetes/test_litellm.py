"""The proxy in the cluster: secrets by name, a database by two roads, its peers, its order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pulumi
import pytest
import yaml
from pulumi_kubernetes import core

from components.kubernetes.litellm import LiteLlm, LiteLlmArgs
from components.kubernetes.litellm_plan import Offer
from components.kubernetes.litellm_runtime import VERSION
from components.kubernetes.litellm_settings import Fallback
from components.kubernetes.litellm_stores import Database
from components.kubernetes.secrets import Remote
from sizing.versions import IMAGES
from sizing.words import Tier
from sizing.workload import reference
from tests.components.kubernetes.litellm_samples import (
    BEDROCK,
    MIGRATIONS,
    MODEL,
    OPENAI,
    POOLER,
    bought,
    plan,
)
from tests.components.kubernetes.samples import cluster, store
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

POOLED = "pgbouncer.prod-data.svc.cluster.local"
WITH_OPENAI = Offer(
    external=(bought(),),
    providers=(OPENAI,),
    fallbacks=(Fallback(model="llama", to=("gpt",)),),
)
OPENAI_KEY = {"openai": Remote(name="aigw/openai")}


def args(after: Sequence[pulumi.Resource] = ()) -> LiteLlmArgs:
    return LiteLlmArgs(
        plan=plan(),
        migrations=MIGRATIONS,
        models=(MODEL,),
        pooler=POOLER,
        load=reference(Tier.SMALL),
        offer=WITH_OPENAI,
        cluster=cluster(),
        namespace="prod-gateway",
        keys=pulumi.Output.from_input("prod/litellm"),
        provider_keys=OPENAI_KEY,
        database=Database(
            pooler=POOLED,
            role="litellm_a",
            password=Remote(name="prod/database-litellm", property="litellm_a"),
            server=pulumi.Output.from_input(here().database),
            migrator="litellm_migrator",
            migrator_password=Remote(name="prod/database-litellm", property="litellm_migrator"),
            authority="-----BEGIN CERTIFICATE-----",
        ),
        state=store("state"),
        cache=store("cache", clustered=True),
        balancers=("10.40.192.0/24",),
        after=after,
    )


def built(chosen: LiteLlmArgs | None = None) -> Recorder:
    return record(lambda: LiteLlm("litellm", chosen or args()))


def spec(made: Recorder, kind: str, name: str = "") -> dict[str, Any]:
    found: dict[str, Any] = made.one(kind, name).inputs["spec"]
    return found


def pod(made: Recorder, kind: str = "Deployment") -> dict[str, Any]:
    found: dict[str, Any] = spec(made, kind, "litellm-migrations-job" if kind == "Job" else "")
    inside: dict[str, Any] = found["template"]["spec"]
    return inside


def variables(made: Recorder, kind: str = "Deployment") -> dict[str, Any]:
    (container,) = pod(made, kind)["containers"]
    return {
        one["name"]: one.get("value") or one["valueFrom"]["secretKeyRef"]
        for one in container["env"]
    }


def config(made: Recorder) -> dict[str, Any]:
    text = made.one("ConfigMap", "etc-litellm").inputs["data"]["config.yaml"]
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def peers(made: Recorder, way: str) -> list[tuple[str, list[int]]]:
    """Return every rule as who, and at which ports."""
    found = []
    for rule in spec(made, "NetworkPolicy", "litellm-peers")[way]:
        (peer,) = rule["from" if way == "ingress" else "to"]
        if "ipBlock" in peer:
            who = peer["ipBlock"]["cidr"]
        else:
            place = peer["namespaceSelector"]["matchLabels"].values()
            who = "/".join([*place, *peer.get("podSelector", {}).get("matchLabels", {}).values()])
        found.append((who, sorted({port["port"] for port in rule["ports"]})))
    return found


def test_every_object_is_one_that_kubernetes_takes() -> None:
    made = built()
    objects = [one for one in made.resources if one.type.startswith("kubernetes:")]
    assert len(objects) > 10
    assert {one.name: violations(one.inputs) for one in objects if violations(one.inputs)} == {}


def test_secrets_are_read_by_name_and_stand_nowhere() -> None:
    found = variables(built())
    assert found["LITELLM_MASTER_KEY"] == {"name": "litellm-keys", "key": "LITELLM_MASTER_KEY"}
    assert found["DATABASE_URL"] == {"name": "litellm-database", "key": "DATABASE_URL"}
    assert found["PROVIDER_OPENAI_API_KEY"]["name"] == "litellm-keys"
    entries = spec(built(), "ExternalSecret", "litellm-keys")["data"]
    assert {one["secretKey"]: one["remoteRef"] for one in entries} == {
        "LITELLM_MASTER_KEY": {"key": "prod/litellm", "property": "master_key"},
        "LITELLM_SALT_KEY": {"key": "prod/litellm", "property": "salt_key"},
        "STATE_REDIS_PASSWORD": {"key": "prod/state"},
        "CACHE_REDIS_PASSWORD": {"key": "prod/cache"},
        "PROVIDER_OPENAI_API_KEY": {"key": "aigw/openai"},
    }


def test_every_secret_that_is_read_is_one_that_is_made() -> None:
    made = built()
    made_of = {
        one.inputs["metadata"]["name"]: {
            *(entry["secretKey"] for entry in one.inputs["spec"]["data"]),
            *one.inputs["spec"]["target"].get("template", {}).get("data", {}),
        }
        for one in made.all("ExternalSecret")
    }
    for kind in ("Deployment", "Job"):
        read = [one for one in variables(made, kind).values() if isinstance(one, dict)]
        assert read
        assert [one for one in read if one["key"] not in made_of[one["name"]]] == []


def test_pods_reach_the_database_through_the_pooler_and_prepare_nothing() -> None:
    target = spec(built(), "ExternalSecret", "litellm-database")["target"]
    url = target["template"]["data"]["DATABASE_URL"]
    assert url.startswith("postgresql://litellm_a:{{ .password | urlquery }}@" + POOLED)
    assert "pgbouncer=true&connection_limit=10" in url


def test_migrations_reach_the_server_itself_and_make_it_prove_its_name() -> None:
    made = built()
    secret = spec(made, "ExternalSecret", "litellm-migrations-database")["target"]
    url = secret["template"]["data"]["DATABASE_URL"]
    assert url.startswith(
        "postgresql://litellm_migrator:{{ .password | urlquery }}@" + here().database
    )
    assert "pgbouncer" not in url
    assert "sslmode=verify-full" in url
    (container,) = pod(made, "Job")["containers"]
    folder = url.split("sslrootcert=")[1].rpartition("/")[0]
    assert folder in {one["mountPath"] for one in container["volumeMounts"]}
    assert variables(made, "Job")["DATABASE_URL"]["name"] == "litellm-migrations"
    assert container["command"] == ["python3", "-m", "litellm.proxy.prisma_migration"]


def test_pods_wait_for_migrations_and_they_for_what_was_before() -> None:
    def build() -> None:
        before = core.v1.Namespace("before")
        LiteLlm("litellm", args(after=[before]))

    made = record(build)
    assert any("Job::" in urn for urn in made.one("Deployment").depends_on)
    secrets = [urn for urn in made.one("Job", "migrations-job").depends_on if "Secret" in urn]
    assert secrets
    for one in (made.one("Job", "migrations-job"), made.one("Deployment")):
        assert any(urn.endswith("::before") for urn in made.before(one)), one.name


def test_another_version_of_the_image_migrates_again() -> None:
    noted = built().one("Job", "migrations-job").inputs["metadata"]
    assert noted["annotations"]["aigw.io/version"] == IMAGES["litellm"].tag
    assert "name" not in noted, "the name of the last one is taken"
    assert VERSION in IMAGES["litellm"].tag


def test_models_are_asked_at_their_services_or_at_the_router() -> None:
    def bases(router: str) -> set[str]:
        listed = config(built(replace(args(), router=router)))["model_list"]
        return {one["litellm_params"].get("api_base", "") for one in listed}

    inside = "prod-serving.svc.cluster.local:8000/v1"
    assert bases("") == {"", f"http://vllm-llama.{inside}"}
    assert bases("vllm-router") == {"", f"http://vllm-router.{inside}"}


def test_whoever_calls_it_is_named() -> None:
    assert peers(built(), "ingress") == [
        ("10.40.192.0/24", [4000]),
        ("prod-gateway/agent-gateway", [4000]),
        ("prod-gateway/agent-router", [4000]),
        ("prod-apps", [4000]),
        ("prod-observability/prometheus", [4001]),
    ]


def test_whomever_it_calls_is_named() -> None:
    assert peers(built(), "egress") == [
        ("kube-system", [53]),
        ("prod-serving/vllm-llama", [8000]),
        ("prod-data/pgbouncer", [5432]),
        (here().vpc, sorted({6379, here().cache_port})),
        ("0.0.0.0/0", [443]),
    ]
    by_router = peers(built(replace(args(), router="vllm-router")), "egress")
    assert ("prod-serving/vllm-router", [8000]) in by_router
    assert ("prod-serving/vllm-llama", [8000]) not in by_router


def test_a_provider_of_the_cloud_is_reached_with_the_pod_s_credentials() -> None:
    offer = Offer(external=(bought(provider="bedrock"),), providers=(BEDROCK,))
    found = peers(built(replace(args(), offer=offer, provider_keys={})), "egress")
    assert (here().credentials, [80]) in found
    assert (here().vpc, [443]) in found


def test_migrations_may_call_the_database_and_nobody_else() -> None:
    rules = spec(built(), "NetworkPolicy", "litellm-migrations-peers")
    assert rules["ingress"] == []
    _names, database = rules["egress"]
    assert database["to"] == [{"ipBlock": {"cidr": here().vpc}}]
    assert [port["port"] for port in database["ports"]] == [5432]


def test_liveness_asks_neither_database_nor_model() -> None:
    (container,) = pod(built())["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/liveliness"
    assert container["startupProbe"]["httpGet"]["path"] == "/health/liveliness"
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/readiness"
    assert pod(built())["terminationGracePeriodSeconds"] == 90


def test_metrics_are_scraped_at_their_own_port() -> None:
    made = built()
    (endpoint,) = spec(made, "ServiceMonitor")["endpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("metrics", "/metrics")
    ports = {one["name"]: one["port"] for one in spec(made, "Service", "service")["ports"]}
    assert ports == {"http": 4000, "metrics": 4001}


def test_another_model_rolls_the_pods() -> None:
    def noted(chosen: LiteLlmArgs) -> str:
        template = spec(built(chosen), "Deployment")["template"]
        return str(template["metadata"]["annotations"]["aigw.io/config-checksum"])

    other = replace(args(), offer=Offer(), provider_keys={})
    assert noted(args()) == noted(args())
    assert noted(args()) != noted(other)


def test_a_provider_key_that_is_kept_elsewhere_rolls_the_pods() -> None:
    def noted(kept: str) -> str:
        keys = {name: Remote(name=kept) for name in args().provider_keys}
        template = spec(built(replace(args(), provider_keys=keys)), "Deployment")["template"]
        return str(template["metadata"]["annotations"]["aigw.io/config-checksum"])

    assert noted("acme/first") == noted("acme/first")
    assert noted("acme/first") != noted("acme/second")


def test_engines_with_a_key_are_shown_it() -> None:
    keyed = built(replace(args(), engine_key=Remote(name="prod/engines", property="key")))
    assert variables(keyed)["SELF_HOSTED_API_KEY"]["name"] == "litellm-keys"
    assert "SELF_HOSTED_API_KEY" not in variables(built())


def test_a_provider_without_its_key_is_refused() -> None:
    with pytest.raises(ValueError, match="keys of openai"):
        built(replace(args(), provider_keys={}))


def test_without_a_store_of_answers_there_is_no_variable_for_it() -> None:
    made = built(replace(args(), cache=None))
    assert not [name for name in variables(made) if name.startswith("CACHE_")]
    assert config(made)["litellm_settings"]["cache"] is False


def test_no_password_stands_in_any_object() -> None:
    text = json.dumps([one.inputs for one in built().resources])
    assert "sk-" not in text
    assert "{{ .password | urlquery }}" in text
