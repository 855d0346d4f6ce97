"""The job that sets databases up, and the secrets that their logins need."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from components.kubernetes import scram
from components.kubernetes.database_secrets import (
    PASSWORD_LENGTH,
    VECTORS_SECRET,
    generated,
    home,
    needs,
    proof_key,
    roles,
)
from components.kubernetes.database_setup import DatabaseSetup, DatabaseSetupArgs
from components.kubernetes.database_sql import (
    LEAST_PASSWORD,
    DatabaseNeed,
    password_variables,
    script,
)
from components.kubernetes.secrets import Remote
from sizing.plans.workloads import HelperPlan
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

NEEDS = needs(("collections", "litellm", "permissions", "users"))
SECRETS = {
    role: Remote(name=f"prod/{secret}", property=proof_key(role))
    for role, secret in home(NEEDS).items()
}
PLAN = HelperPlan(
    name="database-setup",
    namespace="prod-data",
    kind="job",
    pods=1,
    cpu_request_millis=100,
    cpu_limit_millis=500,
    memory_request_bytes=128 * MIB,
    memory_limit_bytes=256 * MIB,
)


def master(*names: str) -> dict[str, Remote]:
    return {one: Remote(name=here().master, property=one) for one in names}


def built(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of the set-up)
    plain: dict[str, Any] = {
        "cluster": cluster(),
        "namespace": "prod-data",
        "plan": PLAN,
        "needs": NEEDS,
        "host": "db.example.org",
        "authority": "the authority's certificate\n",
        "master": {
            one: Remote(name=here().master, property=one) for one in ("username", "password")
        },
        "secrets": SECRETS,
        "version": "17.5",
    }
    return record(lambda: DatabaseSetup("setup", DatabaseSetupArgs(**{**plain, **changes})))


def template(made: Recorder) -> dict[str, Any]:
    found = made.one("Job", "setup-run-job").inputs["spec"]["template"]
    assert isinstance(found, dict)
    return found


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = [one for one in built().resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_it_runs_the_script_against_the_server_that_proves_itself() -> None:
    made = built()
    (container,) = template(made)["spec"]["containers"]
    plain = {one["name"]: one["value"] for one in container["env"] if "value" in one}
    assert (plain["PGHOST"], plain["PGSSLMODE"]) == ("db.example.org", "verify-full")
    texts = {key: text for one in made.all("ConfigMap") for key, text in one.inputs["data"].items()}
    assert texts["setup.sql"] == script(NEEDS, monitor=True)
    folders = {one["mountPath"] for one in container["volumeMounts"]}
    assert plain["PGSSLROOTCERT"].rpartition("/")[0] in folders
    assert container["command"][-1].rpartition("/")[0] in folders


def test_every_password_that_the_script_asks_for_is_there_by_name() -> None:
    made = built()
    (container,) = template(made)["spec"]["containers"]
    named = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for one in container["env"]
        if "valueFrom" in one
    }
    assert set(named) == {*password_variables(NEEDS, monitor=True), "PGUSER", "PGPASSWORD"}
    secret = made.one("ExternalSecret").inputs
    held = {one["secretKey"]: one["remoteRef"] for one in secret["spec"]["data"]}
    assert {ref["key"] for ref in named.values()} == set(held)
    assert {ref["name"] for ref in named.values()} == {secret["metadata"]["name"]}
    assert held["PGPASSWORD"] == {"key": here().master, "property": "password"}
    assert held["USERS_A_PASSWORD"]["property"] == "users_a_proof"
    assert made.all("Secret") == []


def test_another_script_or_server_runs_it_again_and_nothing_else_does() -> None:
    assert template(built()) == template(built())
    assert template(built()) != template(built(version="17.6"))
    fewer = needs(("litellm", "users"))
    assert template(built()) != template(built(needs=fewer))


def test_it_calls_the_database_and_nobody_calls_it() -> None:
    spec = built().one("NetworkPolicy").inputs["spec"]
    _, database = spec["egress"]
    assert database["ports"] == [{"port": 5432, "protocol": "TCP"}]
    assert spec["ingress"] == []


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(ValueError, match="passwords of users_migrator are kept"):
        built(secrets={role: one for role, one in SECRETS.items() if role != "users_migrator"})
    with pytest.raises(ValueError, match="username and password"):
        built(master=master("password"))


def test_programs_that_bring_their_tables_may_change_them_and_others_may_not() -> None:
    assert {need.name for need in NEEDS if need.alters_schema} == {"litellm"}
    assert {need.name for need in NEEDS if need.extensions} == {"collections"}
    assert not [need for need in NEEDS if need.readers]


def test_each_login_has_a_password_of_its_own_and_a_proof_beside_it() -> None:
    secrets = {one.name: one for one in generated(NEEDS, protect=True)}
    assert len(secrets) == len(NEEDS) + 3  # who measures, the pooler's reader, vectors
    keys = {key.name: key for one in secrets.values() for key in one.keys}
    for need in NEEDS:
        for role in roles(need):
            assert keys[role].proof == proof_key(role)
            assert keys[role].length == PASSWORD_LENGTH > LEAST_PASSWORD
    assert not [key for key in secrets[VECTORS_SECRET].keys if key.proof]
    assert [one.name for one in generated(NEEDS, protect=True)] == sorted(secrets)


def test_the_script_does_not_depend_on_the_order_of_the_needs() -> None:
    assert script(NEEDS, monitor=True) == script(NEEDS[::-1], monitor=True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": 'users"; DROP'}, "no name"),
        ({"name": "u" * 60}, "no name"),
        ({"name": "postgres"}, "no name"),
        ({"name": "pg_users"}, "no name"),
        ({"extensions": ("vector; --",)}, "no extension"),
        ({"connection_limit": 0}, "at least 1"),
    ],
)
def test_what_would_be_misread_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        DatabaseNeed(**{"name": "users", **change})


def test_readers_must_be_others() -> None:
    with pytest.raises(ValueError, match="no other database's"):
        script((DatabaseNeed(name="users", readers=("users",)),), monitor=False)
    with pytest.raises(ValueError, match="named once"):
        script((DatabaseNeed(name="users"), DatabaseNeed(name="users")), monitor=False)


def test_a_proof_is_the_one_of_the_standard() -> None:
    # RFC 7677's example, as PostgreSQL keeps it
    assert scram.secret("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    with pytest.raises(ValueError, match="printable ASCII"):
        scram.secret("pässword", b"sixteen bytes it")
    with pytest.raises(ValueError, match="at least 16 bytes"):
        scram.secret("password", b"short")
