"""Series by keys and models, their disk and their memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import prometheus
from sizing.capacity.prometheus import Series
from sizing.units import GIB, GIGA
from sizing.words import Verdict
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("series and their bytes")


def known(most: float, least: float | None = None) -> Series:
    return Series(least=most if least is None else least, most=most, base_known=True)


def test_a_key_and_a_model_have_158_series() -> None:
    # 4 histograms x (36 buckets + sum + count) + 6 counters
    assert prometheus.SERIES_A_PAIR.value == 158


@pytest.mark.parametrize(
    ("per_key", "replicas", "least", "most"),
    [  # document 004: 60,000 users with a key each, 25 models
        (True, 3, 60_000 * 158, 60_000 * 25 * 3 * 158),
        (True, 1, 60_000 * 158, 60_000 * 25 * 158),
        (False, 3, 158, 25 * 3 * 158),
    ],
)
def test_a_key_as_a_label_multiplies_the_series(
    per_key: bool, replicas: int, least: float, most: float
) -> None:
    found = prometheus.series(load(keys=60_000, model_names=25), replicas=replicas, per_key=per_key)

    assert (found.least, found.most, found.base_known) == (least, most, False)


def test_the_base_is_added_where_it_is_known() -> None:
    found = prometheus.series(load(keys=1, model_names=1), replicas=1, base=100_000)

    assert (found.least, found.most, found.base_known) == (100_158, 100_158, True)


@pytest.mark.parametrize(
    ("most", "least", "gigabytes", "verdict"),
    [
        (289_351, 289_351, 50, Verdict.HOLDS),
        (300_000, 300_000, 50, Verdict.UNPROVEN),  # a sample may take 1 byte or 2
        (578_000, 578_000, 50, Verdict.UNPROVEN),
        (579_000, 579_000, 50, Verdict.REFUTED),  # too many at 1 byte, too
        (5_790_000, 1, 50, Verdict.UNPROVEN),  # nobody knows how many pairs are in use
    ],
)
def test_a_disk_is_refuted_only_where_the_least_does_not_fit(
    most: float, least: float, gigabytes: float, verdict: Verdict
) -> None:
    found = prometheus.disk(known(most, least), volume_bytes=gigabytes * GIGA)

    assert found.verdict is verdict


def test_an_unknown_base_leaves_a_disk_unproven() -> None:
    found = prometheus.disk(
        prometheus.series(load(keys=1, model_names=1), replicas=1), volume_bytes=50 * GIGA
    )

    assert (found.verdict, found.assumption) == (Verdict.UNPROVEN, prometheus.NO_BASE)
    assert "prometheus_tsdb_head_series" in found.measure


@pytest.mark.parametrize(
    ("series_bytes", "verdict"),
    [(None, Verdict.UNPROVEN), (8192, Verdict.HOLDS), (16_385, Verdict.REFUTED)],
)
def test_memory_is_judged_by_a_measured_series_alone(
    series_bytes: float | None, verdict: Verdict
) -> None:
    found = prometheus.memory(known(GIB / 1024), memory_bytes=16 * GIB, series_bytes=series_bytes)

    assert found.verdict is verdict


def test_memory_without_a_measured_series_names_what_to_measure() -> None:
    found = prometheus.memory(known(1e6), memory_bytes=16 * GIB)

    assert (found.demand, found.assumption) == (None, prometheus.NO_SERIES_BYTES)
    assert found.measure == prometheus.MEASURE_MEMORY


def test_thanos_keeps_what_both_servers_of_a_pair_write() -> None:
    # 2 x 1 M series / 15 s x 30 d x 86,400 s x 2 bytes
    kept = prometheus.object_bytes(known(1e6), servers=2, retention_days=30)

    assert kept == pytest.approx(691.2 * GIGA)


@given(
    keys=st.integers(1, 10**6),
    models=st.integers(1, 50),
    replicas=st.integers(1, 40),
    per_key=st.booleans(),
)
@settings(max_examples=50)
def test_series_grow_with_keys_models_and_replicas_and_least_is_within_most(
    keys: int, models: int, replicas: int, per_key: bool
) -> None:
    def most(key_count: int, model_count: int, replica_count: int) -> float:
        found = prometheus.series(
            load(keys=key_count, model_names=model_count),
            replicas=replica_count,
            per_key=per_key,
        )
        assert found.least <= found.most
        return found.most

    here = most(keys, models, replicas)
    assert most(keys + 1, models, replicas) >= here
    assert most(keys, models + 1, replicas) > here
    assert most(keys, models, replicas + 1) > here
