"""Every command of README and docs works as far as that can be seen without a cloud.

A block says what it is (see `preview.docs`). `aigw` is run, and what a page shows of its output is
what it prints; of other programs `tests/docs/programs.py` says how far each is looked at. A program
that nothing is known of fails by its name, and so does a block that does not say what it is.
"""

from __future__ import annotations

import json
import shutil

import pytest

from preview.docs import console
from preview.docs.markdown import Block
from preview.docs.shell import FUNCTION, Command, calls, commands, filled
from preview.verbs.registry import VERBS
from tests.docs import pages, programs, record
from tests.preview.verbs import needs_repository

KINDS = {"yaml", "text", "sql", "json"}
"""What a block may be besides commands."""
FINE = (0, 1)
"""Exit codes of a command that was used rightly: an error finding is no fault of the page."""


def run_whole(command: Command) -> list[str]:
    """Return the parts of a command that are run: all `aigw`, and nothing asked that is not there.

    What would ask a network or write a stack's file is left out, and what a reader fills in.
    """
    parts = command.text.split(" && ")
    told = [call for part in parts for call in calls(part)]
    own = [console.arguments(filled(part)) for part in parts]
    if len(told) != len(parts) or None in own or any(one.piped or one.open for one in told):
        return []
    words = {word for one in told for word in one.words}
    writes = "init" in words and not {"--dry-run", "--stdout", "--root"} & words
    return [] if writes or {"--url", "-"} & words else parts


@pytest.mark.parametrize("block", pages.of_commands())
def test_a_block_shows_what_its_commands_print(block: Block) -> None:
    for command in commands(block):
        if "--against" in command.text:
            needs_repository()
        if command.printed is not None:
            assert console.wrong(command) == "", f"run: make docs ({command.text})"
            continue
        for part in run_whole(command):
            told = console.answer(part)
            assert told.code in FINE, (part, told.error)
            assert told.out or console.TO_FILE in part or "--quiet" in part, part
            assert told.error == (), part


@pytest.mark.parametrize("block", pages.of_commands())
def test_a_shell_takes_a_block_and_each_program_its_arguments(block: Block) -> None:
    written = commands(block)
    assert programs.refused_by_bash("\n".join(filled(one.text) for one in written)) == ""
    for command in written:
        for call in calls(command.text):
            assert programs.wrong(call, functions()) == "", command.text


def functions() -> frozenset[str]:
    """Return what the pages define for the lines after it."""
    every = (FUNCTION.match(command.text) for _, command in pages.every_command())
    return frozenset(one["name"] for one in every if one)


def within_lines() -> list[tuple[str, str]]:
    """Return page and text of each command that stands in running text."""
    ruled = programs.RULES.keys() - programs.ONLY_SYNTAX
    found = {one for one in pages.every_span() if " " in one[1]}
    return sorted(one for one in found if one[1].split()[0] in ruled)


@pytest.mark.parametrize(("page", "code"), within_lines())
def test_a_command_within_a_line_is_one(page: str, code: str) -> None:
    for call in calls(code):
        assert programs.beginning_wrong(call) == "", page


@pytest.mark.parametrize("block", pages.others())
def test_a_block_of_something_else_says_what_and_hides_no_command(block: Block) -> None:
    assert block.kind in KINDS
    assert [line for line in block.lines if line.split(" ")[0] in {"$", "aigw", "make"}] == []
    if block.kind == "json":
        assert json.loads("\n".join(block.lines))


def test_the_pages_show_every_verb() -> None:
    shown = {
        call.words[call.words.index("aigw") + 1]
        for _, command in pages.every_command()
        for call in calls(command.text)
        if "aigw" in call.words
    }
    assert set(VERBS) <= shown


@pytest.mark.engine
@pytest.mark.parametrize("command", sorted(programs.record()["pulumi"]))
def test_pulumi_has_what_was_recorded_of_it(command: str) -> None:
    if not shutil.which("pulumi"):
        pytest.skip("pulumi is not on PATH")
    used = {
        option
        for words in record.called("pulumi")
        if programs.subcommand(programs.arguments(words), programs.record()["pulumi"]) == command
        for option in programs.options(programs.arguments(words))
    }
    assert used <= record.told("pulumi", command) | record.everywhere("pulumi")
    assert record.told("pulumi", command)
