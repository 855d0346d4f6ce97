"""Quantities at the edges: text in, whole base units inside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.units import GIB, KIB, MIB, TIB, format_cpu, format_memory, parse_cpu, parse_memory

pytestmark = pytest.mark.cloud_free("tables of document 001")


@pytest.mark.parametrize(
    ("text", "millis"), [("500m", 500), ("2", 2000), ("0.5", 500), ("0.001", 1), ("0", 0)]
)
def test_cpu_is_read_in_thousandths(text: str, millis: int) -> None:
    assert parse_cpu(text) == millis


@pytest.mark.parametrize("text", ["", "m", "-1", "1.5 m", "1e3", "0.0001", "0.5m", "2 cores", "٣"])
def test_what_is_no_cpu_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="CPU"):
        parse_cpu(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512Mi", 512 * MIB),
        ("1Gi", GIB),
        ("1.5Gi", GIB + 512 * MIB),
        ("2G", 2_000_000_000),
        ("1k", 1000),
        ("1Ki", KIB),
        ("1024", 1024),
    ],
)
def test_memory_is_read_in_bytes(text: str, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["", "Gi", "4GB", "4 Gi", "-1Gi", "1.5", "0.3Ki", "1gi"])
def test_what_is_no_memory_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"memory|byte"):
        parse_memory(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0"), (1, "1"), (1536 * MIB, "1536Mi"), (GIB, "1Gi"), (TIB, "1Ti"), (KIB, "1Ki")],
)
def test_memory_is_written_in_the_largest_whole_unit(size: int, text: str) -> None:
    assert format_memory(size) == text


@settings(max_examples=50)
@given(amount=st.integers(min_value=0, max_value=1 << 60))
def test_what_is_written_reads_back(amount: int) -> None:
    assert parse_memory(format_memory(amount)) == amount
    assert parse_cpu(format_cpu(amount)) == amount


def test_negative_amounts_are_not_written() -> None:
    with pytest.raises(ValueError, match="less than no CPU"):
        format_cpu(-1)
    with pytest.raises(ValueError, match="less than no memory"):
        format_memory(-1)
