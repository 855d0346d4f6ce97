"""What every verb of `aigw` has: help with an example, JSON by a schema, an exit code, a width."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.cli import joined, main, parser
from preview.verbs.registry import VERBS
from preview.verbs.schema import SCHEMAS, names
from tests.preview.verbs import (
    COMMANDS,
    DATA,
    ENGINE,
    OF_A_STACK,
    ROOT,
    STACK,
    THROUGHPUT,
    TWINS,
    WITHOUT_ENGINE,
    examples,
    line,
    on_terminal,
    process,
)

OF_A_RUN = "loadtest-report"
"""What a verb writes of a run that tests of its own make."""
FORECAST = f"forecast {STACK} --growth"
IMPORTED = f"""
import contextlib, io, sys
from preview.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    code = main(sys.argv[1:])
print(code, sorted({{name.partition(".")[0] for name in sys.modules}} & {set(ENGINE)!r}))
"""


def schema_of(verb: str) -> Any:  # noqa: ANN401  # whatever the file holds
    return json.loads((SCHEMAS / f"{verb}.schema.json").read_text())


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401
    """Return what a verb writes as JSON."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_these_are_all_verbs() -> None:
    assert set(COMMANDS) == set(VERBS)


@pytest.mark.parametrize("verb", COMMANDS)
def test_help_says_what_a_verb_does_with_examples_that_parse(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert f"\n  aigw {verb}" in shown
    assert examples(shown)
    for one in examples(shown):
        assert parser().parse_args(one).verb == verb


def test_help_lists_every_verb_with_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    for verb in VERBS:
        assert re.search(rf"^  {verb}\s+\w", listed, flags=re.MULTILINE), verb


@pytest.mark.parametrize(("verb", "stack"), TWINS)
def test_json_is_valid_and_its_schema_refuses_more_and_less(
    verb: str, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = written(capsys, *line(verb, stack=stack))
    schema = schema_of(verb)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    if verb == "schema":  # a JSON Schema may hold anything
        return
    for key in set(found) - {"config"}:  # the engine's own may be missing
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({name: found[name] for name in found if name != key}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "more": 1}, schema)


def test_every_schema_is_written_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert names() == tuple(sorted({*VERBS, OF_A_RUN, "stack"}))
    for name in names():
        assert main(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"]


@pytest.mark.parametrize("verb", OF_A_STACK)
def test_an_unknown_stack_is_refused_with_the_nearest(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "prod-larg", *COMMANDS[verb][1:]]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "did you mean prod-large?" in said.err


@pytest.mark.parametrize("verb", OF_A_STACK)
def test_a_root_without_stacks_is_refused(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*line(verb), "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said == f"aigw: --root: found {tmp_path}; allowed: a folder that holds stacks/\n"


def test_a_root_without_a_project_runs_no_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
    assert main([*line("plan"), "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said == f"aigw: --root: found {tmp_path}; allowed: a folder that holds Pulumi.yaml\n"


@pytest.mark.parametrize("verb", WITHOUT_ENGINE)
def test_only_plan_imports_pulumi(verb: str) -> None:
    done = process(*line(verb), script=IMPORTED)
    assert (done.stdout, done.stderr) == ("0 []\n", "")


@pytest.mark.parametrize(("verb", "stack"), TWINS)
def test_a_pipe_gets_plain_lines_without_trailing_blanks(
    verb: str, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line(verb, stack=stack)) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("\n")
    assert "\x1b" not in shown
    assert [one for one in shown.splitlines() if one != one.rstrip()] == []


@pytest.mark.parametrize("verb", [verb for verb in COMMANDS if verb not in DATA])
def test_a_terminal_of_60_columns_is_kept_to(verb: str) -> None:
    code, shown = on_terminal(60, *line(verb))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert code == 0
    assert max(map(len, lines)) <= 60


@pytest.mark.parametrize("verb", ["check", "audit", "forecast", "size"])
def test_a_reader_that_leaves_is_no_error(verb: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "preview.cli", *line(verb)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (f"{FORECAST} nan", "--growth: found 'nan'; allowed: -50% to 100% a month"),
        (f"{FORECAST} NaN%", "--growth: found 'NaN%'"),
        (f"{FORECAST} inf", "--growth: found 'inf'"),
        (f"{FORECAST} 8", "--growth: found '8'; allowed: -50% to 100% a month, as 8% or 0.08"),
        (f"{FORECAST} -51%", "--growth: found '-51%'"),
        (f"{FORECAST} 1e9%", "--growth: found '1e9%'"),
        (f"{FORECAST} fast", "--growth: found 'fast'"),
        (f"{FORECAST} 8% --months 0", "--months: found '0'; allowed: a whole number from 1 to 120"),
        (f"{FORECAST} 8% --months -3", "--months: found '-3'"),
        (f"{FORECAST} 8% --months 1.5", "--months: found '1.5'"),
        (f"{FORECAST} 8% --months nan", "--months: found 'nan'"),
        (f"{FORECAST} 8% --months 1000000", "--months: found '1000000'"),
        (f"{FORECAST} 50% --months 60", "--months: found 60; allowed: at most 22 at 0.5 a month"),
        (f"{FORECAST} 8% --svg /no/such/folder/a.svg", "--svg: /no/such/folder/a.svg: No such"),
        (f"throughput {THROUGHPUT} --concurrency -50", "--concurrency: found -50; allowed: a"),
        (f"throughput {THROUGHPUT} --concurrency 0", "--concurrency: found 0"),
        (f"throughput {THROUGHPUT} --concurrency 1e99", "--concurrency: found '1e99'"),
        (f"throughput {THROUGHPUT} --concurrency 50rps", "--concurrency: found '50rps'"),
        (f"throughput {THROUGHPUT} --itl-ms 50", ""),
        (f"throughput {THROUGHPUT} --itl-ms nan", "--itl-ms: found 'nan'; allowed: a number above"),
        (f"throughput {THROUGHPUT} --itl-ms 9e9", "--itl-ms: found '9e9'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(
    wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(wrong.split()) == (2 if said else 0)
    told = capsys.readouterr()
    if said:
        assert told.out == ""
        assert told.err.startswith(f"aigw: {said}")


def test_a_value_may_begin_with_a_minus() -> None:
    assert joined(["forecast", "x", "--growth", "-5%"]) == ["forecast", "x", "--growth=-5%"]
    assert joined(["check", "x", "--json", "--verbose"]) == ["check", "x", "--json", "--verbose"]
    assert joined(["-5"]) == ["-5"]


@pytest.mark.parametrize(("arguments", "kind"), [([], "stack"), (["plan"], "plan")])
def test_schemas_are_the_files_that_editors_use(
    arguments: list[str], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", *arguments]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(kind)
