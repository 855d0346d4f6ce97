"""Figures as the documents write them, and what they are in base units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.documents.amounts import Amount, Base, amount, amounts, binary_size, cells, words
from sizing.documents.machines import machines

pytestmark = pytest.mark.cloud_free("figures as documents write them")

FORMS = [
    ("8", 8, 8, Base.NUMBER),
    ("1,900,000", 1_900_000, 1_900_000, Base.NUMBER),
    ("100K-1M", 100_000, 1_000_000, Base.NUMBER),
    ("500-2K", 500, 2_000, Base.NUMBER),
    ("Small models (7B)", 7e9, 7e9, Base.NUMBER),
    ("4-10 per user", 4, 10, Base.NUMBER),
    ("100 new users/second", 100, 100, Base.PER_SECOND),
    ("500-2,000/sec", 500, 2_000, Base.PER_SECOND),
    ("1,000 IOPS", 1_000, 1_000, Base.PER_SECOND),
    ("20-23ms", 0.020, 0.023, Base.SECONDS),
    ("500ms-1s", 0.5, 1, Base.SECONDS),
    ("2,592,000 s", 2_592_000, 2_592_000, Base.SECONDS),
    ("Duration: 5 minutes", 300, 300, Base.SECONDS),
    ("0.44%", 0.0044, 0.0044, Base.SHARE),
    ("20-30%", 0.20, 0.30, Base.SHARE),
    ("500MB-1GB", 5e8, 1e9, Base.BYTES),
    ("150-700 MB", 1.5e8, 7e8, Base.BYTES),
    ("200MB-1GB/day", 2e8, 1e9, Base.BYTES_PER_DAY),
    ("2-3x faster", 2, 3, Base.TIMES),
    ("2 cores", 2, 2, Base.VCPU),
    ("$150-300", 150, 300, Base.USD),
    ("$0.001", 0.001, 0.001, Base.USD),
]


@pytest.mark.parametrize(("written", "low", "high", "unit"), FORMS)
def test_a_figure_is_read_into_base_units(
    written: str, low: float, high: float, unit: Base
) -> None:
    assert amount(written) == Amount(written=written, low=low, high=high, unit=unit)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("<0.5ms (not the bottleneck)", None, 0.0005),
        ("<100K", None, 100_000),
        (">10M", 10_000_000, None),
        ("Or PostgreSQL >=10", 10, None),
        ("2K+", 2_000, None),
        ("8+ vCPU", 8, None),
        ("500 GB+", 5e11, None),
    ],
)
def test_an_open_end_has_no_figure(written: str, low: float | None, high: float | None) -> None:
    one = amount(written)
    assert (one.low, one.high) == (low, high)
    with pytest.raises(ValueError, match="not one figure"):
        _ = one.value


def test_about_is_kept() -> None:
    assert amount("~2-3s").about
    assert not amount("2-3s").about


@pytest.mark.parametrize("written", ["P50", "GPT-4", "c5.4xlarge", "M1/M2", "RTX", "Variable", ""])
def test_a_number_in_a_name_is_no_figure(written: str) -> None:
    assert amounts(written) == ()


@pytest.mark.parametrize("written", ["10GBs", "12msec", "5.5.5", "1,000units"])
def test_a_number_with_an_unknown_unit_is_refused_rather_than_cut(written: str) -> None:
    with pytest.raises(ValueError, match="figures, not one"):
        amount(written)


@pytest.mark.parametrize("written", ["Minimal", "2 vCPU, 4GB RAM"])
def test_a_cell_of_no_or_of_several_figures_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="figures, not one"):
        amount(written)


def test_words_in_the_place_of_a_figure_have_no_value() -> None:
    assert words("Variable").written == "Variable"
    with pytest.raises(ValueError, match="Variable"):
        _ = words("Variable").value


@pytest.mark.parametrize(
    ("written", "size"),
    [("8GB", 8 << 30), ("64MB", 64 << 20), ("4gb", 4 << 30), ("8G", 8 << 30), ("512Mi", 512 << 20)],
)
def test_a_setting_counts_in_powers_of_1024(written: str, size: int) -> None:
    assert binary_size(written).value == size


@pytest.mark.parametrize("written", ["8", "8 GB", "eight", "8TB", "1.5GB"])
def test_a_setting_that_is_no_size_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        binary_size(written)


def test_a_row_with_a_field_that_nobody_wrote_has_no_cells() -> None:
    with pytest.raises(TypeError, match="no written form"):
        cells(amount("5%"))
    with pytest.raises(TypeError, match="is no row"):
        cells("5%")


@given(
    low=st.integers(min_value=0, max_value=10**9),
    more=st.integers(min_value=0, max_value=10**6),
    unit=st.sampled_from([("ms", 0.001), ("s", 1), ("MB", 10**6), ("GB", 10**9), ("%", 0.01)]),
    space=st.sampled_from(["", " "]),
)
def test_any_range_is_read_back(low: int, more: int, unit: tuple[str, float], space: str) -> None:
    name, factor = unit
    one = amount(f"{low:,}-{low + more:,}{space}{name}")
    assert one.low == pytest.approx(low * factor)
    assert one.high == pytest.approx((low + more) * factor)


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("2 vCPU", False),
        ("4GB RAM", False),
        ("4 vCPU, 8GB RAM", True),
        ("2 vCPU, 2 cores, 4GB", False),
        ("1 core, 1 GB, 2 GB, 3 GB", False),
    ],
)
def test_a_phrase_that_describes_no_machine_is_refused(written: str, counted: bool) -> None:
    with pytest.raises(ValueError, match="does not describe machines"):
        machines(written, counted=counted)
