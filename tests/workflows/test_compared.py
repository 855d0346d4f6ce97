"""The offline diff of a pull request: the step as it stands, with real git and the real aigw."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.diff.markdown import MARKER
from tests.preview.diff.repositories import STACK
from tests.workflows import pull_requests
from tests.workflows.files import Ran, run, step
from tests.workflows.programs import aigw, path
from tests.workflows.pull_requests import Change

STEP = step("preview", "diff", "Compare every stack with the target")


def compare(change: Change, base: str = "main") -> Ran:
    programs = aigw(change.scratch / "bin", "--root", str(change.folder))
    return run(
        STEP,
        {"BASE_REF": base},
        folder=change.folder,
        scratch=change.scratch / "run",
        environment={**path(programs), "XDG_CACHE_HOME": str(change.scratch / "cache")},
    )


@pytest.fixture
def change(tmp_path: Path) -> Change:
    return pull_requests.change(tmp_path)


@pytest.fixture
def left(change: Change) -> Path:
    """Where the step leaves what is uploaded."""
    return change.folder / "previews" / "offline"


def test_a_change_without_loss_is_compared_with_the_target_as_it_was_merged(
    change: Change, left: Path
) -> None:
    change.repository.write("README.md", "more\n")
    change.merge()
    done = compare(change)
    assert done.code == 0, done.text
    code, text = change.told(left)
    assert code == 0
    assert text.startswith(f"{MARKER}\n")
    assert "nothing changes" in text
    # a stack that came to the target meanwhile is on both sides
    found = change.stacks(left)
    assert found.keys() == {STACK, "prod-later"}
    assert all(one["nothing"] for one in found.values())
    assert found[STACK]["before"]["label"].startswith("origin/main (")
    assert done.summary == text.removeprefix(f"{MARKER}\n")


def test_a_stateful_replacement_is_told_and_left_to_the_verdict(change: Change, left: Path) -> None:
    change.repository.stack("b")
    change.merge()
    done = compare(change)
    assert done.code == 0, done.text
    code, text = change.told(left)
    assert code == 3
    assert "red_circle" in text


def test_stacks_that_come_and_go_are_compared(change: Change, left: Path) -> None:
    change.repository.stack("a", "dev-new")
    change.repository.git("rm", "-q", f"stacks/Pulumi.{STACK}.yaml")
    change.merge()
    assert compare(change, "release/1.x").code == 0
    assert change.told(left)[0] == 3
    sides = {
        name: (one["before"]["exists"], one["after"]["exists"])
        for name, one in change.stacks(left).items()
    }
    assert sides == {STACK: (True, False), "dev-new": (False, True), "prod-later": (True, True)}


def test_a_program_that_fails_is_an_error(change: Change, left: Path) -> None:
    change.repository.stack("fail")
    change.merge()
    assert compare(change).code == 0
    code, text = change.told(left)
    assert code == 1
    assert "the program failed" in text


def test_what_cannot_be_compared_says_why(change: Change, left: Path) -> None:
    change.repository.stack("refuse `it`")
    change.merge()
    done = compare(change)
    assert done.code == 0, done.text
    code, text = change.told(left)
    assert code == 2
    assert text.startswith(f"{MARKER}\n")
    assert "    aigw: " in text
    assert "the file is refused" in text
    assert sorted(file.name for file in left.iterdir()) == ["code", "diff.md"]


def test_a_checkout_that_is_no_merge_fails(change: Change, left: Path) -> None:
    change.repository.git("checkout", "-q", "--orphan", "alone")
    change.repository.commit()
    assert compare(change).code != 0
    assert not (left / "code").exists()
