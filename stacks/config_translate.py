"""pydantic's findings in this project's words: path, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from stacks.config_errors import Problem, shown, unknown_key, words
from stacks.config_values import PullSecretArn, SecretName

_Location = tuple[int | str, ...]
_KEY_MARK: Final = "[key]"
_NAMES_A_SECRET: Final = "existing_secret"
_SECRETS: Final = (SecretName, PullSecretArn)
_TYPES: Final = {
    "string_type": "text in quotes",
    "int_type": "a whole number without quotes",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
}


def problems(error: ValidationError, root: type[BaseModel]) -> tuple[Problem, ...]:
    """Return one problem for each thing that pydantic refused of a model of `root`."""
    errors = error.errors(include_url=False)
    places = [item["loc"] for item in errors]
    return tuple(_problem(item, root) for item in errors if not _repeated(item, places))


def _repeated(item: Any, places: Sequence[_Location]) -> bool:  # noqa: ANN401  # pydantic's ErrorDetails, a loose mapping
    """Say whether a refusal follows from another one, and tells nothing of its own."""
    location: _Location = item["loc"]
    if item["type"] == "too_short":  # counted after the wrong entries of a list were dropped
        return any(_inside(one, location) for one in places)
    unknown = (one[:-1] for one in places if one[-1:] == (_KEY_MARK,))
    # the value of a key that nobody reads is judged, too
    return _KEY_MARK not in location and any(
        location == key or _inside(location, key) for key in unknown
    )


def _inside(location: _Location, above: _Location) -> bool:
    return len(location) > len(above) and location[: len(above)] == above


def dotted(location: Sequence[int | str]) -> str:
    """Return a location as people write it ("cluster.allow_list[0]")."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _problem(item: Any, root: type[BaseModel]) -> Problem:  # noqa: ANN401  # pydantic's ErrorDetails, a loose mapping
    kind: str = item["type"]
    location: _Location = item["loc"]
    if kind == "extra_forbidden" or _KEY_MARK in location:
        *above, key = (part for part in location if part != _KEY_MARK)
        if kind == "value_error":  # a name that is free to choose, and chosen badly
            said = str(item["ctx"]["error"])
            return Problem(path=dotted(above), found=f"the key {shown(key)}", allowed=said)
        found, allowed = unknown_key(str(key), _keys(above, root))
        return Problem(path=dotted((*above, key)), found=found, allowed=allowed)
    if kind == "json_invalid":  # its input is the whole text, and may be a secret
        return Problem(path="", found="text that is no JSON", allowed="a mapping without secrets")
    found = "nothing" if kind == "missing" else _found(item["input"], location, root)
    return Problem(path=dotted(location), found=found, allowed=_allowed(kind, location, item, root))


def _found(value: object, location: _Location, root: type[BaseModel]) -> str:
    """Return a value in words; where a secret is to be named it may be the secret itself."""
    field, _ = _walk(location, root)
    named = field is not None and any(one in _SECRETS for one in get_args(field.annotation))
    if not named and _NAMES_A_SECRET not in _keys(location, root):
        return shown(value)
    if value is None or isinstance(value, bool | list | dict) or str(value).startswith("arn:"):
        return shown(value)
    return "something that is not shown, as it may be a secret"


def _allowed(kind: str, location: _Location, item: Any, root: type[BaseModel]) -> str:  # noqa: ANN401  # as above
    field, _ = _walk(location, root)
    if kind == "value_error":
        return str(item["ctx"]["error"])
    if kind in {"enum", "literal_error"} and field is not None:
        return words([f'"{choice}"' for choice in choices(field.annotation)])
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = "at least" if kind == "greater_than_equal" else "at most"
        return f"{bound} {item['ctx']['ge' if 'ge' in item['ctx'] else 'le']}"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        keys = words(_keys(location, root), "and")
        said = field.description if field is not None else None
        return f"a mapping of {keys}" if keys else f"a mapping: {said or 'by name'}"
    in_list = bool(location) and isinstance(location[-1], int)
    if kind in _TYPES and (field is None or in_list):
        return _TYPES[kind]
    said = field.description if field is not None and field.description else item["msg"]
    return f"{_TYPES[kind]}: {said}" if kind in _TYPES else str(said)


def choices(annotation: object) -> list[str]:
    """Return the words of an enumeration or a literal, also of an optional one."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    if get_origin(annotation) is Literal:
        return [str(getattr(value, "value", value)) for value in get_args(annotation)]
    return [word for inner in get_args(annotation) for word in choices(inner)]


def model_of(annotation: object) -> type[BaseModel] | None:
    """Return the model that an annotation holds, also as a mapping's value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_of(inner) for inner in get_args(annotation))
    return next((model for model in found if model is not None), None)


def _walk(location: Sequence[int | str], root: type[BaseModel]) -> tuple[FieldInfo | None, bool]:
    """Return the last field on the way, and whether the way ended at one of its mapping's keys."""
    model: type[BaseModel] | None = root
    field: FieldInfo | None = None
    in_entry = False
    for part in location:
        if isinstance(part, int):
            continue
        if field is not None and get_origin(field.annotation) is dict and not in_entry:
            in_entry = True  # a mapping's key names no field of its own
            continue
        in_entry = False
        if model is None or part not in model.model_fields:
            return None, False
        field = model.model_fields[str(part)]
        model = model_of(field.annotation)
    return field, in_entry


def _keys(location: Sequence[int | str], root: type[BaseModel]) -> list[str]:
    if not location:
        return list(root.model_fields)
    field, in_entry = _walk(location, root)
    if field is None:
        return []
    if get_origin(field.annotation) is dict and not in_entry:
        return choices(get_args(field.annotation)[0])
    model = model_of(field.annotation)
    return list(model.model_fields) if model else []
