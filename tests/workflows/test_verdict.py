"""Who passes: by what the diffs came to, and by a label that is younger than the last push."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from preview.misuse import FOUND, MISUSED, STATEFUL
from tests.workflows.api import REPOSITORY, GitHub
from tests.workflows.files import ROOT, Ran, run, step, workflow

STEP = step("preview", "verdict", "Decide")
NUMBER, LABEL, BRANCH = 12, "approve-stateful-replacement", "feature/larger"
OLD, COMMIT = "b" * 40, "a" * 40
TIMES = [f"2026-11-22T1{hour}:00:00Z" for hour in range(9)]
NEEDS = {"diff": "success", "stacks": "skipped", "engine": "skipped"}


def decide(
    github: GitHub, scratch: Path, *codes: int, needs: Mapping[str, str] | None = None
) -> Ran:
    """Run the step for diffs that came to these exit codes."""
    for place, code in enumerate(codes):
        folder = scratch / "previews" / f"engine-{place}"
        folder.mkdir(parents=True)
        (folder / "code").write_text(f"{code}\n")
    ends = {**NEEDS, **(needs or {})}
    said = {
        "GITHUB_TOKEN": github.environment["GITHUB_TOKEN"],
        "NEEDS": json.dumps({job: {"result": end, "outputs": {}} for job, end in ends.items()}),
        "NUMBER": str(NUMBER),
        "HEAD_SHA": COMMIT,
        "HEAD_BRANCH": BRANCH,
        "HEAD_REPOSITORY": REPOSITORY,
        "LABEL": LABEL,
    }
    # the step names the folder from the checkout, which no test writes into
    at = dict(STEP, run=STEP["run"].replace(" previews", f" {scratch}/previews"))
    assert at["run"] != STEP["run"]
    return run(at, said, folder=ROOT, scratch=scratch / "run", environment=github.environment)


def arrival(hour: int, commit: str = COMMIT, action: str = "synchronize", **more: Any) -> Any:  # noqa: ANN401
    """Return a run of the preview, which an event of the pull request started."""
    return {
        "id": hour,
        "display_title": f"preview of #{NUMBER}: {action}",
        "head_sha": commit,
        "head_branch": BRANCH,
        "head_repository": {"full_name": REPOSITORY},
        "created_at": TIMES[hour],
        **more,
    }


def labelled(hour: int, event: str = "labeled", name: str = LABEL) -> dict[str, Any]:
    return {"id": hour, "event": event, "created_at": TIMES[hour], "label": {"name": name}}


def test_the_runs_are_named_as_the_verdict_reads_them() -> None:
    said = workflow("preview")
    assert said["run-name"].startswith("preview of #${{ github.event.pull_request.number }}: ")
    assert {"opened", "reopened", "synchronize", "labeled", "unlabeled", "edited"} == set(
        said["on"]["pull_request"]["types"]
    )


@pytest.mark.parametrize(
    ("codes", "needs", "passes", "why"),
    [
        ([0], {}, True, "no error"),
        ([0, 0], {"stacks": "success", "engine": "success"}, True, "no error"),
        ([FOUND], {}, False, "an error finding"),
        ([0, FOUND, STATEFUL], {"engine": "success"}, False, "an error finding"),
        ([MISUSED], {}, False, "cannot be compared"),
        ([137], {}, False, "cannot be compared"),
        ([STATEFUL], {}, False, "a reviewer sets the label approve-stateful-replacement"),
        ([0, STATEFUL], {"engine": "success"}, False, "a reviewer sets the label"),
        ([], {}, False, "no diff"),
        ([], {"diff": "failure"}, False, "not compared: diff"),
        ([0], {"diff": "skipped"}, False, "not compared"),
        ([0], {"diff": "cancelled"}, False, "not compared: diff"),
        ([0], {"stacks": "failure"}, False, "not compared: stacks"),
        ([0], {"stacks": "success", "engine": "failure"}, False, "not compared: engine"),
    ],
)
def test_what_the_diffs_came_to_decides(
    codes: Sequence[int],
    needs: Mapping[str, str],
    passes: bool,
    why: str,
    github: GitHub,
    tmp_path: Path,
) -> None:
    github.runs = [arrival(1)]
    (tmp_path / "previews").mkdir()
    done = decide(github, tmp_path, *codes, needs=needs)
    assert (done.code == 0) == passes, done.text
    assert why in done.text
    assert f"::{'notice' if passes else 'error'} " in done.text


APPROVED: Mapping[str, tuple[Sequence[Any], Sequence[Any], bool]] = {
    "set after the push": ([arrival(1)], [labelled(2)], True),
    "set after the pull request was opened": ([arrival(1, action="opened")], [labelled(2)], True),
    "set before the push": ([arrival(3), arrival(1, OLD)], [labelled(2)], False),
    "set in the second of the push": ([arrival(1)], [labelled(1)], False),
    "taken off and set again after the push": (
        [arrival(3), arrival(1, OLD)],
        [labelled(2), labelled(4, "unlabeled"), labelled(5)],
        True,
    ),
    "taken off": ([arrival(1)], [labelled(2), labelled(3, "unlabeled")], False),
    "another label": ([arrival(1)], [labelled(2, name="approved")], False),
    "another event": ([arrival(1)], [{"id": 1, "event": "closed", "created_at": TIMES[2]}], False),
    # runs that labels and titles start bring nothing new
    "set before another label": (
        [arrival(3, action="labeled"), arrival(4, action="edited"), arrival(1)],
        [labelled(2), labelled(3, name="bug")],
        True,
    ),
    "set before the target was changed": (
        [arrival(3, action="retargeted"), arrival(1)],
        [labelled(2)],
        False,
    ),
    "for a commit between, and pushed back to the old one": (
        [arrival(5), arrival(2, OLD), arrival(1)],
        [labelled(3)],
        False,
    ),
    # a push that conflicts with the target starts no run: the newest is of another commit
    "without a run of this commit": ([arrival(1, OLD)], [labelled(2)], False),
    "with a run before, and a push without any since": (
        [arrival(3, OLD), arrival(1)],
        [labelled(4)],
        False,
    ),
    "with a run of another pull request": (
        [arrival(1, display_title="preview of #13: synchronize")],
        [labelled(2)],
        False,
    ),
    "with a run of a fork's branch of this name": (
        [
            arrival(1, head_repository={"full_name": "stranger/platform"}),
            arrival(1, head_repository=None),
        ],
        [labelled(2)],
        False,
    ),
    "without any run": ([], [labelled(2)], False),
}


@pytest.mark.parametrize(("runs", "events", "passes"), APPROVED.values(), ids=APPROVED.keys())
def test_a_label_approves_what_was_there_when_it_was_set(
    runs: Sequence[Any],
    events: Sequence[Any],
    passes: bool,
    github: GitHub,
    tmp_path: Path,
) -> None:
    github.runs = list(runs)
    # more than a page of other things that happened
    noise = [{"id": 0, "event": "mentioned", "created_at": TIMES[0]}] * 120
    github.events[NUMBER] = [*noise, *events]
    done = decide(github, tmp_path, STATEFUL)
    assert (done.code == 0) == passes, done.text
    assert ("is approved by the label" in done.text) == passes


def test_an_approval_does_not_pass_an_error(github: GitHub, tmp_path: Path) -> None:
    github.runs, github.events[NUMBER] = [arrival(1)], [labelled(2)]
    assert decide(github, tmp_path, STATEFUL, FOUND).code == 1


def test_an_api_that_does_not_answer_passes_nothing(github: GitHub, tmp_path: Path) -> None:
    github.url += "/elsewhere"
    done = decide(github, tmp_path, STATEFUL)
    assert done.code == 1
    assert "cannot be told" in done.text
    assert "Traceback" not in done.text
