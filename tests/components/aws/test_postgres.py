"""What RDS alone asks of a server: groups, logs, roles, and what excludes what."""

from __future__ import annotations

from dataclasses import replace

from components.aws.postgres import engine_parameters
from sizing.plans import Parameter
from sizing.words import PostgresForm
from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import postgres as deploy
from tests.components.aws.make_stores import server


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


def test_parameters_stand_in_the_group_of_the_form() -> None:
    for form, group in (
        (PostgresForm.SINGLE, "ParameterGroup"),
        (PostgresForm.MULTI_AZ_CLUSTER, "ClusterParameterGroup"),
    ):
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


def test_log_groups_stand_encrypted_under_the_service_s_names_before_the_server() -> None:
    for form, kind in (
        (PostgresForm.SINGLE, "instance"),
        (PostgresForm.MULTI_AZ_CLUSTER, "cluster"),
    ):
        recorder = deploy(known.postgres(form))
        groups = recorder.all("LogGroup")
        assert {group.inputs["name"] for group in groups} == {
            f"/aws/rds/{kind}/aigw-prod-large-postgres/{export}"
            for export in ("postgresql", "upgrade")
        }
        for group in groups:
            assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (
                known.LOGS_KEY,
                90,
            )
            assert group.urn in server(recorder).depends_on


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
    assert (on["kmsKeyId"], on["masterUserSecretKmsKeyId"]) == (known.DATA_KEY, known.DATA_KEY)
    assert on["performanceInsightsKmsKeyId"] == known.DATA_KEY
    plan = replace(known.postgres(), insights_mode="standard", insights_retention_days=0)
    off = server(deploy(plan)).inputs
    assert off["performanceInsightsEnabled"] is False
    absent = {"performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"}
    assert not absent & off.keys()
