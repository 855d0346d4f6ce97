"""What the poolers are told and made of."""

from __future__ import annotations

from configparser import ConfigParser
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes import pgbouncer_config as config
from components.kubernetes.access import Pods
from components.kubernetes.database_secrets import home, needs, proof_key
from components.kubernetes.pgbouncer import EXPORTER_PORT, PgBouncer, PgBouncerArgs, settings
from components.kubernetes.pgbouncer_config import PORT, STATS_USER, PoolerConfig, ServerTls
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from sizing.plans.workloads import HelperPlan, PoolerPlan
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

NEEDS = needs(("collections", "litellm", "permissions", "users"))
PLAN = PoolerPlan(
    poolers=2,
    pool_size=20,
    reserve=5,
    databases=tuple(need.name for need in NEEDS),
    client_pool=10,
    max_clients=1000,
    max_server_connections=200,
)
SECRETS = {
    role: Remote(name=f"prod/{secret}", property=proof_key(role))
    for role, secret in home(NEEDS).items()
}
EXPORTER = HelperPlan(
    name="pgbouncer-exporter",
    namespace="prod-data",
    kind="sidecar",
    pods=2,
    cpu_request_millis=25,
    cpu_limit_millis=100,
    memory_request_bytes=32 * MIB,
    memory_limit_bytes=64 * MIB,
)
AUTHORITY = "the authority's certificate\n"
HOST = "db.example.org"


def built(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of the poolers)
    plain: dict[str, Any] = {
        "cluster": cluster(),
        "namespace": "prod-data",
        "plan": service_plan(
            "pgbouncer", role="data", scale=Scale(minimum=2, planned=2, maximum=2)
        ),
        "pooler": PLAN,
        "needs": NEEDS,
        "host": HOST,
        "authority": AUTHORITY,
        "secrets": SECRETS,
        "exporter": EXPORTER,
        "stats_password": Remote(name="prod/pgbouncer", property=STATS_USER),
        "callers": (Pods(namespace="prod-gateway", name="litellm", ports=(PORT,)),),
    }
    return record(lambda: PgBouncer("pgbouncer", PgBouncerArgs(**{**plain, **changes})))


