"""Real shells that complete a word: bash, and zsh and fish where they are installed."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

PATIENCE = 60
"""Seconds until a test gives up waiting for a shell."""

BASH = """\
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_shtab_aigw
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """\
PS1='> '
fpath=({own} $fpath)
autoload -Uz compinit
compinit -u -d {own}/dump
compadd() {{
  builtin compadd "$@"
  builtin compadd -O offered "$@"
  print -rl -- $offered >> {own}/offers
}}
told() {{
  : > {own}/offers
  zle complete-word
  print > {own}/done
}}
zle -N told
bindkey '^T' told
print > {own}/ready
"""
"""A start of zsh in which control-T completes the line and writes what is offered."""


def bash(script: str, line: str, folder: Path, own: Path) -> set[str]:
    """Return what bash offers for the last word of a line, in a folder."""
    (own / "aigw.bash").write_text(script)
    words = [*line.split(), *([""] if line.endswith(" ") else [])]
    start = ["bash", "--norc", "-c", BASH, "bash", str(own / "aigw.bash")]
    return told(start + words, folder)


def fish(script: str, line: str, folder: Path, own: Path) -> set[str]:
    """Return what fish offers, without what it says of each."""
    (own / "aigw.fish").write_text(script)
    asked = f"source {own}/aigw.fish; complete -C '{line}'"
    return told(["fish", "--no-config", "-c", asked], folder)


def told(command: list[str], folder: Path) -> set[str]:
    """Return the words that a program prints, a line each, without a folder's slash."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    words = (one.partition("\t")[0] for one in done.stdout.splitlines())
    return {word.rstrip("/") for word in words if word}


def zsh(script: str, line: str, folder: Path, own: Path) -> set[str]:
    """Return what zsh offers: typed on a terminal, since it completes nowhere else."""
    for name, text in (("_aigw", script), (".zshrc", ZSH.format(own=own))):
        (own / name).write_text(text)
    for name in ("ready", "done"):
        (own / name).unlink(missing_ok=True)
    reader, writer = pty.openpty()
    with subprocess.Popen(
        ["zsh", "-i"],
        cwd=folder,
        stdin=writer,
        stdout=writer,
        stderr=writer,
        env={**os.environ, "ZDOTDIR": str(own), "TERM": "xterm"},
        start_new_session=True,
    ) as running:
        os.close(writer)
        try:
            appears(own / "ready", reader)
            os.write(reader, f"{line}\x14".encode())
            appears(own / "done", reader)
        finally:
            running.kill()
    os.close(reader)
    return {one for one in (own / "offers").read_text().splitlines() if one}


def appears(path: Path, reader: int) -> None:
    """Wait for a file while somebody reads what the shell shows."""
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} does not appear"
        if select.select([reader], [], [], 0.02)[0]:
            os.read(reader, 1 << 16)


SHELLS: Mapping[str, Callable[[str, str, Path, Path], set[str]]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
}


def offers(shell: str, script: str, line: str, folder: Path, own: Path) -> set[str]:
    """Return what a shell offers for a line's last word; skip where there is no such shell."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not on PATH")
    return SHELLS[shell](script, line, folder, own)
