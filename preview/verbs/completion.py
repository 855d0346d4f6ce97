"""`aigw completion`: what a shell needs to complete verbs, options, choices, stacks and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE
from preview.result import write_text
from preview.verbs.arguments import COMMIT, GPU, MODEL, REGION, STACK, add_json, verb

if TYPE_CHECKING:
    from sizing.model import Json

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""

EXAMPLES = """\
examples:
  aigw completion bash > ~/.aigw.bash
  aigw completion zsh > ~/.zfunc/_aigw
  aigw completion fish > ~/.config/fish/completions/aigw.fish

Stacks are those of the folder that the shell is in: a clone, or its stacks/. What bash and zsh
need beside the file is in docs/command-line.md.
"""

LISTING: Mapping[str, str] = MappingProxyType(
    {
        "bash": '_aigw_{kind}() {{\n  compgen -W "$({command})" -- "$1"\n}}',
        "zsh": '_aigw_{kind}() {{\n  local -a found\n  found=(${{(f)"$({command})"}})\n'
        "  compadd -a found\n}}",
        "fish": "function _aigw_{kind}\n  {command}\nend",
    }
)
"""By shell: a function that offers the words which a command prints, one a line."""

STACKS_AND_FILES: Mapping[str, str] = MappingProxyType(
    {
        "bash": '_aigw_stack_or_file() {\n  _aigw_stack "$1"\n  _shtab_compgen_files "$1"\n}',
        "zsh": "_aigw_stack_or_file() {\n"
        "  _alternative 'stacks:stack:_aigw_stack' 'files:file:_files'\n}",
        "fish": "function _aigw_stack_or_file\n  _aigw_stack\n"
        "  __fish_complete_path (commandline -ct)\nend",
    }
)
SHELLS = tuple(LISTING)


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(verbs, "completion", "what a shell needs to complete aigw's words", EXAMPLES)
    parser.add_argument(
        "shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write a shell's script; it is data, and --quiet leaves it."""
    made = script(options.shell)
    if options.json:
        from preview.json_out import text

        write_text(text(document(options.shell, made)))
    else:
        write_text(made)
    return FINE


def script(shell: str) -> str:
    """Return what a shell reads, made from the grammar."""
    import shtab

    from preview.cli import parser

    functions = [
        LISTING[shell].format(kind=kind, command=command) for kind, command in listed().items()
    ]
    made = shtab.complete(
        parser(), shell, preamble="\n".join([*functions, STACKS_AND_FILES[shell]])
    )
    return f"{made.rstrip()}\n"


def listed() -> Mapping[str, str]:
    """Return what prints the words of each kind, in any shell."""
    from sizing.catalog import regions
    from sizing.serving.gpus import gpu_names
    from sizing.serving.models import model_names
    from sizing.words import Cloud

    return {
        REGION: _printing(name for cloud in Cloud for name in regions(cloud)),
        STACK: r"command ls stacks . 2>/dev/null | sed -n 's/^Pulumi\.\(.*\)\.yaml$/\1/p'",
        COMMIT: r"printf '%s\n' HEAD HEAD~1; "
        "git for-each-ref --format='%(refname:short)' 2>/dev/null",
        GPU: _printing(gpu_names()),
        MODEL: _printing(model_names()),
    }


def _printing(words: Iterable[str]) -> str:
    return rf"printf '%s\n' {' '.join(words)}"


def document(shell: str, made: str) -> Json:
    """Return a shell's script as JSON."""
    return {"schema": SCHEMA, "shell": shell, "script": made}
