"""Join what the diffs of a pull request say into one comment: a JSON file for whoever posts it.

    NUMBER=12 python3 comment.py FOLDER comment.json

Each folder below FOLDER holds a `diff.md`; that of an engine's preview names its `stack`, too.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

LIMIT = 65_536
"""Characters of a comment; counted as bytes of UTF-8 here, which are never fewer."""

ROOM = 1024
"""Bytes that are left to whoever posts it: which commit it is of, and what was left out."""

MARKER = "<!-- aigw diff -->\n"


def joined(folder: Path, most: int = LIMIT - ROOM) -> str:
    """Return the comment: the offline diff first, then what the engine says, as far as it fits."""
    diffs = sorted(folder.glob("*/diff.md"), key=lambda file: (_stack(file), file.parent.name))
    if not diffs:
        return f"{MARKER}Nothing was compared: the run says why.\n"
    text, left_out = MARKER, []
    for file in diffs:
        stack = _stack(file)
        title = f"### {stack}: the engine's preview\n\n" if stack else ""
        part = title + file.read_text(encoding="utf-8").removeprefix(MARKER).rstrip() + "\n\n"
        if len((text + part).encode()) <= most:
            text += part
        elif stack:
            left_out.append(stack)
        else:
            text += shortened(part, most - len(text.encode()))
    if left_out:
        text += f"Left out here, whole in the run's summary: the engine on {', '.join(left_out)}.\n"
    return text


def shortened(text: str, most: int) -> str:
    """Return the lines that fit, and close what they left open."""
    note = "\n</details>\n\nThe rest did not fit: it stands in the run's summary.\n\n"
    lines, size = [], len(note)
    for line in text.splitlines(keepends=True):
        size += len(line.encode())
        if size > most:
            break
        lines.append(line)
    kept = "".join(lines)
    is_open = kept.count("<details>") > kept.count("</details>")
    return kept + (note if is_open else note.removeprefix("\n</details>"))


def _stack(diff: Path) -> str:
    name = diff.parent / "stack"
    return name.read_text(encoding="utf-8").strip() if name.exists() else ""


def main() -> None:
    """Write the comment."""
    folder, target = map(Path, sys.argv[1:])
    said = {"number": int(os.environ["NUMBER"]), "text": joined(folder)}
    target.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
