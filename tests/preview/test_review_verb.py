"""`aigw review`: what it prints, its JSON and its exit codes."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from preview.cli import main, parser
from preview.facts import Sized
from preview.verbs import review as verb
from preview.verbs.schema import SCHEMAS
from sizing.review import Fact
from sizing.tiers import REVIEW_CHECKLIST
from sizing.words import Severity, Tier, Verdict
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.preview.reviews import COST, USAGE, answers, finding, sized
from tests.twins import twin


def run(
    monkeypatch: pytest.MonkeyPatch, found: Sized, *arguments: str
) -> tuple[int, list[tuple[str, Path | None]]]:
    """Run the verb with a plan that is already made; also return what was asked for."""
    asked: list[tuple[str, Path | None]] = []

    def planned_stack(stack: str, root: Path | None) -> Sized:
        asked.append((stack, root))
        return found

    module = ModuleType("preview.stack_plan")
    module.planned = planned_stack  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "preview.stack_plan", module)
    return verb.run(parser().parse(["review", *arguments])), asked


def test_the_verb_shows_every_point_with_its_queries(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(monkeypatch, sized(), twin("prod-large"), "--root", "somewhere")

    printed = capsys.readouterr().out
    assert (code, asked) == (0, [(twin("prod-large"), Path("somewhere"))])
    for point in REVIEW_CHECKLIST.items:
        assert f"{point}\n{'-' * len(point)}\n" in printed
    assert (
        'ask (PromQL): Queue depth\n  sum(vllm:num_requests_waiting{model_name!=""})\n' in printed
    )


def test_the_verb_prints_json_with_every_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(monkeypatch, sized(), twin("prod-large"), "--json")

    document = json.loads(capsys.readouterr().out)
    assert (code, asked) == (0, [(twin("prod-large"), None)])
    assert (document["schema"], document["section"]) == (1, "5.3")
    assert [one["point"] for one in document["answers"]] == list(REVIEW_CHECKLIST.items)
    assert document["answers"][USAGE]["facts"][0] == {
        "name": "requests at peak",
        "value": 500,
        "unit": "requests/s",
    }


@pytest.mark.parametrize("tier", Tier)
def test_json_follows_its_schema(tier: Tier) -> None:
    schema = json.loads((SCHEMAS / "review.schema.json").read_text(encoding="utf-8"))
    document = verb.document("prod", sized(tier), answers(tier))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    changes: list[dict[str, Any]] = [{"extra": 1}, {"schema": 2}, {"answers": []}]
    for wrong in changes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, **wrong}, schema)


@pytest.mark.cloud_free("no stack has that name on either")
def test_a_stack_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "prod-larg"]) == 2

    assert "did you mean prod-large?" in capsys.readouterr().err


def test_a_stack_with_an_error_finding_is_reviewed_and_says_so_by_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = replace(
        finding("requests", 1.5, Verdict.REFUTED), severity=Severity.ERROR, fix="add a replica"
    )
    found = replace(sized(), findings=(error,))

    code, _ = run(monkeypatch, found, twin("prod-large"))

    assert code == 1
    assert "services.requests: add a replica" in capsys.readouterr().out


def test_a_figure_that_is_not_known_is_called_unknown() -> None:
    shown = verb.sections((replace(answers()[COST], facts=(Fact(name="x", value=None, unit=""),)),))

    table = shown[0].table
    assert table is not None
    assert table.rows == (("x", "unknown", ""),)
