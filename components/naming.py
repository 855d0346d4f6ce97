"""Names and tags that something outside the program relies on; all others are auto-named.

Pure: knows nothing of Pulumi.
"""

from __future__ import annotations

import re

PROJECT = "aigw"

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTITION_PREFIXES = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))
_CLUSTER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


def component_word(token: str) -> str:
    """Return a component's tag value from its type token ("aigw:aws:NodePools", "node-pools")."""
    return _HUMP.sub("-", token.rsplit(":", 1)[-1]).lower()


def stack_tags(*, environment: str, tier: str, cost_centre: str, stack: str) -> dict[str, str]:
    """Return the tags that every resource of a stack carries."""
    return {
        "environment": environment,
        "tier": tier,
        "cost-centre": cost_centre,
        "stack": stack,
        "managed-by": "pulumi",
    }


def cluster_name(stack: str) -> str:
    """Return the cluster's name, which kubeconfigs, log groups and subnet tags repeat.

    Raises:
        ValueError: EKS would refuse it (letters, digits, - and _, at most 100).
    """
    name = f"{PROJECT}-{stack}"
    if not _CLUSTER_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no cluster name: letters, digits, - and _, at most 100")
    return name


def cluster_log_group(cluster: str) -> str:
    """Return the log group that EKS writes to; made beforehand, it has retention and a key."""
    return f"/aws/eks/{cluster}/cluster"


def flow_log_group(stack: str) -> str:
    """Return the log group of a stack's VPC flow logs."""
    return f"/{PROJECT}/{stack}/vpc-flow-logs"


def key_alias(stack: str, key: str) -> str:
    """Return the alias of a KMS key, by which people find it."""
    return f"alias/{PROJECT}/{stack}/{key}"


def partition(region: str) -> str:
    """Return the ARN partition of a region ("us-east-1" is in "aws")."""
    return next((p for prefix, p in _PARTITION_PREFIXES if region.startswith(prefix)), "aws")


def service_host(service: str, region: str) -> str:
    """Return a regional service principal ("logs.us-east-1.amazonaws.com")."""
    return f"{service}.{region}.amazonaws.com"
