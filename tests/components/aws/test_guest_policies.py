"""A guest's secrets are read by a role of its own, which its host's operator alone becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.aws.guest_policies import (
    SecretReader,
    SecretReaderArgs,
    hosts_secret_statements,
    operator_statements,
    reader_arn,
    reader_name,
    searcher_arn,
    searcher_name,
)
from components.aws.identity import IamSettings
from components.aws.workload_identity import Identity, IdentityArgs, Workload, WorkloadPlan
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, record, untagged

ROLE_NAME = 64  # characters that IAM takes
ACCOUNTS = ("grafana", "jaeger-collector", "jaeger-query", "opensearch-exporter")
SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:aigw"
OWN, HOSTS = f"{SECRETS}/dev-medium/litellm", f"{SECRETS}/staging/guest-dev-guest"
OWN_KEY, HOSTS_KEY = (f"arn:aws:kms:us-east-1:123456789012:key/{one}" for one in ("own", "hosts"))
OPERATOR = "arn:aws:iam::123456789012:role/aigw/workloads-external-secrets-role-1234567"
BOUNDARY = "arn:aws:iam::123456789012:policy/aigw-bootstrap/aigw-boundary"


@pytest.fixture(scope="module")
def made() -> Recorder:
    args = SecretReaderArgs(
        platform="dev-medium",
        region=REGION,
        operator=OPERATOR,
        secrets=[OWN],
        data_key_arn=OWN_KEY,
        hosts=[HOSTS],
        hosts_key_arn=HOSTS_KEY,
        iam=IamSettings(path="/aigw/", permissions_boundary=BOUNDARY),
        tags=TAGS,
    )
    return record(lambda: SecretReader("reader", args))


def test_a_role_that_the_hosts_domain_lets_in_has_a_name_that_is_known_beforehand() -> None:
    plan = WorkloadPlan(name="jaeger", namespace="staging-observability", service_account="jaeger")
    named = searcher_name("staging-large", "jaeger")
    args = IdentityArgs(
        workloads=[
            Workload(plan=plan, statements=[], role=named),
            Workload(plan=replace(plan, name="qdrant"), statements=[]),
        ],
        cluster_name="aigw-staging-large",
        iam=IamSettings(path="/aigw/", permissions_boundary=BOUNDARY),
        tags=TAGS,
    )
    roles = {one.name: one.inputs for one in record(lambda: Identity("own", args)).all("Role")}
    known, other = roles["own-jaeger-role"], roles["own-qdrant-role"]
    arn = searcher_arn("staging-large", "jaeger", region=REGION, account_id=ACCOUNT, path="/aigw/")
    assert arn == f"arn:aws:iam::{ACCOUNT}:role{known['path']}{known['name']}"
    assert other.get("name") is None


def test_a_role_of_the_longest_platform_and_account_has_a_name_that_iam_takes() -> None:
    platform = f"staging-{'x' * 10}-{'y' * 10}"
    names = {searcher_name(platform, one) for one in ACCOUNTS}
    assert len(names) == len(ACCOUNTS)
    assert all(len(one) <= ROLE_NAME for one in names)


def test_a_guest_with_a_cluster_of_its_own_reads_what_the_host_keeps_for_it_alone() -> None:
    read, decrypt = hosts_secret_statements([HOSTS], HOSTS_KEY, REGION)
    assert (list(read.resources), list(decrypt.resources)) == ([HOSTS], [HOSTS_KEY])
    assert decrypt.actions == ["kms:Decrypt"]
    assert decrypt.conditions == {
        "StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}
    }


def rights(made: Recorder) -> dict[str, dict[str, Any]]:
    document = made.one("RolePolicy").document("policy")
    return {one["Sid"]: one for one in document["Statement"]}


def test_the_hosts_operator_alone_becomes_the_reader(made: Recorder) -> None:
    (statement,) = made.one("Role").document("assumeRolePolicy")["Statement"]
    assert statement["Principal"] == {"AWS": OPERATOR}
    assert set(statement["Action"]) == {"sts:AssumeRole", "sts:TagSession"}


def test_the_reader_has_the_name_that_its_hosts_policy_allows(made: Recorder) -> None:
    role = made.one("Role").inputs
    arn = reader_arn("dev-medium", region=REGION, account_id=ACCOUNT, path="/aigw/")
    assert role["name"] == reader_name("dev-medium")
    assert arn == f"arn:aws:iam::{ACCOUNT}:role{role['path']}{role['name']}"
    (statement,) = operator_statements([arn])
    assert statement.resources == [arn]
    assert set(statement.actions) == {"sts:AssumeRole", "sts:TagSession"}


def test_it_reads_its_own_secrets_and_the_one_that_the_host_keeps_for_it(made: Recorder) -> None:
    found = rights(made)
    assert found["ReadSecrets"]["Resource"] == [OWN]
    assert found["ReadSecretsOfHost"]["Resource"] == [HOSTS]
    assert found["DecryptSecrets"]["Resource"] == [OWN_KEY]
    assert found["DecryptSecretsOfHost"]["Resource"] == [HOSTS_KEY]
    for one in ("DecryptSecrets", "DecryptSecretsOfHost"):
        through = found[one]["Condition"]["StringEquals"]["kms:ViaService"]
        assert through == "secretsmanager.us-east-1.amazonaws.com"


def test_it_is_bounded_and_tagged_like_every_role(made: Recorder) -> None:
    assert made.one("Role").inputs["permissionsBoundary"] == BOUNDARY
    expected = {**TAGS, "component": "secret-reader"}
    assert untagged(made, "aigw:aws:SecretReader", expected) == []
