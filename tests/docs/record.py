"""What programs say of their own options, kept in programs.json: `python -m tests.docs.record`.

Asks the programs on PATH for help on each subcommand that the pages name; none of them speaks to a
cloud or a cluster for that. Programs that are missing keep what was recorded of them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from typing import Final

from preview.docs.shell import calls
from tests.docs import programs
from tests.docs.pages import every_command, every_span

OPTION: Final = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*(?<!-)")
VERSIONS: Final = {
    "pulumi": ("pulumi", "version"),
    "kubectl": ("kubectl", "version", "--client"),
    "helm": ("helm", "version", "--short"),
    "aws": ("aws", "--version"),
    "gcloud": ("gcloud", "--version"),
}
GLOBAL: Final = {"kubectl": ("kubectl", "options")}
"""How a program tells the options that all its subcommands take, where not by `--help`."""
DEPTH: Final = {
    ("pulumi", "stack"): 2,
    ("pulumi", "config"): 2,
    ("pulumi", "state"): 2,
    ("kubectl", "rollout"): 2,
    ("kubectl", "create"): 2,
    ("kubectl", "top"): 2,
    ("helm", "show"): 2,
    ("aws", ""): 2,
    ("gcloud", ""): 2,
    ("gcloud", "auth"): 3,
    ("gcloud", "logging"): 3,
}
"""Words of a subcommand, by program and first word; 1 where nothing is said."""


def main() -> int:
    """Record every program that is here."""
    kept = json.loads(programs.RECORD.read_text()) if programs.RECORD.exists() else {}
    for program, asked in VERSIONS.items():
        if shutil.which(program):
            every = everywhere(program)
            commands = {one: sorted(told(program, one) - every) for one in named(program)}
            kept[program] = {
                "version": output(asked).splitlines()[0],
                "commands": {"": sorted(every), **commands},
            }
    lines = json.dumps(kept, indent=1, sort_keys=True)
    lines = re.sub(r'\n {4,}"|\n {3}\]', lambda one: one[0].strip(), lines).replace(',"', ', "')
    programs.RECORD.write_text(f"{lines}\n", encoding="utf-8")
    return 0


def named(program: str) -> list[str]:
    """Return the subcommands of a program that the pages name."""
    found = set()
    for words in called(program):
        own = programs.arguments(words)
        if own and not own[0].startswith("-"):
            depth = DEPTH.get((program, own[0]), DEPTH.get((program, ""), 1))
            parts = [one for one in own[:depth] if re.fullmatch(r"[a-z][a-z0-9-]*", one)]
            found |= {" ".join(parts)} if parts else set()
    return sorted(found)


def called(program: str) -> Iterator[Sequence[str]]:
    """Yield each call of a program."""
    texts = [command.text for _, command in every_command()]
    texts += [code for _, code in every_span() if code.startswith(f"{program} ")]
    for text in texts:
        yield from (one.words for one in calls(text) if one.program == program)


def told(program: str, command: str) -> frozenset[str]:
    """Return the options that help on a subcommand names; none if there is no such subcommand."""
    words = [program, *command.split(), "help" if program == "aws" else "--help"]
    return frozenset(OPTION.findall(output(words)))


def everywhere(program: str) -> frozenset[str]:
    """Return the options that every subcommand takes."""
    if program in GLOBAL:
        return frozenset(OPTION.findall(output(GLOBAL[program])))
    return told(program, "")


def output(words: Sequence[str]) -> str:
    """Return what a program prints, without a pager or bold letters."""
    plain = {**os.environ, "PAGER": "cat", "AWS_PAGER": "", "MANPAGER": "cat"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=plain)
    return re.sub(r".\x08", "", done.stdout) if done.returncode == 0 else ""


if __name__ == "__main__":
    raise SystemExit(main())
