"""`aigw`: what a stack is, costs and holds, before it is built.

Exit codes stand in `preview.misuse`. Only `plan` imports the stacks' program and Pulumi; the other
verbs start without them.
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

from preview.collection import uncollected
from preview.misuse import FINE, STOPPED, MisuseError, meant, misused, unknown_verb
from preview.progress import ERASED, hushed, shown
from preview.result import nowhere
from preview.verbs.arguments import VerbParser, add_quiet
from preview.verbs.registry import GROUPS, VERBS

NEGATIVE, OPTION = re.compile(r"-[.\d]"), re.compile(r"--[a-z][a-z-]*")
LISTED = re.compile(r"^  (?:-\w[^-]*, )?(--[a-z][a-z-]*)", re.MULTILINE)
"""An option's long form in its verb's help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    as_process = arguments is None
    try:
        with uncollected():
            code = _run(joined(sys.argv[1:] if arguments is None else arguments))
            if as_process:
                gc.freeze()  # or the last collection looks at all of it once more, for a second
    except MisuseError as error:
        return misused(*error.messages)
    except BrokenPipeError:
        nowhere()
        return FINE
    except KeyboardInterrupt:
        if shown(sys.stderr):
            sys.stderr.write(ERASED)  # the ^C that the terminal has echoed
        return STOPPED
    return code


def _run(words: Sequence[str]) -> int:
    if words and not words[0].startswith("-") and words[0] not in VERBS:
        raise MisuseError(unknown_verb(words[0], tuple(VERBS)))
    options = Grammar(words[:1] if words and words[0] in VERBS else VERBS).parse(words)
    if options.quiet and getattr(options, "verbose", False):
        raise MisuseError("--quiet: found beside --verbose; allowed: one of both")
    with hushed(options.quiet):
        code: int = VERBS[options.verb].run(options)
    sys.stdout.flush()
    return code


def joined(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with "--growth -5%" as "--growth=-5%": a negative value is no option."""
    told: list[str] = []
    for one in arguments:
        if told and NEGATIVE.match(one) and OPTION.fullmatch(told[-1]):
            told[-1] += f"={one}"
        else:
            told.append(one)
    return told


class Grammar(argparse.ArgumentParser):
    """The grammar of `aigw`, with its verbs' own.

    Attributes:
        verbs: their parsers, by name.
    """

    def __init__(self, verbs: Iterable[str]) -> None:
        super().__init__(
            prog="aigw",
            description="Plan the AI gateway platform: no cloud account needed.",
            usage="aigw [-h] VERB ...",
            allow_abbrev=False,
        )
        added = self.add_subparsers(
            dest="verb", required=True, metavar="VERB", prog="aigw", parser_class=VerbParser
        )
        for name in verbs:  # of the one that runs alone: the others' arguments take time
            VERBS[name].add(added)
        self.verbs: dict[str, VerbParser] = dict(added.choices)
        for own in self.verbs.values():
            add_quiet(own)

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """Return what a command line says; end with what is wrong, and 2."""
        options, unknown = self.parse_known_args(words)
        if unknown:
            self._refuse(options.verb, unknown)
        return options

    def format_help(self) -> str:
        """Return the help: verbs in groups, exit codes, variables."""
        from preview.help_text import overview, width

        told = {name: one.what for name, one in self.verbs.items()}
        groups = {title: tuple(group) for title, group in GROUPS.items()}
        return f"{self.format_usage()}\n{self.description}\n\n{overview(groups, told, width())}\n"

    def _refuse(self, verb: str, unknown: Sequence[str]) -> NoReturn:
        known = LISTED.findall(self.verbs[verb].format_help())
        near = next((said for one in unknown if (said := meant(one, known))), "")
        self.verbs[verb].error(f"unrecognized arguments: {' '.join(unknown)}{near}")


def parser() -> Grammar:
    """Return the command line's grammar, with every verb's."""
    return Grammar(VERBS)


if __name__ == "__main__":
    sys.exit(main())
