"""The programs that copy weights, as a pod starts them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from components.kubernetes.model_sync import FETCH, PYTHON_PATH, SYNC, Program, scripts
from components.kubernetes.scripts import google_weights, model_fetch, model_sync
from tests.components.kubernetes.weight_stores import COMMIT, HUB, REPOSITORY, FakeS3

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
ASKED = ["--repository", REPOSITORY, "--revision", COMMIT, "--hub", HUB, "--to", "models/a"]


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        (model_fetch, ["--from", "s3://models", "--to", "/nonexistent"]),
        (model_sync, ASKED),
        (google_weights, ["fetch", "--from", "gs://models", "--to", "/nonexistent"]),
        (google_weights, ["sync", *ASKED]),
    ],
)
def test_a_refusal_ends_the_program_with_its_reason(
    program: object,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if hasattr(program, "client"):
        monkeypatch.setattr(program, "client", FakeS3)
    monkeypatch.setattr(sys, "argv", ["program", *arguments])
    assert program.main() == 1  # type: ignore[attr-defined]  # all three modules have it
    assert capsys.readouterr().err.startswith("refused: ")


@pytest.mark.parametrize("program", [*SYNC.values(), *FETCH.values()])
def test_a_pod_needs_no_more_than_the_mounted_files_and_pythons_own_library(
    program: Program, tmp_path: Path
) -> None:
    mounted = scripts(program.files)
    folder = tmp_path / Path(mounted.path).relative_to(PYTHON_PATH)
    folder.mkdir(parents=True)
    for name, text in mounted.contents.items():
        (folder / name).write_text(str(text))
    _, *words = program.command("python")
    # without site packages: neither ours nor anybody's
    ran = subprocess.run(
        [sys.executable, "-S", *words, "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "--to" in ran.stdout
