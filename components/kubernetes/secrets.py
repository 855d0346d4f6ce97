"""Secrets of the cloud's store as secrets of a namespace; nothing here ever holds a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, meta

from components.base import PlatformComponent
from components.kubernetes.cluster import Cluster, labels

API_VERSION = "external-secrets.io/v1"
_REFRESH = "1h"  # the managed database password changes weekly
_WAIT = {"pulumi.com/waitFor": "condition=Ready"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """An entry of the cloud's store.

    Attributes:
        name: of the secret there; its ARN does as well.
        property: key of the JSON object that it holds, "" for the whole text.
    """

    name: pulumi.Input[str]
    property: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretNeed:
    """A secret of a namespace, made of entries of the cloud's store.

    Attributes:
        entries: what is fetched, by key.
        texts: what the secret holds instead, by key: templates over the entries, which the
            operator fills in the cluster ("{{ .password }}").
    """

    secret: str
    entries: Mapping[str, Remote]
    texts: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


def origins(needs: Iterable[SecretNeed]) -> dict[str, object]:
    """Return what secrets are made of, by their names: no values, but where they are kept."""
    return {
        need.secret: {
            "entries": {key: [one.name, one.property] for key, one in need.entries.items()},
            "texts": dict(need.texts),
        }
        for need in needs
    }


def external_secret(
    owner: PlatformComponent,
    name: str,
    need: SecretNeed,
    *,
    cluster: Cluster,
    namespace: pulumi.Input[str],
    after: Sequence[pulumi.Resource] = (),
) -> apiextensions.CustomResource:
    """Create the object that keeps a secret like its source; it is done when the secret is there.

    Args:
        after: the operator and the store; the object goes before they do.
    """
    target: dict[str, Any] = {"name": need.secret, "creationPolicy": "Owner"}
    if need.texts:
        target["template"] = {"engineVersion": "v2", "data": dict(need.texts)}
    return apiextensions.CustomResource(
        name,
        api_version=API_VERSION,
        kind="ExternalSecret",
        metadata=meta.v1.ObjectMetaArgs(
            name=need.secret,
            namespace=namespace,
            labels=labels(need.secret),
            annotations=dict(_WAIT),
        ),
        spec={
            "refreshInterval": _REFRESH,
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": cluster.secret_store},
            "target": target,
            "data": [
                {"secretKey": key, "remoteRef": _remote(remote)}
                for key, remote in sorted(need.entries.items())
            ],
        },
        opts=owner.child_with(depends_on=[*after, *cluster.ready]),
    )


def _remote(remote: Remote) -> dict[str, Any]:
    named: dict[str, Any] = {"key": remote.name}
    return {**named, "property": remote.property} if remote.property else named
