"""Decide whether a pull request may pass, by what its diffs came to and who approved it.

    python3 verdict.py FOLDER

Each folder below FOLDER holds the exit code of a diff. An approval is a label that was set after
the pull request came to its commit, by GitHub's own clock and by no date of a commit, which whoever
commits can choose. So it lapses with the next push, and with one that goes back to an old commit.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
from dataclasses import dataclass
from pathlib import Path

from github_api import pages

FINE, FOUND, STATEFUL = 0, 1, 3
"""Exit codes of `aigw diff`; any other says that it could not compare."""

ARRIVALS = ("opened", "reopened", "synchronize", "retargeted")
"""What brings a commit to a pull request, as the runs of preview.yml are named by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A pull request at one commit.

    Attributes:
        label: the one that approves.
    """

    number: int
    commit: str
    branch: str
    repository: str
    label: str


def verdict(folder: Path, needs: dict[str, str], pull: Pull) -> tuple[bool, str]:
    """Return whether it passes, and why.

    Args:
        folder: of the diffs.
        needs: how the jobs ended that made them.
        pull: for whose label is asked where state would be lost.
    """
    broken = [job for job, end in needs.items() if end not in ("success", "skipped")]
    codes = [int(file.read_text()) for file in sorted(folder.glob("*/code"))]
    if broken or needs.get("diff") != "success" or not codes:
        return False, f"not compared: {', '.join(broken) or 'no diff'} did not end well"
    if set(codes) - {FINE, FOUND, STATEFUL}:
        return False, "a stack cannot be compared: the comment says why"
    if FOUND in codes:
        return False, "an error finding, a failed program or a change that no cloud makes"
    if STATEFUL not in codes:
        return True, "no error, and nothing with state is replaced or deleted"
    refusal = approval_lacks(pull)
    if refusal:
        return False, f"a resource with state would be replaced or deleted: {refusal}"
    return True, f"the loss of state is approved by the label {pull.label}"


def approval_lacks(pull: Pull) -> str:
    """Return why a pull request is not approved at its commit; "" where it is."""
    again = f"a reviewer sets the label {pull.label} (again) once the preview is read"
    changes = [
        one
        for one in pages(f"/issues/{pull.number}/events")
        if one["event"] in ("labeled", "unlabeled") and one["label"]["name"] == pull.label
    ]
    last = max(changes, key=lambda one: (one["created_at"], one["id"]), default=None)
    if last is None or last["event"] == "unlabeled":
        return again
    named = {f"preview of #{pull.number}: {action}" for action in ARRIVALS}
    arrivals = [
        run
        for run in pages(
            "/actions/workflows/preview.yml/runs",
            "workflow_runs",
            event="pull_request",
            branch=pull.branch,
        )
        if run["display_title"] in named
        and (run["head_repository"] or {}).get("full_name") == pull.repository
    ]
    newest = max(arrivals, key=lambda run: (run["created_at"], run["id"]), default=None)
    if newest is None or newest["head_sha"] != pull.commit:
        return f"no run tells since when it is at {pull.commit[:10]}; push once more"
    # times of GitHub: ISO 8601 in UTC, which sort as text
    if last["created_at"] <= newest["created_at"]:
        return f"the label is older than the last push, and has lapsed; {again}"
    return ""


def main() -> int:
    """Print the verdict, and return the exit code for it."""
    environment = os.environ
    pull = Pull(
        number=int(environment["NUMBER"]),
        commit=environment["HEAD_SHA"],
        branch=environment["HEAD_BRANCH"],
        repository=environment["HEAD_REPOSITORY"],
        label=environment["LABEL"],
    )
    needs = {job: one["result"] for job, one in json.loads(environment["NEEDS"]).items()}
    try:
        passes, why = verdict(Path(sys.argv[1]), needs, pull)
    except urllib.error.URLError as error:
        passes, why = False, f"whether it is approved cannot be told: {error}"
    print(f"::{'notice' if passes else 'error'} title=preview::{why}")
    return 0 if passes else 1


if __name__ == "__main__":
    sys.exit(main())
