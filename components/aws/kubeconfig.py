"""The kubeconfig of a cluster: same input, same text, and no secret in it (pure)."""

from __future__ import annotations

import json

from sizing.model import Json


def kubeconfig(
    *,
    cluster_name: str,
    endpoint: str,
    certificate_authority: str,
    region: str,
    role_arn: str | None,
) -> str:
    """Return a kubeconfig that asks the AWS CLI for a token each time it is used.

    JSON, which is YAML, in a fixed order: a text that changed by itself would replace whatever
    a Kubernetes provider made.

    Args:
        certificate_authority: the cluster's certificate, base64, as EKS gives it.
        role_arn: role to assume for the token; None uses the caller's own identity.
    """
    arguments: list[Json] = ["--region", region, "eks", "get-token", "--cluster-name", cluster_name]
    if role_arn is not None:
        arguments += ["--role-arn", role_arn]
    token: dict[str, Json] = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": [*arguments, "--output", "json"],
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
    }
    cluster: Json = {"server": endpoint, "certificate-authority-data": certificate_authority}
    context: Json = {"cluster": cluster_name, "user": cluster_name}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster_name, "cluster": cluster}],
            "contexts": [{"name": cluster_name, "context": context}],
            "current-context": cluster_name,
            "users": [{"name": cluster_name, "user": {"exec": token}}],
        },
        indent=2,
    )
