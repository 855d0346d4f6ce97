"""Exporters: least rights to what they measure, one scraper, no secret in any object."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.database_sql import MONITOR
from components.kubernetes.exporter import Surroundings
from components.kubernetes.exporters import (
    PostgresExporter,
    PostgresExporterArgs,
    RedisExporter,
    RedisExporterArgs,
    SearchExporter,
    SearchExporterArgs,
)
from components.kubernetes.search_access import LOGINS
from components.kubernetes.secrets import Remote
from sizing.plans import Scale, ServicePlan
from sizing.words import Cloud
from tests.components.kubernetes.controllers import peers, refused
from tests.components.kubernetes.samples import cluster, service_plan, store
from tests.components.kubernetes.search_samples import peer, port, sign_in
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record

ONE = Scale(minimum=1, planned=1, maximum=1)


def plan(name: str) -> ServicePlan:
    return service_plan(name, role="observability", scale=ONE)


def around() -> Surroundings:
    return Surroundings(cluster=cluster(), namespace="prod-observability")


@pytest.fixture(scope="module")
def postgres(_cloud: None) -> Recorder:
    def program() -> None:
        args = PostgresExporterArgs(
            plan=plan("postgres-exporter"),
            around=around(),
            host="db.example.org",
            port=5432,
            authority="the authority's certificate\n",
            password=Remote(name="prod/database-monitor", property=MONITOR),
        )
        PostgresExporter("postgres-exporter", args)

    return record(program)


@pytest.fixture(scope="module")
def redis(_cloud: None) -> Recorder:
    def program() -> None:
        args = RedisExporterArgs(
            plan=plan("redis-exporter"),
            around=around(),
            stores={role: store(role) for role in ("cache", "state")},
        )
        RedisExporter("redis-exporter", args)

    return record(program)


@pytest.fixture(scope="module")
def search(_cloud: None) -> Recorder:
    def program() -> None:
        args = SearchExporterArgs(
            plan=plan("opensearch-exporter"),
            around=around(),
            host="search.example.org",
            port=port(),
            sign_in=sign_in("opensearch-exporter"),
        )
        SearchExporter("opensearch-exporter", args)

    return record(program)


def container(made: Recorder) -> dict[str, Any]:
    (found,) = made.one("Deployment").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def test_the_api_server_takes_every_object(
    postgres: Recorder, redis: Recorder, search: Recorder
) -> None:
    assert refused(postgres) == refused(redis) == refused(search) == {}
    assert [one for made in (postgres, redis, search) for one in made.all("Secret")] == []


def test_the_server_proves_itself_and_the_login_is_the_one_that_sees_no_table(
    postgres: Recorder,
) -> None:
    told = {one["name"]: one for one in container(postgres)["env"]}
    assert told["DATA_SOURCE_USER"]["value"] == MONITOR
    address = told["DATA_SOURCE_URI"]["value"]
    assert address.startswith("db.example.org:5432/postgres?sslmode=verify-full&")
    authority = address.rpartition("sslrootcert=")[2]
    assert authority.rpartition("/")[0] in {
        one["mountPath"] for one in container(postgres)["volumeMounts"]
    }
    assert "valueFrom" in told["DATA_SOURCE_PASS"]


def test_a_scrape_names_the_store_and_never_its_token(redis: Recorder) -> None:
    asked = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]["endpoints"][0]
        for one in redis.all("ServiceMonitor")
    }
    assert {name: one["params"]["target"] for name, one in asked.items()} == {
        "redis-exporter-cache": [f"rediss://cache.example.org:{here().cache_port}"],
        "redis-exporter-state": [f"rediss://state.example.org:{here().cache_port}"],
    }
    named = {one["relabelings"][0]["replacement"] for one in asked.values()}
    assert named == {"cache", "state"}


def test_tokens_lie_by_address_in_a_file_that_the_operator_fills_in(redis: Recorder) -> None:
    secret = redis.one("ExternalSecret").inputs["spec"]
    (file,), port = secret["target"]["template"]["data"].items(), here().cache_port
    assert file == (
        "passwords.json",
        f'{{"rediss://cache.example.org:{port}": {{{{ .cache | toJson }}}}, '
        f'"rediss://state.example.org:{port}": {{{{ .state | toJson }}}}}}',
    )
    assert {one["secretKey"]: one["remoteRef"]["key"] for one in secret["data"]} == {
        "cache": "prod/cache",
        "state": "prod/state",
    }
    (given,) = (one for one in container(redis)["args"] if "password-file" in one)
    assert given.endswith("/passwords.json")


@pytest.mark.one_cloud(Cloud.AWS, "a domain of AWS takes signed requests")
def test_what_it_asks_of_the_search_domain_is_signed(search: Recorder) -> None:
    assert f"--aws.region={here().region}" in container(search)["args"]
    assert "--es.uri=https://search.example.org:443" in container(search)["args"]
    # where pods get what they sign with
    assert (here().credentials, 80) in peers(search, "opensearch-exporter", "egress")


@pytest.mark.one_cloud(Cloud.GCP, "members in the cluster take a password")
def test_what_it_asks_of_members_carries_its_own_password(search: Recorder) -> None:
    told = {one["name"]: one for one in container(search)["env"]}
    assert told["ES_USERNAME"]["value"] == "opensearch-exporter"
    assert told["ES_PASSWORD"]["valueFrom"]["secretKeyRef"] == {
        "name": LOGINS,
        "key": "opensearch-exporter",
    }
    assert "--es.uri=https://search.example.org:9200" in container(search)["args"]
    (trusted,) = (one for one in container(search)["args"] if one.startswith("--es.ca="))
    folder = trusted.removeprefix("--es.ca=").rpartition("/")[0]
    assert folder in {one["mountPath"] for one in container(search)["volumeMounts"]}
    # the variable holds the password, and no file besides
    pod = search.one("Deployment").inputs["spec"]["template"]["spec"]
    items = [one["secret"]["items"] for one in pod["volumes"] if "secret" in one]
    assert [[one["path"] for one in of] for of in items] == [["ca.crt"]]


def test_prometheus_alone_asks_them_and_they_ask_the_network_alone(
    postgres: Recorder, redis: Recorder, search: Recorder
) -> None:
    for made, name, own, asked in (
        (postgres, "postgres-exporter", 9187, (here().vpc, 5432)),
        (redis, "redis-exporter", 9121, (here().vpc, here().cache_port)),
        (search, "opensearch-exporter", 9114, (peer(), port())),
    ):
        assert peers(made, name, "ingress") == [("prod-observability/prometheus", own)]
        called = set(peers(made, name, "egress"))
        assert asked in called
        assert "0.0.0.0/0" not in {peer for peer, _ in called}