def read(text: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser


def mounts(made: Recorder) -> dict[str, str]:
    container, _ = made.one("Deployment").inputs["spec"]["template"]["spec"]["containers"]
    return {one["mountPath"]: one["name"] for one in container["volumeMounts"]}


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = [one for one in built().resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    assert {one.type.rpartition(":")[2] for one in objects} >= {"Deployment", "ExternalSecret"}


def test_the_poolers_are_told_what_the_plan_says() -> None:
    made = built()
    (map_,) = (one for one in made.all("ConfigMap") if config.CONFIG_KEY in one.inputs["data"])
    found = read(map_.inputs["data"][config.CONFIG_KEY])
    told = found["pgbouncer"]
    assert told["pool_mode"] == "transaction"
    assert (told["default_pool_size"], told["reserve_pool_size"]) == ("20", "5")
    assert (told["max_client_conn"], told["max_db_connections"]) == ("1000", "25")
    assert int(told["max_prepared_statements"]) > 0
    assert set(found["databases"]) == {*PLAN.databases}
    assert found["databases"]["users"] == f"host={HOST} port=5432 dbname=users"


def test_clients_show_scram_and_the_server_its_certificate() -> None:
    told = read(settings(HOST, pooler=PLAN, port=5432))["pgbouncer"]
    assert (told["auth_type"], told["admin_users"]) == ("scram-sha-256", "")
    assert told["server_tls_sslmode"] == "verify-full"
    assert told["server_tls_ca_file"].rpartition("/")[0] in mounts(built())


def test_what_it_is_told_lies_where_it_looks_and_nothing_lies_within_another_folder() -> None:
    made = built()
    told = read(settings(HOST, pooler=PLAN, port=5432))["pgbouncer"]
    paths = mounts(made)
    container, _ = made.one("Deployment").inputs["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["pgbouncer", config.CONFIG_FILE]
    for file in (config.CONFIG_FILE, told["auth_file"]):
        assert file.rpartition("/")[0] in paths
    # a folder cannot be mounted within one that is read only
    assert not [(a, b) for a in paths for b in paths if a != b and a.startswith(f"{b}/")]


def test_users_are_proofs_that_the_operator_puts_in() -> None:
    made = built()
    secret = made.one("ExternalSecret", "users").inputs["spec"]
    asked = {one["secretKey"]: one["remoteRef"] for one in secret["data"]}
    roles = {login for need in NEEDS for login in need.logins} | {STATS_USER}
    assert set(asked) == {config.users_key(role) for role in roles}
    assert asked["users_a_password"] == {
        "key": "prod/database-users",
        "property": "users_a_proof",
    }
    listed = secret["target"]["template"]["data"][config.USERS_KEY]
    assert len(listed.splitlines()) == len(roles)
    assert made.all("Secret") == []


def test_migrators_do_not_come_through_the_pooler() -> None:
    assert "migrator" not in config.userlist_template(["users_a"])
    data = built().one("ExternalSecret", "users").inputs["spec"]["data"]
    assert not [one for one in data if "migrator" in one["secretKey"]]


def test_a_stopping_pooler_ends_what_is_under_way_before_it_is_stopped() -> None:
    spec = built().one("Deployment").inputs["spec"]["template"]["spec"]
    container, _ = spec["containers"]
    assert "kill -INT 1" in container["lifecycle"]["preStop"]["exec"]["command"][-1]
    assert spec["terminationGracePeriodSeconds"] > config.QUERY_WAIT_SECONDS


def test_only_callers_come_in_and_only_the_database_is_called() -> None:
    spec = built().one("NetworkPolicy").inputs["spec"]
    caller, scraper = spec["ingress"]
    assert caller["ports"] == [{"port": PORT, "protocol": "TCP"}]
    assert scraper["ports"] == [{"port": EXPORTER_PORT, "protocol": "TCP"}]
    _, database = spec["egress"]
    assert database["to"] == [{"ipBlock": {"cidr": here().vpc}}]
    assert database["ports"] == [{"port": 5432, "protocol": "TCP"}]


def test_each_pooler_is_measured_beside_itself_by_who_reads_statistics_alone() -> None:
    made = built()
    spec = made.one("Deployment").inputs["spec"]["template"]["spec"]
    pooler, exporter = spec["containers"]
    told = {one["name"]: one for one in exporter["env"]}
    address = told["PGBOUNCER_EXPORTER_CONNECTION_STRING"]["value"]
    assert f"@127.0.0.1:{PORT}/pgbouncer" in address
    assert address.startswith(f"postgres://{STATS_USER}:$(STATS_PASSWORD)@")
    shown = told["STATS_PASSWORD"]["valueFrom"]["secretKeyRef"]
    (kept,) = (
        one.inputs["spec"]
        for one in made.all("ExternalSecret")
        if one.inputs["spec"]["target"]["name"] == shown["name"]
    )
    assert kept["data"][0]["remoteRef"] == {"key": "prod/pgbouncer", "property": STATS_USER}
    # together what the plan gives the pod
    asked = [int(one["resources"]["requests"]["cpu"][:-1]) for one in (pooler, exporter)]
    assert sum(asked) == 500
    (endpoint,) = made.one("ServiceMonitor").inputs["spec"]["endpoints"]
    assert endpoint["port"] == exporter["ports"][0]["name"]


def test_more_connections_than_the_plan_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="2 poolers open 200 connections, the plan counts 199"):
        built(pooler=replace(PLAN, max_server_connections=199))


def test_a_database_that_is_pooled_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="are pooled as"):
        built(needs=NEEDS[1:])


def test_a_login_without_a_secret_is_named() -> None:
    with pytest.raises(ValueError, match="passwords of users_b are kept"):
        built(secrets={role: one for role, one in SECRETS.items() if role != "users_b"})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"databases": ("pgbouncer",)}, "console"),
        ({"databases": ("Users",)}, "is no database"),
        ({"databases": ()}, "has databases"),
        ({"pool_size": 0}, "has databases"),
        ({"host": "db; admin"}, "is no host"),
        ({"server_tls": None}, "must prove itself"),
    ],
)
def test_what_it_would_misread_is_refused(change: dict[str, Any], complaint: str) -> None:
    plain: dict[str, Any] = {
        "host": HOST,
        "databases": ("users",),
        "pool_size": 20,
        "reserve": 5,
        "max_clients": 1000,
        "server_tls": ServerTls(authority_file="/ca.pem"),
    }
    with pytest.raises(ValueError, match=complaint):
        PoolerConfig(**{**plain, **change})
