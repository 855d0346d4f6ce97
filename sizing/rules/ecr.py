"""What ECR refuses of pull-through cache rules and of templates for what they make."""

from __future__ import annotations

from sizing.rules.conditions import among, counts, every, is_set, matches, needs, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import UNKNOWN_TEXT, absent, blocks, items, known, text

CACHE_RULE = ("aws:ecr/pullThroughCacheRule:PullThroughCacheRule",)
TEMPLATE = ("aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",)

OPEN = ("public.ecr.aws", "registry.k8s.io", "quay.io")
"""Upstreams that are read without credentials, and refuse them (cdk-preflight)."""
CLOSED = r"registry-1\.docker\.io|ghcr\.io|registry\.gitlab\.com|cgr\.dev|[a-z0-9]+\.azurecr\.io"
"""Upstreams that are read with a secret alone (cdk-preflight)."""
OWN = r"\d{12}\.dkr\.ecr\.[-a-z0-9]+\.amazonaws\.com"
"""Registries of ECR itself, which are read by a role (cdk-preflight)."""
UPSTREAM = "|".join([*(one.replace(".", r"\.") for one in OPEN), CLOSED, OWN])
PART = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
PREFIX = rf"(?=.{{2,30}}$)(?:(?:{PART}/)*{PART}/?|ROOT)"
"""First part of the cached repositories' names (terraform-provider-aws)."""
SECRET = r"arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:ecr-pullthroughcache/.+"
"""What ECR may read: secrets whose names begin so (ecr-pull-through)."""
APPLIED_FOR = ("CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION")
"""What makes repositories by a template (pulumi-aws)."""


def _credentials(inputs: Inputs) -> str | None:
    upstream = text(inputs, "upstreamRegistryUrl")
    if upstream is None:
        return None
    if upstream in OPEN:
        return f"{upstream} with credentials" if known(inputs, "credentialArn") else None
    closed = matches("upstreamRegistryUrl", CLOSED)(inputs) is None
    return f"{upstream} without" if closed and absent(inputs, "credentialArn") else None


def _applied(inputs: Inputs) -> str | None:
    listed = items(inputs, "appliedFors") or []
    strange = [str(one) for one in listed if one not in (*APPLIED_FOR, UNKNOWN_TEXT)]
    return f"for {', '.join(strange)}" if strange else None


def _role(inputs: Inputs) -> str | None:
    keys = [
        one
        for one in blocks(inputs, "encryptionConfigurations")
        if text(one, "encryptionType") not in (None, "AES256")
    ]
    return needs("customRoleArn")(inputs) if keys else None


RULES = (
    Rule(
        id="ecr.upstream",
        types=CACHE_RULE,
        property="upstreamRegistryUrl",
        statement="An upstream is one of the registries that ECR caches, without https://.",
        source="cdk-preflight",
        check=matches("upstreamRegistryUrl", UPSTREAM),
        passing={"upstreamRegistryUrl": "registry-1.docker.io", "credentialArn": "arn"},
        failing={"upstreamRegistryUrl": "nvcr.io"},
    ),
    Rule(
        id="ecr.credentials",
        types=CACHE_RULE,
        property="credentialArn",
        statement="Credentials are there exactly for upstreams that ask for them.",
        source="cdk-preflight",
        check=_credentials,
        passing={"upstreamRegistryUrl": "quay.io"},
        failing={"upstreamRegistryUrl": "ghcr.io"},
    ),
    Rule(
        id="ecr.secret",
        types=CACHE_RULE,
        property="credentialArn",
        statement="The credentials' secret has a name that begins with ecr-pullthroughcache/.",
        source="ecr-pull-through",
        check=matches("credentialArn", SECRET),
        passing={
            "credentialArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
            "ecr-pullthroughcache/ghcr-aBcDeF"
        },
        failing={
            "credentialArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:ghcr-aBcDeF"
        },
    ),
    Rule(
        id="ecr.prefix",
        types=CACHE_RULE,
        property="ecrRepositoryPrefix",
        statement="A rule's prefix has 2 to 30 small letters, digits, ., _, - and /.",
        source="terraform-provider-aws",
        check=matches("ecrRepositoryPrefix", PREFIX),
        passing={"ecrRepositoryPrefix": "docker-hub"},
        failing={"ecrRepositoryPrefix": "Docker Hub"},
    ),
    Rule(
        id="ecr.template-role",
        types=TEMPLATE,
        property="customRoleArn",
        statement="A template with tags or a key of KMS names the role that makes repositories.",
        source="ecr-templates",
        check=every(when(is_set("resourceTags"), needs("customRoleArn")), _role),
        passing={"resourceTags": {"tier": "large"}, "customRoleArn": "arn:aws:iam::1:role/ecr"},
        failing={"resourceTags": {"tier": "large"}},
    ),
    Rule(
        id="ecr.template-for",
        types=TEMPLATE,
        property="appliedFors",
        statement="A template is for pushes, pull-through caches or replication.",
        source="pulumi-aws",
        check=every(counts("appliedFors", 1, None), _applied),
        passing={"appliedFors": ["PULL_THROUGH_CACHE"]},
        failing={"appliedFors": ["PULL"]},
    ),
    Rule(
        id="ecr.mutability",
        types=TEMPLATE,
        property="imageTagMutability",
        statement="Tags move or not, each with exceptions or without.",
        source="pulumi-aws",
        check=among(
            "imageTagMutability",
            (
                "IMMUTABLE",
                "IMMUTABLE_WITH_EXCLUSION",
                "MUTABLE",
                "MUTABLE_WITH_EXCLUSION",
            ),
            absent_is="MUTABLE",
        ),
        passing={"imageTagMutability": "MUTABLE"},
        failing={"imageTagMutability": "mutable"},
    ),
)
