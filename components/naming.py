"""Names and tags that something outside the program relies on; all others are auto-named.

Pure: knows nothing of Pulumi.
"""

from __future__ import annotations

import hashlib
import re

PROJECT = "aigw"

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTITION_PREFIXES = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))
_HASH_LENGTH = 6
_CLUSTER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_GKE_CLUSTER_NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_SERVICE_ACCOUNT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
# characters of a service account's id (IAM API, accountId)
_SERVICE_ACCOUNT_MOST = 30


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


def gke_cluster_name(stack: str) -> str:
    """Return the cluster's name on Google Cloud.

    Raises:
        ValueError: GKE would refuse it (lower-case letters, digits and -, at most 40).
    """
    name = f"{PROJECT}-{stack}"
    if not _GKE_CLUSTER_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no cluster name: lower case, digits and -, at most 40")
    return name


def service_account_id(stack: str, role: str) -> str:
    """Return the id of a Google service account ("aigw-prod-large-nodes"), unique in its project.

    Raises:
        ValueError: IAM would refuse it (lower-case letters, digits and -, from 6 to 30).
    """
    name = store_name(stack, role, _SERVICE_ACCOUNT_MOST)
    if not _SERVICE_ACCOUNT_ID.fullmatch(name):
        raise ValueError(f"{name!r} is no account's id: lower case, digits and -, from 6 to 30")
    return name


def store_name(stack: str, store: str, most: int) -> str:
    """Return a store's physical name, at most `most` characters, cut with a hash when longer.

    Raises:
        ValueError: a name of that length would say nothing.
    """
    whole = f"{PROJECT}-{stack}-{store}".lower()
    if len(whole) <= most:
        return whole
    kept = most - _HASH_LENGTH - 1
    if kept < len(PROJECT):
        raise ValueError(f"{most} characters are too few to name {store} of {stack}")
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_HASH_LENGTH]
    # most services refuse two hyphens in a row
    return f"{whole[:kept].rstrip('-')}-{digest}"


def bucket_prefix(stack: str, bucket: str, most: int) -> str:
    """Return the beginning of a bucket's name, at most `most` characters; random ones follow.

    Names of buckets are the whole world's on either cloud.
    """
    whole = f"{PROJECT}-{stack}-{bucket}".lower()
    return f"{whole[: most - 1].rstrip('-')}-"


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
