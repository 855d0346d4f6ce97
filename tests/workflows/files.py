"""Workflows as they stand, and their steps as the runner runs them."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
GITHUB = ROOT / ".github"
SCRIPTS = GITHUB / "scripts"
WORKFLOWS = tuple(sorted((GITHUB / "workflows").glob("*.yml")))
ACTIONS = tuple(sorted((GITHUB / "actions").glob("*/action.yml")))
SHELLS = {"bash": "bash --noprofile --norc -eo pipefail {0}"}
"""What the runner makes of a shell's name."""


def read(file: Path) -> dict[str, Any]:
    """Return a workflow, every scalar as text, so that `on` stays a word."""
    found = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(found, dict)
    return found


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow by its file's name without the ending."""
    return read(GITHUB / "workflows" / f"{name}.yml")


def jobs(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the jobs of a workflow by their names."""
    yield from read(file)["jobs"].items()


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the steps of a workflow or of an action."""
    said = read(file)
    for job in said.get("jobs", {"": said.get("runs", {})}).values():
        yield from job.get("steps", [])


def step(name: str, job: str, title: str) -> dict[str, Any]:
    """Return one step of a job by its name."""
    (found,) = (
        one
        for one in workflow(name)["jobs"][job]["steps"]
        if one.get("name", one.get("id")) == title
    )
    return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a step came to: its exit code, all that it printed, its outputs and its summary."""

    code: int
    text: str
    outputs: Mapping[str, str]
    summary: str


def run(
    one: Mapping[str, Any],
    said: Mapping[str, str],
    *,
    folder: Path,
    scratch: Path,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run a step's text as the runner does.

    Args:
        one: the step.
        said: what its `env` comes to, key by key.
        folder: where it runs: the checkout.
        scratch: for the runner's own files.
        environment: what the runner sets, beside PATH and HOME.
    """
    assert said.keys() == one.get("env", {}).keys()
    scratch.mkdir(parents=True, exist_ok=True)
    script, output, summary = (scratch / name for name in ("step", "output", "summary"))
    script.write_text(one["run"], encoding="utf-8")
    for file in (output, summary):
        file.write_text("")
    shell = SHELLS.get(one.get("shell", "bash"), one.get("shell", ""))
    done = subprocess.run(
        shlex.split(shell.format(shlex.quote(str(script)))),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(scratch),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **(environment or {}),
            **said,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = (line.partition("=") for line in output.read_text().splitlines())
    return Ran(
        code=done.returncode,
        text=done.stdout + done.stderr,
        outputs={key: value for key, _, value in lines},
        summary=summary.read_text(),
    )
