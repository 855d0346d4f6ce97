"""Vault and its jobs may do what they do on AWS, each its own part of it."""

from __future__ import annotations

from components.aws.vault_policies import (
    SNAPSHOTS,
    SnapshotBucket,
    certificate_statements,
    server_statements,
    setup_statements,
    snapshot_statements,
)
from stacks.apps import vault
from tests.components.aws.store_plans import DATA_KEY, OBJECTS_KEY
from tests.components.aws.test_workload_policies import actions, rendered
from tests.components.support import ACCOUNT, REGION

SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:aigw/prod"
RECOVERY, SESSION = f"{SECRETS}/vault-recovery-abcdef", f"{SECRETS}/vault-session-abcdef"
SERVER, AUTHORITY = f"{SECRETS}/vault-tls-abcdef", f"{SECRETS}/vault-authority-abcdef"
HERE = SnapshotBucket(name="here", arn="arn:aws:s3:::backups", key_arn=OBJECTS_KEY, region=REGION)
FAR_KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/far"
THERE = SnapshotBucket(
    name="there", arn="arn:aws:s3:::recovery", key_arn=FAR_KEY, region="us-west-2"
)


def test_a_server_opens_itself_with_its_key_and_does_no_more() -> None:
    policy = rendered(server_statements(DATA_KEY))
    assert actions(policy) == {"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"}
    assert {one["Resource"][0] for one in policy.values()} == {DATA_KEY}


def test_the_set_up_keeps_recovery_keys_and_can_never_read_them() -> None:
    policy = rendered(setup_statements(RECOVERY, SESSION, DATA_KEY, REGION))
    reading = [one for one in policy.values() if "secretsmanager:GetSecretValue" in one["Action"]]
    assert [one["Resource"] for one in reading] == [[SESSION]]
    assert policy["KeepRecoveryKeys"]["Action"] == ["secretsmanager:PutSecretValue"]


def test_certificates_are_kept_in_two_secrets_alone() -> None:
    policy = rendered(certificate_statements(SERVER, AUTHORITY, DATA_KEY, REGION))
    assert policy["KeepCertificates"]["Resource"] == [SERVER, AUTHORITY]


def test_snapshots_are_added_in_their_folder_of_each_bucket_and_never_taken_away() -> None:
    policy = rendered(snapshot_statements([HERE, THERE]))
    assert actions(policy) & {"s3:GetObject", "s3:DeleteObject", "s3:ListBucket"} == set()
    assert policy["StoreSnapshotsThere"]["Resource"] == [f"arn:aws:s3:::recovery/{SNAPSHOTS}*"]
    through = policy["UseSnapshotsKeyThere"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert through == "s3.us-west-2.amazonaws.com"


def test_the_folder_is_the_one_that_the_job_writes_to() -> None:
    assert SNAPSHOTS == vault.SNAPSHOTS
