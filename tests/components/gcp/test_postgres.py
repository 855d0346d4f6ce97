"""The server is the form that its plan names, private, provable by name and hard to lose."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_gcp import sql

from components.gcp.postgres import Postgres, PostgresArgs, private_name
from components.gcp.postgres_settings import edition
from sizing.plans import PostgresPlan
from sizing.words import Environment, PostgresForm, Tier
from tests.components.gcp import store_plans as known
from tests.components.gcp.samples import (
    KEY,
    LABELS,
    LONGEST_STACK,
    NETWORK,
    PROJECT,
    REGION,
    unlabelled,
)
from tests.components.support import GENERATED, Recorder, Registered, children_of, record
from tests.sizing.gcp.requests import planned

COMPONENT = "aigw:gcp:Postgres"
SERVER = "gcp:sql/databaseInstance:DatabaseInstance"


def deploy(
    plan: PostgresPlan,
    *,
    protect: bool = True,
    stack: str = known.STACK,
    seen: dict[str, object] | None = None,
) -> Recorder:
    def build() -> None:
        made = Postgres(
            "postgres",
            PostgresArgs(
                plan=plan,
                stack=stack,
                region=REGION,
                network_id=NETWORK,
                private_services=known.peering(),
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "reader_host": made.reader_host,
                "port": made.port,
                "authority": made.authority,
                "secret_id": made.secret_id,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def primary(recorder: Recorder) -> Registered:
    return recorder.one(SERVER, "postgres-server")


def settings(recorder: Recorder) -> dict[str, Any]:
    found = primary(recorder).inputs["settings"]
    assert isinstance(found, dict)
    return found


def is_private_and_encrypted(inputs: dict[str, Any]) -> bool:
    address = inputs.get("settings", {}).get("ipConfiguration", {})
    return bool(
        address.get("ipv4Enabled") is False
        and address.get("privateNetwork") == NETWORK
        and address.get("sslMode") == "ENCRYPTED_ONLY"
        and address.get("serverCaMode") == "GOOGLE_MANAGED_CAS_CA"
        and not address.get("authorizedNetworks")
        and inputs.get("encryptionKeyName") == KEY
    )


def test_the_server_is_private_and_encrypted() -> None:
    assert is_private_and_encrypted(primary(deploy(known.postgres())).inputs)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ipv4Enabled", True),
        ("privateNetwork", None),
        ("sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
        ("serverCaMode", "GOOGLE_MANAGED_INTERNAL_CA"),
        ("authorizedNetworks", [{"value": "0.0.0.0/0"}]),
        ("encryptionKeyName", None),
    ],
)
def test_the_predicate_sees_each_way_to_be_open(field: str, value: object) -> None:
    inputs = primary(deploy(known.postgres())).inputs
    if field == "encryptionKeyName":
        assert not is_private_and_encrypted({**inputs, field: value})
        return
    address = {**inputs["settings"]["ipConfiguration"], field: value}
    opened = {**inputs, "settings": {**inputs["settings"], "ipConfiguration": address}}
    assert not is_private_and_encrypted(opened)


@pytest.mark.parametrize(
    ("form", "nodes", "availability", "replicas"),
    [
        (PostgresForm.SINGLE, 1, "ZONAL", 0),
        (PostgresForm.MULTI_AZ_INSTANCE, 2, "REGIONAL", 0),
        (PostgresForm.MULTI_AZ_INSTANCE, 3, "REGIONAL", 1),
        (PostgresForm.MULTI_AZ_INSTANCE, 4, "REGIONAL", 2),
    ],
)
def test_a_form_is_zonal_or_regional_and_has_replicas_beyond_two_nodes(
    form: PostgresForm, nodes: int, availability: str, replicas: int
) -> None:
    recorder = deploy(known.postgres(form, nodes=nodes))
    assert settings(recorder)["availabilityType"] == availability
    assert len(recorder.all(SERVER)) == 1 + replicas


def test_a_replica_is_as_its_primary_without_standby_backups_or_key_of_its_own() -> None:
    recorder = deploy(known.postgres())
    replica, own = recorder.one(SERVER, "replica-1").inputs, primary(recorder).inputs
    assert replica["masterInstanceName"] == own["name"]
    assert replica["settings"]["availabilityType"] == "ZONAL"
    assert not {"backupConfiguration", "finalBackupConfig"} & replica["settings"].keys()
    assert "encryptionKeyName" not in replica
    for same in ("tier", "edition", "databaseFlags", "ipConfiguration", "diskType"):
        assert replica["settings"][same] == own["settings"][same]


def test_the_plan_s_sizes_and_flags_are_what_is_asked_for() -> None:
    found = settings(deploy(known.postgres()))
    assert (found["tier"], found["edition"]) == ("db-custom-8-15360", "ENTERPRISE")
    assert (found["diskType"], found["diskSize"], found["diskAutoresizeLimit"]) == (
        "PD_SSD",
        1000,
        2000,
    )
    assert found["diskAutoresize"] is True
    assert {one["name"]: one["value"] for one in found["databaseFlags"]} == {
        "cloudsql.iam_authentication": "on",
        "max_connections": "1689",
    }


@pytest.mark.parametrize(
    ("tier", "expected", "cached", "days"),
    [
        ("db-custom-8-15360", "ENTERPRISE", False, 7),
        ("db-perf-optimized-N-8", "ENTERPRISE_PLUS", True, 30),
    ],
)
def test_an_edition_follows_from_its_tier_and_brings_what_it_sells(
    tier: str, expected: str, cached: bool, days: int
) -> None:
    found = settings(deploy(replace(known.postgres(), instance_class=tier)))
    assert found["edition"] == edition(tier) == expected
    assert ("dataCacheConfig" in found) is cached
    assert found["backupConfiguration"]["transactionLogRetentionDays"] == days


def test_backups_stay_in_the_region_and_reach_back_as_long_as_planned() -> None:
    backups = settings(deploy(known.postgres()))["backupConfiguration"]
    assert backups["enabled"] is backups["pointInTimeRecoveryEnabled"] is True
    assert (backups["startTime"], backups["location"]) == ("03:00", REGION)
    assert backups["backupRetentionSettings"] == {
        "retainedBackups": 30,
        "retentionUnit": "COUNT",
    }


def test_what_is_kept_when_a_server_goes_follows_the_plan() -> None:
    kept = settings(deploy(known.postgres()))
    assert kept["finalBackupConfig"] == {"enabled": True, "retentionDays": 30}
    assert kept["retainBackupsOnDelete"] is True

    plan = replace(known.postgres(), final_snapshot=False, deletion_protection=False)
    gone = deploy(plan, protect=False)
    assert settings(gone)["finalBackupConfig"] == {"enabled": False}
    assert settings(gone)["retainBackupsOnDelete"] is False
    assert settings(gone)["deletionProtectionEnabled"] is False
    assert primary(gone).inputs["deletionProtection"] is False
    assert not primary(gone).protect


def test_a_server_is_protected_by_the_engine_the_provider_and_the_service() -> None:
    recorder = deploy(known.postgres())
    for server in recorder.all(SERVER):
        assert server.protect
        assert server.inputs["deletionProtection"] is True
        assert server.inputs["settings"]["deletionProtectionEnabled"] is True


def test_maintenance_begins_when_the_plan_says() -> None:
    assert settings(deploy(known.postgres()))["maintenanceWindow"] == {
        "day": 7,
        "hour": 5,
        "updateTrack": "stable",
    }


def test_the_server_waits_for_private_services() -> None:
    recorder = deploy(known.postgres())
    assert known.waits_for_peering(recorder, primary(recorder))


def test_a_name_in_the_network_leads_to_each_server_and_is_the_host() -> None:
    seen: dict[str, object] = {}
    recorder = deploy(known.postgres(), seen=seen)
    records = {one.inputs["name"]: one.inputs for one in recorder.all("RecordSet")}
    assert set(records) == {
        "postgres-server.sql-psa.goog.",
        "postgres-replica-1-server.sql-psa.goog.",
    }
    for one in records.values():
        assert (one["type"], one["rrdatas"]) == ("A", ["10.64.64.2"])
    for zone in recorder.all("ManagedZone"):
        assert zone.inputs["visibility"] == "private"
        assert zone.inputs["privateVisibilityConfig"]["networks"] == [{"networkUrl": NETWORK}]
        assert zone.inputs["dnsName"] in records
    assert (seen["host"], seen["reader_host"], seen["port"]) == (
        "postgres-server.sql-psa.goog",
        "postgres-replica-1-server.sql-psa.goog",
        5432,
    )
    assert seen["authority"] == "PEM-of-the-region\n"


def test_without_replicas_the_server_itself_is_read_from() -> None:
    seen: dict[str, object] = {}
    deploy(known.postgres(nodes=2), seen=seen)
    assert seen["reader_host"] == seen["host"]


def named(
    name: str, connection: str, scope: str = "INSTANCE"
) -> sql.outputs.DatabaseInstanceDnsName:
    return sql.outputs.DatabaseInstanceDnsName(
        name=name, connection_type=connection, dns_scope=scope
    )


def test_only_the_server_s_own_name_on_the_private_network_is_its_host() -> None:
    mine = named("one.sql-psa.goog", "PRIVATE_SERVICES_ACCESS")
    others = [
        named("one.sql.goog.", "PRIVATE_SERVICE_CONNECT"),
        named("all.sql-psa.goog.", "PRIVATE_SERVICES_ACCESS", "CLUSTER"),
    ]
    assert private_name([*others, mine]) == "one.sql-psa.goog."
    with pytest.raises(ValueError, match="no DNS name"):
        private_name(others)


def test_the_password_stands_in_the_user_and_its_secret_alone_and_is_marked() -> None:
    recorder = deploy(known.postgres())
    holders = [one for one in recorder.resources if GENERATED in json.dumps(one.inputs)]
    assert {(one.type.rsplit(":", 1)[-1], one.secrets) for one in holders} == {
        ("User", ("password",)),
        ("SecretVersion", ("secretData",)),
    }
    assert recorder.one("SecretVersion").document("secretData") == {
        "username": "platform",
        "password": GENERATED,
    }


def test_the_secret_is_under_the_key_in_its_region() -> None:
    seen: dict[str, object] = {}
    secret = deploy(known.postgres(), seen=seen).one("Secret")
    assert seen["secret_id"] == secret.inputs["secretId"] == "aigw-prod-large-postgres"
    assert secret.inputs["replication"]["userManaged"]["replicas"] == [
        {"location": REGION, "customerManagedEncryption": {"kmsKeyName": KEY}}
    ]
    assert secret.protect
    assert secret.inputs["deletionProtection"] is True
    assert not deploy(known.postgres(), protect=False).one("Secret").inputs["deletionProtection"]


def test_the_platform_s_passwords_pass_the_server_s_policy() -> None:
    recorder = deploy(known.postgres())
    policy = settings(recorder)["passwordValidationPolicy"]
    assert policy["enablePasswordPolicy"] is True
    assert recorder.one("RandomPassword").inputs["length"] >= policy["minLength"]
    # a role's verifier may contain anything by chance
    assert not {"complexity", "disallowUsernameSubstring"} & policy.keys()


@pytest.mark.parametrize("stack", [known.STACK, LONGEST_STACK])
def test_names_are_legal_and_new_with_each_server(stack: str) -> None:
    recorder = deploy(known.postgres(), stack=stack)
    names = [one.inputs["name"] for one in recorder.all(SERVER)]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"aigw-[a-z0-9-]+-0123abcd", name)
        assert len(f"{PROJECT:x<30}:{name}") <= 98
    assert recorder.one("RandomId").inputs["keepers"] == {"key": KEY, "region": REGION}


@pytest.mark.parametrize(("tier", "environment"), known.STACKS)
def test_every_planned_server_is_as_its_plan_says(tier: Tier, environment: Environment) -> None:
    plan = planned(tier, environment).postgres
    recorder = deploy(plan, protect=environment is Environment.PROD)
    assert is_private_and_encrypted(primary(recorder).inputs)
    assert settings(recorder)["tier"] == plan.instance_class
    assert len(recorder.all(SERVER)) == max(1, plan.nodes - 1)


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy(known.postgres())
    assert children_of(recorder, COMPONENT) == known.made(recorder)
    expected = {**LABELS, "component": "postgres"}
    assert unlabelled(recorder, COMPONENT, expected) == []
    for server in recorder.all(SERVER):
        assert expected.items() <= server.inputs["settings"]["userLabels"].items()
