"""`aigw report` writes what it is asked for and says what is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from preview.cli import main
from preview.report_page.months import Month, parse_month
from tests.preview.report_page.facts import html, svg


@pytest.mark.parametrize("stack", ["dev-small", "dev-small-gcp"])
def test_a_report_is_written_and_counted(
    stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.html"
    told = ("--from", "2026-11", "--months", "12")
    assert main(["report", stack, "-o", str(file), *told]) == 0
    size = len(file.read_bytes())
    first, *counted = capsys.readouterr().out.splitlines()
    assert first == f"{file}: {size / 1000:.0f} kB"
    assert counted[0].endswith("pods")
    assert counted[1].endswith("findings")
    assert file.read_text(encoding="utf-8") == html(stack)


def test_the_drawing_alone_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drawing.svg"
    assert main(["report", "dev-small", "--drawing", "-o", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["bytes"]) == (str(file), len(file.read_bytes()))
    assert file.read_text(encoding="utf-8") == svg("dev-small")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("-o", "/no/such/folder/a.html"), "-o: /no/such/folder/a.html: No such"),
        (("-o", "/dev/null", "--from", "2026-13"), "--from: found '2026-13'; allowed: a month"),
        (("-o", "/dev/null", "--growth", "fast"), "--growth: found 'fast'"),
        (("-o", "/dev/null", "--months", "0"), "--months: found '0'"),
        (("-o", "/dev/null", "--growth", "50%", "--months", "60"), "--months: found 60; allowed"),
    ],
)
def test_what_cannot_be_is_refused(
    more: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "dev-small", *more]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"aigw: {said}")


def test_months_go_over_the_end_of_a_year() -> None:
    first = parse_month("2026-11")
    assert [str(first.after(n)) for n in (0, 1, 2, 26)] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2029-01",
    ]
    assert first == Month(year=2026, month=11)
    with pytest.raises(ValueError, match="no month"):
        parse_month("2026-00")


def test_the_docs_show_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(__file__).parents[3] / "docs" / "report.md").read_text(encoding="utf-8")
    shown = re.search(r"^ {4}\$ aigw (report .+)\n((?: {4}.+\n)+)", text, flags=re.MULTILINE)
    assert shown
    monkeypatch.chdir(tmp_path)
    assert main(shown[1].split()) == 0
    printed = capsys.readouterr().out
    assert [one.strip() for one in shown[2].splitlines()][1:] == printed.splitlines()[1:]
    # growth begins in the month of the run, which moves the size by a little
    assert re.match(r"report\.html: \d{3} kB", printed)
