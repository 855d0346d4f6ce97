"""What the workflow that may write does with what a preview has left: good, foreign and hostile."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from preview.diff.markdown import MARKER
from tests.workflows.api import BOT, REPOSITORY_ID, GitHub
from tests.workflows.files import Ran, run, step

STEP = step(
    "preview-comment",
    "comment",
    "Check the artifact, post the comment, take a lapsed approval back",
)
COMMIT, FORK, LABEL = "a" * 40, 2, "approve-stateful-replacement"
NUMBER = 12
TEXT = f"{MARKER}\n**prod-large: 3 to update**\n"
PUSHED, BEFORE, AFTER = "2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T11:00:00Z"


COMMENT = json.dumps({"number": NUMBER, "text": TEXT}).encode()


def packed(content: bytes | str, name: str = "comment.json", mode: int = 0o100644) -> bytes:
    """Return an archive of one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        writer.writestr(info, content)
    return archive.getvalue()


def said(number: object = NUMBER, text: object = TEXT, **more: object) -> bytes:
    """Return a comment as a preview leaves it."""
    return packed(json.dumps({"number": number, "text": text, **more}))


def left(github: GitHub, archive: bytes, **more: Any) -> None:  # noqa: ANN401
    """Let the run have left an archive."""
    found = {"id": 5, "name": "comment", "expired": False, "size_in_bytes": len(archive), **more}
    github.artifacts.append(found)
    github.archives[5] = archive


