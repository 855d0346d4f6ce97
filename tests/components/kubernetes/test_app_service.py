"""An application of any image finds each store under one name, and each password in a secret."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.kubernetes.access import Blocks
from components.kubernetes.app_service import AppService, AppServiceArgs
from components.kubernetes.app_stores import Redis, Search, Stores
from components.kubernetes.shared_files import (
    SharedFiles,
    SharedFilesArgs,
    SharedFilesPlan,
)
from tests.components.kubernetes import search_samples
from tests.components.kubernetes.application_stores import DOCUMENTS, NAMES, remote, stores
from tests.components.kubernetes.samples import SCALING, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, children_of, record
from tests.kubernetes.schemas import violations

PLAN = service_plan("application", role="apps", scaling=SCALING)


def application(**changes: Any) -> AppService:  # noqa: ANN401
    plain: dict[str, Any] = {
        "plan": PLAN,
        "cluster": cluster(),
        "namespace": "prod-apps",
        "image": "vendor.example/chat:4.5.6",
        "port": 8080,
        "health_path": "/healthz",
        "stores": stores(),
        "called_by": (Blocks(blocks=("10.40.0.0/20",), ports=(8080,)),),
    }
    return AppService("application", AppServiceArgs(**{**plain, **changes}))


def built(**changes: Any) -> Recorder:  # noqa: ANN401
    return record(lambda: application(**changes))


def folder() -> SharedFiles:
    return SharedFiles(
        "shared",
        SharedFilesArgs(
            plan=SharedFilesPlan(name="shared", namespace="prod-apps", read_only=False),
            cluster=cluster(),
            namespace="prod-apps",
            folder=here().folder(),
        ),
    )


def container(made: Recorder) -> dict[str, Any]:
    (one,) = made.one("Deployment").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(one, dict)
    return one


def plain(made: Recorder) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container(made)["env"] if "value" in one}


def secret(made: Recorder) -> dict[str, str]:
    held = made.one("ExternalSecret").inputs["spec"]["target"]["template"]["data"]
    assert isinstance(held, dict)
    return held


def test_every_object_is_one_that_the_api_server_takes() -> None:
    made = record(lambda: application(files=folder(), metrics_path="/metrics"))
    objects = children_of(made, "aigw:kubernetes:AppService")
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    assert made.one("ServiceMonitor").inputs["spec"]["endpoints"][0]["path"] == "/metrics"


def test_each_store_is_found_under_one_name() -> None:
    by_password = {
        "OPENSEARCH_CA_FILE": "/etc/aigw/kept/search-ca.crt",
        "OPENSEARCH_URL": "https://opensearch.prod-data.svc.cluster.local:9200",
        "OPENSEARCH_USERNAME": "application",
    }
    signed = {
        "OPENSEARCH_REGION": here().region,
        "OPENSEARCH_URL": "https://search.example:443",
    }
    found = signed if here().signs else by_password
    assert plain(built()) == found | {
        "MCP_BASE_URL": "http://agent-gateway.prod-gateway.svc.cluster.local:3000/mcp",
        "OBJECTS_BUCKET": "aigw-prod-data",
        "OBJECTS_REGION": here().region,
        "OPENAI_BASE_URL": "http://litellm.prod-gateway.svc.cluster.local:4000/v1",
        "PORT": "8080",
        "POSTGRES_HOST": "pgbouncer.prod-data.svc.cluster.local",
        "POSTGRES_PORT": "6432",
        "QDRANT_GRPC_PORT": "6334",
        "QDRANT_URL": "http://qdrant.prod-data.svc.cluster.local:6333",
    }


def test_the_three_databases_have_a_login_each() -> None:
    held = secret(built())
    assert held["POSTGRES_USERS_URL"] == (
        "postgresql://users_app_a:{{ .postgres_users | urlquery }}"
        "@pgbouncer.prod-data.svc.cluster.local:6432/users?sslmode=disable"
    )
    assert {name for name in held if name.startswith("POSTGRES")} == {
        f"POSTGRES_{name.upper()}_URL" for name in NAMES
    }


def test_caches_are_reached_by_tls_with_an_encoded_token() -> None:
    held, port = secret(built()), here().cache_port
    token = "{{ .redis_cache | urlquery }}"
    assert held["REDIS_CACHE_URL"] == f"rediss://:{token}@cache.example:{port}/0"
    assert held["REDIS_BROKER_URL"].endswith(f"@state.example:{port}/0")
    assert held["REDIS_CRAWLER_URL"].endswith("@crawler.example:6380/0")


def test_what_holds_a_password_is_a_template_over_entries_that_are_fetched() -> None:
    made = built(stores=replace(stores(), documents=DOCUMENTS))
    spec = made.one("ExternalSecret").inputs["spec"]
    fetched = {one["secretKey"] for one in spec["data"]}
    for name, text in secret(made).items():
        asked = {part.split(" ")[0].split("}")[0] for part in text.split("{{ .")[1:]}
        assert asked, name
        assert asked <= fetched, name
    used = " ".join(secret(made).values())
    assert {one for one in fetched if f".{one} " not in used} == set()


def test_each_secret_variable_is_one_of_the_secret_s_keys() -> None:
    made = built()
    asked = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for one in container(made)["env"]
        if "valueFrom" in one
    }
    pod = made.one("Deployment").inputs["spec"]["template"]["spec"]
    items = [
        item["key"] for one in pod["volumes"] for item in one.get("secret", {}).get("items", ())
    ]
    # what is no variable is a file
    assert {name: ref["key"] for name, ref in asked.items()} == {
        name: name for name in secret(made) if name not in items
    }
    assert {ref["name"] for ref in asked.values()} == {"application"}


def test_a_document_database_is_told_of_where_it_is_on() -> None:
    assert [name for name in secret(built()) if name.startswith("MONGODB")] == []
    trusted = replace(DOCUMENTS, authorities="-----BEGIN CERTIFICATE-----")
    made = built(stores=replace(stores(), documents=trusted))
    assert secret(made)["MONGODB_USERS_URL"] == (
        "mongodb://{{ .documents_user | urlquery }}:{{ .documents_password | urlquery }}"
        "@documents.example:27017/users?tls=true&tlsCAFile=/etc/aigw/authorities/bundle.pem"
        "&authSource=admin&replicaSet=rs0&readPreference=secondaryPreferred&retryWrites=false"
    )
    assert "@documents.example:27017/?tls=true" in secret(made)["MONGODB_URL"]
    assert "bundle.pem" in made.one("ConfigMap").inputs["data"]
    mounts = {one["mountPath"] for one in container(made)["volumeMounts"]}
    assert "/etc/aigw/authorities" in mounts
    public = built(stores=replace(stores(), documents=DOCUMENTS))
    assert "tlsCAFile" not in secret(public)["MONGODB_URL"]


def test_search_takes_a_user_where_requests_are_not_signed() -> None:
    opened = Search(
        host="opensearch.prod-data.svc.cluster.local",
        port=9200,
        user="application",
        password=remote("p"),
        authority=remote("a"),
    )
    made = built(stores=replace(stores(), search=opened))
    assert secret(made)["OPENSEARCH_PASSWORD"] == "{{ .search_password }}"
    assert plain(made)["OPENSEARCH_USERNAME"] == "application"
    assert "OPENSEARCH_REGION" not in plain(made)
    assert plain(made)["OPENSEARCH_URL"] == "https://opensearch.prod-data.svc.cluster.local:9200"


def test_who_vouches_for_the_search_engine_is_a_file_and_no_variable() -> None:
    opened = Search(host="opensearch.prod-data.svc.cluster.local", authority=remote("a"))
    made = built(stores=replace(stores(), search=opened))
    folder, _, name = plain(made)["OPENSEARCH_CA_FILE"].rpartition("/")
    mounts = {one["mountPath"]: one["name"] for one in container(made)["volumeMounts"]}
    pod = made.one("Deployment").inputs["spec"]["template"]["spec"]
    volume = {one["name"]: one for one in pod["volumes"]}[mounts[folder]]
    assert [one["path"] for one in volume["secret"]["items"]] == [name]
    assert secret(made)[name] == "{{ .search_authority }}"
    assert name not in {one["name"] for one in container(made)["env"]}


def test_shared_files_are_mounted_and_waited_for() -> None:
    made = record(lambda: application(files=folder()))
    assert plain(made)["FILES_PATH"] == "/files"
    (mount,) = [m for m in container(made)["volumeMounts"] if m["mountPath"] == "/files"]
    volumes = made.one("Deployment").inputs["spec"]["template"]["spec"]["volumes"]
    (volume,) = [one for one in volumes if one["name"] == mount["name"]]
    assert volume["persistentVolumeClaim"]["claimName"] == "shared"
    assert made.one("PersistentVolumeClaim").urn in made.one("Deployment").depends_on
    assert container(made)["securityContext"]["runAsUser"] == 1000


def test_it_reaches_its_stores_and_the_internet() -> None:
    spec = built().one("NetworkPolicy").inputs["spec"]
    ways = {
        (
            to.get("ipBlock", {}).get("cidr")
            or to["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"],
            port["port"],
        )
        for rule in spec["egress"]
        for to in rule["to"]
        for port in rule["ports"]
    }
    assert ways == {
        ("kube-system", 53),
        ("prod-data", 6333),
        ("prod-data", 6334),
        ("prod-data", 6432),
        ("prod-gateway", 3000),
        ("prod-gateway", 4000),
        (search_samples.place(), search_samples.port()),
        (here().vpc, here().cache_port),
        (here().vpc, 6380),
        ("0.0.0.0/0", 80),
        ("0.0.0.0/0", 443),
        (here().credentials, 80),
    }


def test_a_host_that_only_the_cloud_knows_is_let_through_the_network_s_blocks() -> None:
    later, port = pulumi.Output.from_input("cache.example"), here().cache_port
    made = built(stores=Stores(cache=Redis(host=later, port=port, token=remote("cache"))))
    assert secret(made)["REDIS_CACHE_URL"].endswith(f"@cache.example:{port}/0")
    blocks = [
        to["ipBlock"]["cidr"]
        for rule in made.one("NetworkPolicy").inputs["spec"]["egress"]
        for to in rule["to"]
        if "ipBlock" in to and rule["ports"] == [{"port": port, "protocol": "TCP"}]
    ]
    assert blocks == [here().vpc]


def test_without_stores_there_is_no_secret() -> None:
    made = built(stores=Stores())
    assert made.all("ExternalSecret") == []
    assert plain(made) == {"PORT": "8080"}


def test_its_own_variables_win_over_the_platform_s() -> None:
    made = built(
        environment={"OPENAI_BASE_URL": "http://other/v1", "REDIS_CACHE_URL": "none"},
        secrets={"SESSION_SECRET": remote("session"), "QDRANT_URL": remote("own")},
    )
    assert plain(made)["OPENAI_BASE_URL"] == "http://other/v1"
    assert plain(made)["REDIS_CACHE_URL"] == "none"
    names = [one["name"] for one in container(made)["env"]]
    assert len(names) == len(set(names))
    assert secret(made)["SESSION_SECRET"] == "{{ .SESSION_SECRET }}"
    assert "QDRANT_URL" not in plain(made)


@pytest.mark.parametrize("kind", ["startupProbe", "readinessProbe"])
def test_its_health_path_is_asked_and_restarts_nobody(kind: str) -> None:
    one = container(built())
    assert one[kind]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert one["livenessProbe"]["tcpSocket"] == {"port": "http"}


def test_it_writes_where_it_was_said_and_nowhere_else() -> None:
    one = container(built(writable_paths=("/app/cache",)))
    assert one["securityContext"]["readOnlyRootFilesystem"] is True
    written = {m["mountPath"] for m in one["volumeMounts"] if not m.get("readOnly")}
    assert written == {"/tmp", "/app/cache"}


def test_the_component_says_which_variables_there_are() -> None:
    found: list[tuple[str, ...]] = []
    made = record(lambda: found.append(application().variables))
    assert list(found[0]) == sorted(one["name"] for one in container(made)["env"])


def test_no_password_stands_in_any_object() -> None:
    made = built(stores=replace(stores(), documents=DOCUMENTS))
    shown = json.dumps([one.inputs for one in made.resources])
    assert "postgresql://users_app_a:{{ .postgres_users | urlquery }}@" in shown
    assert all(not one.secrets for one in made.resources)
