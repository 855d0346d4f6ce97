"""The real engine over a copy of the project, a state in a folder, and clouds that stand in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("aws", "gcp", "kubernetes", "random")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
TIMEOUT_S = 600
RUNTIME = {"name": "python", "options": {"toolchain": "uv"}}
DEPLOYED = ("sizing", "components", "stacks", "preview", "Pulumi.yaml", "uv.lock")
"""What a program run reads of the project.

Without pyproject.toml the engine's uv has nothing to install, and the environment of the tests
serves as it is: with it, the copy would be installed there in place of the project.
"""
REPLACING = frozenset({"replace", "create-replacement", "delete-replaced"})


def install_stand_ins(folder: Path) -> Path:
    """Write an executable per package, as the engine looks for them on PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        script = folder / f"pulumi-resource-{package}"
        script.write_text(
            "#!/bin/sh\n"
            f'PYTHONPATH="{ROOT}" exec "{sys.executable}" '
            f"-m tests.engine.provider.server {package}\n"
        )
        script.chmod(0o755)
    return folder


def copy_project(target: Path) -> Path:
    """Copy what git tracks or would track, to run in the environment of the tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *DEPLOYED],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place)
    return target


def write_program(target: Path, program: str) -> Path:
    """Write a project of one file, for what the stand-in itself must be able to see."""
    target.mkdir(parents=True, exist_ok=True)
    project = {"name": "probe", "runtime": RUNTIME}
    (target / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    shutil.copy2(ROOT / "uv.lock", target)
    (target / "__main__.py").write_text(program)
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command of the engine came to."""

    code: int
    output: str
    errors: str

    @property
    def text(self) -> str:
        """Everything that a person would have seen."""
        return self.output + self.errors

    def json(self) -> Any:  # noqa: ANN401  (JSON of another program)
        """Return the answer of a command that was asked for JSON."""
        assert self.code == 0, self.text
        return json.loads(self.output)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The Pulumi CLI in one project folder."""

    cli: str
    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> Done:
        """Run a command to its end, without a question and without colours."""
        done = subprocess.run(
            [self.cli, *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return Done(code=done.returncode, output=done.stdout, errors=done.stderr)

    def init(self, stack: str) -> None:
        """Make a stack's state; the committed stack file stays as it is."""
        done = self.run("stack", "init", stack)
        assert done.code == 0, done.text

    def preview(self, stack: str) -> dict[str, Any]:
        """Return the engine's own preview as JSON."""
        return dict(self.run("preview", "--stack", stack, "--json").json())

    def up(self, stack: str) -> Done:
        """Build the stack."""
        return self.run("up", "--stack", stack, "--yes", "--skip-preview")

    def rename(self, stack: str, name: str) -> None:
        """Give a stack another name, with its state and its file."""
        done = self.run("stack", "rename", name, "--stack", stack)
        assert done.code == 0, done.text

    def destroy(self, stack: str) -> Done:
        """Take the stack down."""
        return self.run("destroy", "--stack", stack, "--yes", "--skip-preview")

    def state(self, stack: str) -> dict[str, Any]:
        """Return the state as the backend holds it: secrets encrypted."""
        return dict(self.run("stack", "export", "--stack", stack).json())


def engine(cli: str, folder: Path, scratch: Path, cache: Path) -> Engine:
    """Return the CLI with everything of its own below a scratch folder."""
    backend = scratch / "state"
    home = scratch / "home"
    for one in (backend, home):
        one.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    plugins = install_stand_ins(scratch / "plugins")
    return Engine(
        cli=cli,
        folder=folder,
        environment={
            **kept,
            "PATH": f"{plugins}{os.pathsep}{kept['PATH']}",
            "PYTHONPATH": str(folder),
            "UV_PROJECT_ENVIRONMENT": sys.prefix,
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "engine-tests",
            "PULUMI_HOME": str(home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # the whole state is written at the end, and not anew after each of hundreds of steps
            "PULUMI_EXPERIMENTAL": "true",
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_ERROR_OUTPUT_STRING": "1",
            "AIGW_STANDIN_CACHE": str(cache),
        },
    )


def operations(preview: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the URNs of a preview by what happens to them."""
    found: dict[str, set[str]] = {}
    for step in preview["steps"]:
        found.setdefault(step["op"], set()).add(step["urn"])
    return found


def replaced(preview: Mapping[str, Any]) -> set[str]:
    """Return the types that a preview replaces."""
    return {
        urn.split("::")[2].rpartition("$")[2]
        for operation, urns in operations(preview).items()
        if operation in REPLACING
        for urn in urns
    }


def urns(state: Mapping[str, Any]) -> set[str]:
    """Return the URN of every resource of a state."""
    return {resource["urn"] for resource in state["deployment"].get("resources", [])}


def types(state: Mapping[str, Any]) -> list[str]:
    """Return the type of every resource of a state."""
    return [resource["type"] for resource in state["deployment"].get("resources", [])]
