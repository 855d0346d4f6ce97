"""Each workload of the platform may do what it does, on its own things, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from components.aws.identity import IamSettings, Statement
from components.aws.workload_identity import Identity, IdentityArgs, Workload, WorkloadPlan
from components.aws.workload_policies import (
    SNAPSHOTS,
    application_statements,
    balancer_controller_statements,
    bedrock_statements,
    model_reader_statements,
    model_writer_statements,
    named_secret_arn,
    search_statements,
    secret_store_statements,
    snapshot_statements,
)
from components.kubernetes.qdrant import SNAPSHOTS_PREFIX
from tests.components.aws.store_plans import DATA_KEY, OBJECTS_KEY
from tests.components.support import ACCOUNT, REGION, TAGS, record

MODELS, BACKUPS, DATA = (f"arn:aws:s3:::{name}" for name in ("models", "backups", "data"))
GROUPS = [
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{name}/1"
    for name in ("api-1", "mcp-1")
]
MADE = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:aigw/prod-large/litellm-aBcDeF"


def rendered(statements: Sequence[Statement]) -> dict[str, dict[str, Any]]:
    """The policy as IAM gets it, by statement id."""
    plan = WorkloadPlan(name="one", namespace="prod-gateway", service_account="one")
    args = IdentityArgs(
        workloads=[Workload(plan=plan, statements=statements)],
        cluster_name="aigw-prod-large",
        iam=IamSettings(),
        tags=TAGS,
    )
    document = (
        record(lambda: Identity("identity", args)).one("RolePolicy", "one").document("policy")
    )
    assert len({one["Sid"] for one in document["Statement"]}) == len(document["Statement"])
    return {one["Sid"]: one for one in document["Statement"]}


def actions(policy: dict[str, dict[str, Any]]) -> set[str]:
    return {action for one in policy.values() for action in one["Action"]}


def test_the_balancers_controller_registers_in_our_target_groups_and_makes_nothing() -> None:
    policy = rendered(balancer_controller_statements(GROUPS))
    assert policy["Register"]["Resource"] == GROUPS
    changing = {one for one in actions(policy) if not one.split(":")[1].startswith("Describe")}
    assert changing == {
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
    }
    assert all(one.split(":")[1].startswith("Describe") for one in policy["Look"]["Action"]), (
        "only reads stand on every resource"
    )


def test_the_secrets_operator_reads_what_is_made_and_what_is_named() -> None:
    policy = rendered(
        secret_store_statements(
            [MADE],
            ["team/openai", "team/openai"],
            region=REGION,
            account_id=ACCOUNT,
            data_key_arn=DATA_KEY,
        )
    )
    assert policy["ReadSecrets"]["Resource"] == [
        MADE,
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:team/openai-??????",
    ]
    assert actions(policy) == {
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
    }
    assert policy["DecryptSecrets"]["Resource"] == [DATA_KEY]


def test_an_arn_names_its_secret_exactly() -> None:
    assert named_secret_arn(REGION, ACCOUNT, MADE) == MADE


def test_an_operator_without_secrets_gets_no_rights() -> None:
    with pytest.raises(ValueError, match="needs no rights"):
        secret_store_statements([], [], region=REGION, account_id=ACCOUNT, data_key_arn=DATA_KEY)


def test_engines_read_weights_and_the_jobs_that_fill_the_bucket_never_delete() -> None:
    reads = rendered(model_reader_statements(MODELS, OBJECTS_KEY, REGION))
    assert actions(reads) == {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"}
    writes = rendered(model_writer_statements(MODELS, OBJECTS_KEY, REGION))
    assert "s3:PutObject" in actions(writes)
    assert "s3:DeleteObject" not in actions(writes)
    assert writes["UseObjects"]["Resource"] == [f"{MODELS}/*"]


def test_snapshots_stay_in_the_folder_that_the_vector_database_writes_to() -> None:
    assert SNAPSHOTS == SNAPSHOTS_PREFIX
    policy = rendered(snapshot_statements(BACKUPS, OBJECTS_KEY, REGION))
    assert policy["UseObjects"]["Resource"] == [f"{BACKUPS}/storage/snapshots/*"]
    assert policy["ListBucket"]["Condition"] == {"StringLike": {"s3:prefix": "storage/snapshots/*"}}
    assert policy["UseObjectsKey"]["Condition"] == {
        "StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    }


@pytest.mark.parametrize("prefix", ["", "qdrant"])
def test_a_prefix_that_would_cover_its_neighbours_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="no folder"):
        snapshot_statements(BACKUPS, OBJECTS_KEY, REGION, prefix)


def test_an_application_changes_its_own_buckets_alone() -> None:
    policy = rendered(
        application_statements({"data": DATA, "backups": BACKUPS}, OBJECTS_KEY, REGION)
    )
    assert policy["UseObjectsData"]["Resource"] == [f"{DATA}/*"]
    assert policy["UseObjectsBackups"]["Resource"] == [f"{BACKUPS}/*"]
    assert not [one for one in policy.values() if MODELS in str(one["Resource"])]


def test_an_application_asks_its_search_domain_and_does_not_change_it() -> None:
    domain = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/prod"
    asked = rendered(search_statements(domain))["AskSearch"]
    assert asked["Resource"] == [f"{domain}/*"]
    assert all(action.startswith("es:ESHttp") for action in asked["Action"])


@pytest.mark.parametrize(
    ("model", "resource"),
    [
        (
            "anthropic.claude-sonnet-4-5-v1:0",
            f"arn:aws:bedrock:{REGION}::foundation-model/anthropic.claude-sonnet-4-5-v1:0",
        ),
        (
            "eu.anthropic.claude-sonnet-4-5-v1:0",
            f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.anthropic.claude-sonnet-4-5-v1:0",
        ),
        (
            "eu.anthropic.claude-sonnet-4-5-v1:0",
            "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-v1:0",
        ),
        (
            f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/x",
            f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/x",
        ),
    ],
)
def test_the_proxy_asks_the_named_models_of_bedrock_and_no_others(
    model: str, resource: str
) -> None:
    policy = rendered(bedrock_statements([model], REGION, ACCOUNT))
    assert resource in policy["AskModels"]["Resource"]
    assert not [one for one in policy["AskModels"]["Resource"] if one.endswith("/*")]
    assert actions(policy) == {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}


def test_without_models_of_bedrock_there_is_no_right() -> None:
    assert bedrock_statements([], REGION, ACCOUNT) == []
