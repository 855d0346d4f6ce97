"""The table of docs/configuration.md, from the typed config: `python -m stacks.config_docs`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stacks.config_errors import joined
from stacks.config_model import StackConfig
from stacks.config_translate import choices, model_of

PAGE: Final = Path(__file__).parent.parent / "docs" / "configuration.md"
BEGIN: Final = "<!-- keys: made by python -m stacks.config_docs -->"
END: Final = "<!-- end of keys -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the config, as the documentation lists it."""

    path: str
    type: str
    default: str
    immutable: bool
    description: str


def keys() -> tuple[Key, ...]:
    """Return every key that holds a value, in the order declared; mappings are walked into."""
    return tuple(_keys(StackConfig, ""))


def markdown() -> str:
    """Return the keys as the table of docs/configuration.md."""
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for key in keys():
        fixed = " Fixed after the first `up`." if key.immutable else ""
        meaning = f"{key.description}.{fixed}".replace("|", "\\|")
        lines.append(f"| `{key.path}` | {key.type} | {key.default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _keys(model: type[BaseModel], above: str) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        path = joined(above, name)
        inner = model_of(field.annotation)
        if inner is not None:
            entry = "<role>" if get_origin(field.annotation) is dict else ""
            yield from _keys(inner, joined(path, entry))
            continue
        extra = field.json_schema_extra
        yield Key(
            path=path,
            type=_type(field.annotation),
            default=_default(field),
            immutable=isinstance(extra, dict) and bool(extra.get("immutable")),
            description=str(field.description),
        )


def _type(annotation: object) -> str:
    named = choices(annotation)
    if named:
        return " or ".join(f"`{choice}`" for choice in named)
    simple = {str: "text", int: "whole number", bool: "true or false"}
    if get_origin(annotation) is dict:
        return "mapping"
    if isinstance(annotation, type) and annotation in simple:
        return simple[annotation]
    inner = [one for one in get_args(annotation) if one not in {type(None), Ellipsis}]
    of = _type(inner[0]) if inner else str(annotation)
    return f"list of {of}" if get_origin(annotation) is tuple else of


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == ():
        return "none"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def written(page: str) -> str:
    """Return the page with its table made anew.

    Raises:
        ValueError: the marks around the table are missing.
    """
    before, found, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"the page has no table between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{markdown()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
