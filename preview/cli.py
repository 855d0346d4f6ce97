"""`aigw`: what a stack is, costs and holds, before it is built.

Exit codes: 0 fine, 1 an error finding or a failed program, 2 wrong use or a refused file. Only
`plan` imports the stacks' program and Pulumi; the other verbs start without them.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Sequence

from preview.collection import uncollected
from preview.misuse import FINE, MisuseError, misused
from preview.verbs.registry import VERBS

NEGATIVE, OPTION = re.compile(r"-[.\d]"), re.compile(r"--[a-z][a-z-]*")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    as_process = arguments is None
    options = parser().parse_args(joined(sys.argv[1:] if arguments is None else arguments))
    try:
        with uncollected():
            code: int = VERBS[options.verb].run(options)
            sys.stdout.flush()
            if as_process:
                gc.freeze()  # or the last collection looks at all of it once more, for a second
    except MisuseError as error:
        return misused(*error.messages)
    except BrokenPipeError:
        # the reader has left (`aigw plan x | head`); Python must not say so again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
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


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(
        prog="aigw", description="Plan the AI gateway platform: no cloud account needed."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for one in VERBS.values():
        one.add(verbs)
    return top


if __name__ == "__main__":
    sys.exit(main())
