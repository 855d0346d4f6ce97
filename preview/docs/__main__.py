"""`python -m preview.docs`: write what the code makes of the pages; `--check` only looks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from preview.docs.console import ROOT
from preview.docs.made import paths, text


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, or name, every file that is not as the code makes it; 1 where one was named."""
    parser = argparse.ArgumentParser(prog="python -m preview.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a file is stale")
    options = parser.parse_args(arguments)
    code = 0
    for path in paths():
        try:
            now = text(path)
        except ValueError as error:
            print(error, file=sys.stderr)
            code = 1
            continue
        if now == (path.read_text(encoding="utf-8") if path.exists() else ""):
            continue
        print(path.relative_to(ROOT))
        if options.check:
            code = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
