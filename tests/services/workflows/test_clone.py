"""The offline diff of a pull request of this very project: a clone, real git, the real planner."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from preview.diff.markdown import MARKER
from sizing.words import Cloud
from tests.preview.verbs import needs_repository
from tests.workflows.files import ROOT, SCRIPTS, run, step
from tests.workflows.programs import aigw, path

pytestmark = [
    pytest.mark.services,
    pytest.mark.one_cloud(
        Cloud.AWS,
        "a step of a workflow, which reads no cloud; tests/preview/diff compares stacks of both",
    ),
]

STACK = "dev-small"


def git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone with one stack, at the merge of a branch that names it otherwise."""
    needs_repository()
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-hardlinks", str(ROOT), str(folder))
    shutil.copytree(SCRIPTS, folder / ".github" / "scripts", dirs_exist_ok=True)
    for file in (folder / "stacks").glob("Pulumi.*.yaml"):
        if file.name != f"Pulumi.{STACK}.yaml":
            file.unlink()
    git(folder, "checkout", "-q", "-B", "target")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one stack")
    git(folder, "checkout", "-q", "-b", "change")
    file = folder / "stacks" / f"Pulumi.{STACK}.yaml"
    file.write_text(file.read_text().replace("tier: small", "tier: small\n    name: dev-other"))
    git(folder, "commit", "-q", "-a", "-m", "another name")
    git(folder, "checkout", "-q", "--detach", "target")
    git(folder, "merge", "-q", "--no-ff", "-m", "merge", "change")
    return folder


def test_another_name_is_told_to_take_the_stores_with_it(clone: Path, tmp_path: Path) -> None:
    programs = aigw(tmp_path / "bin", "--root", str(clone))
    done = run(
        step("preview", "diff", "Compare every stack with the target"),
        {"BASE_REF": "target"},
        folder=clone,
        scratch=tmp_path / "run",
        environment={
            **path(programs),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PULUMI_ERROR_OUTPUT_STRING": "1",
        },
    )
    assert done.code == 0, done.text
    left = clone / "previews" / "offline"
    (stack,) = json.loads((left / "diff.json").read_text())["stacks"]
    assert stack["stack"] == STACK
    assert stack["summary"]["replace"] > 0
    assert stack["lost"]
    assert (left / "code").read_text() == "3\n"
    assert (left / "diff.md").read_text().startswith(f"{MARKER}\n")
    assert done.summary
