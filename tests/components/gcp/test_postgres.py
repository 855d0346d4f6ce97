"""What Cloud SQL alone asks of a server: replicas, editions, names that prove it, a password."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from pulumi_gcp import sql

from components.gcp.postgres import private_name
from components.gcp.postgres_settings import edition
from tests.components.gcp import store_plans as known
from tests.components.gcp.make_stores import SERVER, primary, server_settings
from tests.components.gcp.make_stores import postgres as deploy
from tests.components.gcp.samples import (
    KEY,
    LONGEST_STACK,
    NETWORK,
    PROJECT,
    REGION,
)
from tests.components.support import GENERATED


def test_a_replica_is_as_its_primary_without_standby_backups_or_key_of_its_own() -> None:
    recorder = deploy(known.postgres())
    replica, own = recorder.one(SERVER, "replica-1").inputs, primary(recorder).inputs
    assert replica["masterInstanceName"] == own["name"]
    assert replica["settings"]["availabilityType"] == "ZONAL"
    assert not {"backupConfiguration", "finalBackupConfig"} & replica["settings"].keys()
    assert "encryptionKeyName" not in replica
    for same in ("tier", "edition", "databaseFlags", "ipConfiguration", "diskType"):
        assert replica["settings"][same] == own["settings"][same]


def test_an_edition_follows_from_its_tier_and_brings_what_it_sells() -> None:
    for tier, expected, cached, days in (
        ("db-custom-8-15360", "ENTERPRISE", False, 7),
        ("db-perf-optimized-N-8", "ENTERPRISE_PLUS", True, 30),
    ):
        found = server_settings(deploy(replace(known.postgres(), instance_class=tier)))
        assert found["edition"] == edition(tier) == expected
        assert ("dataCacheConfig" in found) is cached
        assert found["backupConfiguration"]["transactionLogRetentionDays"] == days


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
    policy = server_settings(recorder)["passwordValidationPolicy"]
    assert policy["enablePasswordPolicy"] is True
    assert recorder.one("RandomPassword").inputs["length"] >= policy["minLength"]
    # a role's verifier may contain anything by chance
    assert not {"complexity", "disallowUsernameSubstring"} & policy.keys()


def test_names_are_legal_and_new_with_each_server() -> None:
    for stack in (known.STACK, LONGEST_STACK):
        recorder = deploy(known.postgres(), stack=stack)
        names = [one.inputs["name"] for one in recorder.all(SERVER)]
        assert len(set(names)) == len(names)
        for name in names:
            assert re.fullmatch(r"aigw-[a-z0-9-]+-0123abcd", name)
            assert len(f"{PROJECT:x<30}:{name}") <= 98
        assert recorder.one("RandomId").inputs["keepers"] == {"key": KEY, "region": REGION}
