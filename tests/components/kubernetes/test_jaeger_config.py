"""Jaeger's configuration: what each process does, and where and how long traces are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.kubernetes.jaeger_config import Role, TraceStore, config
from components.kubernetes.otel_config import unused
from components.kubernetes.search_access import FOLDER
from tests.components.kubernetes.search_samples import SIGNED, login

pytestmark = pytest.mark.cloud_free("text of Jaeger's file; both kinds of store are parameters")
STORE = TraceStore(
    endpoint="https://search",
    sign_in=SIGNED,
    prefix="prod",
    shards=3,
    copies=1,
    days=30,
)
BY_PASSWORD = replace(STORE, sign_in=login("jaeger"))


def backend(role: Role = Role.ALL, store: TraceStore = STORE) -> dict[str, object]:
    made = config(role, store)["extensions"]["jaeger_storage"]["backends"]["traces"]["opensearch"]
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("store", [STORE, BY_PASSWORD], ids=["signed", "password"])
@pytest.mark.parametrize("role", Role)
def test_whatever_is_defined_is_used_and_the_other_way_round(role: Role, store: TraceStore) -> None:
    assert unused(config(role, store)) == []


def test_one_process_takes_traces_and_shows_them() -> None:
    made = config(Role.ALL, STORE)
    assert set(made["receivers"]) == {"otlp"}
    assert "jaeger_query" in made["extensions"]


def test_processes_apart_do_one_of_both() -> None:
    collector, query = config(Role.COLLECTOR, STORE), config(Role.QUERY, STORE)
    assert "jaeger_query" not in collector["extensions"]
    assert set(collector["exporters"]) == {"jaeger_storage_exporter"}
    assert set(query["receivers"]) == set(query["exporters"]) == {"nop"}


def test_who_shows_traces_changes_nothing_in_the_store() -> None:
    assert backend(Role.COLLECTOR)["create_mappings"] is True
    assert backend(Role.QUERY)["create_mappings"] is False


@pytest.mark.parametrize("role", Role)
def test_every_request_to_the_store_is_signed(role: Role) -> None:
    assert backend(role)["auth"] == {"authenticator": "sigv4auth"}
    made = config(role, STORE)["extensions"]["sigv4auth"]
    assert made == {"region": "us-east-1", "service": "es"}


@pytest.mark.parametrize("role", Role)
def test_every_request_to_members_carries_a_password_that_no_configuration_holds(
    role: Role,
) -> None:
    found = backend(role, BY_PASSWORD)
    basic = {"username": "jaeger", "password_file": f"{FOLDER}/jaeger"}
    assert found["auth"] == {"basic": basic}
    assert found["tls"] == {"ca_file": f"{FOLDER}/ca.crt"}
    assert "sigv4auth" not in config(role, BY_PASSWORD)["extensions"]


def test_a_day_of_spans_has_its_shards_and_small_indices_have_one() -> None:
    indices = backend()["indices"]
    assert isinstance(indices, dict)
    assert indices["index_prefix"] == "prod"
    assert (indices["spans"]["shards"], indices["spans"]["replicas"]) == (3, 1)
    assert indices["services"]["shards"] == 1
    assert {one["rollover_frequency"] for k, one in indices.items() if k != "index_prefix"} == {
        "day"
    }


def test_nothing_older_than_what_is_kept_is_looked_for() -> None:
    assert backend()["max_span_age"] == "720h"


def test_performance_by_service_is_offered_nowhere() -> None:
    assert config(Role.ALL, STORE)["extensions"]["jaeger_query"]["storage"] == {"traces": "traces"}


@pytest.mark.parametrize(("shards", "copies", "days"), [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_a_store_without_shard_or_day_is_refused(shards: int, copies: int, days: int) -> None:
    with pytest.raises(ValueError, match="shard"):
        replace(STORE, shards=shards, copies=copies, days=days)
