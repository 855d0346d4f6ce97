"""How pages are read: blocks, their commands, and what is shown of an output."""

from __future__ import annotations

import pytest

from preview.docs import console, shown
from preview.docs.markdown import Block, blocks, replaced, spans
from preview.docs.shell import calls, commands

PAGE = """\
# Page

Text with `aigw plan x` in it
    and a line that goes on.

    make test     # indented

    make lint

```console
$ aigw tiers
one

two
```

1. A step:

        kubectl get pods

   ```yaml
   a: 1
   ```
"""


def block(*lines: str, kind: str = "sh") -> Block:
    return Block(kind=kind, first=0, indent=0, lines=lines)


def test_blocks_are_found_indented_fenced_and_within_lists() -> None:
    assert [(one.kind, one.indent, one.lines) for one in blocks(PAGE)] == [
        ("sh", 4, ("make test     # indented", "", "make lint")),
        ("console", 0, ("$ aigw tiers", "one", "", "two")),
        ("sh", 8, ("kubectl get pods",)),
        ("yaml", 3, ("a: 1",)),
    ]


def test_code_within_lines_is_found_outside_of_blocks() -> None:
    assert spans(PAGE) == ("aigw plan x",)


def test_a_block_is_replaced_where_it_stands() -> None:
    now = replaced(PAGE, blocks(PAGE)[2], ("kubectl get nodes", "", "date"))
    assert "\n        kubectl get nodes\n\n        date\n\n   ```yaml" in now
    assert now.replace("nodes\n\n        date", "pods") == PAGE


def test_commands_are_told_from_what_they_print() -> None:
    found = commands(block("$ one \\", "  two", "out", "$ three", kind="console"))
    assert [(one.text, one.printed) for one in found] == [
        ("one \\\n  two", ("out",)),
        ("three", ()),
    ]


def test_a_command_goes_on_until_quotes_and_here_text_are_closed() -> None:
    found = commands(block("a 'b", "c'", "# no command", "", "d <<END", "e", "END", "f"))
    assert [one.text for one in found] == ["a 'b\nc'", "d <<END\ne\nEND", "f"]


@pytest.mark.parametrize("lines", [("out", "$ in"), ("$ 'open",)])
def test_a_block_that_is_no_such_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"begins with|no end of"):
        commands(block(*lines, kind="console"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pulumi stack init <account>  # asks", ["pulumi stack init FILLED-IN"]),
        ('A=1 B=$(aws x y | head -1) && grep "$A" < f', ["aws x y", "head -1", "grep $A"]),
        ("for i in 1 2; do curl $i; done", ["curl $i"]),
        ('ask() { curl -s "$1"; }', ["curl -s $1"]),
        ("cat <<END\n$(not a call)\nEND", ["cat"]),
        ("aigw plan x --json > old.json", ["aigw plan x --json"]),
        ("N=a; M=b", []),
    ],
)
def test_the_programs_of_a_command_are_found(text: str, found: list[str]) -> None:
    assert [" ".join(one.words) for one in calls(text)] == found


OUTPUT = ["title", "-----", "a  1", "b  2", "c  3", "sum 6"]


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        (OUTPUT, ""),
        (["title", "...", "sum 6"], ""),
        (["...", "b  2", "c  3", "…"], ""),
        (["title", "-----", "a  …", "..."], ""),
        ([*OUTPUT[:-1]], "sum 6"),
        (["...", "b  2", "..."], ""),
        (["...", "b  9", "..."], "b  9"),
        (["...", "c  3", "...", "b  2", "..."], "b  2"),
        (["a  1", "..."], "a  1"),
        (["...", "a  1", "c  3", "..."], "a  1"),
        (["...", "c  3"], "c  3"),
    ],
)
def test_what_is_shown_is_held_against_the_output(lines: list[str], missing: str) -> None:
    assert missing in shown.differs(lines, OUTPUT)
    assert bool(shown.differs(lines, OUTPUT)) == bool(missing)


NOW = ["title", "-----", "a  1", "b  4", "c  3", "d  5", "sum 13"]


@pytest.mark.parametrize(
    ("lines", "now"),
    [
        (OUTPUT, NOW),
        (["title", "...", "sum 6"], ["title", "...", "sum 13"]),
        (["...", "b  2", "c  3", "…"], ["...", "b  4", "c  3", "…"]),
        (["…", "b …", "..."], ["…", "b …", "..."]),
        (["ti…", "...", "s…"], ["ti…", "...", "s…"]),
    ],
)
def test_what_is_shown_is_made_anew(lines: list[str], now: list[str]) -> None:
    assert list(shown.renewed(lines, NOW)) == now
    assert shown.differs(now, NOW) == ""


def test_a_line_without_a_successor_is_left_to_people() -> None:
    with pytest.raises(ValueError, match="mend it by hand"):
        shown.renewed(["...", "nothing like it", "..."], NOW)


def test_a_command_is_run_and_its_file_is_there_for_the_next() -> None:
    assert console.answer("aigw schema --json > told.json").out == ()
    assert console.answer("aigw no-such-verb").code == 2
    with pytest.raises(ValueError, match="not run"):
        console.answer("rm told.json")


def test_a_page_shows_what_is_printed_now() -> None:
    stale = "# P\n\n```console\n$ aigw --no-such\nold\n```\n\nmore\n"
    now = console.written(stale)
    assert "aigw: error: " in now
    assert now.endswith("```\n\nmore\n")
    assert console.written(now) == now
