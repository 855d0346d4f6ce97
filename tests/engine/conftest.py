"""The engine for tests marked `engine`: the CLI when there is one, else a skip with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.harness import ROOT, Engine, copy_project, engine, write_program

NEEDED = ("pulumi", "pulumi-language-python", "uv")
MISSING = f"not all on PATH: {', '.join(NEEDED)}"


@pytest.fixture(scope="session")
def cli() -> str:
    found = [shutil.which(name) for name in NEEDED]
    if found[0] and all(found):
        return found[0]
    if os.environ.get("AIGW_REQUIRE_ENGINE") == "1":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def shapes(pytestconfig: pytest.Config) -> Path:
    """Where the stand-in keeps what it read of the SDK, from one run of the tests to the next."""
    assert pytestconfig.cache is not None
    return Path(pytestconfig.cache.mkdir("standin-shapes"))


@pytest.fixture
def project(cli: str, tmp_path: Path, shapes: Path) -> Engine:
    return engine(cli, copy_project(tmp_path / "project"), tmp_path, shapes)


@pytest.fixture(scope="session")
def standing(
    cli: str, tmp_path_factory: pytest.TempPathFactory, shapes: Path
) -> Callable[[str, Path], Engine]:
    """Return a copy of a built stack, state and files; each stack is built once a run."""
    built: dict[str, Path] = {}

    def place(stack: str, target: Path) -> Engine:
        if stack not in built:
            first = tmp_path_factory.mktemp(stack)
            made = engine(cli, copy_project(first / "project"), first, shapes)
            made.init(stack)
            done = made.up(stack)
            assert done.code == 0, done.text
            built[stack] = first
        shutil.copytree(built[stack], target, dirs_exist_ok=True)
        return engine(cli, target / "project", target, shapes)

    return place


@pytest.fixture
def probe(cli: str, tmp_path: Path, shapes: Path) -> Callable[[str], Engine]:
    """Return the engine over a program of one file; called again, it changes the program."""

    def build(program: str) -> Engine:
        made = engine(cli, write_program(tmp_path / "probe", program), tmp_path, shapes)
        if not (tmp_path / "initialised").exists():
            made.init("test")
            (tmp_path / "initialised").touch()
        return made

    return build


@pytest.fixture
def built(cli: str, tmp_path: Path, shapes: Path) -> Callable[[Callable[[Path], Path]], Engine]:
    """Return the engine over a program that a function writes into a folder, built as "probe"."""

    def build(write: Callable[[Path], Path]) -> Engine:
        plain = engine(cli, write(tmp_path / "project"), tmp_path, shapes)
        # the program's plans are those of the component tests
        made = replace(plain, environment={**plain.environment, "PYTHONPATH": str(ROOT)})
        made.init("probe")
        done = made.up("probe")
        assert done.code == 0, done.text
        return made

    return build
