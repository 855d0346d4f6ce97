"""The steps that ask the engine: real aigw, and a Pulumi CLI that says what it is told to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preview.diff.markdown import MARKER
from tests.preview.diff.plans import step as state_of
from tests.workflows.files import ROOT, Ran, run, step
from tests.workflows.programs import aigw, path, program

STACK, BACKEND = "prod-large", "s3://state?region=us-east-1"
BUCKET = "aws:s3/bucket:Bucket"
ENGINE = step("preview", "engine", "Ask the engine")
UP = step("up", "up", "Preview, then up")
DRIFT = step("deploy", "drift", "Compare the cloud with the program")
PULUMI = """\
echo "$PULUMI_BACKEND_URL $*" >>"{log}"
[ "$1" = preview ] && cat "{preview}" && exit {code}
[ "$1" = up ]"""


def bucket(name: str) -> Any:  # noqa: ANN401
    return state_of(BUCKET, "files", {"bucket": name})["newState"]


def preview(operation: str, old: str, new: str, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Return what the engine says of one bucket."""
    one = {"op": operation, "urn": bucket(old)["urn"], "oldState": bucket(old), **more}
    return {"steps": [{**one, "newState": bucket(new)}], "changeSummary": {}}


UPDATE = preview("update", "a", "b")
LOSS = preview("replace", "a", "b", replaceReasons=["bucket"])
FAILED = {"diagnostics": [{"message": "files is protected\n", "severity": "error"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A runner with the CLI and aigw on its PATH."""

    scratch: Path

    def run(self, one: Mapping[str, Any], said: Mapping[str, Any], code: int = 0) -> Ran:
        """Run a step where the engine's preview says this, and ends with this code."""
        file = self.scratch / "engine.json"
        file.write_text(json.dumps(said))
        programs = aigw(self.scratch / "bin")
        text = PULUMI.format(log=self.scratch / "log", preview=file, code=code)
        program(programs, "pulumi", text)
        there = dict(one, run=one["run"].replace("previews/engine-$STACK", str(self.left)))
        return run(
            there,
            {"STACK": STACK, "PULUMI_BACKEND_URL": BACKEND},
            folder=ROOT,
            scratch=self.scratch / "run",
            environment={**path(programs), "GITHUB_SHA": "c0ffee"},
        )

    @property
    def left(self) -> Path:
        """Where the diff of the engine is left."""
        return self.scratch / "left"

    @property
    def calls(self) -> list[str]:
        """What the CLI was called with; each time with the state that the stack has."""
        lines = (self.scratch / "log").read_text().splitlines()
        assert all(line.startswith(f"{BACKEND} ") for line in lines)
        return [line.removeprefix(f"{BACKEND} ") for line in lines]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(scratch=tmp_path)


@pytest.mark.parametrize(("said", "code"), [(UPDATE, "0"), (LOSS, "3")])
def test_the_engine_s_preview_is_left_with_what_it_came_to(
    said: Mapping[str, Any], code: str, machine: Machine
) -> None:
    done = machine.run(ENGINE, said)
    assert done.code == 0, done.text
    assert (machine.left / "code").read_text() == f"{code}\n"
    assert (machine.left / "stack").read_text() == f"{STACK}\n"
    text = (machine.left / "diff.md").read_text()
    assert text.startswith(f"{MARKER}\n")
    assert done.summary == text.removeprefix(f"{MARKER}\n")
    (call,) = machine.calls
    assert call.startswith(f"preview --stack {STACK} --non-interactive")
    assert "--show-secrets" not in call


@pytest.mark.parametrize("one", [ENGINE, UP], ids=["engine", "up"])
def test_an_engine_that_fails_fails_the_step_with_its_words(
    one: Mapping[str, Any], machine: Machine
) -> None:
    done = machine.run(one, FAILED, code=255)
    assert done.code != 0
    assert "files is protected" in done.text
    assert not (machine.left / "code").exists()
    assert len(machine.calls) == 1


def test_up_shows_what_it_will_do_and_does_it(machine: Machine) -> None:
    done = machine.run(UP, UPDATE)
    assert done.code == 0, done.text
    assert "bucket" in done.summary
    previewed, made = machine.calls
    assert previewed.startswith("preview ")
    assert made.startswith(f"up --stack {STACK} --non-interactive")
    assert made.endswith("--yes --skip-preview --message commit c0ffee")


def test_a_night_without_drift_says_so(machine: Machine) -> None:
    done = machine.run(DRIFT, {"steps": [], "changeSummary": {}})
    assert done.code == 0, done.text
    assert done.summary == ""
    (call,) = machine.calls
    assert "--refresh --expect-no-changes" in call


def test_drift_fails_and_shows_in_what(machine: Machine) -> None:
    done = machine.run(DRIFT, UPDATE, code=7)
    assert done.code == 1
    assert f"::error::{STACK}: " in done.text
    assert "bucket" in done.summary
    assert len(machine.calls) == 1
