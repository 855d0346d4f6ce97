"""The template for GitLab: its order, and its diff as a runner runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflows import pull_requests
from tests.workflows.files import ROOT
from tests.workflows.programs import aigw, path
from tests.workflows.pull_requests import Change

LABEL = "approve-stateful-replacement"


class Reference(list[str]):
    """What `!reference` names."""


class Loader(yaml.BaseLoader):
    """Reads GitLab's own tag."""


def _reference(loader: yaml.BaseLoader, node: yaml.Node) -> Reference:
    assert isinstance(node, yaml.SequenceNode)
    return Reference(loader.construct_sequence(node))


Loader.add_constructor("!reference", _reference)
TEMPLATE: dict[str, Any] = yaml.load(
    (ROOT / "examples" / "gitlab-ci.yml").read_text(), Loader=Loader
)


def stacks(job: str) -> list[str]:
    (matrix,) = TEMPLATE[job]["parallel"]["matrix"]
    return list(matrix["STACK"])


def scripts() -> Iterator[str]:
    for job in TEMPLATE.values():
        if isinstance(job, dict):
            for key in ("before_script", "script"):
                yield from (line for line in job.get(key, []) if isinstance(line, str))


def test_stages_are_in_their_order_and_every_stack_is_in_its_own() -> None:
    assert TEMPLATE["stages"] == ["preview", "dev", "staging", "prod", "drift"]
    deployed = [(name, stack) for name in ("dev", "staging", "prod") for stack in stacks(name)]
    assert all(stack.startswith(f"{name}-") for name, stack in deployed)
    assert stacks("drift") == [stack for _, stack in deployed]
    assert all((ROOT / "stacks" / f"Pulumi.{stack}.yaml").is_file() for _, stack in deployed)
    for name in ("dev", "staging", "prod"):
        assert TEMPLATE[name]["extends"] == ".up"
        assert TEMPLATE[name]["stage"] == name
    assert TEMPLATE["prod"]["rules"][0]["when"] == "manual"


def test_one_job_at_a_time_changes_a_stack_as_whom_the_cloud_trusts() -> None:
    assert TEMPLATE[".stack"]["resource_group"] == "$STACK"
    assert TEMPLATE[".stack"]["id_tokens"].keys() == {"AWS_ID_TOKEN", "GCP_ID_TOKEN"}
    assert TEMPLATE["diff"].keys().isdisjoint({"id_tokens", "extends", "secrets"})


def test_the_scripts_that_it_names_are_there() -> None:
    named = [word for line in scripts() for word in line.split() if ".github/scripts/" in word]
    assert len(named) >= 4
    assert [one for one in named if not (ROOT / one).is_file()] == []


def diff(change: Change, labels: str = "") -> subprocess.CompletedProcess[str]:
    """Run the job's script as a runner does: its lines, one after the other, in one shell."""
    git = change.repository.git
    known = {
        **path(aigw(change.scratch / "bin", "--root", str(change.folder))),
        "HOME": str(change.scratch),
        "XDG_CACHE_HOME": str(change.scratch / "cache"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git("merge-base", "main", "change").strip(),
        "CI_MERGE_REQUEST_LABELS": labels,
        "CI_COMMIT_SHORT_SHA": git("rev-parse", "HEAD").strip()[:8],
    }
    return subprocess.run(
        ["bash"],
        input="\n".join(["set -eo pipefail", "set +o noclobber", *TEMPLATE["diff"]["script"]]),
        cwd=change.folder,
        env={"LANG": os.environ.get("LANG", "C.UTF-8"), **known},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def change(tmp_path: Path) -> Change:
    return pull_requests.change(tmp_path)


@pytest.mark.parametrize(
    ("text", "code"), [("a", 0), ("fail", 1), ("refuse", 2), ("b", 3)], ids=str
)
def test_the_diff_ends_as_aigw_does(text: str, code: int, change: Change) -> None:
    change.repository.stack(text)
    change.repository.write("README.md", "more\n")
    change.commit()
    done = diff(change)
    assert done.returncode == code, done.stdout + done.stderr
    told, shown = change.told(change.folder / "previews")
    assert told == code
    # what came to the target meanwhile is none of this branch's doing
    assert "prod-later" not in shown
    assert (LABEL in done.stdout) == (code == 3)


def test_a_label_approves_its_commit_and_no_other(change: Change) -> None:
    change.repository.stack("b")
    change.commit()
    own = f"{LABEL}-{change.repository.git('rev-parse', 'HEAD').strip()[:8]}"
    assert diff(change, f"bug,{own}").returncode == 0
    assert diff(change, f"{own}0,{LABEL}").returncode == 3
    change.repository.git("commit", "-q", "--allow-empty", "-m", "the next push")
    assert diff(change, own).returncode == 3


def test_a_label_approves_no_error(change: Change) -> None:
    change.repository.stack("fail")
    change.commit()
    own = f"{LABEL}-{change.repository.git('rev-parse', 'HEAD').strip()[:8]}"
    assert diff(change, own).returncode == 1
