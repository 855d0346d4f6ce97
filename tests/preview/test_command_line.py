"""What a command line may rely on of every verb: codes, --quiet, streams, colours, widths."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from preview import command_docs
from preview.cli import main, parser
from preview.misuse import EXITS, FINE, FOUND, MISUSED, STATEFUL, STOPPED
from preview.verbs.registry import GROUPS, VERBS
from sizing.model import Json
from sizing.plans import Finding, PlatformPlan
from tests.preview.diff.plans import finding, plan
from tests.preview.diff.repositories import STACK as REPOSITORY_STACK
from tests.preview.diff.repositories import Repository
from tests.preview.findings import REFUTED
from tests.preview.verbs import DATA, OF_A_STACK, ROOT, STACK, TWINS, examples, line

JUDGING = ("plan", "check", "review", "size")
"""Verbs that an error finding of one plan makes end with 1."""
VERBOSE = [one for one, own in parser().verbs.items() if "--verbose" in own.format_usage()]
ERROR = "error: postgres.connections: 900 connections do not fit; raise postgres.instance_class\n"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every plan have an error finding."""

    def check(_: PlatformPlan) -> tuple[Finding, ...]:
        return (REFUTED,)

    monkeypatch.setattr("stacks.decision.check", check)
    monkeypatch.setattr("sizing.check.check", check)


def helped(capsys: Captured, *arguments: str) -> str:
    """Return what --help shows."""
    with pytest.raises(SystemExit) as caught:
        main([*arguments, "--help"])
    assert caught.value.code == FINE
    return capsys.readouterr().out


@contextmanager
def left_by_its_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let stdout be a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream, monkeypatch.context() as patched:
        patched.setattr("sys.stdout", stream)
        yield


def test_every_verb_stands_in_one_group() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(VERBS)
    assert list(parser().verbs) == grouped


def test_the_help_names_every_exit_code_and_the_variables(capsys: Captured) -> None:
    shown = helped(capsys)
    for code in EXITS:
        assert re.search(rf"^  {code} +\w", shown, flags=re.MULTILINE)
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "CI"):
        assert re.search(rf"^  {name} +\w", shown, flags=re.MULTILINE)


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_keeps_to_the_terminal_and_its_examples_can_be_pasted(
    verb: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = helped(capsys, *filter(None, [verb]))
    assert max(map(len, shown.splitlines())) <= width
    if verb:
        assert examples(shown) == examples(VERBS[verb].EXAMPLES)
        for one in examples(shown):
            assert parser().parse(one).verb == one[0]


@pytest.mark.parametrize("verb", VERBS)
def test_quiet_says_nothing_where_nothing_is_wrong(verb: str, capsys: Captured) -> None:
    assert main(line(verb, "--quiet")) == FINE
    quiet = capsys.readouterr()
    assert quiet.err == ""
    if verb not in DATA:
        assert quiet.out == ""
        return
    assert main(line(verb)) == FINE
    assert quiet.out == capsys.readouterr().out != ""


@pytest.mark.parametrize("verb", JUDGING)
@pytest.mark.usefixtures("refused")
def test_quiet_says_what_is_wrong_and_the_code_stays(verb: str, capsys: Captured) -> None:
    assert main(line(verb)) == FOUND
    assert len(capsys.readouterr().out) > len(ERROR)
    assert main(line(verb, "-q")) == FOUND
    assert capsys.readouterr().out.splitlines(keepends=True)[-1] == ERROR


@pytest.mark.parametrize("verb", ["check", "tiers"])
def test_quiet_leaves_json(verb: str, capsys: Captured) -> None:
    assert main(line(verb, "--json")) == FINE
    whole = capsys.readouterr().out
    assert main(line(verb, "--json", "--quiet")) == FINE
    assert capsys.readouterr().out == whole


@pytest.mark.parametrize("verb", VERBOSE)
def test_quiet_is_not_verbose(verb: str, capsys: Captured) -> None:
    assert main(line(verb, "--quiet", "--verbose")) == MISUSED
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "aigw: --quiet: found beside --verbose; allowed: one of both\n",
    )


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_that_there_is_not_is_refused_with_the_nearest(
    verb: str, capsys: Captured
) -> None:
    # the last is a beginning of --json: it is not taken for it
    for wrong, meant in (("--jsno", "--json"), ("--quite", "--quiet"), ("--js", "--json")):
        with pytest.raises(SystemExit) as caught:
            main(line(verb, wrong))
        said = capsys.readouterr()
        assert (caught.value.code, said.out) == (MISUSED, "")
        assert f"usage: aigw {verb} " in said.err
        assert f"unrecognized arguments: {wrong}; did you mean {meant}?" in said.err


