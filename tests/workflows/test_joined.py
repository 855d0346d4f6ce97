"""One comment from the offline diff and those of the engine, as long as a comment may be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preview.diff.markdown import LIMIT, MARKER
from tests.workflows.files import ROOT, run, step

STEP = step("preview", "verdict", "Join the diffs into one comment")


def joined(scratch: Path, **diffs: str) -> str:
    """Run the step over diffs, by stack, `offline` for that without; return the comment."""
    for name, text in diffs.items():
        folder = scratch / "previews" / name
        folder.mkdir(parents=True)
        (folder / "diff.md").write_text(f"{MARKER}\n{text}", encoding="utf-8")
        if name != "offline":
            (folder / "stack").write_text(f"{name}\n")
    target = scratch / "comment.json"
    at = STEP["run"].replace(" previews comment.json", f" {scratch}/previews {target}")
    assert at != STEP["run"]
    done = run(dict(STEP, run=at), {"NUMBER": "12"}, folder=ROOT, scratch=scratch / "run")
    assert done.code == 0, done.text
    said = json.loads(target.read_text(encoding="utf-8"))
    assert said.keys() == {"number", "text"}
    assert said["number"] == 12
    text = str(said["text"])
    assert text.startswith(f"{MARKER}\n")
    assert text.count(MARKER) == 1
    assert len(text.encode()) < LIMIT
    return text


def test_the_engine_s_word_follows_the_offline_diff(tmp_path: Path) -> None:
    text = joined(tmp_path, zeta="two", alpha="one", offline="nothing changes")
    places = [text.index(part) for part in ("nothing", "### alpha", "one", "### zeta", "two")]
    assert places == sorted(places)


def test_an_engine_s_diff_that_does_not_fit_is_named(tmp_path: Path) -> None:
    text = joined(tmp_path, offline="x" * 40_000, large="y" * 30_000, little="z")
    assert "y" * 100 not in text
    assert "### little" in text
    assert text.rstrip().endswith("the engine on large.")


@pytest.mark.parametrize("line", ["| a | \u00e9 |\n", "a\n</details>\n<details>\n\n"])
def test_an_offline_diff_that_is_too_long_is_cut_at_a_line_and_closed(
    line: str, tmp_path: Path
) -> None:
    text = joined(tmp_path, offline="<details>\n\n" + line * 20_000 + "</details>\n")
    assert text.count("<details>") == text.count("</details>")
    assert text.rstrip().endswith("it stands in the run's summary.")


def test_a_run_that_compared_nothing_says_so(tmp_path: Path) -> None:
    assert "Nothing was compared" in joined(tmp_path)
