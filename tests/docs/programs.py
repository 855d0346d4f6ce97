"""What can be said of a command of the pages without running it: one rule a program.

- `aigw`: its own grammar takes the arguments (test_commands.py runs what can be run besides).
- `make`: the target is there, and `make -n` expands it.
- `python`: the module or the file is there. `pytest`: marks and paths are there.
- `pulumi`, `kubectl`, `helm`, `aws`, `gcloud`: subcommand and options are among those that the
  program itself told in the version recorded in `programs.json` (record.py). Names of objects,
  values, and what a cluster or a cloud answers are not checked.
- `vault`, `curl`, `psql`, `redis-cli` and the tools of every shell: `bash -n` takes the line, no
  more.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from preview.cli import joined, parser
from preview.docs import console
from preview.docs.console import ROOT
from preview.docs.shell import FILLED, Call
from preview.verbs.registry import VERBS
from sizing.versions.charts import CHARTS
from sizing.versions.images import IMAGES

RECORD: Final = Path(__file__).parent / "programs.json"
OPTION: Final = re.compile(r"--?[A-Za-z][\w-]*")
ONLY_SYNTAX: Final = frozenset(
    {"curl", "psql", "redis-cli", "vault", "nvidia-smi"}
    | {"base64", "cat", "cd", "cut", "date", "env", "exit", "export", "git", "grep", "head"}
    | {"mkdir", "printf", "read", "rm", "sed", "sh", "sort", "source", "tail", "wait"}
)
"""Programs of which nothing is known here but that the shell takes the line."""


@cache
def record() -> dict[str, dict[str, list[str]]]:
    """Return the options of each recorded subcommand, by program; "" is for all of them."""
    programs = json.loads(RECORD.read_text(encoding="utf-8"))
    return {program: one["commands"] for program, one in programs.items()}


def aigw(words: Sequence[str]) -> str:
    """Say what the grammar of `aigw` refuses; a command with something to fill in may be short."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser().parse_args(joined(words[1:]))
        except SystemExit as left:
            return told.getvalue() if left.code else ""
    return ""


def beginning_wrong(call: Call) -> str:
    """Return what is wrong with a call in running text, which may leave arguments out."""
    own = console.arguments(" ".join(call.words))
    if own is None:
        return wrong(call)
    verbs = [one for one in own[:1] if not one.startswith("-")]
    told = [f"no verb {one}" for one in verbs if one not in VERBS]
    known = frozenset(OPTION.findall(helped(*verbs))) if not told else frozenset()
    return "; ".join([*told, *(f"no option {one}" for one in options(own) - known)])


@cache
def helped(*verbs: str) -> str:
    """Return the help of `aigw`, or of one of its verbs."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        parser().parse_args([*verbs, "--help"])
    return told.getvalue()


def make(words: Sequence[str]) -> str:
    """Say what `make -n` refuses."""
    told = subprocess.run(
        ["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stderr if told.returncode else ""


def python(words: Sequence[str]) -> str:
    """Say which module or file is not there."""
    if words[1] == "-m":
        return "" if importlib.util.find_spec(words[2]) else f"no module {words[2]}"
    if words[1] == "-c":
        return ""
    return "" if (ROOT / words[1]).is_file() else f"no file {words[1]}"


def pytest(words: Sequence[str]) -> str:
    """Say which mark or path is not there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    marks = {one.split(":")[0] for one in project["tool"]["pytest"]["ini_options"]["markers"]}
    paths = [one for one in words[1:] if "/" in one and not (ROOT / one).exists()]
    told = [f"no path {one}" for one in paths]
    if "-m" in words and words[words.index("-m") + 1] not in marks:
        told.append(f"no mark {words[words.index('-m') + 1]}")
    return "; ".join(told)


def uv(words: Sequence[str]) -> str:
    """Say what is wrong with what `uv run` starts, and which library is not the pinned one."""
    if words[1] != "run":
        return "" if words[1] in {"sync", "lock"} else f"unknown: uv {words[1]}"
    rest = list(words[2:])
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--with":
            library, _, version = rest.pop(0).partition("==")
            pinned = {one.tag for one in IMAGES.values() if library in one.repository}
            if version not in pinned:
                return f"{library} is pinned to {sorted(pinned)}"
    return wrong(Call(words=tuple(rest), piped=False))


def recorded(words: Sequence[str]) -> str:
    """Say which subcommand or option the recorded program does not know."""
    known, own = record()[words[0]], arguments(words)
    command = subcommand(own, known)
    if not command and own and FILLED not in own[0]:
        return f"no subcommand {own[0]!r} is recorded (python -m tests.docs.record)"
    allowed = {*known[""], *known.get(command, ())}
    told = [
        f"no option {one} of {words[0]} {command}"
        for one in options(own) - allowed
        if not {f"-{letter}" for letter in one[1:]} <= allowed  # -it is -i and -t
    ]
    if words[0] == "helm" and "--version" in own:
        version, chart = own[own.index("--version") + 1], own[2]
        if CHARTS[chart].version != version:
            told.append(f"{chart} is pinned to {CHARTS[chart].version}")
    return "; ".join(told)


def arguments(words: Sequence[str]) -> list[str]:
    """Return a program's own arguments, subcommand first: no namespace, nothing after `--`."""
    own = list(words[1 : words.index("--")] if "--" in words else words[1:])
    return own[2:] if own[:1] == ["-n"] else own


def subcommand(own: Sequence[str], known: Iterable[str]) -> str:
    """Return the longest known subcommand that arguments begin with, "" for none."""
    found = (one for one in known if one and list(own[: len(one.split())]) == one.split())
    return max(found, key=len, default="")


def options(own: Sequence[str]) -> frozenset[str]:
    """Return the options among arguments, without their values."""
    return frozenset(found[0] for one in own if (found := OPTION.match(one)))


def syntax(_: Sequence[str]) -> str:
    """Say nothing: `bash -n` has taken the line."""
    return ""


RULES: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "aigw": aigw,
    "make": make,
    "python": python,
    "python3": python,
    "pytest": pytest,
    "uv": uv,
    **dict.fromkeys(("pulumi", "kubectl", "helm", "aws", "gcloud"), recorded),
    **dict.fromkeys(ONLY_SYNTAX, syntax),
}


def wrong(call: Call, functions: frozenset[str] = frozenset()) -> str:
    """Return what is wrong with a program's call, "" where nothing is known to be.

    Args:
        call: the call.
        functions: what the page itself defines.
    """
    if call.program in functions:
        return ""
    rule = RULES.get(call.program)
    if rule is None:
        return f"{call.program!r} has no rule in tests/docs/programs.py"
    return rule(call.words)


def refused_by_bash(text: str) -> str:
    """Return what `bash -n` says of a block."""
    told = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return told.stderr if told.returncode else ""
