"""What the code makes of the documentation is what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.docs import __main__ as command
from preview.docs import made, regions
from preview.docs.console import ROOT, pages
from preview.docs.tables import TABLES

WHOLE = "".join(path.read_text(encoding="utf-8") for path in pages())


@pytest.mark.parametrize("path", made.FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_that_is_made_whole_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == made.text(path), "run: make docs"


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_made_parts_of_a_page_are_current(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert regions.written(page) == page, "run: make docs"


def test_every_table_that_is_made_is_shown_somewhere() -> None:
    assert set(regions.regions(WHOLE)) == set(TABLES)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<!-- keys: made by make docs -->\n", "not closed"),
        ("<!-- keys: made by make docs -->\n<!-- end of fields -->\n", "nothing makes"),
        ("<!-- no-such: made by make docs -->\n<!-- end of no-such -->\n", "nothing makes"),
    ],
)
def test_wrong_marks_are_refused(page: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        regions.written(page)


def test_a_table_stands_between_its_marks_and_the_rest_stays() -> None:
    page = "before\n<!-- charts: made by make docs -->\nold\n<!-- end of charts -->\nafter\n"
    now = regions.written(page)
    assert now.startswith("before\n<!-- charts: made by make docs -->\n| chart |")
    assert now.endswith("|\n<!-- end of charts -->\nafter\n")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a page with a stale block, which is all that there is to make."""
    path = tmp_path / "page.md"
    path.write_text("# Page\n\n    $ aigw tiers\n    old\n    ...\n", encoding="utf-8")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "paths", lambda: (path,))
    return path


def test_the_command_writes_what_is_printed_now(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--check"]) == 1
    assert command.main([]) == 0
    assert capsys.readouterr().out == "page.md\n" * 2
    assert "old" not in page.read_text(encoding="utf-8")
    assert command.main(["--check"]) == 0
