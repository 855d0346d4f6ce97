"""Which Google service accounts act on behalf of a service (pure).

A service encrypts as its agent, an account that Google makes in the project; without the role on
the key it can neither make nor open what the key closes. It reads a secret as its agent, too. The
addresses are those of https://docs.cloud.google.com/iam/docs/service-agents (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

USER: Final = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
"""What an agent is granted, on its keys alone."""
_AGENTS: Mapping[str, str] = MappingProxyType(
    {
        "artifactregistry": "gcp-sa-artifactregistry",
        "backupdr": "gcp-sa-backupdr",
        "compute": "compute-system",
        "container": "container-engine-robot",
        "file": "cloud-filer",
        "gkebackup": "gcp-sa-gkebackup",
        "logging": "gcp-sa-logging",
        "redis": "cloud-redis",
        "secretmanager": "gcp-sa-secretmanager",
        "sqladmin": "gcp-sa-cloud-sql",
        "storage": "gs-project-accounts",
    }
)
# "vault" is no API: its pods are given the key by their own identity
_PODS = frozenset({"vault"})


def services_with_agents(services: Sequence[str]) -> tuple[str, ...]:
    """Return those of a key's services that use it through an agent, sorted.

    Raises:
        ValueError: a service whose agent is not known.
    """
    unknown = sorted(set(services) - _AGENTS.keys() - _PODS)
    if unknown:
        raise ValueError(f"no service agent is known for {', '.join(map(repr, unknown))}")
    return tuple(sorted(set(services) - _PODS))


def agent(service: str, project_number: str) -> str:
    """Return the IAM member that a service encrypts as.

    It is written out, not read from the service: Cloud Storage and Cloud Logging make their agent
    when asked and do not say its address (terraform-provider-google, issue 18649).

    Raises:
        ValueError: a service whose agent is not known.
    """
    domain = _AGENTS.get(service)
    if domain is None:
        raise ValueError(f"no service agent is known for {service!r}")
    return f"serviceAccount:service-{project_number}@{domain}.iam.gserviceaccount.com"
