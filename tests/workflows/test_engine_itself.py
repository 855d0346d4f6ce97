"""The steps that ask the engine, with the real Pulumi CLI over a stack of one resource."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import cli, shapes  # noqa: F401  (fixtures)
from tests.engine.harness import Engine, engine, write_program
from tests.workflows.files import SCRIPTS, Ran, run, step
from tests.workflows.programs import aigw

pytestmark = pytest.mark.engine

STACK = "dev-small"
DRIFT = step("deploy", "drift", "Compare the cloud with the program")
UP = step("up", "up", "Preview, then up")
ENGINE = step("preview", "engine", "Ask the engine")
PROGRAM = """
import pulumi
import pulumi_random as random

random.RandomPassword("word", length=LENGTH)
"""


class Stack:
    """A project of one password, and the steps run in it."""

    def __init__(self, cli: str, shapes: Path, scratch: Path) -> None:  # noqa: F811
        self.scratch = scratch
        self.engine: Engine = engine(cli, scratch / "project", scratch, shapes)
        self.length(20)
        shutil.copytree(SCRIPTS, self.engine.folder / ".github" / "scripts")
        self.engine.init(STACK)

    def length(self, length: int) -> None:
        write_program(self.engine.folder, PROGRAM.replace("LENGTH", str(length)))

    def run(self, one: Mapping[str, Any]) -> Ran:
        programs = aigw(self.scratch / "bin")
        known = dict(self.engine.environment)
        known["PATH"] = os.pathsep.join([str(programs), known["PATH"]])
        said = {"STACK": STACK, "PULUMI_BACKEND_URL": known.pop("PULUMI_BACKEND_URL")}
        scratch = self.scratch / "run"
        return run(one, said, folder=self.engine.folder, scratch=scratch, environment=known)


def test_a_stack_is_made_does_not_drift_and_drifts(
    cli: str,  # noqa: F811
    shapes: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    stack = Stack(cli, shapes, tmp_path)
    made = stack.run(UP)
    assert made.code == 0, made.text
    assert "word" in made.summary

    alike = stack.run(DRIFT)
    assert alike.code == 0, alike.text
    assert "nothing has drifted" in alike.text

    stack.length(30)
    drifted = stack.run(DRIFT)
    assert drifted.code == 1, drifted.text
    assert "length" in drifted.summary

    asked = stack.run(ENGINE)
    assert asked.code == 0, asked.text
    # a password that a program has made is state: it would be another one
    left = stack.engine.folder / "previews" / f"engine-{STACK}"
    assert (left / "code").read_text() == "3\n"
    assert (left / "stack").read_text() == f"{STACK}\n"
