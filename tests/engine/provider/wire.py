"""Values between the engine and a provider: structs, secrets, and what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]

from sizing.model import Json
from sizing.rules.values import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT, unwrap

__all__ = ["OUTPUT", "SECRET", "SIGNATURE", "UNKNOWN_TEXT", "from_struct", "secret", "to_struct"]


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Return a struct as JSON values, wrappers included."""
    return dict(json_format.MessageToDict(struct))


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return JSON values as a struct."""
    struct = struct_pb2.Struct()
    json_format.ParseDict(dict(values), struct)
    return struct


def secret(value: Json) -> Json:
    """Mark a value so that the engine encrypts it in the state."""
    return {SIGNATURE: SECRET, "value": value}


def bare(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without their wrappers."""
    return {name: unwrap(value) for name, value in values.items()}
