"""Reading of inputs on the wire, where a value may be secret, or not known before `up`.

A value is absent (None), known, or `UNKNOWN`; no rule may refuse what it does not know.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias, cast

from sizing.model import Json
from sizing.rules.rule import Inputs

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How Pulumi writes a value that is known only after `up` (pulumi: plugin rpc)."""
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a wrapped value: a secret or an output (pulumi: resource sig)."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


class Unknown(Enum):
    """The one value that is not known yet."""

    UNKNOWN = UNKNOWN_TEXT


UNKNOWN: Final = Unknown.UNKNOWN
Value: TypeAlias = "Json | Unknown"


def unwrap(value: Json) -> Json:
    """Return a value without its secret and output wrappers, whatever its depth.

    An output that carries no value becomes the text that stands for an unknown one.
    """
    if isinstance(value, dict):
        if value.get(SIGNATURE) in (SECRET, OUTPUT):
            return unwrap(value["value"]) if "value" in value else UNKNOWN_TEXT
        return {key: unwrap(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unwrap(item) for item in value]
    return value


def read(inputs: Inputs, path: str) -> Value:
    """Return the value at a dotted path: None where it is absent, UNKNOWN where not known yet."""
    value: Json = cast("Json", inputs)
    for name in path.split("."):
        if value == UNKNOWN_TEXT:
            return UNKNOWN
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return UNKNOWN if value == UNKNOWN_TEXT else value


def text(inputs: Inputs, path: str) -> str | None:
    """Return a known text, else None."""
    value = read(inputs, path)
    return value if isinstance(value, str) else None


def number(inputs: Inputs, path: str) -> float | None:
    """Return a known number, else None."""
    value = read(inputs, path)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def items(inputs: Inputs, path: str) -> list[Json] | None:
    """Return a known list, else None; its members may be unknown."""
    value = read(inputs, path)
    return value if isinstance(value, list) else None


def blocks(inputs: Inputs, path: str) -> list[dict[str, Json]]:
    """Return the known blocks of a list, leaving out what is not known."""
    return [item for item in items(inputs, path) or [] if isinstance(item, dict)]


def absent(inputs: Inputs, path: str) -> bool:
    """Say whether a value is certainly not there."""
    return read(inputs, path) is None


def known(inputs: Inputs, path: str) -> bool:
    """Say whether a value is there and known."""
    return read(inputs, path) not in (None, UNKNOWN)


def shown(value: Value) -> str:
    """Return a value as a reason prints it: whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