def pull(number: int = NUMBER, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a pull request of the repository itself, at the run's commit."""
    head = {"sha": COMMIT, "repo": {"id": REPOSITORY_ID}}
    return {"number": number, "state": "open", "head": head, "labels": [], **more}


def post(github: GitHub, scratch: Path, **told: str) -> Ran:
    """Run the step after a run of the preview."""
    environment = {
        "GITHUB_TOKEN": github.environment["GITHUB_TOKEN"],
        "RUN_ID": "77",
        "RUN_URL": "https://github.example/runs/77",
        "RUN_TITLE": f"preview of #{NUMBER}: synchronize",
        "RUN_CREATED": PUSHED,
        "HEAD_SHA": COMMIT,
        "HEAD_REPOSITORY": str(REPOSITORY_ID),
        "REPOSITORY_ID": str(REPOSITORY_ID),
        "LABEL": LABEL,
        **told,
    }
    folder = scratch / "empty"
    folder.mkdir(exist_ok=True)
    done = run(
        STEP, environment, folder=folder, scratch=scratch / "runner", environment=github.environment
    )
    assert list(folder.iterdir()) == [], "the step has written something"
    return done


def bodies(github: GitHub, number: int = NUMBER) -> list[str]:
    return [one["body"] for one in github.comments.get(number, [])]


def test_the_comment_is_posted_and_names_its_commit(github: GitHub, tmp_path: Path) -> None:
    github.pulls[NUMBER] = pull()
    left(github, said())
    done = post(github, tmp_path)
    assert done.code == 0, done.text
    (body,) = bodies(github)
    assert body.startswith(f"{MARKER}\n")
    assert "3 to update" in body
    assert COMMIT[:10] in body
    assert "fork" not in body


def test_a_later_run_writes_over_the_comment_of_an_earlier_one(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull()
    others = [{"id": n, "user": {"login": "a"}, "body": MARKER} for n in range(140)]
    github.comments[NUMBER] = [
        *others,
        {"id": 888, "user": {"login": BOT}, "body": f"{MARKER}\nold"},
    ]
    left(github, said())
    assert post(github, tmp_path).code == 0
    assert len(bodies(github)) == 141
    assert "3 to update" in bodies(github)[-1]
    assert github.changes == [("PATCH", "/issues/comments/888")]


def test_the_comment_of_a_fork_says_that_it_is_the_fork_s_word(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull(head={"sha": COMMIT, "repo": {"id": FORK}})
    left(github, said(text=f"{TEXT}approved by @acme/owners"))
    done = post(github, tmp_path, HEAD_REPOSITORY=str(FORK))
    assert done.code == 0, done.text
    (body,) = bodies(github)
    assert "It comes from a fork" in body
    assert "@acme" not in body


def test_a_comment_that_is_as_long_as_one_may_be_is_posted(github: GitHub, tmp_path: Path) -> None:
    github.pulls[NUMBER] = pull()
    left(github, said(text=TEXT + "\u00e9" * (65_536 - len(TEXT))))
    done = post(github, tmp_path)
    assert done.code == 0, done.text
    assert [len(body) for body in bodies(github)] == [65_536]


def test_a_run_without_a_comment_is_no_failure(github: GitHub, tmp_path: Path) -> None:
    github.pulls[NUMBER] = pull()
    assert post(github, tmp_path).code == 0
    assert github.changes == []


HOSTILE = {
    "too long a text": said(text=TEXT + "x" * 65_536),
    "no marker": said(text="All is well"),
    "a marker that is not the first line": said(text=f"x\n{TEXT}"),
    "a text that is none": said(text=["x"]),
    "half of a character": said(text=f"{TEXT}\ud800"),
    "a zero byte": said(text=f"{TEXT}\0"),
    "a number in words": said(number="12"),
    "a number that is true": said(number=True),
    "a number that is broken": said(number=12.0),
    "a number below one": said(number=-12),
    "a number and a path": said(number="12/../13"),
    "another field": said(token="x"),
    "no JSON": packed("{"),
    "a list": packed("[1, 2]"),
    "nested too deep": packed("[" * 100_000),
    "no UTF-8": packed(b"\xff\xfe{}"),
    "a name that leads away": packed(COMMENT, name="../comment.json"),
    "a name from the root": packed(COMMENT, name="/etc/passwd"),
    "another name": packed(COMMENT, name="comment.txt"),
    "a symbolic link": packed(COMMENT, mode=stat.S_IFLNK | 0o777),
    "a bomb": packed(COMMENT + b" " * 50_000_000),
    "no archive": b"PK, but nothing more",
    "an archive that is too large": b"x" * 1_000_000,
}


@pytest.mark.parametrize("archive", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_has_not_the_shape_of_a_comment_is_refused(
    archive: bytes, github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull()
    # what lists it need not tell its size truly
    left(github, archive, size_in_bytes=min(len(archive), 1000))
    done = post(github, tmp_path)
    assert done.code == 1
    assert "refused: " in done.text
    assert "Traceback" not in done.text
    assert github.changes == []


def test_a_second_file_is_refused(github: GitHub, tmp_path: Path) -> None:
    github.pulls[NUMBER] = pull()
    archive = io.BytesIO(said())
    with zipfile.ZipFile(archive, "a") as writer:
        writer.writestr("more.json", "{}")
    left(github, archive.getvalue())
    assert post(github, tmp_path).code == 1
    assert github.changes == []


def test_a_listed_size_that_is_too_large_is_not_even_asked_for(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull()
    left(github, said(), size_in_bytes=10_000_000)
    assert post(github, tmp_path).code == 1
    assert github.changes == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"head": {"sha": "b" * 40, "repo": {"id": REPOSITORY_ID}}}, id="commit"),
        pytest.param({"head": {"sha": COMMIT, "repo": {"id": FORK}}}, id="repository"),
        pytest.param({"head": {"sha": COMMIT, "repo": None}}, id="deleted repository"),
        pytest.param({"state": "closed"}, id="closed"),
    ],
)
def test_a_pull_request_that_is_not_at_the_run_s_commit_is_left_alone(
    other: dict[str, Any], github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull(**other)
    left(github, said())
    assert post(github, tmp_path).code == 1
    assert github.changes == []


def test_a_pull_request_that_does_not_exist_is_refused(github: GitHub, tmp_path: Path) -> None:
    left(github, said(number=99))
    done = post(github, tmp_path)
    assert done.code == 1
    assert "refused: there is no pull request 99" in done.text


def labelled(at: str) -> dict[str, Any]:
    return {"id": 1, "event": "labeled", "created_at": at, "label": {"name": LABEL}}


@pytest.mark.parametrize(
    ("at", "action", "kept"),
    [
        (BEFORE, "synchronize", False),
        (BEFORE, "retargeted", False),
        (PUSHED, "synchronize", False),
        (AFTER, "synchronize", True),
        # a run that a label started brings no commit
        (BEFORE, "labeled", True),
    ],
)
def test_a_push_takes_the_approval_back_that_was_there_before_it(
    at: str, action: str, kept: bool, github: GitHub, tmp_path: Path
) -> None:
    github.pulls[NUMBER] = pull(labels=[{"name": LABEL}, {"name": "other/label"}])
    github.events[NUMBER] = [labelled(at)]
    left(github, said())
    done = post(github, tmp_path, RUN_TITLE=f"preview of #{NUMBER}: {action}")
    assert done.code == 0, done.text
    names = [one["name"] for one in github.pulls[NUMBER]["labels"]]
    assert names == ([LABEL, "other/label"] if kept else ["other/label"])
