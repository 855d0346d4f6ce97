"""What README and docs tell a reader to type works, and what they point at is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from preview.cli import main
from preview.verbs.registry import VERBS
from tests.preview.verbs import needs_repository

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
COMMAND = re.compile(
    r"^ {4}(?:\$ )?(?:uv run )?aigw (?P<arguments>[^#<>|\n]+)(?:[#>|].*)?$", re.MULTILINE
)
EXCERPT = re.compile(r"^ {4}\$ aigw (.+)\n((?: {4}.+\n)+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?:#[^)]*)?\)")
PLACE = re.compile(r"`(?P<path>(?:sizing|benchmarks|preview|examples|stacks)/[\w./-]+)`")


def commands() -> list[str]:
    """Return every command line of every page once."""
    found = {
        one["arguments"].strip() for page in PAGES for one in COMMAND.finditer(page.read_text())
    }
    return sorted(found)


def test_the_pages_show_every_verb() -> None:
    assert {one.split()[0] for one in commands()} == set(VERBS)


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_pages_runs(
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "--against" in line:
        needs_repository()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(line)) in {0, 1}
    said = capsys.readouterr()
    assert said.out
    assert said.err == ""


def test_the_excerpt_of_the_readme_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    excerpts = EXCERPT.findall((ROOT / "README.md").read_text())
    assert excerpts
    for line, shown in excerpts:
        assert main(shlex.split(line)) == 0
        printed = {" ".join(one.split()) for one in capsys.readouterr().out.splitlines()}
        assert {" ".join(one.split()) for one in shown.splitlines()} <= printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    text = page.read_text()
    linked = {page.parent / one["path"] for one in LINK.finditer(text)}
    named = {ROOT / one["path"] for one in PLACE.finditer(text)}
    assert [str(one) for one in sorted(linked | named) if not one.exists()] == []
