"""What the API server would refuse of an object: unknown kinds and fields, missing and odd values.

The schemas lie beside this module; where they come from is said in schemas/README.md. They know
shapes only: what an admission plugin or a controller checks is not among them.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

Schema = dict[str, Any]

_FOLDER = Path(__file__).with_suffix("")
_META = {"$ref": "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
_NUMBER = r"(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
# OpenAPI calls them text; numbers are taken as well. The pattern is the one that CRDs carry.
_SCALARS: Mapping[str, Schema] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {
        "type": ["string", "number"],
        "pattern": rf"^(\+|-)?{_NUMBER}(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?{_NUMBER}))?$",
    },
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer"]},
}


def violations(manifest: Mapping[str, Any]) -> list[str]:
    """Return why the API server would refuse an object, one sentence for each; none for a good one.

    Args:
        manifest: plain JSON values under apiVersion, kind and the object's own fields.
    """
    version, kind = manifest.get("apiVersion"), manifest.get("kind")
    if not isinstance(version, str) or not isinstance(kind, str):
        return ["apiVersion and kind must name what the object is"]
    if f"{version}/{kind}" not in _kinds():
        return [f"{version}/{kind}: the API server knows no such kind"]
    errors = _validator(f"{version}/{kind}").iter_errors(manifest)
    found = (f"{kind}: {sentence}" for error in errors for sentence in _sentences(error))
    return sorted(set(found))


def known(version: str, kind: str) -> bool:
    """Say whether a kind of an apiVersion has a schema here."""
    return f"{version}/{kind}" in _kinds()


def release() -> str:
    """Return the release of Kubernetes that the schemas are of, without a v."""
    return str(_load("kubernetes")["version"])


def definitions() -> list[Schema]:
    """Return the definitions of all custom resources, as a cluster without operators takes them."""
    return [_definition(kind, crd) for kind, crd in sorted(_load("crds").items())]


def _definition(name: str, crd: Schema) -> Schema:
    group, version, kind = name.split("/")
    plural = crd["plural"]
    served = {"name": version, "served": True, "storage": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": crd["scope"],
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{**served, "schema": {"openAPIV3Schema": crd["schema"]}}],
        },
    }


def _sentences(error: ValidationError) -> Iterator[str]:
    at, value, schema = (
        list(error.absolute_path),
        cast(Any, error.instance),
        cast(Any, error.schema),
    )
    if error.validator == "additionalProperties":
        for name in sorted(set(value) - set(schema["properties"])):
            yield f"{_path([*at, name])} is no field of it"
    elif error.validator == "required":
        for name in sorted(set(schema["required"]) - set(value)):
            yield f"{_path([*at, name])} is missing"
    else:
        yield f"{_path(at)}: {error.message}"


def _path(keys: Sequence[str | int]) -> str:
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return "".join(parts).removeprefix(".")


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator({**_kinds()[kind], "definitions": _definitions()})


@cache
def _kinds() -> Mapping[str, Schema]:
    """Every kind's schema by "<apiVersion>/<kind>"."""
    known: dict[str, Schema] = {}
    for name, schema in _core().items():
        for one in schema.get("x-kubernetes-group-version-kind", ()):
            version = "/".join(part for part in (one["group"], one["version"]) if part)
            known[f"{version}/{one['kind']}"] = {"$ref": f"#/definitions/{name}"}
    for kind, crd in _load("crds").items():
        whole = _strict(crd["schema"])
        whole["properties"]["metadata"] = _META
        known[kind] = whole
    return known


@cache
def _definitions() -> Mapping[str, Schema]:
    return {name: _SCALARS.get(name) or _strict(schema) for name, schema in _core().items()}


@cache
def _core() -> Mapping[str, Schema]:
    definitions = _load("kubernetes")["definitions"]
    assert isinstance(definitions, dict)
    return definitions


def _load(name: str) -> Schema:
    loaded = json.loads(lzma.decompress((_FOLDER / f"{name}.json.xz").read_bytes()))
    assert isinstance(loaded, dict)
    return loaded


def _strict(schema: Schema) -> Schema:
    """Return a schema that knows no field beside those that it lists."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    strict = dict(schema)
    if "properties" in schema:
        strict["properties"] = {name: _strict(of) for name, of in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            strict["additionalProperties"] = False
    if pattern := schema.get("pattern"):
        strict["pattern"] = pattern.replace("^(?i)", "(?i)^")  # Python takes flags first alone
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            strict[inner] = _strict(schema[inner])
    if schema.get("nullable"):
        return {"anyOf": [strict, {"type": "null"}]}
    return strict
