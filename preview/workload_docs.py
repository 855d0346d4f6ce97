"""The table of fields in docs/workload.md."""

from __future__ import annotations

from preview.verbs.size import FLAGS
from sizing.workload.fields import FIELDS, LISTS, REGIONS, Field, allowed

HEAD = ("| field | flag | what it takes |", "|---|---|---|")


def table() -> str:
    """Return the table: fields outside lists, then those of each list's entries."""
    flags = {path: f"`--{flag}`" for flag, (path, _, _) in FLAGS.items()}
    rows = [_row(field.path, flags.get(field.path, ""), field) for field in FIELDS]
    rows.append(_row(REGIONS.path, flags[REGIONS.path], REGIONS))
    for name, fields in LISTS.items():
        rows += [_row(f"{name}[].{field.path}", "", field) for field in fields]
    return "\n".join((*HEAD, *rows)) + "\n"


def _row(path: str, flag: str, field: Field) -> str:
    return f"| `{path}` | {flag} | {allowed(field)} |"
