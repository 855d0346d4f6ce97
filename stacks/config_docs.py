"""The tables of docs/configuration.md, from the typed config."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sizing.words import Cloud
from stacks.config_clouds import CLOUDS
from stacks.config_errors import joined
from stacks.config_translate import choices, model_of

ENTRIES: Final = {
    "agents": "<name>",
    "credentials": "<upstream>",
    "pools": "<role>",
    "providers": "<provider>",
    "servers": "<name>",
}
"""How the table writes a key of a mapping whose values are parts of their own."""
NAMES: Final = {Cloud.AWS: "On AWS", Cloud.GCP: "On Google Cloud"}
"""Headings of what is one cloud's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the config, as the documentation lists it."""

    path: str
    type: str
    default: str
    immutable: bool
    description: str


def keys(cloud: Cloud | None = None) -> tuple[Key, ...]:
    """Return every key that holds a value, in the order declared; mappings are walked into.

    Args:
        cloud: whose own keys; None is those that are the same on every cloud.
    """
    of_clouds = {one: tuple(_keys(kind, "")) for one, kind in CLOUDS.items()}
    first, *others = of_clouds.values()
    same = [key for key in first if all(key in other for other in others)]
    if cloud is None:
        return tuple(same)
    return tuple(key for key in of_clouds[cloud] if key not in same)


def markdown() -> str:
    """Return the keys as the tables of docs/configuration.md: of every cloud, then each one's."""
    parts = [_table(keys())]
    parts += [f"### {name}\n\n{_table(keys(cloud))}" for cloud, name in NAMES.items()]
    return "\n".join(parts)


def _table(rows: Sequence[Key]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for key in rows:
        fixed = " Fixed after the first `up`." if key.immutable else ""
        meaning = f"{key.description}.{fixed}".replace("|", "\\|")
        lines.append(f"| `{key.path}` | {key.type} | {key.default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _keys(model: type[BaseModel], above: str, optional: str = "") -> Iterator[Key]:
    """Return the keys of a part.

    Args:
        model: the part.
        above: where it stands.
        optional: the nearest part above that may be left out, and with it all keys below.
    """
    for name, field in model.model_fields.items():
        path = joined(above, name)
        inner = model_of(field.annotation)
        if inner is not None:
            left_out = not field.is_required() and field.default_factory is None
            yield from _keys(inner, _within(path, field), path if left_out else optional)
            continue
        extra = field.json_schema_extra
        yield Key(
            path=path,
            type=_type(field.annotation),
            default=_default(field, optional),
            immutable=isinstance(extra, dict) and bool(extra.get("immutable")),
            description=str(field.description),
        )


def _within(path: str, field: FieldInfo) -> str:
    """Return the path that keys of a part begin with, or of each part of a list or mapping."""
    kind = get_origin(field.annotation)
    if kind is dict:
        return joined(path, ENTRIES[path.rpartition(".")[2]])
    return f"{path}[]" if kind is tuple else path


def _type(annotation: object) -> str:
    kind, inner = get_origin(annotation), get_args(annotation)
    if kind is dict:
        return "mapping"
    if kind is tuple:
        return f"list of {_type(inner[0])}"
    named = choices(annotation)
    if named:
        return " or ".join(f"`{choice}`" for choice in named)
    simple = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if isinstance(annotation, type) and annotation in simple:
        return simple[annotation]
    return _type(next(one for one in inner if one is not type(None)))


def _default(field: FieldInfo, optional: str) -> str:
    if field.is_required():
        return f"required with `{optional}`" if optional else "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), ""):
        return "none"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"
