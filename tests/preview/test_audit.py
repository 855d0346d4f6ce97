"""`aigw audit`: claims as a table and as JSON, and what is assumed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.cli import parser
from preview.verbs import audit
from sizing.audit import claims

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "preview" / "schemas" / "audit.schema.json"
FIELDS = {"document", "section", "claim", "formula", "recomputed", "verdict"}
pytestmark = pytest.mark.cloud_free("what documents claim is one text, whatever a stack runs on")


def call(*arguments: str) -> int:
    """Run the verb in this process."""
    return audit.run(parser().parse(["audit", *arguments]))


def audited(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert call(*arguments, "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_document_holds_every_claim_and_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    document = audited(capsys)
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert [one["id"] for one in document["claims"]] == [one.id for one in claims()]
    assert all(set(one) >= FIELDS for one in document["claims"])
    assert sum(document["counts"].values()) == len(document["claims"]) >= 120
    wrongs: tuple[dict[str, Any], ...] = (
        {"claims": [{"id": "001-1"}]},
        {"counts": {}},
        {"extra": 1},
        {"claims": [{**document["claims"][0], "verdict": "fine"}]},
    )
    for wrong in wrongs:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, **wrong}, schema)


def test_equal_calls_give_equal_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    assert audited(capsys) == audited(capsys)


@pytest.mark.parametrize("number", audit.DOCUMENTS)
def test_one_document_may_be_asked_for(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = audited(capsys, "--document", number)["claims"]
    assert found
    assert {one["document"] for one in found} == {number}


@pytest.mark.parametrize("verdict", audit.VERDICTS)
def test_one_verdict_may_be_asked_for(verdict: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = audited(capsys, "--verdict", verdict)
    assert {one["verdict"] for one in document["claims"]} == {verdict}
    assert document["counts"][verdict] == len(document["claims"]) > 0


def test_the_report_has_a_table_a_document_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert call() == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    for number in audit.DOCUMENTS:
        assert any(line.startswith(f"{number}: ") for line in lines)
    row = next(line for line in lines if line.startswith("001-1.1-axes-large "))
    assert "1,000,000,000" in row
    assert "28,800,000,000" in row
    assert "refuted" in row
    assert any(line.startswith(f"{len(claims())} claims: ") for line in lines)
    assert "86,400" not in row
    disk = next(line for line in lines if line.startswith("000-database-disk-day-least "))
    assert " ".join(disk.split()[-4:]) == "10 34.56 GB refuted"


def test_verbose_adds_formula_and_note(capsys: pytest.CaptureFixture[str]) -> None:
    call("--document", "004", "--verbose")
    text = capsys.readouterr().out
    assert "calls / 2,592,000 s" in text
    assert "state how long bursts last" in text


def test_a_filter_that_leaves_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    shown = audit.sections([], verbose=False)
    assert [one.lines for one in shown] == [("no claims",)]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments",
    [("--document", "005"), ("--verdict", "maybe"), ("--unknown",)],
    ids=lambda one: " ".join(one),
)
def test_wrong_use_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        call(*arguments)
    assert caught.value.code == 2


def test_assumptions_take_no_filter(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--assumptions", "--document", "001") == 2
    assert capsys.readouterr().err.startswith("aigw: --assumptions")


def test_assumed_figures_are_listed_with_their_effects(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--assumptions") == 0
    text = capsys.readouterr().out
    row = next(line for line in text.splitlines() if "reference.TRACE_SHARE" in line)
    assert "share of requests whose trace is kept" in row
    assert "figures are assumed. As planned: small " in text
    document = audited(capsys, "--assumptions")
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert len(document["assumptions"]) == sum(" / " in line for line in text.splitlines())


def test_the_audit_starts_without_pulumi() -> None:
    code = (
        "import sys\n"
        "from preview.cli import main\n"
        "main(['audit', '--json'])\n"
        "heavy = {'pulumi', 'pulumi_aws', 'rich', 'highspy', 'numpy'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
