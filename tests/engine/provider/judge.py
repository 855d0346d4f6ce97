"""What the stand-in refuses, and what it calls a replacement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sizing.rules import REPLACES, refusals, update_refusals
from sizing.rules.values import UNKNOWN_TEXT
from tests.engine.provider import google, kubernetes
from tests.engine.provider.schema import Schemas, Shape, UnknownTypeError
from tests.engine.provider.wire import bare

INTERNAL = ("__defaults", "__internal", "__pulumi_raw_state_delta")
"""What the engine and the SDK write beside the inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One reason to refuse a resource."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One property that changes; `kind` is add, delete or update."""

    path: str
    kind: str
    replaces: bool


def mismatches(shape: Shape, value: object, path: str) -> Iterator[Failure]:
    """Yield what of a value does not fit its shape; None and the unknown fit any."""
    if value is None or value == UNKNOWN_TEXT or shape == "any":
        return
    if isinstance(shape, str):
        fits = {
            "string": isinstance(value, str),
            "boolean": isinstance(value, bool),
            "number": isinstance(value, int | float) and not isinstance(value, bool),
            "integer": isinstance(value, int | float)
            and not isinstance(value, bool)
            and float(value).is_integer(),
        }
        if not fits[shape]:
            yield Failure(property=path, reason=f"expected {shape}, got {type(value).__name__}")
    elif "array" in shape:
        if not isinstance(value, list):
            yield Failure(property=path, reason=f"expected a list, got {type(value).__name__}")
            return
        for place, item in enumerate(value):
            yield from mismatches(shape["array"], item, f"{path}[{place}]")
    elif not isinstance(value, dict):
        yield Failure(property=path, reason=f"expected an object, got {type(value).__name__}")
    elif "map" in shape:
        for name, item in value.items():
            yield from mismatches(shape["map"], item, f"{path}.{name}")
    else:
        yield from object_mismatches(shape, value, path)


def object_mismatches(
    shape: Mapping[str, Any], value: dict[str, Any], path: str
) -> Iterator[Failure]:
    """Yield unknown and missing properties of an object, and what of the others does not fit."""
    lead = f"{path}." if path else ""
    for name, item in value.items():
        if name in INTERNAL:
            continue
        if name not in shape["object"]:
            yield Failure(property=lead + name, reason="no such property")
        else:
            yield from mismatches(shape["object"][name], item, lead + name)
    for name in shape["required"]:
        if value.get(name) is None:
            yield Failure(property=lead + name, reason="missing")


def failures(
    schemas: Schemas, token: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None
) -> list[Failure]:
    """Return every reason why a resource cannot be made: its shape's, then the cloud's.

    Args:
        olds: the inputs it has so far, where it stands already and is not replaced.
    """
    if kubernetes.is_object(token):
        return [Failure(property="", reason=one) for one in kubernetes.refused(bare(news))]
    try:
        shape = schemas.of(token)["inputs"]
    except UnknownTypeError:
        return [Failure(property="", reason=f"no resource has the type {token}")]
    inputs = bare(news)
    found = list(object_mismatches(shape, inputs, ""))
    refused = [*refusals(token, inputs), *update_refusals(token, olds or {}, inputs)]
    return found or [Failure(property=one.property, reason=str(one)) for one in refused]


def differences(token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[Difference]:
    """Return what changes between two sets of inputs, and what of it replaces the resource."""
    is_object = kubernetes.is_object(token)
    replacing = kubernetes.replacing(token) if is_object else REPLACES.get(token, frozenset())
    kept = google.KEPT_WHEN_UNSAID.get(token, frozenset())
    return [
        Difference(path=path, kind=kind, replaces=_within(path, replacing))
        for path, kind in _changes(bare(olds), bare(news), "")
        if kind != "delete" or path not in kept
    ]


def _within(path: str, replacing: frozenset[str]) -> bool:
    plain = path.partition("[")[0]
    return any(plain == one or plain.startswith(f"{one}.") for one in replacing) or any(
        one.startswith(f"{plain}.") for one in replacing
    )


def _changes(old: object, new: object, path: str) -> Iterator[tuple[str, str]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        lead = f"{path}." if path else ""
        for name in sorted({*old, *new} - set(INTERNAL)):
            yield from _changes(old.get(name), new.get(name), lead + name)
    elif old is None:
        yield path, "add"
    elif new is None:
        yield path, "delete"
    else:
        yield path, "update"
