"""What holds of every workflow: who may do what, with which token, by which code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.files import ACTIONS, GITHUB, ROOT, WORKFLOWS, jobs, read, steps, workflow

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OWN = re.compile(r"uses: \./\.github/")
WRITES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("preview.yml", "engine"): {"id-token": "write"},
    ("preview-comment.yml", "comment"): {"pull-requests": "write"},
    ("up.yml", "up"): {"id-token": "write"},
    ("deploy.yml", "dev"): {"id-token": "write"},
    ("deploy.yml", "staging"): {"id-token": "write"},
    ("deploy.yml", "prod"): {"id-token": "write"},
    ("deploy.yml", "drift"): {"id-token": "write"},
    ("deploy.yml", "drift-issue"): {"issues": "write"},
}
"""All that any job may write."""

every_workflow = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
every_file = pytest.mark.parametrize(
    "file", [*WORKFLOWS, *ACTIONS], ids=lambda file: file.parent.name + "/" + file.name
)


def scripts() -> Iterator[str]:
    """Yield the text of every step that is a script."""
    for file in (*WORKFLOWS, *ACTIONS):
        yield from (one["run"] for one in steps(file) if "run" in one)


@every_workflow
def test_no_workflow_runs_foreign_code_with_rights(file: Path) -> None:
    events = read(file)["on"]
    assert not {"pull_request_target", "issue_comment", "pull_request_review"} & set(events)
    if "workflow_run" in events:
        assert list(events) == ["workflow_run"]
        texts = file.read_text()
        assert "uses:" not in texts, "no checkout, and no action of anybody"


@every_workflow
def test_a_job_has_the_rights_that_it_needs_and_no_other(file: Path) -> None:
    said = read(file)
    common = said["permissions"]
    assert set(common.values()) <= {"read"}
    for name, job in jobs(file):
        rights = job.get("permissions", common)
        assert isinstance(rights, dict)
        writes = {right: level for right, level in rights.items() if level != "read"}
        assert writes == WRITES.get((file.name, name), {})


@every_workflow
def test_a_job_ends_by_itself(file: Path) -> None:
    for name, job in jobs(file):
        assert "uses" in job or int(job["timeout-minutes"]) <= 240, name


@every_file
def test_foreign_actions_are_pinned_to_a_commit(file: Path) -> None:
    lines = [line.strip().removeprefix("- ") for line in file.read_text().splitlines()]
    used = [line for line in lines if line.startswith("uses:")]
    assert [one for one in used if not (PINNED.fullmatch(one) or OWN.match(one))] == []


def test_an_action_is_pinned_to_one_commit_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for file in (*WORKFLOWS, *ACTIONS):
        for line in re.findall(r"uses: (\S+@.+)", file.read_text()):
            pins.setdefault(line.partition("@")[0], set()).add(line)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@every_file
def test_a_checkout_leaves_no_token_behind(file: Path) -> None:
    for one in steps(file):
        if one.get("uses", "").startswith("actions/checkout@"):
            assert one["with"]["persist-credentials"] == "false"


@every_file
def test_no_expression_stands_in_a_script(file: Path) -> None:
    found = [one["run"] for one in steps(file) if EXPRESSION.search(one.get("run", ""))]
    assert found == [], "what others write goes through the environment"


@every_file
def test_no_long_lived_key_is_used(file: Path) -> None:
    text = file.read_text()
    assert "secrets." not in text
    assert "secrets: inherit" not in text
    for word in ("access-key", "credentials_json", "PULUMI_ACCESS_TOKEN", "PASSPHRASE"):
        assert word not in text


def test_whoever_becomes_a_role_can_only_be_from_here() -> None:
    """A fork's pull request runs no job that may ask for an identity of a cloud."""
    preview = workflow("preview")["jobs"]
    asking = [name for name, job in preview.items() if "id-token" in job["permissions"]]
    assert asking == ["engine"]
    assert preview["engine"]["needs"] == "stacks"
    condition = preview["stacks"]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition
    assert "||" not in condition


def test_the_verdict_is_not_passed_by_being_skipped() -> None:
    verdict = workflow("preview")["jobs"]["verdict"]
    assert verdict["if"] == "${{ !cancelled() }}"
    assert set(verdict["needs"]) == set(workflow("preview")["jobs"]) - {"verdict"}


