"""A kubeconfig without a secret in it, whichever program hands out the token (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sizing.model import Json

TOKEN_API = "client.authentication.k8s.io/v1beta1"


def document(
    *,
    cluster_name: str,
    endpoint: str,
    certificate_authority: str,
    token: Mapping[str, Json],
) -> str:
    """Return a kubeconfig that asks a program for a token each time it is used.

    JSON, which is YAML, in a fixed order: a text that changed by itself would replace whatever
    a Kubernetes provider made.

    Args:
        endpoint: URL of the Kubernetes API.
        certificate_authority: the API's certificate, base64.
        token: how the program is called, as the kubeconfig's `exec` writes it.
    """
    cluster: Json = {"server": endpoint, "certificate-authority-data": certificate_authority}
    context: Json = {"cluster": cluster_name, "user": cluster_name}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster_name, "cluster": cluster}],
            "contexts": [{"name": cluster_name, "context": context}],
            "current-context": cluster_name,
            "users": [{"name": cluster_name, "user": {"exec": dict(token)}}],
        },
        indent=2,
    )
