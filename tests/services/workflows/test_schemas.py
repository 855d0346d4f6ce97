"""Workflows, action and GitLab's template hold the schemas that their owners publish."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.services.environments import built
from tests.services.requirements import without_hashes
from tests.workflows.files import ACTIONS, ROOT, WORKFLOWS

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("files of the workflows")]

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
GITLAB = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
TEMPLATE = ROOT / "examples" / "gitlab-ci.yml"


@pytest.fixture(scope="session")
def checker() -> Path:
    return built("check-jsonschema", REQUIREMENTS) / "check-jsonschema"


def check(checker: Path, *arguments: str | Path) -> tuple[int, str]:
    """Return the checker's exit code and what it says; nothing is fetched for it."""
    done = subprocess.run([checker, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        pytest.param(GITLAB, [TEMPLATE], id="gitlab"),
        pytest.param(("--builtin-schema", "vendor.github-workflows"), WORKFLOWS, id="workflows"),
        pytest.param(("--builtin-schema", "vendor.github-actions"), ACTIONS, id="actions"),
    ],
)
def test_the_files_hold_the_schema(
    schema: tuple[str, ...], files: list[Path], checker: Path
) -> None:
    code, said = check(checker, *schema, *files)
    assert code == 0, said


def test_a_word_that_gitlab_does_not_know_is_found(checker: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yml"
    faulty.write_text(TEMPLATE.read_text().replace("when: manual", "when: asked"))
    assert check(checker, *GITLAB, faulty)[0] == 1


def test_every_package_is_known_by_its_hashes() -> None:
    assert without_hashes(REQUIREMENTS) == []
