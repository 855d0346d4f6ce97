"""Verbs as whole processes, and each verb's shortest complete command line."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STACK = "dev-small"
THROUGHPUT = "--gpu H100 --tp 2 --model llama-3.1-70b --precision fp8 --isl 5000 --osl 500"
INIT = "dev-large --account 210987654321 --reach 198.18.0.7/32 --administrators"
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "init": (*INIT.split(), "arn:aws:iam::210987654321:role/platform-admin", "--dry-run"),
    "plan": (STACK,),
    "check": (STACK,),
    "compare": (STACK, f"{STACK}-gcp"),
    "diff": (STACK, "--against", "HEAD"),
    "size": ("--rps-peak", "5"),
    "forecast": (STACK, "--growth", "8%", "--months", "3"),
    "place": (STACK,),
    "throughput": (*THROUGHPUT.split(), "--concurrency", "50"),
    "loadtest": (STACK,),
    "report": (STACK, "-o", os.devnull),
    "review": (STACK,),
    "audit": (),
    "tiers": (),
    "schema": (),
    "completion": ("bash",),
}
"""What each verb needs, no more."""

OF_A_STACK = ("plan", "check", "forecast", "loadtest", "place", "report", "review")
TWINS = (
    *((verb, STACK) for verb in COMMANDS),
    *((verb, f"{STACK}-gcp") for verb in OF_A_STACK),
)
"""Every verb, and those that show what a cloud has for a stack of each."""
DATA = frozenset({"init", "loadtest", "schema", "completion"})
"""Verbs that write for programs, whole on any terminal and with --quiet."""
WITHOUT_ENGINE = tuple(verb for verb in COMMANDS if verb != "plan")
ENGINE = ("pulumi", "pulumi_aws", "pulumi_random")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def line(verb: str, *more: str, stack: str = STACK) -> tuple[str, ...]:
    """Return a verb's shortest command line, and more; of another stack where it is of one."""
    if verb == "diff":
        needs_repository()
    own = (stack if one == STACK else one for one in COMMANDS[verb])
    return (verb, *own, *more)


def examples(told: str) -> list[list[str]]:
    """Return the command lines of aigw in a verb's help."""
    lines = re.findall(r"^  aigw (.+)$", re.sub(r" *\\\n *", " ", told), flags=re.MULTILINE)
    return [re.split(r" +[#>]", one)[0].split() for one in lines]


def needs_repository() -> None:
    """Skip a test that compares with a commit where this folder is a copy without any."""
    told = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if told.returncode:
        pytest.skip("this folder is no git repository")


def process(*arguments: str, script: str = "") -> subprocess.CompletedProcess[str]:
    """Run aigw, or a script that does, in a process of its own."""
    start = ["-c", script] if script else ["-m", "preview.cli"]
    return subprocess.run(
        [sys.executable, *start, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def on_terminal(width: int, *arguments: str) -> tuple[int, str]:
    """Run aigw on a terminal so wide, without colour; return its exit code and what it showed."""
    reader, writer = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "preview.cli", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
        env={**os.environ, "COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1", "CI": "1"},
    ) as running:
        os.close(writer)
        shown = bytearray()
        with suppress(OSError):  # Linux ends a terminal's last read with an error
            while part := os.read(reader, 1 << 16):
                shown += part
        os.close(reader)
        return running.wait(), shown.decode()
