"""One issue about drift: opened, kept up and closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.workflows.api import BOT, GitHub
from tests.workflows.files import ROOT, Ran, run, step

STEP = step("deploy", "drift-issue", "Open, update or close the issue")
TITLE = "Drift: the cloud is not what the stacks say"


def night(github: GitHub, scratch: Path, **ends: str) -> Ran:
    """Run the step after jobs that ended so, by stack."""
    github.jobs = [{"name": "stacks", "conclusion": "success"}]
    github.jobs += [{"name": f"drift {one}", "conclusion": end} for one, end in ends.items()]
    github.jobs.append({"name": "drift-issue", "conclusion": None})
    said = {"GITHUB_TOKEN": github.environment["GITHUB_TOKEN"], "RUN_URL": "https://run/77"}
    done = run(STEP, said, folder=ROOT, scratch=scratch, environment=github.environment)
    assert done.code == 0, done.text
    return done


def issue(title: str = TITLE, login: str = BOT, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"number": 41, "state": "open", "title": title, "user": {"login": login}, **more}


def test_drift_opens_an_issue_that_names_the_stacks(github: GitHub, tmp_path: Path) -> None:
    night(github, tmp_path, large="failure", small="success", medium="timed_out")
    (opened,) = github.issues
    assert opened["title"] == TITLE
    assert [line for line in opened["body"].splitlines() if line.startswith("- ")] == [
        "- `large`",
        "- `medium`",
    ]
    assert "https://run/77" in opened["body"]


def test_the_next_night_writes_over_the_issue(github: GitHub, tmp_path: Path) -> None:
    github.issues = [
        issue(login="somebody"),
        issue(title="Another", number=40),
        issue(number=42, pull_request={}),
        issue(number=43),
    ]
    night(github, tmp_path, large="failure")
    assert github.changes == [("PATCH", "/issues/43")]
    assert "- `large`" in github.issues[-1]["body"]


def test_a_night_without_drift_closes_it(github: GitHub, tmp_path: Path) -> None:
    github.issues = [issue(number=43)]
    night(github, tmp_path, large="success")
    assert github.issues[0]["state"] == "closed"
    assert len(github.comments[43]) == 1


def test_without_drift_and_issue_nothing_is_changed(github: GitHub, tmp_path: Path) -> None:
    night(github, tmp_path, large="success")
    assert github.changes == []
