"""How the stand-in judges objects of a cluster: by the API server's own schemas, and CRDs'.

What replaces an object is the table of the provider (pulumi-kubernetes, provider/pkg/provider,
`forceNewProperties`), for the kinds that are used here; config maps and secrets are changed in
place, since the program asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizing.rules.values import UNKNOWN_TEXT
from tests.kubernetes.schemas import violations

PREFIX = "kubernetes:"
RELEASE = "kubernetes:helm.sh/v3:Release"
_EVERY = frozenset({"metadata.name", "metadata.namespace"})
_SELECTED = frozenset({"spec.selector"})
_REPLACES = {
    "Deployment": _SELECTED,
    "DaemonSet": _SELECTED,
    "StatefulSet": _SELECTED
    | {
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    },
    "Job": _SELECTED | {"spec.completions", "spec.parallelism", "spec.template"},
    "StorageClass": frozenset({"parameters", "provisioner"}),
    "PersistentVolume": frozenset({"spec.csi"}),
    "PersistentVolumeClaim": frozenset({"spec"}),
    "Service": frozenset({"spec.clusterIP"}),
    "ClusterRoleBinding": frozenset({"roleRef"}),
    "RoleBinding": frozenset({"roleRef"}),
}


def is_object(token: str) -> bool:
    """Say whether a type is an object of a cluster: of the SDK or of any CRD."""
    return token.startswith(PREFIX) and token != RELEASE


def replacing(token: str) -> frozenset[str]:
    """Return the properties whose change makes another object."""
    return _EVERY | _REPLACES.get(token.rpartition(":")[2], frozenset())


def refused(inputs: Mapping[str, Any]) -> list[str]:
    """Return why the API server would refuse an object; what is not known yet is left out."""
    return violations(known(inputs))


def identity(inputs: Mapping[str, Any], logical: str) -> str:
    """Return an object's id: its namespace and name, as the provider gives them."""
    metadata = inputs.get("metadata") or {}
    name = str(metadata.get("name") or f"{logical}-{len(logical):08x}")
    namespace = metadata.get("namespace")
    return f"{namespace}/{name}" if namespace else name


def made(inputs: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """Return an object as the cluster holds it: with a name, whoever gave it."""
    metadata = {"name": identifier.rpartition("/")[2], **(inputs.get("metadata") or {})}
    return {**inputs, "metadata": metadata}


def known(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with a plausible text for whatever only the cloud will give."""
    return {key: _known(one) for key, one in inputs.items()}


def _known(value: object) -> object:
    if value == UNKNOWN_TEXT:
        return "unknown"
    if isinstance(value, dict):
        return known(value)
    if isinstance(value, list):
        return [_known(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
