"""A checkout of a change as a runner makes it, of a repository whose planner is a few lines."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.preview.diff.repositories import Repository
from tests.workflows.files import SCRIPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A branch, and a target that goes on beside it.

    Attributes:
        scratch: a folder beside the repository.
    """

    repository: Repository
    scratch: Path

    @property
    def folder(self) -> Path:
        """The checkout."""
        return self.repository.folder

    def commit(self) -> None:
        """Commit on the branch, and something else on the target."""
        git = self.repository.git
        self.repository.commit()
        git("checkout", "-q", "main")
        self.repository.stack("a", "prod-later")
        self.repository.commit()
        git("checkout", "-q", "change")

    def merge(self) -> None:
        """Commit, and check the merge out as GitHub does: no branch is there by its name."""
        self.commit()
        git = self.repository.git
        git("checkout", "-q", "--detach", "main")
        git("merge", "-q", "--no-ff", "-m", "merge", "change")
        git("branch", "-q", "-D", "main", "change")

    def told(self, left: Path) -> tuple[int, str]:
        """Return the exit code of aigw and the comment's text that are left in a folder."""
        return int((left / "code").read_text()), (left / "diff.md").read_text()

    def stacks(self, left: Path) -> dict[str, dict[str, Any]]:
        """Return what the JSON in a folder says of each stack."""
        said = json.loads((left / "diff.json").read_text())
        return {one["stack"]: one for one in said["stacks"]}


def change(folder: Path) -> Change:
    """Make a repository that has the workflows' scripts, on a branch of it."""
    repository = Repository(folder / "project")
    shutil.copytree(SCRIPTS, repository.folder / ".github" / "scripts")
    repository.write(".gitignore", "/previews/\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "change")
    return Change(repository=repository, scratch=folder)
