"""`aigw loadtest`: what it writes, what it refuses, and what it makes of a run.

The generator here is a small program that writes a line; the real one runs in tests/services.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.cli import main
from preview.verbs.schema import SCHEMAS
from sizing.words import Cloud
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.sizing.loadtest.results import asked, bucket, line, part
from tests.twins import twin

STAGING, PROD = "staging-medium", "prod-large"
"""Each by its name on AWS (`twin`)."""
URL = "https://api.example"
ROOT, EXAMPLE = Path(__file__).parents[2], "examples/load-test.log"
KEY = "sk-of-the-load-test"
SLOW = {"first_token": {"self-hosted": {bucket(9): 595}}}
GENERATOR = """\
#!{python}
import json, os, sys
assert "{key}" not in " ".join(sys.argv), "the key stands where everybody reads it"
assert os.environ["AIGW_LOAD_KEY"] == "{key}"
assert sys.argv[sys.argv.index("--host") + 1] == "{url}"
found = json.loads(open({line!r}).read())
found["aigw_load_test"]["profile"] = json.load(open(os.environ["AIGW_LOAD_PROFILE"]))
found["aigw_load_test"]["part"] = int(os.environ["AIGW_LOAD_PART"])
found["aigw_load_test"]["parts"] = int(os.environ["AIGW_LOAD_PARTS"])
print("Starting")
print(json.dumps(found))
"""


def profile_of(stack: str, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["loadtest", twin(stack), *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def result(made: Mapping[str, Any], **changes: Any) -> str:  # noqa: ANN401  # any figure
    """Return the line of a run that answered all that the profile asks for."""
    count = round(made["requests"])
    ours, cached = round(count * 0.85), count - round(count * 0.85)
    written = made["tokens_per_second"] * made["duration_seconds"]
    plain = {
        "profile": made,
        "seconds": made["duration_seconds"],
        "sent": count,
        "answered": count,
        "late": {bucket(0.001): count},
        "whole": {"self-hosted": {bucket(0.8): ours}, "cached": {bucket(0.01): cached}},
        "output_tokens": {"self-hosted": {bucket(20): ours}},
        "tokens_out": {"self-hosted": round(written)},
        **changes,
    }
    return line({**part_of_any(), **plain})


def part_of_any() -> dict[str, Any]:
    return part(asked())


@pytest.fixture
def generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a program that stands where Locust would."""
    monkeypatch.setenv("MY_KEY", KEY)
    written, program = tmp_path / "line.json", tmp_path / "locust"
    written.write_text(line(part_of_any()))
    text = GENERATOR.format(python=sys.executable, key=KEY, url=URL, line=str(written))
    program.write_text(text)
    program.chmod(0o755)
    return program


def test_the_profile_is_written_into_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "profile.json"
    assert main(["loadtest", twin(PROD), "--scenario", "tokens", "-o", str(file)]) == 0
    assert f"{file}: 17.36 requests/s for 300 s" in capsys.readouterr().out
    assert json.loads(file.read_text()) == profile_of(PROD, capsys, "--scenario", "tokens")


@pytest.mark.parametrize("scenario", ["requests", "tokens", "document-000", "document-003"])
def test_every_scenario_has_a_profile_by_the_schema(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = json.loads((SCHEMAS / "loadtest.schema.json").read_text())
    found = profile_of(PROD, capsys, "--scenario", scenario, "--scale", "0.1")
    jsonschema.validate(found, schema)
    assert found["scenario"] == scenario


def test_an_environment_is_asked_for_its_own_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert profile_of(STAGING, capsys)["requests_per_second"] == 50


def test_every_model_that_callers_can_name_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["name"]: one["answerer"] for one in profile_of(PROD, capsys)["models"]}
    outside = {Cloud.AWS: "claude-haiku", Cloud.GCP: "gemini-flash"}[here()]
    assert found == {"llama-3.1-8b": "self-hosted", outside: "external"}


