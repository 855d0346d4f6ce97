"""`aigw completion`: what shells offer for a word, asked of the shells themselves."""

from __future__ import annotations

import argparse
import subprocess
from functools import cache
from pathlib import Path

import pytest

from preview.cli import main, parser
from preview.verbs.completion import SHELLS, script
from preview.verbs.registry import VERBS
from tests.preview import shells
from tests.preview.verbs import OF_A_STACK

pytestmark = pytest.mark.cloud_free("a shell offers words; a stack is the name of its file")

made = cache(script)
HERE = {"prod-here", "prod-here-gcp"}
ENDINGS = {"STACK": "_aigw_stack", "FILE": "file", "DIR": "directory"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a clone with two stacks of prod and one of dev, a file and a commit."""
    clone = tmp_path / "clone"
    (clone / "stacks").mkdir(parents=True)
    for name in (*HERE, "dev-there"):
        (clone / "stacks" / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    (clone / "Pulumi.yaml").write_text("name: aigw\n")
    (clone / "prod.json").write_text("{}")
    return clone


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder for the shell's own files."""
    (tmp_path / "shell").mkdir()
    return tmp_path / "shell"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("aigw ", set(VERBS)),
        ("aigw pl", {"plan", "place"}),
        ("aigw check prod", HERE),
        ("aigw compare dev-there prod", HERE),
        ("aigw plan dev-there --js", {"--json"}),
        ("aigw plan dev-there --json --doc", {"--documented"}),
        ("aigw diff prod", {*HERE, "prod.json"}),
        ("aigw check dev-there --root st", {"stacks"}),
        ("aigw report dev-there -o prod", {"prod.json"}),
        ("aigw size --tier ", {"small", "medium", "large", "enterprise"}),
        ("aigw size --region us-e", {"us-east-1", "us-east4"}),
        ("aigw throughput --gpu H1", {"H100", "H100-nvl", "H100-pcie"}),
        ("aigw throughput --model phi-3-", {"phi-3-medium", "phi-3-mini"}),
        ("aigw schema loadtest", {"loadtest", "loadtest-report"}),
        ("aigw completion ", set(SHELLS)),
    ],
)
def test_a_shell_offers_what_may_stand_there(
    shell: str, line: str, offered: set[str], folder: Path, own: Path
) -> None:
    assert shells.offers(shell, made(shell), line, folder, own) == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_stacks_are_those_of_the_folder_and_looked_up_each_time(
    shell: str, folder: Path, own: Path
) -> None:
    (folder / "stacks" / "Pulumi.dev-there.yaml").rename(folder / "stacks" / "Pulumi.prod-new.yaml")
    found = shells.offers(shell, made(shell), "aigw plan prod", folder / "stacks", own)
    assert found == {*HERE, "prod-new"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_commit_is_a_branch_a_tag_or_the_last(shell: str, folder: Path, own: Path) -> None:
    person = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (
        ["init", "--quiet", "--initial-branch", "topic"],
        [*person, "commit", "--quiet", "--allow-empty", "--message", "first"],
        ["tag", "v1"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    found = shells.offers(shell, made(shell), "aigw diff prod-here --against ", folder, own)
    assert found == {"HEAD", "HEAD~1", "topic", "v1"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_s_long_options_are_offered(verb: str, folder: Path, own: Path) -> None:
    found = shells.offers("bash", made("bash"), f"aigw {verb} --", folder, own)
    assert {"--help", "--json", "--quiet"} <= found
    known = parser().verbs[verb].format_usage().replace("[", " ").replace("]", " ").split()
    assert {one for one in known if one.startswith("--")} <= found


@pytest.mark.parametrize("verb", OF_A_STACK)
def test_every_verb_of_a_stack_offers_stacks(verb: str, folder: Path, own: Path) -> None:
    assert shells.offers("bash", made("bash"), f"aigw {verb} prod", folder, own) >= HERE


@pytest.mark.parametrize("verb", VERBS)
def test_what_an_argument_is_says_what_completes_it(verb: str) -> None:
    # argparse has no public list of a parser's arguments; shtab reads this one, too
    actions: list[argparse.Action] = parser().verbs[verb]._actions
    for one in actions:
        wanted = ENDINGS.get(str(one.metavar))
        if wanted:
            by = getattr(one, "complete", None)
            assert wanted in (by if isinstance(by, str) else str(by)), one.dest


@pytest.mark.parametrize("wrong", [[], ["ksh"]])
def test_another_shell_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["completion", *wrong])
    assert caught.value.code == 2
    assert "SHELL" in capsys.readouterr().err
