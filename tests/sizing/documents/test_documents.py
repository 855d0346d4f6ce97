"""The typed figures of documents 000, 002, 003 and 004 print as the documents do.

The CSV files under golden/ were taken from the documents, not from the code. Where a document
writes whole sentences, file and code both hold short words of our own (`OWN_WORDS`).
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml

from sizing import tiers
from sizing.documents import agent_router, archestra, cluster, osmen
from sizing.documents import osmen_performance as performance
from sizing.documents import osmen_resources as resources
from sizing.documents import osmen_settings as settings
from sizing.documents.amounts import Amount
from sizing.documents.block import Block
from sizing.documents.index import block, documents
from sizing.documents.osmen_manifests import (
    COMPOSE_LIMITS_LINES,
    COMPOSE_REPLICAS_LINES,
    DEPLOYMENT_LINES,
)
from sizing.documents.questions import QUESTIONS
from sizing.model import plain
from sizing.sources import source
from sizing.units import format_memory, parse_cpu, parse_memory
from sizing.words import Tier

pytestmark = pytest.mark.cloud_free("figures as documents write them")

GOLDEN = Path(__file__).parent.parent / "golden"
TYPED = tuple(one for name, blocks in documents().items() if name != tiers.SOURCE for one in blocks)
OWN_WORDS = frozenset(
    {
        "000-allocation-order",
        "000-bound-by",
        "000-environments",
        "004-dimensions",
        "004-scaled-by",
        "004-method",
        "004-latency",
        "004-headroom",
        "004-cardinality",
        "004-questions",
    }
)
MODULES = (cluster, archestra, osmen, agent_router)


def golden(one: Block) -> Path:
    return GOLDEN / f"document-{one.id}.csv"


@pytest.mark.parametrize("one", TYPED, ids=lambda one: one.id)
def test_typed_rows_print_as_the_document_does(one: Block) -> None:
    with golden(one).open(encoding="utf-8", newline="") as file:
        header, *rows = (tuple(row) or ("",) for row in csv.reader(file))
    assert one.columns == header
    assert one.rows == tuple(rows)


def test_every_golden_file_is_compared() -> None:
    files = {path.name for path in GOLDEN.glob("document-00[0234]-*.csv")}
    assert {golden(one).name for one in TYPED} == files


def test_ids_are_unique_and_say_their_document() -> None:
    ids = [one.id for blocks in documents().values() for one in blocks]
    assert len(ids) == len(set(ids))
    for name, blocks in documents().items():
        assert {f"document-{one.id.partition('-')[0]}" for one in blocks} == {name}


def test_a_block_is_found_by_its_id_and_an_unknown_one_is_refused_with_those_known() -> None:
    assert block("001-2.4-postgres").rows[0][0] == "Small"
    with pytest.raises(KeyError, match="003-growth"):
        block("003-shrinking")


def test_every_document_is_a_source_with_its_own_date() -> None:
    assert set(documents()) == {f"document-00{number}" for number in range(5)}
    assert all(source(name).id == name for name in documents())
    assert source(archestra.SOURCE).date == archestra.DATE
    assert source(osmen.SOURCE).date == osmen.DATE


def test_the_documents_are_plain_json() -> None:
    shown = json.loads(json.dumps(plain(dict(documents()))))
    assert shown["document-004"][0]["rows"][0] == ["Users", "~60,000"]


def test_sentences_are_the_only_blocks_in_other_words() -> None:
    assert {one.id for one in TYPED} > OWN_WORDS
    figures = {one.id for one in TYPED if any(c.isdigit() for row in one.rows for c in row[-1])}
    assert figures & OWN_WORDS == {"004-cardinality"}  # "below 100 %"


# What each figure means, by hand, where several stand in one phrase.


def test_the_cluster_of_document_000() -> None:
    nodes = cluster.NODES
    assert nodes.count is not None
    assert (nodes.count.value, nodes.vcpu.value, nodes.memory.value) == (5, 4, 8e9)
    node = cluster.REPLICA_SET_NODE
    assert (node.count, node.vcpu.value, node.memory.value) == (None, 2, 2e9)
    assert cluster.SHARED_FILES.value == 50e9
    assert cluster.DATABASE_DISK.value == 10e9
    assert cluster.FIRST_TOKEN.value == 0.478


def ends(one: Amount | None) -> tuple[float | None, float | None] | None:
    return None if one is None else (one.low, one.high)


@pytest.mark.parametrize(
    ("tier", "per_day", "per_second", "instances", "vcpu", "memory_gb"),
    [
        (Tier.SMALL, (None, 1e5), (1, 100), (1, 1), 2, 4),
        (Tier.MEDIUM, (1e5, 1e6), (100, 500), (2, 4), 4, 8),
        (Tier.LARGE, (1e6, 1e7), (500, 2000), (4, 8), 4, 16),
        (Tier.ENTERPRISE, (1e7, None), (2000, None), (8, None), 8, 16),
    ],
)
def test_the_deployments_of_document_002(
    tier: Tier,
    per_day: tuple[float | None, float | None],
    per_second: tuple[float | None, float | None],
    instances: tuple[float | None, float | None],
    vcpu: int,
    memory_gb: int,
) -> None:
    row = archestra.TIERS[tier]
    assert ends(row.requests_per_day) == per_day
    assert ends(row.requests_per_second) == per_second
    assert ends(row.platform.count) == instances
    assert row.platform.vcpu.value == vcpu
    assert row.platform.memory.value == memory_gb * 1e9


def test_what_document_002_measured() -> None:
    few, many = archestra.THROUGHPUT_FEW, archestra.THROUGHPUT_MANY
    assert (few.requests_per_second.value, few.concurrency.value) == (155, 10)
    assert (many.requests_per_second.value, many.concurrency.value) == (272, 500)
    latency = archestra.END_TO_END
    assert (latency.p50.value, latency.p95.value, latency.p99.value) == (0.025, 0.031, 0.041)
    assert archestra.UTILIZATION.cpu.value == 0.0044
    assert archestra.UTILIZATION.memory.value == 222e6
    assert archestra.DATABASE_HARDWARE.vcpu.value == 8


def test_the_second_model_of_document_002_doubles_the_calls_of_each_round() -> None:
    for row in (archestra.DUAL_LLM_ONE_ROUND, archestra.DUAL_LLM_THREE_ROUNDS):
        assert isinstance(row.operation, archestra.Rounds)
        assert isinstance(row.notes, archestra.Calls)
        assert row.notes.factor.value == 2 * row.operation.rounds.value
        assert ends(row.average) == tuple(n * row.operation.rounds.value for n in (2, 3))


def test_the_totals_of_document_003_are_kept_beside_sums_that_differ() -> None:
    required = [row for row in resources.CONTAINERS if "optional" not in row.service]
    assert sum(row.cpu_limit.value for row in required) == 11
    assert resources.TOTAL_MINIMUM.vcpu.value == 8
    assert sum(row.memory_limit.value for row in required) == 18e9
    assert resources.TOTAL_MINIMUM.memory.value == 16e9
    assert resources.TOTAL_MINIMUM.disk is not None
    assert resources.TOTAL_MINIMUM.disk.value == 50e9


def test_disk_traffic_of_document_003_adds_up_where_both_ways_are_figures() -> None:
    for row in resources.DISK_IO[:2]:
        for end in ("low", "high"):
            parts = getattr(row.read, end) + getattr(row.write, end)
            assert getattr(row.total_daily, end) == parts


def test_the_load_test_of_document_003() -> None:
    load = performance.LOAD_TEST_LOAD
    assert (load.users.value, load.requests_per_user.value) == (10, 100)
    assert performance.LOAD_TEST_DURATION.value == 300
    assert performance.LOAD_TEST_SUCCESS.value == 0.992
    assert performance.LOAD_TEST_THROUGHPUT.value == 15
    assert performance.LOAD_SCRIPT.users.value == load.users.value


def test_vectors_and_their_space_are_told_apart_in_either_order() -> None:
    for stored, size in ((performance.QDRANT_INDEX, 2e9), (performance.QDRANT_MEMORY, 4e9)):
        assert (stored.vectors.value, stored.size.value) == (1e6, size)
        assert stored.size.about


def test_the_store_settings_of_document_003() -> None:
    postgres, redis = settings.POSTGRES_SETTINGS, settings.REDIS_SETTINGS
    assert postgres["shared_buffers"].value.value == 8 << 30
    assert postgres["effective_cache_size"].value.value == 24 << 30
    assert postgres["max_connections"].value.value == 100
    assert postgres["random_page_cost"].value.value == 1.1
    assert postgres["shared_buffers"].comment == settings.POSTGRES_SHARED_BUFFERS_SHARE.written
    assert postgres["effective_cache_size"].comment == settings.POSTGRES_CACHE_SHARE.written
    assert redis["maxmemory"].value.value == 4 << 30
    assert redis["maxmemory-policy"].value.written == "allkeys-lru"
    assert settings.QDRANT_SETTINGS["max_search_threads"].value.value == 4


def test_documents_001_and_003_scale_up_at_different_memory() -> None:
    warning = {trigger.metric: trigger.warning for trigger in tiers.SCALING_TRIGGERS}
    assert settings.SCALE_UP_CPU.low == warning["CPU utilization"]
    assert settings.SCALE_UP_MEMORY.low == 0.80 != warning["Memory utilization"]


def test_the_windows_of_document_004_are_hours_times_days() -> None:
    for row in (agent_router.WORKING_DAY_WINDOW, agent_router.DAILY_PEAK_WINDOW):
        said = row.assumption
        assert said.hours_per_day is not None
        assert said.days_per_month is not None
        assert row.window.value == said.hours_per_day.value * 3600 * said.days_per_month.value
    assert agent_router.EVEN_WINDOW.window.value == agent_router.DERIVED_SECONDS.value.value
    assert agent_router.BURST_WINDOW.assumption.days_per_month is None


def test_the_seven_questions_have_a_topic_each() -> None:
    assert [question.id for question in QUESTIONS] == [
        "peaking-factor",
        "streaming-and-tokens",
        "providers-and-quotas",
        "regions",
        "infrastructure",
        "cardinality-and-sampling",
        "headroom",
    ]
    assert all(question.text.endswith("?") for question in QUESTIONS)


# The manifests are kept line by line; what was typed of them is read from those lines here.


def test_the_gateways_deployment_is_what_its_manifest_says() -> None:
    deployment, autoscaler = yaml.safe_load_all("\n".join(DEPLOYMENT_LINES))
    typed = settings.GATEWAY_DEPLOYMENT
    assert typed.name == deployment["metadata"]["name"]
    assert typed.replicas == deployment["spec"]["replicas"]
    resources_of = deployment["spec"]["template"]["spec"]["containers"][0]["resources"]
    for limits, said in (
        (typed.requests, resources_of["requests"]),
        (typed.limits, resources_of["limits"]),
    ):
        assert limits.cpu_millis == parse_cpu(said["cpu"])
        assert limits.memory_bytes == parse_memory(said["memory"])
    spec = autoscaler["spec"]
    assert (typed.minimum, typed.maximum) == (spec["minReplicas"], spec["maxReplicas"])
    assert typed.cpu_percent == spec["metrics"][0]["resource"]["target"]["averageUtilization"]


def test_the_gateways_compose_files_say_what_was_typed() -> None:
    raised = yaml.safe_load("\n".join(COMPOSE_LIMITS_LINES))["services"]["gateway"]["deploy"]
    limits, before = settings.GATEWAY_SCALED_UP, settings.GATEWAY_BEFORE
    assert limits.cpu_millis == parse_cpu(raised["resources"]["limits"]["cpus"])
    assert format_memory(limits.memory_bytes) == f"{raised['resources']['limits']['memory']}i"
    *_, cpus, memory = COMPOSE_LIMITS_LINES
    assert cpus.endswith(f"from {before.cpu_millis // 1000}")
    assert f"{memory.rpartition(' ')[-1]}i" == format_memory(before.memory_bytes)
    scaled = yaml.safe_load("\n".join(COMPOSE_REPLICAS_LINES))["services"]["gateway"]["deploy"]
    assert scaled["replicas"] == settings.GATEWAY_REPLICAS
