"""Plans and previews as files: two of a kind, or one preview of the engine."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from preview.cli import main
from sizing.model import Json
from tests.preview.diff.plans import SECRET, plan, step, urn

pytestmark = pytest.mark.cloud_free("made-up steps, told as they are whatever their types")

BUCKET = "aws:s3/bucket:Bucket"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
PART = "aigw:aws:Part"


def written(folder: Path, name: str, document: Mapping[str, Any]) -> str:
    place = folder / name
    place.write_text(json.dumps(document))
    return str(place)


def state(token: str, name: str, inputs: Mapping[str, Json], **more: Json) -> Json:
    return step(token, name, inputs, **more)["newState"]


def engine(*steps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a preview of the engine: steps and no plan."""
    return {"steps": list(steps), "changeSummary": {}, "duration": 1}


def stepped(operation: str, token: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"op": operation, "urn": urn(token, name), "detailedDiff": None, **more}


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["diff", *arguments, "--json"]) == 0
    (stack,) = json.loads(capsys.readouterr().out)["stacks"]
    return dict(stack)


def test_two_plans_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = written(tmp_path, "old.json", plan([step(BUCKET, "it", {"bucket": "a"})]))
    new = written(tmp_path, "new.json", plan([step(BUCKET, "it", {"bucket": "b"})]))
    found = as_json(capsys, old, new)
    assert found["by"] == "plan"
    assert found["lost"] == [urn(BUCKET, "it")]


def test_the_same_plan_twice_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "old.json", plan([step(BUCKET, "it", {"bucket": "a"})]))
    assert main(["diff", file, file]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "nothing changes" in line


PREVIEW = engine(
    stepped(
        "update",
        PART,
        "part",
        oldState=state(PART, "part", {"count": 3}, custom=False),
        newState=state(PART, "part", {"count": 4}, custom=False),
    ),
    stepped(
        "create-replacement",
        BUCKET,
        "files",
        oldState=state(BUCKET, "files", {"bucket": "a", "tags": {"a": "b"}}),
        newState=state(BUCKET, "files", {"bucket": "b", "tags": {"a": "c"}}),
        replaceReasons=["bucket"],
        detailedDiff={"bucket": {"kind": "update-replace", "inputDiff": True}},
    ),
    stepped(
        "replace",
        BUCKET,
        "files",
        oldState=state(BUCKET, "files", {"bucket": "a", "tags": {"a": "b"}}),
        newState=state(BUCKET, "files", {"bucket": "b", "tags": {"a": "c"}}),
    ),
    stepped("delete-replaced", BUCKET, "files", oldState=state(BUCKET, "files", {"bucket": "a"})),
    stepped(
        "replace",
        VERSION,
        "word",
        oldState=state(VERSION, "word", {"secretString": SECRET}),
        newState=state(VERSION, "word", {"secretString": SECRET}),
        diffReasons=["secretString"],
        replaceReasons=["secretString"],
    ),
    stepped("create", BUCKET, "more", newState=state(BUCKET, "more", {})),
    stepped("delete", BUCKET, "gone", oldState=state(BUCKET, "gone", {})),
)


def test_a_preview_of_the_engine_is_told_by_the_engine_s_own_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(PREVIEW)))
    found = as_json(capsys, "-")
    assert found["by"] == "engine"
    by_name = {one["name"]: one for one in found["resources"]}
    assert {name: one["operation"] for name, one in by_name.items()} == {
        "part": "update",
        "files": "replace",
        "word": "replace",
        "more": "create",
        "gone": "delete",
    }
    assert [(one["property"], one["effect"]) for one in by_name["files"]["changes"]] == [
        ("bucket", "replace"),
        ("tags.a", "update"),
    ]
    assert [(one["property"], one["before"]) for one in by_name["word"]["changes"]] == [
        ("secretString", SECRET)
    ]
    assert found["lost"] == [urn(BUCKET, "gone"), urn(BUCKET, "files")]
    assert as_json(capsys, written(tmp_path, "preview.json", PREVIEW)) == found


def test_what_a_refresh_finds_as_it_was_is_no_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stood, drifted = state(BUCKET, "it", {"bucket": "a"}), state(BUCKET, "it", {"bucket": "b"})
    other = state(BUCKET, "other", {"bucket": "a"})
    found = as_json(
        capsys,
        written(
            tmp_path,
            "preview.json",
            engine(
                stepped("refresh", BUCKET, "same", oldState=other, newState=other),
                stepped("refresh", BUCKET, "it", oldState=stood, newState=drifted),
                stepped("refresh", BUCKET, "other", oldState=other, newState=other),
                stepped("delete", BUCKET, "other", oldState=other),
            ),
        ),
    )
    assert {one["name"]: one["operation"] for one in found["resources"]} == {
        "it": "update",
        "other": "delete",
    }


def test_two_previews_of_one_state_are_compared_by_the_states_they_end_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = engine(stepped("create", BUCKET, "more", newState=state(BUCKET, "more", {})))
    found = as_json(
        capsys,
        written(tmp_path, "target.json", target),
        written(tmp_path, "branch.json", PREVIEW),
    )
    assert {one["name"]: one["operation"] for one in found["resources"]} == {
        "part": "update",
        "files": "replace",
        "gone": "delete",
    }


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        (["{"], "allowed: JSON"),
        (["[]"], "neither plan nor preview"),
        (['{"a": 1}'], "neither plan nor preview"),
        ([json.dumps(plan())], "two plans"),
        ([json.dumps(plan()), json.dumps(PREVIEW)], "two of a kind"),
        ([json.dumps(plan())] * 3, "found 3 names"),
    ],
)
def test_what_cannot_be_compared_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], documents: list[str], said: str
) -> None:
    names = []
    for place, document in enumerate(documents):
        (tmp_path / f"{place}.json").write_text(document)
        names.append(str(tmp_path / f"{place}.json"))
    assert main(["diff", *names]) == 2
    assert said in capsys.readouterr().err


def test_a_stack_without_a_commit_is_told_what_to_add(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "prod-large"]) == 2
    assert "--against REF" in capsys.readouterr().err