@pytest.mark.parametrize(
    ("wrong", "near"), [("chek", "check"), ("comapre", "compare"), ("audits", "audit")]
)
def test_an_unknown_verb_is_refused_with_the_nearest_and_all(
    wrong: str, near: str, capsys: Captured
) -> None:
    assert main([wrong, STACK]) == MISUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"aigw: there is no verb {wrong!r}; did you mean {near}? Verbs: {', '.join(VERBS)}\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        *((verb, "prod-larg", *line(verb)[2:]) for verb in OF_A_STACK),
        ("compare", STACK, "prod-larg"),
        ("compare", "prod-larg", STACK),
    ],
    ids=" ".join,
)
def test_a_stack_without_a_file_is_refused_with_the_nearest(
    words: tuple[str, ...], capsys: Captured
) -> None:
    assert main(words) == MISUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert "did you mean prod-large?" in said.err


@pytest.mark.parametrize("verb", VERBS)
def test_a_stop_ends_with_130_and_without_a_word(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def run(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(VERBS[verb], "run", run)
    assert main(line(verb)) == STOPPED
    assert capsys.readouterr() == ("", "")


def _heeded() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may ignore it


def test_a_signal_stops_a_verb_that_works_without_a_trace() -> None:
    begun = "import sys; from preview.cli import main; from preview import stack_plan; "
    begun += "found = stack_plan.stack_file; "
    begun += "stack_plan.stack_file = lambda *a: (print('begun', flush=True), found(*a))[1]; "
    with subprocess.Popen(
        [sys.executable, "-c", f"{begun}sys.exit(main(['plan', 'prod-large']))"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeded,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        assert (running.stderr.read(), running.wait()) == ("", STOPPED)


@pytest.mark.parametrize("verb", VERBS)
def test_a_reader_that_leaves_changes_nothing(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    with left_by_its_reader(monkeypatch):
        assert main(line(verb)) == FINE
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("verb", JUDGING)
@pytest.mark.usefixtures("refused")
def test_a_refused_stack_is_refused_however_little_is_read(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for drawn in ("", "1"):
        monkeypatch.setenv("FORCE_COLOR", drawn)
        with left_by_its_reader(monkeypatch):
            assert main(line(verb)) == FOUND


@pytest.mark.parametrize(
    ("verb", "stack"), [one for one in TWINS if one[0] not in {*DATA, "report"}]
)
def test_forced_colours_keep_to_a_narrow_terminal(
    verb: str, stack: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(line(verb, stack=stack)) == FINE
    shown = capsys.readouterr().out
    assert ESCAPE.search(shown)
    assert max(map(len, ESCAPE.sub("", shown).splitlines())) <= 40


@pytest.mark.parametrize("no", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_whoever_wants_no_colours_gets_none(
    no: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for name, value in {"FORCE_COLOR": "1", **no}.items():
        monkeypatch.setenv(name, value)
    assert main(line("check")) == FINE
    assert "\x1b" not in capsys.readouterr().out


def test_the_page_shows_what_the_code_has() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for table in (command_docs.verbs(), command_docs.exits(), command_docs.variables()):
        assert table in page


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Repository(tmp_path / "project")


@pytest.mark.parametrize(
    ("becomes", "code", "said"),
    [
        ("b", STATEFUL, r"error: dev-small: .+ is lost\n"),
        ("fail", FOUND, r"error: dev-small: .+\n"),
    ],
)
def test_quiet_says_of_a_difference_what_makes_its_code(
    becomes: str, code: int, said: str, repository: Repository, capsys: Captured
) -> None:
    repository.stack(becomes)
    where = ("--against", "HEAD", "--root", str(repository.folder))
    assert main(["diff", REPOSITORY_STACK, *where, "--refuse-stateful", "--quiet"]) == code
    assert re.fullmatch(said, capsys.readouterr().out)


def test_quiet_says_of_two_plans_the_new_one_s_errors_alone(
    tmp_path: Path, capsys: Captured
) -> None:
    for name, found in (("old", []), ("new", [finding("a.b", "error"), finding("c.d", "warning")])):
        text = json.dumps(plan(findings=list[Json](found)))
        (tmp_path / f"{name}.json").write_text(text)
    files = [str(tmp_path / f"{name}.json") for name in ("old", "new")]
    assert main(["diff", *files, "--quiet"]) == FOUND
    assert capsys.readouterr().out == "error: prod-large: a.b: a.b says so; mend it\n"
