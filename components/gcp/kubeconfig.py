"""The kubeconfig of a cluster on Google Cloud: same input, same text, and no secret (pure)."""

from __future__ import annotations

from components.kubeconfig import TOKEN_API, document
from sizing.model import Json

PLUGIN = "gke-gcloud-auth-plugin"
"""What hands out tokens; it comes with the Google Cloud CLI, or as a package of its own."""
_HINT = f"install {PLUGIN}, a component and a package of the Google Cloud CLI"


def kubeconfig(
    *,
    cluster_name: str,
    endpoint: str,
    certificate_authority: str,
    own_credentials: bool,
) -> str:
    """Return a kubeconfig that asks GKE's plugin for a token each time it is used.

    Args:
        endpoint: URL of the Kubernetes API.
        certificate_authority: the cluster's certificate, base64, as GKE gives it.
        own_credentials: the token is made of the application default credentials, as a program
            has them; otherwise of whoever is logged in to the Google Cloud CLI.
    """
    arguments: list[Json] = ["--use_application_default_credentials"] if own_credentials else []
    token: dict[str, Json] = {
        "apiVersion": TOKEN_API,
        "command": PLUGIN,
        "args": arguments,
        "installHint": _HINT,
        "interactiveMode": "IfAvailable",
        # the plugin keeps tokens by the cluster that it is told of
        "provideClusterInfo": True,
    }
    return document(
        cluster_name=cluster_name,
        endpoint=endpoint,
        certificate_authority=certificate_authority,
        token=token,
    )
