"""Stacks against a commit: each side planned by its own code, in its own libraries, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preview.cli import main
from preview.diff import cache
from preview.diff.repository import digest, standing
from tests.preview.diff.repositories import STACK, Repository

pytestmark = pytest.mark.cloud_free(
    "commits of a planner of a few lines: no program of a cloud is run"
)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def repository(own_cache: Path) -> Repository:
    return Repository(own_cache / "project")


def diff(repository: Repository, *arguments: str) -> int:
    return main(["diff", *arguments, "--root", str(repository.folder)])


def test_each_side_is_planned_by_its_own_code(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.planner("second")
    assert diff(repository, STACK, "--against", "HEAD", "--json") == 0
    (stack,) = json.loads(capsys.readouterr().out)["stacks"]
    (found,) = stack["resources"]
    assert [(one["before"], one["after"]) for one in found["changes"]] == [("first", "second")]
    assert stack["before"]["label"].startswith("HEAD (")
    assert stack["after"]["label"] == "working tree"


def test_what_was_planned_before_is_not_planned_again(repository: Repository) -> None:
    repository.stack("b")
    assert diff(repository, STACK, "--against", "HEAD") == 0
    assert repository.runs() == [f"{STACK} a", f"{STACK} b"]
    assert diff(repository, STACK, "--against", "HEAD") == 0
    assert repository.runs() == []
    assert diff(repository, STACK, "--against", "HEAD", "--no-cache") == 0
    assert repository.runs() == [f"{STACK} a", f"{STACK} b"]


def test_equal_content_is_planned_once_and_nothing_changes(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.stack("b")
    repository.commit()
    repository.stack("a")
    assert diff(repository, STACK, "--against", "HEAD~1") == 0
    assert repository.runs() == [f"{STACK} a"]
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{STACK}: nothing changes (HEAD~1 (")


def test_a_file_that_git_does_not_know_yet_counts_and_an_ignored_one_does_not(
    repository: Repository,
) -> None:
    before = digest(standing(repository.folder))
    repository.write("sizing/more.py", "")
    repository.write(".gitignore", "*.log\n")
    added = digest(standing(repository.folder))
    repository.write("sizing/a.log", "")
    assert before != added == digest(standing(repository.folder))


def test_several_stacks_have_a_table_on_top(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.stack("z", "prod-small")
    repository.stack("b")
    assert diff(repository, STACK, "prod-small", "--against", "HEAD") == 0
    said = capsys.readouterr().out
    assert said.startswith("2 stacks compared")
    assert "without this stack" in said
    assert "1 to create" in said


def test_a_stack_with_state_that_is_lost_is_refused_where_that_is_asked(
    repository: Repository,
) -> None:
    repository.stack("b")
    assert diff(repository, STACK, "--against", "HEAD") == 0
    assert diff(repository, STACK, "--against", "HEAD", "--refuse-stateful") == 3


def test_a_program_that_fails_is_told_and_not_kept(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.stack("fail")
    assert diff(repository, STACK, "--against", "HEAD") == 1
    assert "working tree: aigw: the program failed" in capsys.readouterr().out
    repository.runs()
    diff(repository, STACK, "--against", "HEAD")
    assert repository.runs() == [f"{STACK} fail"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((STACK, "--against", "moon"), "is no commit here"),
        ((STACK, "--against=--upload-pack=x"), "a branch, a tag or a commit"),
        (("dev-smal", "--against", "HEAD"), "did you mean dev-small?"),
        ((STACK, "--against", "HEAD", "--json", "--markdown"), "one of both"),
    ],
)
def test_wrong_use_is_told(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    assert diff(repository, *arguments) == 2
    assert said in capsys.readouterr().err


def test_a_refused_stack_file_is_told_with_its_side(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.stack("refuse")
    assert diff(repository, STACK, "--against", "HEAD") == 2
    assert "working tree: dev-small cannot be planned" in capsys.readouterr().err


def test_a_commit_that_cannot_write_a_plan_is_told_with_what_to_do(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("rm", "-q", "preview/verbs/plan.py")
    repository.git("commit", "-q", "-m", "without")
    repository.write("preview/verbs/plan.py", "")
    assert diff(repository, STACK, "--against", "HEAD") == 2
    assert "this commit has no `aigw plan --json`" in capsys.readouterr().err


def test_a_plan_of_another_schema_is_told(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.planner("other", schema=99)
    assert diff(repository, STACK, "--against", "HEAD") == 2
    assert "a plan of schema 99" in capsys.readouterr().err


def test_a_commit_of_other_libraries_gets_an_environment_of_its_own(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tmp_path / "bin"
    made.mkdir()
    uv = made / "uv"
    uv.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {tmp_path}/uv-log\n'
        'mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"\n'
        'printf \'#!/bin/sh\\nexec python3 "$@"\\n\' > "$UV_PROJECT_ENVIRONMENT/bin/python"\n'
        'chmod +x "$UV_PROJECT_ENVIRONMENT/bin/python"\n'
    )
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(made), prepend=":")
    repository.write("uv.lock", "two\n")
    repository.stack("b")
    assert diff(repository, STACK, "--against", "HEAD") == 0
    assert diff(repository, STACK, "--against", "HEAD", "--no-cache") == 0
    (line,) = (tmp_path / "uv-log").read_text().splitlines()
    assert line.startswith("sync --frozen --no-dev --no-install-project")


@pytest.mark.usefixtures("own_cache")
def test_the_cache_keeps_the_latest_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cache.KEPT, "plans", 2)
    for key in "abc":
        cache.write("plans", key, key)
    assert cache.read("plans", "c") == "c"
    assert len(list((cache.folder() / "plans").iterdir())) == 2
