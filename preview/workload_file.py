"""A workload file as plain data: YAML (or JSON) whose scalars stay as they are typed.

Nothing is turned into a number, a date or a truth value here, so that `1.9e6`, `010` and `on` mean
what they look like; `sizing.workload.statement` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

LARGEST_BYTES = 1 << 20
"""No statement of a person is longer; a file named by mistake often is."""


class FileError(Exception):
    """A workload file cannot be read; the message says where and why."""


class _Loader(yaml.BaseLoader):
    """YAML without types: every scalar is text."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise FileError(f"line {line}: a key must be text")
        if key.value in seen:
            raise FileError(
                f"line {line}: the key {key.value!r} stands on line {seen[key.value]} too"
            )
        seen[key.value] = line
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read(path: Path) -> Mapping[str, object]:
    """Return what a workload file states, unjudged.

    Raises:
        FileError: the file cannot be read, is no YAML, holds a key twice, or is no mapping.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FileError(f"{path}: longer than {LARGEST_BYTES:,} bytes, no workload")
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileError as error:
        raise FileError(str(error) if str(path) in str(error) else f"{path}: {error}") from None
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise FileError(f"{path}: {place}{error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise FileError(f"{path}: no YAML ({reason})") from None
    if not isinstance(data, dict):
        raise FileError(
            f"{path}: found {type(data).__name__}, allowed: a mapping of a workload's fields"
        )
    return data
