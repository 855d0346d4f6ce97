"""What each workload of the platform may do on AWS, in the words of `Statement`.

A workload that is not here gets no role: the gateways, the poolers and the exporters speak to
nothing of AWS' own but by a password.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.aws.identity import Statement
from components.aws.search import REQUESTS
from components.aws.workload_identity import bucket_statements, secret_reader_statements
from components.naming import partition, service_host

SNAPSHOTS = "storage/snapshots/"
"""Where in the bucket the vector database keeps its snapshots: below its own folder's name."""
# what Secrets Manager adds to a secret's name in its ARN: a hyphen and six characters
_SUFFIX = "-??????"
_ARN = "arn:"


def named_secret_arn(region: str, account_id: str, name: str) -> str:
    """Return the ARN of a secret that somebody else made, by its name; an ARN stays what it is."""
    if name.startswith(_ARN):
        return name
    return f"arn:{partition(region)}:secretsmanager:{region}:{account_id}:secret:{name}{_SUFFIX}"


def secret_store_statements(
    made: Sequence[pulumi.Input[str]],
    existing: Sequence[str],
    *,
    region: str,
    account_id: str,
    data_key_arn: pulumi.Input[str],
) -> list[Statement]:
    """Return what the secrets' operator does: it reads the stack's own secrets, and no others.

    Args:
        made: ARNs of the secrets that the stack makes, the stores' managed ones among them.
        existing: names of secrets that the config points to. One under another customer key
            needs that key's own policy to let the operator's role in.
        data_key_arn: key of what the stack makes.

    Raises:
        ValueError: nothing to read.
    """
    named = [named_secret_arn(region, account_id, name) for name in sorted(set(existing))]
    if not made and not named:
        raise ValueError("an operator without a secret to read needs no rights")
    return secret_reader_statements([*made, *named], data_key_arn, region)


def balancer_controller_statements(
    target_group_arns: Sequence[pulumi.Input[str]],
) -> list[Statement]:
    """Return what the load balancer controller does for bindings: it registers pods' addresses.

    It makes no balancer, group or rule: those are this program's, and bindings leave their
    `networking` out. That its webhooks and its search for rules of its own look at groups, networks
    and target groups is in its documentation (aws-load-balancer-controller, installation).
    """
    return [
        Statement(
            sid="Look",
            actions=[
                "ec2:DescribeInstances",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            # IAM knows no narrower resource for any of these reads
            resources=["*"],
        ),
        Statement(
            sid="Register",
            actions=[
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:RegisterTargets",
            ],
            resources=target_group_arns,
        ),
    ]


def model_reader_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what engines do with the bucket of weights: they read."""
    return bucket_statements(bucket_arn, key_arn, region, write=False)


def model_writer_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what the jobs do that fill the bucket of weights: they never delete a version."""
    return object_statements(
        bucket_arn,
        key_arn,
        region,
        actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    )


def snapshot_statements(
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    region: str,
    prefix: str = SNAPSHOTS,
) -> list[Statement]:
    """Return what the vector database does in its part of the bucket: snapshots come and go.

    Raises:
        ValueError: a prefix that does not end in "/" would cover its neighbours' objects.
    """
    if not prefix.endswith("/"):
        raise ValueError(f"{prefix!r} is no folder: it must end in /")
    return object_statements(
        bucket_arn,
        key_arn,
        region,
        prefix=prefix,
        actions=[
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:PutObject",
        ],
    )


def application_statements(
    buckets: Mapping[str, pulumi.Input[str]], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what an application does with its buckets: it reads and changes them.

    Args:
        buckets: ARNs of its buckets by name, letters and digits alone.
    """
    return [
        Statement(
            sid=f"{statement.sid}{name.title()}",
            actions=statement.actions,
            resources=statement.resources,
            conditions=statement.conditions,
        )
        for name, arn in sorted(buckets.items())
        for statement in bucket_statements(arn, key_arn, region, write=True)
    ]


def search_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what sends signed requests to a search domain.

    What it sees is said by the domain itself, where its role must be mapped to one of its own.
    """
    return [
        Statement(
            sid="AskSearch",
            actions=REQUESTS,
            resources=[pulumi.Output.concat(domain_arn, "/*")],
        )
    ]


def bedrock_statements(models: Sequence[str], region: str, account_id: str) -> list[Statement]:
    """Return what a proxy does with models of Bedrock: it asks the named ones, streamed or not.

    Args:
        models: Bedrock's own names ("anthropic.claude-..."), names of inference profiles
            ("eu.anthropic.claude-..."), or ARNs; none gives no right at all.
    """
    if not models:
        return []
    arns = {arn for model in models for arn in _bedrock_arns(model, region, account_id)}
    return [
        Statement(
            sid="AskModels",
            # the newer Converse calls are allowed by the same two
            actions=["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            resources=sorted(arns),
        )
    ]


def _bedrock_arns(model: str, region: str, account_id: str) -> tuple[str, ...]:
    """Return a model's ARN; of a profile its own and that of its model wherever it leads to.

    Whether a name is a model's or a profile's shows in no other way than its first word, of which
    new ones come: as both, it names one thing that exists and one that nobody can ask.
    """
    if model.startswith(_ARN):
        return (model,)
    prefix = f"arn:{partition(region)}:bedrock"
    _, _, behind = model.partition(".")
    return (
        f"{prefix}:{region}::foundation-model/{model}",
        f"{prefix}:{region}:{account_id}:inference-profile/{model}",
        f"{prefix}:*::foundation-model/{behind}",
    )


def object_statements(
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    region: str,
    *,
    actions: Sequence[str],
    prefix: str = "",
) -> list[Statement]:
    """Return what somebody does with the objects of a bucket, below a folder where one is named."""
    below = {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else {}
    return [
        Statement(
            sid="ListBucket", actions=["s3:ListBucket"], resources=[bucket_arn], conditions=below
        ),
        Statement(
            sid="UseObjects",
            actions=actions,
            resources=[pulumi.Output.concat(bucket_arn, f"/{prefix}*")],
        ),
        Statement(
            sid="UseObjectsKey",
            # a writer of parts decrypts them when it completes the upload
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:ViaService": service_host("s3", region)}},
        ),
    ]
