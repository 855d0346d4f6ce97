"""What the SDK sends, in the words of `pulumi preview --json`: sentinels for what is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from google.protobuf import struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc

from sizing.model import Json

SECRET = "[secret]"
"""What the engine shows instead of a secret."""

UNKNOWN = rpc.UNKNOWN
"""What the engine shows for a value that only the cloud will give."""

SIGNATURE_KEY = rpc._special_sig_key
SECRET_SIGNATURE = rpc._special_secret_sig
RESOURCE_SIGNATURE = rpc._special_resource_sig


@dataclass(slots=True)
class Secrets:
    """Where secrets stood in one resource's inputs, and what they were.

    Attributes:
        paths: dotted paths of the masked values, in the order met.
        values: the strings behind them, for a check that none stands in clear elsewhere.
    """

    paths: list[str] = field(default_factory=list)
    values: set[str] = field(default_factory=set, repr=False)


def number(value: float) -> int | float:
    """Return a whole number as an integer, as the engine prints it."""
    return int(value) if value.is_integer() else value


def masked_struct(struct: struct_pb2.Struct, secrets: Secrets, path: str = "") -> dict[str, Json]:
    """Return a property map as JSON, keys sorted, secrets masked and noted in `secrets`."""
    return {
        key: masked_value(struct.fields[key], secrets, f"{path}.{key}" if path else key)
        for key in sorted(struct.fields)
    }


def masked_value(value: struct_pb2.Value, secrets: Secrets, path: str) -> Json:
    """Return one property as JSON; a secret becomes `SECRET`, an unknown stays `UNKNOWN`."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return str(value.string_value)
    if kind == "number_value":
        return number(value.number_value)
    if kind == "bool_value":
        return bool(value.bool_value)
    if kind == "list_value":
        return [
            masked_value(item, secrets, f"{path}[{place}]")
            for place, item in enumerate(value.list_value.values)
        ]
    if kind == "struct_value":
        signature = value.struct_value.fields.get(SIGNATURE_KEY)
        if signature is not None and signature.string_value == SECRET_SIGNATURE:
            secrets.paths.append(path)
            secrets.values |= strings(value.struct_value.fields["value"])
            return SECRET
        if signature is not None and signature.string_value == RESOURCE_SIGNATURE:
            return str(value.struct_value.fields["urn"].string_value)
        return masked_struct(value.struct_value, secrets, path)
    return None


def strings(value: struct_pb2.Value) -> set[str]:
    """Return every known string inside a value, however deep."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return {value.string_value} - {UNKNOWN, ""}
    if kind == "list_value":
        return set().union(*(strings(item) for item in value.list_value.values))
    if kind == "struct_value":
        return set().union(
            *(
                strings(item)
                for key, item in value.struct_value.fields.items()
                if key != SIGNATURE_KEY
            )
        )
    return set()


def as_secret(value: struct_pb2.Value | None) -> struct_pb2.Value:
    """Return a value marked secret as providers mark it; None is a secret not yet known."""
    if value is not None and value.WhichOneof("kind") == "struct_value":
        signature = value.struct_value.fields.get(SIGNATURE_KEY)
        if signature is not None and signature.string_value == SECRET_SIGNATURE:
            return value
    inner = value if value is not None else struct_pb2.Value(string_value=UNKNOWN)
    return struct_pb2.Value(
        struct_value=struct_pb2.Struct(
            fields={
                SIGNATURE_KEY: struct_pb2.Value(string_value=SECRET_SIGNATURE),
                "value": inner,
            }
        )
    )
