"""Keep one issue about drift: open while a stack drifts, closed by the first night without any.

python3 drift_issue.py
"""

from __future__ import annotations

import os

from github_api import ask, pages

TITLE = "Drift: the cloud is not what the stacks say"
AUTHOR = "github-actions[bot]"
JOB = "drift "
"""How the jobs are named that look, before the stack's name."""


def drifted(run: str) -> list[str]:
    """Return the stacks whose jobs failed in a run."""
    jobs = pages(f"/actions/runs/{run}/jobs", "jobs")
    return sorted(
        one["name"].removeprefix(JOB)
        for one in jobs
        if one["name"].startswith(JOB) and one["conclusion"] not in ("success", "skipped")
    )


def standing() -> int | None:
    """Return the number of the open issue; None where there is none."""
    for one in pages("/issues", state="open", creator=AUTHOR):
        if one["title"] == TITLE and "pull_request" not in one:
            return int(one["number"])
    return None


def main() -> None:
    """Open, update or close the issue."""
    stacks, number = drifted(os.environ["GITHUB_RUN_ID"]), standing()
    run = os.environ["RUN_URL"]
    if not stacks:
        if number is not None:
            ask(f"/issues/{number}/comments", {"body": f"Nothing drifts any more: {run}"})
            ask(f"/issues/{number}", {"state": "closed"}, method="PATCH")
        return
    lines = "\n".join(f"- `{stack}`" for stack in stacks)
    body = f"{lines}\n\nWhat differs, or why nobody can tell: the summary of {run}\n"
    if number is None:
        ask("/issues", {"title": TITLE, "body": body})
    else:
        ask(f"/issues/{number}", {"body": body}, method="PATCH")


if __name__ == "__main__":
    main()
