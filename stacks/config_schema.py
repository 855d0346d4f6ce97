"""The stack file as a JSON Schema, for editors, and as rows for the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stacks.config_errors import PLATFORM, joined
from stacks.config_model import StackConfig
from stacks.config_translate import choices, model_of

SCHEMA_ID: Final = "https://json-schema.org/draft/2020-12/schema"
_SECURE: Final = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a whole stack file."""
    platform = StackConfig.model_json_schema(ref_template="#/$defs/{model}")
    definitions = platform.pop("$defs")
    return {
        "$schema": SCHEMA_ID,
        "title": "Stack file of the AI gateway platform",
        "description": "stacks/Pulumi.<environment>-<tier>.yaml",
        "type": "object",
        "additionalProperties": False,
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "additionalProperties": False,
                "required": [PLATFORM],
                "properties": {
                    PLATFORM: {"$ref": "#/$defs/StackConfig"},
                    "aws:region": {
                        "type": "string",
                        "description": "for other tools; repeats the platform's region",
                    },
                    "pulumi:tags": {
                        "type": "object",
                        "description": "labels of the stack in Pulumi itself",
                        "additionalProperties": {"anyOf": [{"type": "string"}, _SECURE]},
                    },
                },
            },
            "secretsprovider": {
                "type": "string",
                "description": "who encrypts secrets in the state (awskms://...)",
            },
            "encryptedkey": {"type": "string", "description": "written by Pulumi"},
            "encryptionsalt": {"type": "string", "description": "written by Pulumi"},
            "environment": {
                "type": ["array", "object"],
                "description": "Pulumi ESC environments to import",
            },
        },
        "$defs": {**definitions, "StackConfig": platform},
    }


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
