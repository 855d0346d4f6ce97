"""Which changed fields make the provider for Kubernetes replace an object, and what it cannot do.

Read from the provider's own table (pulumi-kubernetes 4.34, provider/pkg/provider/diff.go,
helm_release.go): a path names a field of a block, a shorter path stands for the whole block. A
name or a namespace makes another object of any kind, custom resources included. Config maps and
secrets change in place, since every provider here is made with `enableConfigMapMutable` and
`enableSecretMutable`.
"""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "kubernetes:"
RELEASE = "kubernetes:helm.sh/v3:Release"

_IDENTITY = frozenset({"metadata.name", "metadata.namespace"})
_SELECTED = frozenset({"spec.selector"})
_VOLUME_SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc"),
    *("flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local"),
    *("nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos"),
    "vsphereVolume",
)

BY_KIND: Mapping[str, frozenset[str]] = {
    "apps/v1:Deployment": _SELECTED,
    "apps/v1:DaemonSet": _SELECTED,
    "apps/v1:StatefulSet": _SELECTED
    | {
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    },
    "batch/v1:Job": _SELECTED | {"spec.completions", "spec.parallelism", "spec.template"},
    "core/v1:PersistentVolume": frozenset(f"spec.{one}" for one in _VOLUME_SOURCES),
    "core/v1:PersistentVolumeClaim": frozenset(
        {"spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"}
    ),
    "core/v1:ResourceQuota": frozenset({"spec.scopes"}),
    "core/v1:Secret": frozenset({"type"}),
    "core/v1:Service": frozenset({"spec.clusterIP"}),
    "rbac.authorization.k8s.io/v1:ClusterRoleBinding": frozenset({"roleRef"}),
    "rbac.authorization.k8s.io/v1:RoleBinding": frozenset({"roleRef"}),
    "storage.k8s.io/v1:StorageClass": frozenset({"parameters", "provisioner"}),
}
"""By kind, what replaces an object beside its identity."""

HELD_FAST: Mapping[str, frozenset[str]] = {
    # the API server's validation of updates (kubernetes, pkg/apis/*/validation): what it refuses
    # and the provider does not know to replace, so that `up` fails
    "batch/v1:Job": frozenset({"spec.completionMode"}),
    "core/v1:PersistentVolumeClaim": frozenset({"spec.dataSource", "spec.volumeMode"}),
    "storage.k8s.io/v1:StorageClass": frozenset({"reclaimPolicy", "volumeBindingMode"}),
}
"""By kind, fields that no update may change."""


def replacing(token: str) -> frozenset[str] | None:
    """Return the fields whose change makes another object; None for a type of another provider."""
    if token == RELEASE:
        return frozenset({"name", "namespace"})
    if not token.startswith(PREFIX):
        return None
    return _IDENTITY | BY_KIND.get(token.removeprefix(PREFIX), frozenset())


def held_fast(token: str) -> frozenset[str]:
    """Return the fields whose change the API server refuses, and nobody replaces."""
    return HELD_FAST.get(token.removeprefix(PREFIX), frozenset())
