"""A report fits the stream that it is written to."""

from __future__ import annotations

import io
import re

import pytest

from preview.tables import Section, Table, drawn, plain_text, show
from preview.words import amount, count, dollars, short_type
from tests.preview.verbs import Terminal

SECTIONS = (
    Section(
        title="Pools",
        table=Table(
            columns=("pool", "nodes", "why"),
            rows=(
                ("general", "3", "the tables as written, and one node more in each zone"),
                ("gpu-a10g", "12", "error"),
            ),
            right=frozenset({"nodes"}),
        ),
        lines=("two pools",),
    ),
    Section(title="Next", lines=("pulumi up",)),
)

pytestmark = pytest.mark.cloud_free("how text is laid out")


def test_piped_text_is_aligned_and_plain() -> None:
    pipe = io.StringIO()
    show(SECTIONS, pipe)
    assert pipe.getvalue() == (
        "Pools\n"
        "-----\n"
        "pool      nodes  why\n"
        "general       3  the tables as written, and one node more in each zone\n"
        "gpu-a10g     12  error\n"
        "two pools\n"
        "\n"
        "Next\n"
        "----\n"
        "pulumi up\n"
    )
    assert pipe.getvalue().isascii()


def test_a_narrow_terminal_folds_and_loses_no_word() -> None:
    stream = io.StringIO()
    drawn(SECTIONS, stream, width=30)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert max(map(len, shown.splitlines())) <= 30
    for word in ["general", "gpu-a10g", "tables", "written", "zone", "pulumi"]:
        assert word in shown


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    show(SECTIONS, coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    show(SECTIONS, plain)
    assert re.search(r"\x1b\[[0-9;]*31m", coloured.getvalue()), "an error is red"
    assert not re.search(r"\x1b\[[0-9;]*3\dm", plain.getvalue())


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    show(SECTIONS, stream)
    assert stream.getvalue() == plain_text(SECTIONS)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(None, "unknown"), (0, "$0"), (0.266, "$0.27"), (12345.6, "$12,346"), (-5, "-$5.00")],
)
def test_a_missing_price_is_never_zero(amount: float | None, words: str) -> None:
    assert dollars(amount) == words


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("aws:ec2/subnet:Subnet", "ec2.Subnet"),
        ("random:index/randomPassword:RandomPassword", "random.RandomPassword"),
        ("pulumi:providers:aws", "providers.aws"),
    ],
)
def test_types_are_named_as_the_sdk_names_them(token: str, words: str) -> None:
    assert short_type(token) == words


def test_one_is_singular() -> None:
    assert (count(1, "pool"), count(2, "pool")) == ("1 pool", "2 pools")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, ""), (0.0432, "0.0432"), (18.96, "18.96"), (8, "8"), (5.76e10, "57,600,000,000")],
)
def test_an_amount_needs_no_exponent(value: float | None, words: str) -> None:
    assert amount(value) == words


def test_a_table_too_wide_for_its_terminal_is_read_row_by_row() -> None:
    columns = tuple(f"column{number}" for number in range(9))
    wide = Section(
        title="Wide", table=Table(columns=columns, rows=((*tuple("abcdefgh"), "a long " * 9),))
    )
    shown = []
    for width in (60, 200):
        stream = io.StringIO()
        drawn((wide,), stream, width=width)
        shown.append(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()))
    blocks, table = shown
    assert max(map(len, blocks.splitlines())) <= 60
    assert "column0  a " in blocks
    assert re.search(r"column8  a long a long", blocks)
    assert re.search(r"column0 +column1 +column2", table)


def test_an_empty_cell_needs_no_line_of_a_block() -> None:
    columns = tuple(f"column{number}" for number in range(9))
    rows = (("one", *("",) * 7, "nine"),)
    stream = io.StringIO()
    drawn((Section(title="Wide", table=Table(columns=columns, rows=rows)),), stream, width=60)
    assert "column8" in stream.getvalue()
    assert "column1" not in stream.getvalue()
