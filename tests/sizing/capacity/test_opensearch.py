"""Disk, shards, heap and CPU of a search domain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import opensearch
from sizing.units import GIB, GIGA
from sizing.words import Tier, Verdict
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("shards, heap and disk of given nodes")


def test_one_copy_takes_twice_145_percent() -> None:
    assert opensearch.disk_bytes(100 * GIGA, copies=1) == pytest.approx(290 * GIGA)


@pytest.mark.parametrize(
    ("volume", "missing", "verdict"),
    [
        (290 * GIGA + 1, "", Verdict.HOLDS),
        (289 * GIGA, "", Verdict.REFUTED),
        (291 * GIGA, opensearch.NO_LOG_LINE, Verdict.UNPROVEN),
        (289 * GIGA, opensearch.NO_LOG_LINE, Verdict.REFUTED),  # what is missing only adds
    ],
)
def test_storage_is_a_hard_limit(volume: float, missing: str, verdict: Verdict) -> None:
    found = opensearch.storage(100 * GIGA, copies=1, volume_bytes=volume, missing=missing)

    assert found.verdict is verdict


def test_source_data_are_the_logs_and_the_traces_of_the_days_kept() -> None:
    # (500/3 requests/s x 86,400 x (2,000 bytes of log + 10 % x 8 spans x 500 bytes)) x 14 days
    kept = opensearch.source_bytes(
        load(Tier.LARGE, trace_share=0.10),
        retention_days=14,
        log_bytes_per_request=2000,
        spans_per_request=8,
    )

    assert kept == pytest.approx(483.84 * GIGA)


def test_what_is_not_measured_adds_its_least() -> None:
    large = load(Tier.LARGE, trace_share=0.10)
    least = opensearch.source_bytes(
        large, retention_days=1, log_bytes_per_request=None, spans_per_request=None
    )

    assert least == pytest.approx(0.72 * GIGA)  # 14.4 M requests x 10 % x 500 bytes


@pytest.mark.parametrize(
    ("log", "spans", "said"),
    [
        (2000, 8, ""),
        (None, 8, "bytes of log a request"),
        (None, None, "bytes of log a request and spans a request (at least one)"),
    ],
)
def test_what_is_not_measured_is_named(log: float | None, spans: float | None, said: str) -> None:
    missing = opensearch.unmeasured(log_bytes_per_request=log, spans_per_request=spans)
    found = opensearch.storage(0, copies=1, volume_bytes=1, missing=missing)

    assert missing == said
    assert found.verdict is (Verdict.UNPROVEN if said else Verdict.HOLDS)


@pytest.mark.parametrize(
    ("gib", "use", "shards"),
    [  # x 1.1 of index over the largest shard: 50 GiB for logs, 30 GiB for search
        (0, "logs", 1),
        (45, "logs", 1),
        (46, "logs", 2),
        (27, "search", 1),
        (28, "search", 2),
        (1000, "logs", 22),
    ],
)
def test_shards_are_as_few_as_their_size_allows(gib: float, use: str, shards: int) -> None:
    assert opensearch.shards(gib * GIB, use=use) == shards


@pytest.mark.parametrize(("memory", "heap"), [(4, 2), (16, 8), (64, 32), (128, 32)])
def test_heap_is_half_of_the_memory_up_to_32_gib(memory: int, heap: int) -> None:
    assert opensearch.heap_bytes(memory * GIB) == heap * GIB


@pytest.mark.parametrize(("primaries", "verdict"), [(75, Verdict.HOLDS), (76, Verdict.UNPROVEN)])
def test_three_nodes_of_4_gib_hold_150_shards(primaries: int, verdict: Verdict) -> None:
    found = opensearch.heap(primaries, copies=1, nodes=3, memory_bytes=4 * GIB)

    assert (found.conservative, found.verdict) == (150, verdict)


@pytest.mark.parametrize(("active", "verdict"), [(2, Verdict.HOLDS), (3, Verdict.UNPROVEN)])
def test_six_vcpu_serve_four_active_shards(active: int, verdict: Verdict) -> None:
    assert opensearch.cpu(active, copies=1, nodes=3, vcpu=2).verdict is verdict


@given(source=st.floats(0, 1e15), more=st.floats(1, 10), copies=st.integers(0, 3))
@settings(max_examples=50)
def test_more_source_never_takes_less(source: float, more: float, copies: int) -> None:
    assert opensearch.disk_bytes(source * more, copies=copies) >= opensearch.disk_bytes(
        source, copies=copies
    )
    assert opensearch.shards(source * more, use="logs") >= opensearch.shards(source, use="logs")
