"""actionlint finds nothing in the workflows, shellcheck nothing in their scripts; both can find."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.services.environments import TOOLS
from tests.services.programs import missing, require
from tests.workflows.files import ACTIONS, ROOT, SCRIPTS, WORKFLOWS, steps

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("files of the workflows")]

MODULE, VERSION = "github.com/rhysd/actionlint/cmd/actionlint", "v1.7.12"
"""The checksum database of Go's modules vouches for what a version is."""

FAULTS = {
    "a title in a script": ('echo "${{ github.event.pull_request.title }}"', "untrusted"),
    "a word that is split": ("echo $HOME/*.md", "SC2086"),
    "a field that no context has": ('echo "${{ github.nothing }}"', "not defined"),
}
WORKFLOW = """\
on: pull_request
jobs:
  one:
    runs-on: ubuntu-24.04
    steps:
      - run: {text}
"""


@pytest.fixture(scope="session")
def actionlint() -> str:
    """Build the linter once."""
    program = TOOLS / f"actionlint-{VERSION}" / "actionlint"
    if not program.exists():
        go = require("go", Path("/usr/local/go/bin"))
        done = subprocess.run(
            [go, "install", f"{MODULE}@{VERSION}"],
            env={**os.environ, "GOBIN": str(program.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            missing(f"actionlint cannot be built: {done.stderr}")
    return str(program)


@pytest.fixture(scope="session")
def shellcheck() -> str:
    return require("shellcheck")


def lint(actionlint: str, shellcheck: str, *files: Path) -> tuple[int, str]:
    """Return the linter's exit code and what it found."""
    done = subprocess.run(
        [actionlint, "-no-color", "-shellcheck", shellcheck, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def check(shellcheck: str, arguments: Sequence[str | Path], text: str = "") -> str:
    """Return what shellcheck finds."""
    return subprocess.run(
        [shellcheck, *map(str, arguments)],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_the_workflows_are_without_findings(actionlint: str, shellcheck: str) -> None:
    assert lint(actionlint, shellcheck, *WORKFLOWS) == (0, "")


@pytest.mark.parametrize(("text", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_found(
    text: str, found: str, actionlint: str, shellcheck: str, tmp_path: Path
) -> None:
    file = tmp_path / "faulty.yml"
    file.write_text(WORKFLOW.format(text=text))
    code, said = lint(actionlint, shellcheck, file)
    assert code == 1
    assert found in said


def test_the_scripts_are_without_findings(shellcheck: str) -> None:
    scripts = [*sorted(SCRIPTS.glob("*.sh")), ROOT / ".ci" / "run"]
    assert check(shellcheck, ["--external-sources", *scripts]) == ""


def test_the_steps_of_actions_are_without_findings(shellcheck: str) -> None:
    texts = [one["run"] for file in ACTIONS for one in steps(file) if "run" in one]
    assert texts
    assert [check(shellcheck, ["--shell", "bash", "-"], text) for text in texts] == [""] * len(
        texts
    )


def test_a_faulty_script_is_found(shellcheck: str) -> None:
    assert "SC2086" in check(shellcheck, ["--shell", "bash", "-"], "echo $HOME/*.md\n")
