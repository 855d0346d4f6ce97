"""The server is the form that its plan names, private, and never lost by accident."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.aws.postgres import Postgres, PostgresArgs, engine_parameters
from sizing.plans import Parameter, PostgresPlan
from sizing.words import PostgresForm
from tests.components.aws import store_plans as known
from tests.components.support import (
    ACCOUNT,
    REGION,
    TAGS,
    Recorder,
    Registered,
    children_of,
    record,
    untagged,
)

COMPONENT = "aigw:aws:Postgres"
INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"


def deploy(plan: PostgresPlan, *, protect: bool = True) -> Recorder:
    return record(
        lambda: Postgres(
            "postgres",
            PostgresArgs(
                plan=plan,
                stack=known.STACK,
                region=REGION,
                account_id=ACCOUNT,
                vpc_id="vpc-1",
                subnet_ids=known.SUBNETS,
                client_security_group_ids=known.CLIENTS,
                data_key_arn=known.DATA_KEY,
                logs_key_arn=known.LOGS_KEY,
                iam=known.IAM,
                tags=TAGS,
                protect=protect,
            ),
        )
    )


def server(recorder: Recorder) -> Registered:
    (found,) = [*recorder.all(INSTANCE), *recorder.all(CLUSTER)]
    return found


def is_private_and_encrypted(inputs: dict[str, Any]) -> bool:
    return bool(
        inputs.get("storageEncrypted")
        and inputs.get("kmsKeyId") == known.DATA_KEY
        and inputs.get("publiclyAccessible") is False
        and inputs.get("manageMasterUserPassword")
        and inputs.get("masterUserSecretKmsKeyId") == known.DATA_KEY
        and not {"password", "masterPassword"} & inputs.keys()
    )


@pytest.mark.parametrize(
    ("form", "kind", "multi_az"),
    [
        (PostgresForm.SINGLE, INSTANCE, False),
        (PostgresForm.MULTI_AZ_INSTANCE, INSTANCE, True),
        (PostgresForm.MULTI_AZ_CLUSTER, CLUSTER, None),
    ],
)
def test_each_form_is_what_rds_calls_it(
    form: PostgresForm, kind: str, multi_az: bool | None
) -> None:
    made = server(deploy(known.postgres(form)))
    assert (made.type, made.inputs.get("multiAz")) == (kind, multi_az)


@pytest.mark.parametrize("form", PostgresForm)
def test_every_form_is_private_encrypted_and_protected(form: PostgresForm) -> None:
    made = server(deploy(known.postgres(form)))
    assert is_private_and_encrypted(made.inputs)
    assert made.protect
    assert made.inputs["deletionProtection"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("storageEncrypted", False),
        ("kmsKeyId", None),
        ("publiclyAccessible", True),
        ("manageMasterUserPassword", None),
        ("masterUserSecretKmsKeyId", None),
        ("password", "in clear"),
    ],
)
def test_the_predicate_sees_each_way_to_be_open(field: str, value: object) -> None:
    inputs = server(deploy(known.postgres())).inputs
    assert not is_private_and_encrypted({**inputs, field: value})


def test_a_cluster_asks_for_all_that_it_requires_and_nothing_that_is_refused() -> None:
    inputs = server(deploy(known.postgres(PostgresForm.MULTI_AZ_CLUSTER))).inputs
    assert inputs["dbClusterInstanceClass"] == "db.m6gd.2xlarge"
    assert (inputs["allocatedStorage"], inputs["storageType"], inputs["iops"]) == (
        1024,
        "gp3",
        12_000,
    )
    refused = {"availabilityZones", "networkType", "engineMode", "maxAllocatedStorage"}
    assert not refused & inputs.keys()


def test_small_gp3_storage_names_neither_iops_nor_throughput() -> None:
    inputs = server(deploy(known.postgres())).inputs
    assert inputs["allocatedStorage"] == 200
    assert not {"iops", "storageThroughput"} & inputs.keys()


def test_no_server_has_what_a_managed_password_excludes() -> None:
    for form in PostgresForm:
        inputs = server(deploy(known.postgres(form))).inputs
        assert not {"replicateSourceDb", "blueGreenUpdate", "availabilityZone"} & inputs.keys()


def test_static_parameters_wait_for_a_restart_and_tls_is_always_forced() -> None:
    plan = replace(
        known.postgres(),
        parameters=(
            Parameter(name="shared_preload_libraries", value="pg_stat_statements", static=True),
            Parameter(name="rds.force_ssl", value="0", static=False),
            Parameter(name="work_mem", value="65536", static=False),
        ),
    )
    assert engine_parameters(plan) == [
        ("rds.force_ssl", "1", "pending-reboot"),
        ("shared_preload_libraries", "pg_stat_statements", "pending-reboot"),
        ("work_mem", "65536", "immediate"),
    ]


@pytest.mark.parametrize(
    ("form", "group"),
    [
        (PostgresForm.SINGLE, "ParameterGroup"),
        (PostgresForm.MULTI_AZ_CLUSTER, "ClusterParameterGroup"),
    ],
)
def test_parameters_stand_in_the_group_of_the_form(form: PostgresForm, group: str) -> None:
    inputs = deploy(known.postgres(form)).one(group).inputs
    assert inputs["family"] == "postgres17"
    assert [one["name"] for one in inputs["parameters"]] == [
        "log_min_duration_statement",
        "rds.force_ssl",
        "shared_preload_libraries",
    ]


def test_only_the_clients_get_in_and_only_on_the_server_s_port() -> None:
    recorder = deploy(known.postgres())
    rules = recorder.all("SecurityGroupIngressRule")
    assert {rule.inputs["referencedSecurityGroupId"] for rule in rules} == set(
        known.CLIENTS.values()
    )
    for rule in rules:
        assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (5432, 5432)
        assert "cidrIpv4" not in rule.inputs
    group = recorder.one("SecurityGroup")
    assert not {"ingress", "egress"} & group.inputs.keys()
    assert recorder.all("SecurityGroupEgressRule") == []


@pytest.mark.parametrize(
    ("form", "kind"),
    [(PostgresForm.SINGLE, "instance"), (PostgresForm.MULTI_AZ_CLUSTER, "cluster")],
)
def test_log_groups_stand_encrypted_under_the_service_s_names_before_the_server(
    form: PostgresForm, kind: str
) -> None:
    recorder = deploy(known.postgres(form))
    groups = recorder.all("LogGroup")
    assert {group.inputs["name"] for group in groups} == {
        f"/aws/rds/{kind}/aigw-prod-large-postgres/{export}" for export in ("postgresql", "upgrade")
    }
    for group in groups:
        assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (known.LOGS_KEY, 90)
        assert group.urn in server(recorder).depends_on


def test_a_final_snapshot_has_a_name_of_its_own() -> None:
    inputs = server(deploy(known.postgres())).inputs
    assert inputs["finalSnapshotIdentifier"] == "aigw-prod-large-postgres-final-0123abcd"
    assert inputs["skipFinalSnapshot"] is False
    assert "--" not in inputs["finalSnapshotIdentifier"]


def test_a_short_lived_server_leaves_nothing_behind() -> None:
    plan = replace(known.postgres(), final_snapshot=False, deletion_protection=False)
    recorder = deploy(plan, protect=False)
    made = server(recorder)
    assert made.inputs["skipFinalSnapshot"]
    assert made.inputs["deleteAutomatedBackups"]
    assert "finalSnapshotIdentifier" not in made.inputs
    assert not made.protect
    assert not made.retain_on_delete
    assert recorder.all("RandomId") == []


def test_monitoring_has_a_role_under_the_account_s_boundary_and_only_when_asked_for() -> None:
    recorder = deploy(known.postgres())
    role = recorder.one("Role")
    assert role.inputs["permissionsBoundary"] == known.IAM.permissions_boundary
    assert role.inputs["path"] == known.IAM.path
    attachment = recorder.one("RolePolicyAttachment")
    assert attachment.inputs["policyArn"].endswith("/AmazonRDSEnhancedMonitoringRole")
    assert attachment.urn in server(recorder).depends_on

    without = deploy(replace(known.postgres(), monitoring_interval_s=0))
    assert without.all("Role") == []
    assert "monitoringRoleArn" not in server(without).inputs


def test_insights_are_kept_with_the_data_key_or_are_off() -> None:
    on = server(deploy(known.postgres())).inputs
    assert (on["performanceInsightsEnabled"], on["performanceInsightsRetentionPeriod"]) == (
        True,
        465,
    )
    assert on["performanceInsightsKmsKeyId"] == known.DATA_KEY
    plan = replace(known.postgres(), insights_mode="standard", insights_retention_days=0)
    off = server(deploy(plan)).inputs
    assert off["performanceInsightsEnabled"] is False
    absent = {"performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"}
    assert not absent & off.keys()


@pytest.mark.parametrize("form", PostgresForm)
def test_everything_stands_below_the_component_with_its_tags(form: PostgresForm) -> None:
    recorder = deploy(known.postgres(form))
    (root,) = recorder.all(COMPONENT)
    custom = [resource for resource in recorder.resources if resource.custom]
    assert children_of(recorder, COMPONENT) == custom
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "postgres"}) == []
    assert root.inputs["instance_class"] == known.postgres(form).instance_class
