"""Progress is for a person who waits: on a terminal, erased, and never anywhere else."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator

import pytest

from preview import progress
from preview.cli import main
from preview.progress import hushed, note, working
from tests.preview.verbs import Terminal, line

pytestmark = pytest.mark.cloud_free("what is shown while somebody waits, not what is waited for")

PATIENCE = 30
"""Seconds until a test gives up waiting for another thread."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for nothing, and leave no thread behind."""
    before = threading.active_count()
    monkeypatch.setattr(progress, "AFTER_SECONDS", 0)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    yield
    assert threading.active_count() == before


def stderr(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    monkeypatch.setattr("sys.stderr", stream)
    return stream


def until(stream: io.StringIO, said: str) -> None:
    """Wait until a stream holds something."""
    end = time.monotonic() + PATIENCE
    while said not in stream.getvalue():
        assert time.monotonic() < end, f"{said!r} is not in {stream.getvalue()!r}"
        time.sleep(0.001)


def left(stream: io.StringIO) -> str:
    """Return what stays on a terminal: a carriage return and an erasure take the line away."""
    return re.sub(r"[^\n]*\r\x1b\[K", "", stream.getvalue())


def test_it_says_what_is_worked_on_and_is_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = stderr(monkeypatch, Terminal())
    with working("planning prod-large"):
        until(shown, "planning prod-large (0 s)")
    assert left(shown) == ""


def test_it_is_gone_where_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = stderr(monkeypatch, Terminal())
    with pytest.raises(KeyboardInterrupt), working("planning"):  # noqa: PT012  # waits for it
        until(shown, "planning")
        raise KeyboardInterrupt
    assert left(shown) == ""


def test_what_ends_sooner_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = stderr(monkeypatch, Terminal())
    monkeypatch.setattr(progress, "AFTER_SECONDS", PATIENCE)
    with working("planning"):
        pass
    assert shown.getvalue() == ""


def test_a_line_too_long_for_the_terminal_is_cut_so_that_it_can_be_erased(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = stderr(monkeypatch, Terminal())
    with working("prod-large " * 50):
        until(shown, "prod-large")
    drawn = shown.getvalue().split(progress.ERASED)
    assert max(len(one) for one in drawn) == progress.WIDTH - 1


def test_a_terminal_without_unicode_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(Terminal):
        encoding = "ascii"

    shown = stderr(monkeypatch, Old())
    with working("planning"):
        until(shown, "planning")
    assert shown.getvalue().isascii()


@pytest.mark.parametrize(
    ("stream", "variable", "quiet"),
    [
        (io.StringIO, {}, False),
        (Terminal, {"CI": "true"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (Terminal, {}, True),
    ],
    ids=["pipe", "CI", "dumb", "quiet"],
)
def test_nobody_who_does_not_watch_is_told(
    stream: type[io.StringIO],
    variable: dict[str, str],
    quiet: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = stderr(monkeypatch, stream())
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    before = threading.active_count()
    with hushed(quiet), working("planning"):
        assert threading.active_count() == before
    assert shown.getvalue() == ""


def test_a_note_stays_and_takes_the_progress_before_it_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = stderr(monkeypatch, Terminal())
    with working("planning"):
        until(shown, "planning")
        note("setting up an environment once")
    assert left(shown) == "aigw: setting up an environment once\n"


def test_a_note_in_a_pipe_is_plain_and_none_is_made_when_quiet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = stderr(monkeypatch, io.StringIO())
    note("once")
    with hushed(True):
        note("never")
    assert shown.getvalue() == "aigw: once\n"


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("plan", "planning dev-small"),
        ("check", "checking dev-small"),
        ("report", "drawing dev-small"),
        ("review", "reviewing dev-small"),
        ("place", "placing the pods of dev-small"),
        ("diff", "planning dev-small here and at HEAD"),
        ("compare", "planning dev-small and dev-small-gcp"),
        ("forecast", "planning dev-small for 3 months"),
    ],
)
def test_a_verb_that_may_take_long_says_what_it_does(
    verb: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = stderr(monkeypatch, Terminal())
    assert main(line(verb)) == 0
    assert said in shown.getvalue()
    assert left(shown) == ""
    assert capsys.readouterr().out
