# ruff: noqa: ANN401 - an annotation is any object
"""What a resource takes and gives, read from the installed SDK: no schema file is needed.

A shape is "string", "integer", "number", "boolean" or "any", or a mapping with one of the keys
`array`, `map` (the shape of a member) and `object` (properties by wire name, with `required`).
"""

from __future__ import annotations

import collections.abc
import hashlib
import importlib
import inspect
import json
import typing
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from pulumi import _types

from tests.engine.provider.kubernetes import is_object

Shape: TypeAlias = "str | dict[str, Any]"

SDKS = {
    "aws": ("pulumi_aws", "pulumi-aws"),
    "gcp": ("pulumi_gcp", "pulumi-gcp"),
    "kubernetes": ("pulumi_kubernetes", "pulumi-kubernetes"),
    "random": ("pulumi_random", "pulumi-random"),
}
HELM = "helm.v3"
"""The only module of the Kubernetes SDK whose resources are no objects of the API."""
ANY: dict[str, Any] = {"inputs": "any", "outputs": {"object": {}, "required": []}}
"""An object of a cluster: its own schemas judge it, and it gives back what it was given."""
SCALARS: dict[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
PRECEDENCE = ("string", "integer", "number", "boolean")

READER = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
"""What is kept was read by this very file."""


class UnknownTypeError(LookupError):
    """No resource of the installed SDK has such a type."""


def sdk_version(package: str) -> str:
    """Return the version that the SDK asks of its provider."""
    return version(SDKS[package][1])


def resource_class(token: str) -> type:
    """Return the SDK's class of a type ("aws:eks/nodeGroup:NodeGroup").

    Raises:
        UnknownTypeError: the SDK has none, or calls it otherwise.
    """
    package, _, rest = token.partition(":")
    path, _, name = rest.partition(":")
    folder = path.partition("/")[0] if package != "kubernetes" else HELM
    try:
        root = SDKS[package][0]
        module = importlib.import_module(root if folder == "index" else f"{root}.{folder}")
        found = getattr(module, name)
    except (KeyError, ImportError, AttributeError):
        raise UnknownTypeError(token) from None
    if getattr(found, "pulumi_type", None) != token:
        raise UnknownTypeError(token)
    return typing.cast("type", found)


def _required(arguments: type) -> list[str]:
    names = _types.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments.__init__).parameters  # type: ignore[misc]
    return sorted(
        names[name]
        for name, parameter in parameters.items()
        if name in names and parameter.default is inspect.Parameter.empty
    )


def _input_shape(kind: Any, seen: tuple[type, ...]) -> Shape:
    kind = _types.unwrap_type(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (collections.abc.Sequence, list):
        return {"array": _input_shape(arguments[0], seen)}
    if origin in (collections.abc.Mapping, dict):
        return {"map": _input_shape(arguments[1], seen)}
    if origin is typing.Union:
        shapes = [_input_shape(one, seen) for one in arguments]
        known = [shape for shape in PRECEDENCE if shape in shapes]
        return known[0] if known else "any"
    if isinstance(kind, type) and _types.is_input_type(kind) and kind not in seen:
        return _input_object(kind, seen)
    return "any"


def _input_object(kind: type, seen: tuple[type, ...] = ()) -> dict[str, Any]:
    types = _types.input_type_types(kind)
    return {
        "object": {name: _input_shape(one, (*seen, kind)) for name, one in types.items()},
        "required": _required(kind),
    }


def _output_shape(kind: Any, seen: tuple[type, ...]) -> Shape:
    kind = _types.unwrap_type(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (collections.abc.Sequence, list):
        return {"array": _output_shape(arguments[0], seen)}
    if origin in (collections.abc.Mapping, dict):
        return {"map": "any"}
    if isinstance(kind, type) and _types.is_output_type(kind) and kind not in seen:
        return _output_object(kind, _types.output_type_types(kind), (*seen, kind))
    return "any"


def _output_object(kind: type, types: Mapping[str, Any], seen: tuple[type, ...]) -> dict[str, Any]:
    certain: list[str] = []
    for _, name, found in _types._py_properties(kind):
        said = str(found.fget.__annotations__.get("return"))
        if "Optional[" not in said and "None" not in said.replace("NoneType]]", ""):
            certain.append(name)
    return {
        "object": {name: _output_shape(one, seen) for name, one in types.items()},
        "required": sorted(certain),
    }


def _describe(token: str) -> dict[str, Any]:
    found = resource_class(token)
    module = importlib.import_module(found.__module__)
    # the SDK says InitArgs where a block of another resource has taken the name
    names = (f"{found.__name__}InitArgs", f"{found.__name__}Args")
    arguments = next(getattr(module, name) for name in names if hasattr(module, name))
    outputs = _output_object(found, _types.resource_types(found), (found,))
    return {"inputs": _input_object(arguments), "outputs": outputs}


class Schemas:
    """Shapes by type, kept in a folder: reading an SDK takes seconds, reading a file does not."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.of = cache(self._of)

    def _of(self, token: str) -> dict[str, Any]:
        package = token.partition(":")[0]
        if package not in SDKS:
            raise UnknownTypeError(token)
        if is_object(token):
            return ANY
        if self.folder is None:
            return _describe(token)
        name = token.replace(":", "_").replace("/", "_")
        kept = self.folder / f"{package}-{sdk_version(package)}-{READER}" / f"{name}.json"
        if kept.exists():
            return dict(json.loads(kept.read_text(encoding="utf-8")))
        described = _describe(token)
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{id(self)}")
        partial.write_text(json.dumps(described), encoding="utf-8")
        partial.replace(kept)  # two servers may write the same one at the same moment
        return described