def test_environments_are_deployed_in_their_order() -> None:
    deploy = workflow("deploy")["jobs"]
    order = ("dev", "staging", "prod")
    for place, name in enumerate(order):
        job = deploy[name]
        needs = job["needs"] if isinstance(job["needs"], list) else [job["needs"]]
        assert set(needs) == {"stacks", *order[:place]}
        assert job["with"]["environment"] == name
        assert f"needs.stacks.outputs.{name} != '[]'" in job["if"]
        assert job["strategy"]["matrix"]["target"] == (
            f"${{{{ fromJSON(needs.stacks.outputs.{name}) }}}}"
        )
        if place:
            assert "!failure()" in job["if"]
            assert "needs.stacks.result == 'success'" in job["if"]
    assert workflow("up")["jobs"]["up"]["environment"] == "${{ inputs.environment }}"


def test_what_changes_a_stack_runs_alone_and_is_not_cut_off() -> None:
    group = workflow("up")["jobs"]["up"]["concurrency"]
    assert group["group"] == "stack-${{ fromJSON(inputs.target).stack }}"
    assert group["cancel-in-progress"] == "false"
    assert workflow("deploy")["concurrency"]["cancel-in-progress"] == "false"


def test_only_main_is_deployed() -> None:
    said = workflow("deploy")
    assert said["on"]["push"] == {"branches": ["main"]}
    assert "github.ref == 'refs/heads/main'" in said["jobs"]["stacks"]["if"]


def test_drift_is_looked_for_every_night_and_deploys_nothing() -> None:
    said = workflow("deploy")
    (night,) = said["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", night["cron"])
    for name, job in said["jobs"].items():
        if name in ("dev", "staging", "prod"):
            assert "github.event_name != 'schedule'" in job["if"]
    assert "github.event_name == 'schedule'" in said["jobs"]["drift"]["if"]


def test_a_script_that_a_step_names_is_there_and_may_run() -> None:
    named = {name for text in scripts() for name in re.findall(r"\.github/scripts/\S+", text)}
    assert named
    for name in named:
        assert (ROOT / name).is_file()
        assert name.endswith(".py") or (ROOT / name).stat().st_mode & 0o111


def test_the_engine_is_of_the_version_that_the_lock_has() -> None:
    (action,) = ACTIONS
    lock = (ROOT / "uv.lock").read_text()
    version = re.search(r'^name = "pulumi"\nversion = "(.+)"$', lock, re.MULTILINE)
    (installed,) = (
        one["with"]["pulumi-version"]
        for one in steps(action)
        if one.get("uses", "").startswith("pulumi/actions@")
    )
    assert version
    assert installed == version[1]


def test_the_comment_is_posted_after_runs_of_the_preview_alone() -> None:
    said: dict[str, Any] = workflow("preview-comment")
    assert said["on"]["workflow_run"]["workflows"] == [workflow("preview")["name"]]
    (job,) = said["jobs"].values()
    assert "github.event.workflow_run.event == 'pull_request'" in job["if"]
    assert (GITHUB / "workflows" / "preview.yml").is_file()
    assert "github.event.workflow_run.path == '.github/workflows/preview.yml'" in job["if"]


def test_what_the_jobs_of_a_preview_leave_stays_apart_when_it_is_put_together() -> None:
    """The action unpacks one artifact, and several that it merges, without a folder for each."""
    jobs_of = workflow("preview")["jobs"]
    used = {
        (name, one["uses"].partition("@")[0]): one["with"]
        for name, job in jobs_of.items()
        for one in job["steps"]
        if "artifact@" in one.get("uses", "")
    }
    for name, folder in (("diff", "previews/offline"), ("engine", "previews/engine-$STACK")):
        assert used[name, "actions/upload-artifact"]["path"] == "previews"
        assert used[name, "actions/upload-artifact"]["name"].startswith("preview-")
        assert folder in jobs_of[name]["steps"][-2]["run"]
    download = used["verdict", "actions/download-artifact"]
    assert download == {"pattern": "preview-*", "path": "previews", "merge-multiple": "true"}
