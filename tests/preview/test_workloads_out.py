"""The report shows what runs in the cluster: pods, requests, connections, namespaces, models."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preview.facts import Sized
from preview.sizes import size_rows
from preview.tables import Section
from preview.workloads_out import connections, models, namespaces, pods, sections
from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import PlatformPlan
from sizing.plans.request import Switches
from sizing.words import Cloud, Environment, Tier
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.sizing.requests import ENGINE, PRESETS, planned, request


def cells(section: Section) -> list[dict[str, str]]:
    assert section.table is not None
    return [dict(zip(section.table.columns, row, strict=True)) for row in section.table.rows]


def medium() -> PlatformPlan:
    return planned(tier=Tier.MEDIUM)


def switched(switches: Switches) -> PlatformPlan:
    return plan(replace(request(tier=Tier.MEDIUM), switches=switches))


def size_of(found: PlatformPlan, component: str) -> tuple[str, str, str]:
    (row,) = [row[1:] for row in size_rows(found) if row[0] == component]
    return row


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_every_pool_shows_its_pods_and_requests_against_what_it_can_allocate(
    environment: Environment, tier: Tier
) -> None:
    found = planned(environment, tier)
    rows = {row["pool"]: row for row in cells(pods(found))}
    assert set(rows) == {one.name for one in found.node_pools}
    for one in found.node_pools:
        asked, most = rows[one.name]["cpu"].split(",")[0].split(" of ")
        assert asked == f"{one.requested_millis}m"
        assert most == f"{one.scale.planned * one.allocatable_millis}m"
        assert rows[one.name]["pods"].startswith(f"{one.requested_pods} of ")
        assert bool(rows[one.name]["gpu"]) == bool(one.gpus_per_node)


def test_a_pool_names_what_runs_on_it() -> None:
    rows = {
        row["pool"]: row["services of the role, planned replicas"] for row in cells(pods(medium()))
    }
    assert "litellm 29" in rows["general"]
    pool, engines = {Cloud.AWS: ("gpu-l40s", 3), Cloud.GCP: ("gpu-a100", 2)}[here()]
    assert rows[pool] == f"{ENGINE} {engines}"
    assert "keda-operator 2" in rows["system"]
    named = {part.rsplit(" ", 1)[0] for row in rows.values() for part in row.split(", ")}
    assert named == {one.name for one in medium().services}


def test_connections_stand_beside_their_limits() -> None:
    rows = {row["limit"]: row for row in cells(connections(check(medium())))}
    assert rows["postgres.server-connections"] == {
        "limit": "postgres.server-connections",
        "open": "660",
        **{
            Cloud.AWS: {"allowed": "1,748", "used": "38 %"},
            Cloud.GCP: {"allowed": "790", "used": "84 %"},
        }[here()],
        "verdict": "holds",
    }
    assert "postgres.client-connections" in rows
    # what is not applied is no limit
    assert not [one for one in rows if "document-003" in one]


def test_a_namespace_shows_its_quota_and_why_it_is_not_restricted() -> None:
    section = namespaces(medium())
    rows = {row["namespace"]: row for row in cells(section)}
    assert set(rows) == {one.name for one in medium().namespaces}
    assert rows["prod-serving"]["gpu"] == "4"
    # on Google Cloud OpenSearch's members have theirs beside the vectors'
    volumes = {Cloud.AWS: "3 volumes, 30 GiB", Cloud.GCP: "6 volumes, 330 GiB"}[here()]
    assert rows["prod-data"]["volumes"] == volumes
    assert rows["prod-gateway"]["volumes"] == ""
    gpus, nodes = section.lines
    assert gpus.startswith("gpu-system is privileged: the device plugin")
    assert nodes.startswith("node-system is privileged: what ships logs")


def test_a_model_shows_what_its_engine_is_told() -> None:
    (row,) = cells(models(medium().models))
    assert row["model"] == "llama-3.1-8b"
    slots = {Cloud.AWS: "27", Cloud.GCP: "51"}[here()]
    assert (row["gpus"], row["context"], row["at a time"]) == ("1", "32,768", slots)
    assert row["weights"] == "15.0 GiB"
    assert row["checkpoint"] == "meta-llama/Llama-3.1-8B-Instruct at 0e9e39f249a1, gated"


def test_a_model_that_nobody_pinned_says_so() -> None:
    (model,) = medium().models
    changed = replace(model, revision="", gated=False, quantization="fp8", weight_bytes=0)
    (row,) = cells(models([changed]))
    assert row["checkpoint"] == "meta-llama/Llama-3.1-8B-Instruct not pinned"
    assert (row["precision"], row["weights"]) == ("bf16, narrowed on loading", "unknown")


def test_a_platform_without_models_has_no_table_of_them() -> None:
    found = replace(medium(), models=())
    titles = [one.title for one in sections(Sized(plan=found, findings=(), bill=cost(found)))]
    assert not [title for title in titles if title.startswith("Models")]
    assert len(titles) == 3


def test_the_way_in_and_the_poolers_stand_among_the_sizes() -> None:
    part, size, _ = size_of(medium(), "ingress")
    assert part == "public"
    assert "api.<domain> to port 4000 and mcp.<domain> to port 3000" in size
    assert "no firewall" in size
    assert size_of(switched(Switches(internal=True)), "ingress")[0] == "internal"
    closed = size_of(switched(Switches(ingress=False)), "ingress")
    assert closed == ("none", "callers reach the gateway in the cluster alone", "as stated")
    firewall = {Cloud.AWS: "with firewall", Cloud.GCP: "Cloud Armor with 11 rules"}[here()]
    assert firewall in size_of(planned(tier=Tier.LARGE), "ingress")[1]
    _, pooler, why = size_of(medium(), "pooler")
    assert pooler.startswith("2 x (50 + 5) connections for each of 4 databases")
    allowed = {Cloud.AWS: "1,802", Cloud.GCP: "844"}[here()]
    assert why == f"at most 660 of the server's {allowed} in a rollout"
    assert size_of(medium(), "vectors")[1].startswith("3 members, each shard on 2")


@pytest.mark.one_cloud(Cloud.AWS, "Google Cloud sells no document database")
def test_a_document_database_is_shown_where_there_is_one() -> None:
    assert not [row for row in size_rows(medium()) if row[0] == "documents"]
    part, size, why = size_of(switched(Switches(document_db=True)), "documents")
    assert part == "DocumentDB 8.0.0"
    assert size == "3 x db.r5.large, 10 GiB planned"
    assert why == "document-database"
