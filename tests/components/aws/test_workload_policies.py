"""What policies of AWS alone say: services that only it has, conditions, and keys by service."""

from __future__ import annotations

from components.aws.metrics_policies import search_metrics_statements, shipper_statements
from components.aws.tracing_policies import READS, WRITES, reader_statements, writer_statements
from components.aws.vault_policies import SnapshotBucket, setup_statements
from components.aws.vault_policies import snapshot_statements as vault_snapshots
from components.aws.workload_identity import autoscaler_statements, secret_reader_statements
from components.aws.workload_policies import (
    balancer_controller_statements,
    bedrock_statements,
    model_writer_statements,
    search_statements,
    snapshot_statements,
)
from tests.components.aws.make_edge import actions, rendered
from tests.components.aws.store_plans import DATA_KEY, OBJECTS_KEY
from tests.components.support import ACCOUNT, REGION

BUCKET, METRICS = "arn:aws:s3:::models", "arn:aws:s3:::metrics"
DOMAIN = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/aigw-prod-search"
SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:aigw/prod"
GROUPS = [
    f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{name}/1"
    for name in ("api-1", "mcp-1")
]


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


def test_an_application_asks_its_search_domain_and_does_not_change_it() -> None:
    asked = rendered(search_statements(DOMAIN))["AskSearch"]
    assert asked["Resource"] == [f"{DOMAIN}/*"]
    assert all(action.startswith("es:ESHttp") for action in asked["Action"])


def test_the_exporter_gets_from_the_domain_and_sends_nothing() -> None:
    (found,) = rendered(search_metrics_statements(DOMAIN)).values()
    assert (found["Action"], found["Resource"]) == (["es:ESHttpGet"], [f"{DOMAIN}/*"])


def test_traces_are_asked_for_and_put_into_one_domain_and_nobody_deletes() -> None:
    for make in (reader_statements, writer_statements):
        (statement,) = make(DOMAIN)
        assert all(action.startswith("es:ESHttp") for action in statement.actions)
        assert len(statement.resources) == 1
    assert "es:ESHttpDelete" not in {*READS, *WRITES}
    assert {*WRITES} - {*READS} == {"es:ESHttpPut"}


def test_who_fills_a_bucket_of_models_or_metrics_takes_nothing_away() -> None:
    for make in (model_writer_statements, shipper_statements):
        used = actions(rendered(make(BUCKET, OBJECTS_KEY, REGION)))
        assert not [one for one in used if "Delete" in one]


def test_keys_are_used_through_the_service_of_what_they_encrypt_and_of_its_region() -> None:
    far = SnapshotBucket(
        name="there",
        arn=METRICS,
        key_arn=f"arn:aws:kms:us-west-2:{ACCOUNT}:key/far",
        region="us-west-2",
    )
    through = {
        "UseObjectsKey": (snapshot_statements(BUCKET, OBJECTS_KEY, REGION), f"s3.{REGION}"),
        "UseSnapshotsKeyThere": (vault_snapshots([far]), "s3.us-west-2"),
        "DecryptSecrets": (
            secret_reader_statements([SECRETS], DATA_KEY, REGION),
            f"secretsmanager.{REGION}",
        ),
    }
    for sid, (statements, service) in through.items():
        condition = rendered(statements)[sid]["Condition"]
        assert condition == {"StringEquals": {"kms:ViaService": f"{service}.amazonaws.com"}}


def test_recovery_keys_are_put_and_nothing_else_of_their_secret_is_touched() -> None:
    recovery, session = f"{SECRETS}/recovery-abcdef", f"{SECRETS}/session-abcdef"
    policy = rendered(setup_statements(recovery, session, DATA_KEY, REGION))
    assert policy["KeepRecoveryKeys"]["Action"] == ["secretsmanager:PutSecretValue"]


def test_the_proxy_asks_the_named_models_of_bedrock_and_no_others() -> None:
    model, own = "anthropic.claude-sonnet-4-5-v1:0", f"arn:aws:bedrock:{REGION}:{ACCOUNT}"
    profile = f"{own}:application-inference-profile/x"
    for named, resources in {
        model: {f"arn:aws:bedrock:{REGION}::foundation-model/{model}"},
        f"eu.{model}": {
            f"{own}:inference-profile/eu.{model}",
            f"arn:aws:bedrock:*::foundation-model/{model}",
        },
        profile: {profile},
    }.items():
        policy = rendered(bedrock_statements([named], REGION, ACCOUNT))
        assert resources <= set(policy["AskModels"]["Resource"])
        assert not [one for one in policy["AskModels"]["Resource"] if one.endswith("/*")]
        assert actions(policy) == {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}


def test_without_models_of_bedrock_there_is_no_right() -> None:
    assert bedrock_statements([], REGION, ACCOUNT) == []


def test_the_autoscaler_resizes_its_own_clusters_groups_alone() -> None:
    found = rendered(autoscaler_statements(REGION, ACCOUNT, "aigw-prod-large"))
    assert found["Resize"]["Condition"] == {
        "StringEquals": {"aws:ResourceTag/k8s.io/cluster-autoscaler/aigw-prod-large": "owned"}
    }
    groups = f"arn:aws:eks:{REGION}:{ACCOUNT}:nodegroup/aigw-prod-large/*"
    assert found["LookAtGroups"]["Resource"] == [groups]
    for one in found.values():
        if "*" in one["Resource"]:
            reads = ("Describe", "Get")
            assert all(action.split(":")[1].startswith(reads) for action in one["Action"])
