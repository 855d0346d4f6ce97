"""What is unproven says what to measure or state, and every source exists."""

from __future__ import annotations

import pytest

from sizing.capacity import (
    archestra,
    cluster,
    files,
    opensearch,
    osmen,
    osmen_settings,
    prometheus,
    qdrant,
    traces,
    vault,
)
from sizing.capacity.constraint import Constraint
from sizing.capacity.prometheus import Series
from sizing.documents import archestra as document_002
from sizing.documents import osmen_cost, osmen_performance, osmen_resources
from sizing.sources import sources
from sizing.tiers import TIERS
from sizing.triggers import steering, trigger, whole_answers
from sizing.units import GIGA
from sizing.words import Tier, Verdict
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("models of the load and their words")

LARGE = load(Tier.LARGE)
WIDE = Series(least=1, most=1e9, base_known=True)

UNPROVEN = (
    archestra.throughput(150, 1),
    archestra.used_vcpu(2, 4),
    archestra.connections(processes=1, pool=None, granted=1),
    archestra.configuration(document_002.TIERS[Tier.MEDIUM], fewest=True),
    cluster.nodes(1000, count=5, vcpu=4),
    cluster.disk_operations(1000, iops=1000),
    files.shared_files(None, planned_bytes=1),
    files.model_cache(LARGE, cache_bytes=1, weigh=lambda _: None),
    opensearch.storage(1, copies=0, volume_bytes=2, missing=opensearch.NO_LOG_LINE),
    opensearch.heap(1000, copies=1, nodes=1, memory_bytes=1),
    opensearch.cpu(1000, copies=1, nodes=1, vcpu=1),
    osmen.throughput(7, osmen_performance.THROUGHPUT[1]),
    osmen.agents_cpu(1),
    osmen.agents_memory(2 * GIGA, peak=False),
    osmen.container_totals(osmen.containers())[0],
    osmen_settings.work_memory(1),
    osmen_settings.pool(5000),
    osmen_settings.model_on_gpu(osmen_resources.GPUS[0]),
    prometheus.disk(WIDE, volume_bytes=GIGA),
    prometheus.memory(WIDE, memory_bytes=GIGA, series_bytes=1000),
    prometheus.memory(WIDE, memory_bytes=GIGA),
    qdrant.memory(LARGE, member_bytes=GIGA, members=1, copies=1),
    qdrant.disk(LARGE, volume_bytes=1, members=1, copies=1),
    traces.ingest(load(trace_share=1), collectors=1, cpu_millis=1000, spans_per_request=25),
    traces.ingest(LARGE, collectors=1, cpu_millis=1000),
    traces.storage(LARGE, retention_days=1, volume_bytes=None, spans_per_request=8),
    vault.memory(TIERS[Tier.SMALL].vault),
    vault.nodes(3),
    steering(60, trigger("003-latency")),
    whole_answers(load(output_tokens=40)),
)
REFUTED = (
    archestra.busy_threads(155, 0.02),
    cluster.database_disk(400, disk_bytes=GIGA),
    osmen_settings.load_test(),
    osmen_settings.llm_cost(osmen_cost.GPT4_COST, input_tokens=1500, output_tokens=500),
    qdrant.survival(members=3, copies=1, lost=1),
    vault.zone_loss(3, zones=1),
)


def names(constraints: tuple[Constraint, ...]) -> list[str]:
    return [f"{place}-{one.name}" for place, one in enumerate(constraints)]


@pytest.mark.parametrize("one", UNPROVEN, ids=names(UNPROVEN))
def test_what_is_unproven_says_what_to_measure(one: Constraint) -> None:
    assert one.verdict is Verdict.UNPROVEN
    assert one.measure


@pytest.mark.parametrize("one", [*UNPROVEN, *REFUTED], ids=names((*UNPROVEN, *REFUTED)))
def test_every_constraint_names_its_unit_its_formula_and_a_source(one: Constraint) -> None:
    assert one.unit
    assert one.formula
    assert one.source in sources()
