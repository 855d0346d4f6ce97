"""The offline diff of a pull request: the step as it stands, with real git and the real aigw."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from preview.diff.markdown import MARKER
from tests.preview.diff.repositories import STACK, Repository
from tests.workflows.files import SCRIPTS, Ran, run, step
from tests.workflows.programs import aigw, path

STEP = step("preview", "diff", "Compare every stack with the target")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A checkout as the runner makes it: the merge of a branch with a target that has gone on."""

    repository: Repository
    scratch: Path

    def merged(self, base: str = "main") -> None:
        """Merge what is committed on the branch, on no branch, as GitHub does."""
        git = self.repository.git
        git("checkout", "-q", "main")
        self.repository.stack("a", "prod-later")
        self.repository.commit()
        git("checkout", "-q", "--detach")
        git("merge", "-q", "--no-ff", "-m", "merge", "change")
        # neither branch is there by its name in a runner's checkout
        git("branch", "-q", "-D", "main", "change")
        if base != "main":
            git("update-ref", f"refs/remotes/origin/{base}", "HEAD~1")

    def compare(self, base: str = "main") -> Ran:
        """Run the step."""
        programs = aigw(self.scratch / "bin", "--root", str(self.repository.folder))
        return run(
            STEP,
            {"BASE_REF": base},
            folder=self.repository.folder,
            scratch=self.scratch / "run",
            environment={**path(programs), "XDG_CACHE_HOME": str(self.scratch / "cache")},
        )

    @property
    def left(self) -> Path:
        """Where the step leaves what is uploaded."""
        return self.repository.folder / "previews" / "offline"

    def told(self) -> tuple[int, str]:
        """Return the exit code of aigw and the comment's text that are left."""
        return int((self.left / "code").read_text()), (self.left / "diff.md").read_text()


@pytest.fixture
def change(tmp_path: Path) -> PullRequest:
    repository = Repository(tmp_path / "project")
    shutil.copytree(SCRIPTS, repository.folder / ".github" / "scripts")
    repository.write(".gitignore", "/previews/\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "change")
    return PullRequest(repository=repository, scratch=tmp_path)


def test_a_change_without_loss_is_compared_with_the_target_as_it_was_merged(
    change: PullRequest,
) -> None:
    change.repository.write("README.md", "more\n")
    change.repository.commit()
    change.merged()
    done = change.compare()
    assert done.code == 0, done.text
    code, text = change.told()
    assert code == 0
    assert text.startswith(f"{MARKER}\n")
    assert "nothing changes" in text
    # a stack that came to the target meanwhile is on both sides
    found = {
        one["stack"]: one for one in json.loads((change.left / "diff.json").read_text())["stacks"]
    }
    assert found.keys() == {STACK, "prod-later"}
    assert all(one["nothing"] for one in found.values())
    assert found[STACK]["before"]["label"].startswith("origin/main (")
    assert done.summary == text.removeprefix(f"{MARKER}\n")


def test_a_stateful_replacement_is_told_and_left_to_the_verdict(change: PullRequest) -> None:
    change.repository.stack("b")
    change.repository.commit()
    change.merged()
    done = change.compare()
    assert done.code == 0, done.text
    code, text = change.told()
    assert code == 3
    assert "red_circle" in text


def test_stacks_that_come_and_go_are_compared(change: PullRequest) -> None:
    change.repository.stack("a", "dev-new")
    change.repository.git("rm", "-q", f"stacks/Pulumi.{STACK}.yaml")
    change.repository.commit()
    change.merged("release/1.x")
    assert change.compare("release/1.x").code == 0
    code, _ = change.told()
    assert code == 3
    sides = {
        one["stack"]: (one["before"]["exists"], one["after"]["exists"])
        for one in json.loads((change.left / "diff.json").read_text())["stacks"]
    }
    assert sides == {STACK: (True, False), "dev-new": (False, True), "prod-later": (True, True)}


def test_a_program_that_fails_is_an_error(change: PullRequest) -> None:
    change.repository.stack("fail")
    change.repository.commit()
    change.merged()
    assert change.compare().code == 0
    code, text = change.told()
    assert code == 1
    assert "the program failed" in text


def test_what_cannot_be_compared_says_why(change: PullRequest) -> None:
    change.repository.stack("refuse `it`")
    change.repository.commit()
    change.merged()
    done = change.compare()
    assert done.code == 0, done.text
    code, text = change.told()
    assert code == 2
    assert text.startswith(f"{MARKER}\n")
    assert "    aigw: " in text
    assert "the file is refused" in text
    assert sorted(file.name for file in change.left.iterdir()) == ["code", "diff.md"]


def test_a_checkout_that_is_no_merge_fails(change: PullRequest) -> None:
    change.repository.git("checkout", "-q", "--orphan", "alone")
    change.repository.commit()
    assert change.compare().code != 0
    assert not (change.left / "code").exists()
