"""The engine for tests marked `engine`: the CLI when there is one, else a skip with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.harness import Engine, copy_project, engine, write_program

MISSING = "the Pulumi CLI and its Python host are not on PATH"


@pytest.fixture(scope="session")
def cli() -> str:
    found = shutil.which("pulumi")
    if found and shutil.which("pulumi-language-python"):
        return found
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
