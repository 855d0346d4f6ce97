"""The kubeconfig of a cluster: same input, same text, and no secret in it (pure)."""

from __future__ import annotations

from components.kubeconfig import TOKEN_API, document
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

    Args:
        certificate_authority: the cluster's certificate, base64, as EKS gives it.
        role_arn: role to assume for the token; None uses the caller's own identity.
    """
    arguments: list[Json] = ["--region", region, "eks", "get-token", "--cluster-name", cluster_name]
    if role_arn is not None:
        arguments += ["--role-arn", role_arn]
    token: dict[str, Json] = {
        "apiVersion": TOKEN_API,
        "command": "aws",
        "args": [*arguments, "--output", "json"],
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
    }
    return document(
        cluster_name=cluster_name,
        endpoint=endpoint,
        certificate_authority=certificate_authority,
        token=token,
    )
