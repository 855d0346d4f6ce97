"""`aigw size`: what is given, derived and assumed, then sizes, findings, questions and a bill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.cli import main
from sizing.words import Verdict
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "workload.yaml"
SCHEMA = ROOT / "preview" / "schemas" / "size.schema.json"
DOCUMENT = ["--users", "60000", "--calls-per-month", "1.9e6", "--window", "2h/22d"]
DOCUMENT += ["--models", "25"]


def call(*arguments: str) -> int:
    """Run the verb in this process."""
    return main(["size", "--cloud", here(), *arguments])


@pytest.fixture
def sized(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401  # a function
    def run(*arguments: str) -> dict[str, Any]:
        assert call(*arguments, "--json") in {0, 1}
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return run


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert call(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert all(line.startswith("aigw: ") for line in lines)
    return lines


def test_document_004s_workload_is_sized(sized: Any) -> None:  # noqa: ANN401
    document = sized(*DOCUMENT)
    load = document["workload"]
    assert round(load["requests_per_second_peak"], 3) == 11.995
    assert document["tier"] == "medium"
    assert document["tier_by_axis"] == {"tokens": "large", "users": "enterprise"}
    assert document["primary"] == "calls_per_month"
    assert document["origins"]["users"]["basis"] == "given"
    assert document["origins"]["requests_per_second_peak"]["basis"] == "derived"
    assert document["bill"]["monthly_usd"] > 0
    assert {one["verdict"] for one in document["findings"]} <= set(Verdict)
    assert "peaking-factor" not in {one["id"] for one in document["questions"]}
    assert len(document["questions"]) == 6
    assert document["contradictions"] == []


def test_the_document_is_valid(sized: Any) -> None:  # noqa: ANN401
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for arguments in (DOCUMENT, ["--rps-peak", "500", "--tokens-per-day", "1e9", "--users", "9"]):
        document = sized(*arguments)
        jsonschema.validate(document, schema)
    changes: list[dict[str, Any]] = [
        {"bill": {}},
        {"tier": "huge"},
        {"extra": 1},
        {"findings": [{"verdict": "no"}]},
    ]
    for wrong in changes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, **wrong}, schema)


def test_the_report_tells_given_from_derived_and_asks(capsys: pytest.CaptureFixture[str]) -> None:
    call(*DOCUMENT)
    text = capsys.readouterr().out
    for title in (
        f"medium in prod on {here()}",
        "Workload (calls_per_month leads)",
        "Contradictions",
        "Capacity questions still unanswered (document 004)",
        "Sizes",
        "Findings",
        "Node pools",
        "Monthly bill",
    ):
        assert f"\n{title}" in f"\n{text}"
    rows = {line.split()[0]: line for line in text.splitlines() if line}
    assert " given" in rows["users"]
    assert " derived " in rows["requests_per_second_peak"]
    assert " documented " in rows["streaming_share"]
    assert "6 questions of 7 open" in text


def test_contradictions_are_told_in_text_and_data(
    sized: Any,  # noqa: ANN401
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--rps-peak", "500", "--tokens-per-day", "1e9", "--users", "100"]
    document = sized(*arguments)
    assert [(one["axis_a"], one["axis_b"]) for one in document["contradictions"]] == [
        ("rps_peak", "tokens_per_day"),
        ("users", "concurrent_requests"),
    ]
    ids = {one["id"] for one in document["findings"]}
    assert "workload.contradiction.rps_peak-tokens_per_day" in ids
    call(*arguments)
    text = capsys.readouterr().out
    assert "rps_peak against tokens_per_day: 500 requests/s at peak" in text
    assert "100 users cannot be 11,475 requests in flight" in text


@pytest.mark.parametrize(
    "axis", ["--rps-peak", "--rps-avg", "--tokens-per-day", "--calls-per-month"]
)
def test_each_axis_may_lead(axis: str, sized: Any) -> None:  # noqa: ANN401
    document = sized(axis, "1e6" if "per" in axis else "5")
    assert document["primary"] == axis.removeprefix("--").replace("-", "_")
    assert document["bill"]["monthly_usd"] > 0


def test_more_requests_never_cost_less(sized: Any) -> None:  # noqa: ANN401
    bills = [sized("--rps-peak", str(peak))["bill"]["monthly_usd"] for peak in (1, 10, 90, 400)]
    assert bills == sorted(bills)


def test_flags_override_the_files_fields(tmp_path: Path, sized: Any) -> None:  # noqa: ANN401
    path = tmp_path / "workload.yaml"
    path.write_text(
        "users: 60000\nrequests: {per_month: 1.9e6}\npeak: {window: 2h/22d}\n"
        "tokens: {input: 900, output: 100}\n"
    )
    told = sized(str(path))
    assert told["workload"]["input_tokens"] == 900
    assert round(told["workload"]["requests_per_second_peak"], 3) == 11.995
    other = sized(str(path), "--window", "8h/22d", "--input-tokens", "1200")
    assert other["workload"]["requests_per_second_peak"] == pytest.approx(1.9e6 / 633_600)
    assert (other["workload"]["input_tokens"], other["workload"]["output_tokens"]) == (1200, 100)
    factor = sized(str(path), "--peak-factor", "5")
    assert factor["workload"]["peak_factor"] == 5
    assert factor["contradictions"] == []


def test_an_axis_of_the_command_line_leads_over_the_files(tmp_path: Path, sized: Any) -> None:  # noqa: ANN401
    path = tmp_path / "workload.yaml"
    path.write_text("primary: rps_peak\nrequests: {per_second_peak: 40, per_month: 1.9e6}\n")
    assert sized(str(path))["workload"]["requests_per_second_peak"] == 40
    told = sized(str(path), "--rps-avg", "3", "--peak-factor", "4")
    assert told["primary"] == "rps_avg"
    assert told["workload"]["requests_per_second_peak"] == 12
    assert ("rps_avg", "calls_per_month") in {
        (one["axis_a"], one["axis_b"]) for one in told["contradictions"]
    }


def test_a_tier_alone_is_its_reference_and_answers_nothing(sized: Any) -> None:  # noqa: ANN401
    document = sized("--tier", "medium", "--environment", "staging")
    assert document["workload"]["requests_per_second_peak"] == 100
    assert document["planned_workload"]["requests_per_second_peak"] == 50
    assert len(document["questions"]) == 7
    assert document["environment"] == "staging"


def test_the_plan_is_of_the_region_with_the_most_load(sized: Any) -> None:  # noqa: ANN401
    document = sized("--rps-peak", "80", "--regions", "2")
    assert document["workload"]["requests_per_second_peak"] == 80
    assert document["planned_workload"]["requests_per_second_peak"] == 40
    assert [one["share"] for one in document["regions"]] == [0.5, 0.5]


def test_zones_are_three_that_take_a_control_plane(sized: Any) -> None:  # noqa: ANN401
    zones = sized("--rps-peak", "5")["zone_ids"]
    assert len(zones) == 3
    assert "use1-az3" not in zones


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--users", "nan", "--rps-peak", "5"], '--users: users: found "nan"; allowed: a whole'),
        (["--rps-peak", "0"], "requests.per_second_peak"),
        (["--rps-peak", "-5"], "0.0001 to 100,000 requests a second"),
        (["--rps-peak", "inf"], "requests.per_second_peak"),
        (["--rps-peak", "1e12"], "0.0001 to 100,000 requests a second"),
        (["--rps-peak", "5", "--window", "2/22"], "--window: peak.window"),
        (["--rps-peak", "5", "--retention", "30"], 'found "30" without a unit'),
        (["--rps-peak", "5", "--streaming", "70"], '"70 %"'),
        (["--rps-peak", "5", "--cache-hits", "1"], "shares.cache_hits"),
        (["--rps-peak", "5", "--burst", "0.5"], "1 to 100 times the peak"),
        (["--users", "60000"], "requests: found nothing"),
        ([], "requests: found nothing"),
        (["--rps-peak", "5", "--region", "mars-1"], "mars-1"),
        (["no-such-file.yaml"], "no-such-file.yaml"),
    ],
)
def test_bad_input_is_refused_with_path_and_range(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in "\n".join(refusal(capsys, *arguments))


def test_everything_wrong_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("users: -1\ntokens: {input: .nan, out: 5}\nmodels: [{name: llama-9}]\n")
    lines = refusal(capsys, str(path), "--retention", "30")
    assert len(lines) == 5
    assert sum(line.startswith(f"aigw: {path}: ") for line in lines) == 4
    assert lines[-1].startswith("aigw: --retention: retention: ")


def test_the_example_answers_every_question_and_contradicts_nothing(sized: Any) -> None:  # noqa: ANN401
    document = sized(str(EXAMPLE))
    assert document["questions"] == []
    assert document["contradictions"] == []


@pytest.mark.cloud_free("what is imported")
def test_sizing_imports_neither_the_engine_nor_the_stacks() -> None:
    script = (
        "import contextlib, io, sys\n"
        "from preview.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['size', '--rps-peak', '5', '--json'])\n"
        "print(sorted({n.partition('.')[0] for n in sys.modules}"
        " & {'pulumi', 'pulumi_aws', 'pydantic', 'stacks', 'highspy', 'rich'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