def test_a_run_is_judged_beside_the_plan(
    generator: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["loadtest", twin(STAGING), "--url", URL, "--key-env", "MY_KEY", "--scale", "0.2"]
    more = ["--duration", "100s", "--locust", str(generator), "--processes", "2", "--json"]
    code = main([*words, *more])
    said = capsys.readouterr()
    found = json.loads(said.out)
    jsonschema.validate(found, json.loads((SCHEMAS / "loadtest-report.schema.json").read_text()))
    assert (found["parts"], found["sent"]) == (2, 2000)
    assert code == 0
    assert "asking https://api.example for 10 requests/s for 100 s" in said.err
    assert KEY not in said.out + said.err


def test_a_generator_that_fails_ends_with_its_last_words(
    generator: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no file descriptors')\n")
    words = [
        "loadtest",
        twin(STAGING),
        "--url",
        URL,
        "--key-env",
        "MY_KEY",
        "--locust",
        str(generator),
    ]
    assert main(words) == 2
    said = capsys.readouterr()
    assert "aigw: the generator failed: nobody's result is there" in said.err
    assert "aigw: no file descriptors" in said.err
    assert said.out == ""


def test_what_pods_wrote_is_judged_and_a_refuted_line_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = profile_of(STAGING, capsys, "--scale", "0.5")
    log = tmp_path / "parts.log"
    log.write_text(f"Starting\n{result(made)}\n")
    assert main(["loadtest", twin(STAGING), "--result", str(log)]) == 0
    shown = capsys.readouterr().out
    assert "requests answered at 50 % of the peak" in shown
    log.write_text(result(made, **SLOW))
    assert main(["loadtest", twin(STAGING), "--result", str(log)]) == 1
    assert "refuted" in capsys.readouterr().out


def test_a_result_comes_from_a_pipe_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = profile_of(STAGING, capsys)
    monkeypatch.setattr(sys, "stdin", io.StringIO(result(made)))
    assert main(["loadtest", twin(STAGING), "--result", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["refuted"] == 0


@pytest.mark.one_cloud(Cloud.AWS, "the page shows one stack and one run")
def test_the_page_shows_what_the_verb_prints_of_the_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page, command = (ROOT / "docs" / "load-test.md").read_text(), f"{STAGING} --result {EXAMPLE}"
    assert main(["loadtest", twin(STAGING), "--result", str(ROOT / EXAMPLE)]) == 0
    printed = "".join(f"    {one}".rstrip() + "\n" for one in capsys.readouterr().out.splitlines())
    assert f"    $ aigw loadtest {command}\n{printed}" in page


def test_a_result_of_another_stack_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "parts.log"
    log.write_text(result(profile_of(STAGING, capsys)))
    assert main(["loadtest", twin(PROD), "--result", str(log)]) == 2
    assert f"it is of another load than {twin(PROD)} would be asked for" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (f"{PROD} --scale 0", "--scale: found 0; allowed: above 0, at most 10"),
        (f"{PROD} --scale much", "--scale: found 'much'; allowed: a number"),
        (f"{PROD} --duration soon", "--duration: found 'soon'; allowed: a time such as 5m or 90s"),
        (f"{PROD} --duration 0", "--duration: found 0"),
        (f"{PROD} --url {URL}", f"{PROD} serves users"),
        (f"{STAGING} --url {URL} --key-env NO_SUCH", "--key-env: NO_SUCH is not set"),
        (f"{STAGING} --url http://api.example", "--url: found 'http://api.example'; allowed: http"),
        (f"{STAGING} --url api.example", "--url: found 'api.example'"),
        (f"{STAGING} --url https://api.example/v1", "--url: found"),
        (f"{STAGING} --url {URL} --processes 0", "--processes: found 0; allowed: 1 to 64"),
        (f"{STAGING} --url {URL} --result x", "--url runs the test, --result judges one that ran"),
        (f"{STAGING} --result /no/such/file", "--result: /no/such/file: No such file"),
        (f"{STAGING} -o /no/such/folder/x", "--output: /no/such/folder/x: No such file"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(
    wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack, *options = wrong.split()
    assert main(["loadtest", twin(stack), *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"aigw: {said.replace(stack, twin(stack))}")


def test_a_machine_without_locust_is_told_how_it_comes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(os.environ, "MY_KEY", KEY)
    words = [
        "loadtest",
        twin(STAGING),
        "--url",
        URL,
        "--key-env",
        "MY_KEY",
        "--locust",
        "no-locust",
    ]
    assert main(words) == 2
    assert "`uv run --with locust==2.46.6 aigw loadtest ...`" in capsys.readouterr().err
