"""A workload may do what its statements name, on its own things, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.identity import IamSettings
from components.aws.workload_identity import (
    Identity,
    IdentityArgs,
    Workload,
    WorkloadPlan,
    autoscaler_statements,
    bucket_statements,
    secret_reader_statements,
)
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, record, untagged

KEY = "arn:aws:kms:us-east-1:123456789012:key/objects"
BUCKET = "arn:aws:s3:::models"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:master"


def build() -> Recorder:
    def plan(name: str) -> WorkloadPlan:
        return WorkloadPlan(name=name, namespace="kube-system", service_account=name)

    args = IdentityArgs(
        workloads=[
            Workload(
                plan=plan("autoscaler"),
                statements=autoscaler_statements(REGION, ACCOUNT, "aigw-prod-large"),
            ),
            Workload(
                plan=plan("reader"), statements=bucket_statements(BUCKET, KEY, REGION, write=False)
            ),
            Workload(
                plan=plan("writer"), statements=bucket_statements(BUCKET, KEY, REGION, write=True)
            ),
            Workload(
                plan=plan("secrets"), statements=secret_reader_statements([SECRET], KEY, REGION)
            ),
        ],
        cluster_name="aigw-prod-large",
        iam=IamSettings(),
        tags=TAGS,
    )
    return record(lambda: Identity("identity", args))


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return build()


def statements(recorder: Recorder, workload: str) -> dict[str, dict[str, Any]]:
    document = recorder.one("RolePolicy", workload).document("policy")
    return {one["Sid"]: one for one in document["Statement"]}


def test_each_workload_is_bound_to_a_role_of_its_own(recorder: Recorder) -> None:
    bound = {
        b.inputs["serviceAccount"]: b.inputs["roleArn"]
        for b in recorder.all("PodIdentityAssociation")
    }
    assert set(bound) == {"autoscaler", "reader", "writer", "secrets"}
    for account, role in bound.items():
        assert role.endswith(f":identity-{account}-role")


def test_the_autoscaler_resizes_its_own_clusters_groups_alone(recorder: Recorder) -> None:
    resize = statements(recorder, "autoscaler")["Resize"]
    assert resize["Condition"] == {
        "StringEquals": {"aws:ResourceTag/k8s.io/cluster-autoscaler/aigw-prod-large": "owned"}
    }
    groups = statements(recorder, "autoscaler")["LookAtGroups"]
    assert groups["Resource"] == [f"arn:aws:eks:us-east-1:{ACCOUNT}:nodegroup/aigw-prod-large/*"]


def test_only_reads_stand_on_every_resource(recorder: Recorder) -> None:
    for policy in recorder.all("RolePolicy"):
        for one in policy.document("policy")["Statement"]:
            if "*" in one["Resource"]:
                assert all(a.split(":")[1].startswith(("Describe", "Get")) for a in one["Action"])


def test_a_reader_of_a_bucket_changes_nothing_in_it(recorder: Recorder) -> None:
    actions = {a for one in statements(recorder, "reader").values() for a in one["Action"]}
    assert actions == {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"}


def test_a_writer_can_encrypt_what_it_writes_to_that_bucket_alone(recorder: Recorder) -> None:
    made = statements(recorder, "writer")
    assert "kms:GenerateDataKey" in made["UseObjectsKey"]["Action"]
    assert made["UseObjects"]["Resource"] == [f"{BUCKET}/*"]
    assert "s3:PutObject" in made["UseObjects"]["Action"]


def test_secrets_are_read_by_name_and_decrypted_through_their_service(recorder: Recorder) -> None:
    made = statements(recorder, "secrets")
    assert made["ReadSecrets"]["Resource"] == [SECRET]
    assert made["DecryptSecrets"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }


def test_roles_and_bindings_carry_the_tags(recorder: Recorder) -> None:
    assert not untagged(recorder, "aigw:aws:Identity", {**TAGS, "component": "identity"})
