"""`aigw` shows the same plan everywhere, and its exit code says how it went."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.cli import main
from preview.facts import gather
from preview.offline import ProgramError, run
from preview.report import report
from preview.tables import drawn, plain_text
from preview.verbs.schema import SCHEMAS
from sizing.plans import Finding, PlatformPlan
from sizing.words import Cloud, Severity, Verdict
from stacks.config import stack_path
from stacks.config_model import stack_name
from tests.preview.findings import REFUTED
from tests.stacks.stack_texts import stack_text

ROOT = Path(__file__).parent.parent.parent
STACK = "prod-large"
POSTGRES = re.compile("aigw:(aws|gcp):Postgres")


def aigw(root: Path, cwd: Path, *arguments: str, **environment: str) -> str:
    """Run the command from a clone in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "preview.cli", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere") / "a clone"
    for part in ("sizing", "components", "stacks", "preview"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    return folder


@pytest.fixture(scope="module", params=[STACK, f"{STACK}-gcp"])
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def printed(stack: str) -> str:
    return aigw(ROOT, ROOT, "plan", stack, "--json", PYTHONHASHSEED="1", TZ="Pacific/Auckland")


@pytest.fixture(scope="module")
def document(printed: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(printed)
    return loaded


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every plan have an error finding."""

    def check(_: PlatformPlan) -> tuple[Finding, ...]:
        return (REFUTED,)

    monkeypatch.setattr("stacks.decision.check", check)


def schema_of(kind: str) -> Any:  # noqa: ANN401  # whatever the file holds
    return json.loads((SCHEMAS / f"{kind}.schema.json").read_text())


def test_a_plan_is_the_same_bytes_in_any_clone_folder_zone_and_hash_seed(
    stack: str, printed: str, clone: Path, tmp_path: Path
) -> None:
    other = aigw(clone, tmp_path, "plan", stack, "--json", PYTHONHASHSEED="77", TZ="UTC")
    assert other == printed
    assert not any(str(place) in printed for place in (ROOT, clone, Path.home(), tmp_path))


def test_a_plan_is_valid_and_has_the_engines_top_level(document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of("plan"))
    jsonschema.validate(document, schema_of("plan"))
    assert list(document) == ["config", "steps", "diagnostics", "changeSummary", "aigw"]
    assert document["changeSummary"] == {"create": len(document["steps"])}
    assert document["steps"][0]["newState"]["type"] == "pulumi:pulumi:Stack"


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": 1},
        {"steps": [{"op": "delete", "urn": "urn:pulumi:s::p::t::n"}]},
        {"changeSummary": {"create": 0}},
        {"diagnostics": [{"message": "m", "severity": "debug"}]},
        {"aigw": {"schema": 2}},
    ],
)
def test_the_schema_refuses_another_document(
    document: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, **wrong}, schema_of("plan"))


def test_a_component_shows_the_plan_that_the_sizes_show(document: dict[str, Any]) -> None:
    states = [step["newState"] for step in document["steps"]]
    shown = next(one["inputs"] for one in states if POSTGRES.fullmatch(one["type"]))
    sizes = document["aigw"]["sizes"]["postgres"]
    assert shown == {key: value for key, value in sizes.items() if value is not None}


@pytest.mark.parametrize("cloud", Cloud)
def test_piped_text_names_every_part_without_colour(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = stack_name("dev", "small", cloud)
    assert main(["plan", stack]) == 0
    text = capsys.readouterr().out
    for title in (
        f"{stack}: small in dev on {cloud}",
        "Sizes",
        "Differences from the documented tables",
        "Findings",
        "Node pools",
        "Pods and requests",
        "Models",
        "Connections",
        "Namespaces",
        "Resources by component",
        "Monthly bill",
        "Beside table 4.1",
        "Outside models, beside the bill",
        "Quotas to request",
        "Next",
    ):
        assert f"\n{title}" in f"\n{text}"
    assert "\x1b" not in text
    assert f"pulumi up --stack {stack}\n" in text


def test_what_a_program_makes_nothing_of_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stacks").mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    file = tmp_path / "stacks" / f"Pulumi.{STACK}.yaml"
    named = {}
    for layers in ("infra", "infra, apps"):
        file.write_text(
            stack_text(f"layers: [{layers}]\nmodels: {{huggingface: {{existing_secret: a}}}}")
        )
        assert main(["plan", STACK, "--root", str(tmp_path)]) == 0
        lines = re.findall(r"not built by `up`: (.*)", capsys.readouterr().out)
        named[layers] = {one for line in lines for one in line.split(", ")}
    assert {"litellm", "qdrant", "vllm-llama-3-1-8b", "vault"} < named["infra"]
    assert "coredns" not in named["infra"]  # an add-on of the cluster, which infra builds
    assert named["infra, apps"] == set()


def test_a_narrow_terminal_shows_the_whole_report() -> None:
    facts = gather("dev-small", stack_path("dev-small"), documented=True)
    stream = io.StringIO()
    drawn(report(facts, verbose=True), stream, width=60)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert max(map(len, shown.splitlines())) <= 60
    assert "The tables as they are written" in shown


def test_verbose_adds_what_holds_and_every_item() -> None:
    facts = gather("dev-small", stack_path("dev-small"), documented=False)
    holding = replace(
        REFUTED, id="x.holds", verdict=Verdict.HOLDS, severity=Severity.INFORMATION, unit="bytes"
    )
    facts = replace(facts, sized=replace(facts.sized, findings=(holding,)))
    short, long = (plain_text(report(facts, verbose=verbose)) for verbose in (False, True))
    assert "x.holds" not in short
    assert "1 constraint holds (--verbose lists them)" in short
    assert "x.holds" in long
    assert all(item.item in long for item in facts.sized.bill.items)


def test_documented_adds_the_tables_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "dev-small", "--json", "--documented"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("plan"))
    assert document["aigw"]["documented"]["bill"]["monthly_usd"] > 0


def test_the_tables_poolers_are_shown_as_they_are_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "prod-large", "--documented"]) == 0
    (line,) = (s for s in capsys.readouterr().out.splitlines() if s.startswith("Poolers as wri"))
    assert "2 x (100 + 5) connections" in line
    assert "1,000 clients each" in line


@pytest.mark.usefixtures("refused")
def test_an_error_finding_exits_1_and_nothing_is_registered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "dev-small", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("plan"))
    assert (document["steps"], document["changeSummary"]) == ([], {})
    assert document["diagnostics"] == [
        {
            "message": "error: postgres.connections: 900 connections do not fit; "
            "raise postgres.instance_class\n",
            "severity": "error",
        }
    ]
    with pytest.raises(ProgramError, match=r"postgres\.connections") as caught:
        run(stack_path("dev-small"))
    assert [one.type for one in caught.value.resources] == ["pulumi:pulumi:Stack"]


@pytest.mark.usefixtures("refused")
def test_errors_come_first_and_say_what_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "dev-small"]) == 1
    text = capsys.readouterr().out
    listed = text[text.index("\nFindings") :].splitlines()[4]
    assert listed.startswith("error")
    assert listed.endswith("raise postgres.instance_class")
    assert "\nnothing registered, " in text
    assert "pulumi up --stack" not in text


def test_a_failing_program_exits_1_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(*_: object) -> None:
        raise LookupError("no such zone")

    monkeypatch.setattr("stacks.aws.build", build)
    assert main(["plan", "dev-small"]) == 1
    assert "the program failed: LookupError: no such zone" in capsys.readouterr().err


def test_an_unknown_stack_exits_2_with_the_nearest_and_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "prod-larg"]) == 2
    said = capsys.readouterr().err
    assert "did you mean prod-large?" in said
    paths = stack_path("prod-large").parent.glob("Pulumi.*.yaml")
    every = sorted(path.stem.removeprefix("Pulumi.") for path in paths)
    assert f"Stacks: {', '.join(every)}" in said


def test_a_refused_config_exits_2_with_a_line_for_each_problem(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = clone / "stacks" / "Pulumi.dev-small.yaml"
    whole = path.read_text()
    try:
        path.write_text(whole.replace("tier: small", "tier: tiny").replace("cloud:", "clod:"))
        assert main(["plan", "dev-small", "--root", str(clone)]) == 2
    finally:
        path.write_text(whole)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("aigw: stacks/Pulumi.dev-small.yaml: aigw:") for line in lines)


@pytest.mark.parametrize("wrong", [[], ["plan"], ["plan", "dev-small", "--jsn"], ["schema", "x"]])
def test_wrong_use_exits_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2
    assert "usage: aigw" in capsys.readouterr().err


def test_tiers_prints_every_table_of_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tiers"]) == 0
    text = capsys.readouterr().out
    assert main(["tiers", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    for table in document["tables"]:
        assert f"{table['section']} {table['title']}" in text
        assert all(cell in text for row in table["rows"] for cell in row)
