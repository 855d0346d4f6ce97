"""What Cloud SQL refuses of servers for PostgreSQL, and of their users."""

from __future__ import annotations

import re

from sizing.rules.conditions import (
    among,
    between,
    equals,
    every,
    is_true,
    matches,
    needs,
    ordered,
    when,
)
from sizing.rules.gcp.places import key_in_region
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, known, read, text

SERVER = ("gcp:sql/databaseInstance:DatabaseInstance",)
USER = ("gcp:sql/user:User",)

PLUS = "ENTERPRISE_PLUS"
PLUS_TIER = r"db-perf-optimized-N-\d+"
CUSTOM_TIER = re.compile(r"db-custom-(\d+)-(\d+)")
CUSTOM_MOST_VCPU = 96
CUSTOM_STEP_MIB = 256
CUSTOM_LEAST_MIB = 3840
CUSTOM_MIB_PER_VCPU = (921.6, 6656)
"""Of a vCPU: 0.9 to 6.5 GiB (instance settings of Cloud SQL for PostgreSQL)."""
PLUS_BY_DEFAULT = re.compile(r"POSTGRES_(1[6-9]|[2-9]\d)")
"""Versions that get the larger edition where none is said."""
LOG_DAYS = 7
LOG_DAYS_PLUS = 35
FINAL_BACKUP_DAYS = 365
DISK_LEAST_GIB = 10
HYPERDISK_LEAST_GIB = 20
NAME = r"[a-z]([a-z0-9-]{0,96}[a-z0-9])?"
CERTIFICATE_MODES = ("GOOGLE_MANAGED_CAS_CA", "CUSTOMER_MANAGED_CAS_CA")
TLS_MODES = (
    "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
    "ENCRYPTED_ONLY",
    "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
)


def _is_plus(inputs: Inputs) -> str | None:
    said = read(inputs, "settings.edition")
    if said is None and PLUS_BY_DEFAULT.fullmatch(text(inputs, "databaseVersion") or ""):
        return None
    return None if said == PLUS else "another edition"


def _is_not_plus(inputs: Inputs) -> str | None:
    return "the larger edition" if _is_plus(inputs) is None else None


def _custom_tier(inputs: Inputs) -> str | None:
    tier = text(inputs, "settings.tier")
    found = CUSTOM_TIER.fullmatch(tier or "")
    if tier is None or found is None:
        return None
    vcpu, mib = int(found[1]), int(found[2])
    low, high = CUSTOM_MIB_PER_VCPU
    sold = (
        (vcpu == 1 or (vcpu and not vcpu & 1))  # 1 or even
        and vcpu <= CUSTOM_MOST_VCPU
        and mib % CUSTOM_STEP_MIB == 0
        and mib >= CUSTOM_LEAST_MIB
        and low <= mib / vcpu <= high
    )
    return None if sold else f"settings.tier is {tier}"


def _reachable(inputs: Inputs) -> str | None:
    if absent(inputs, "settings.ipConfiguration"):
        return None
    public = read(inputs, "settings.ipConfiguration.ipv4Enabled")
    private = "settings.ipConfiguration.privateNetwork"
    services = "settings.ipConfiguration.pscConfigs"
    if public is False and absent(inputs, private) and absent(inputs, services):
        return "neither a public address nor a private network"
    return None


def _password(inputs: Inputs) -> str | None:
    if read(inputs, "type") not in (None, "BUILT_IN"):
        return None
    there = known(inputs, "password") or known(inputs, "passwordWo")
    none = absent(inputs, "password") and absent(inputs, "passwordWo")
    return "no password" if none and not there else None


RULES = (
    Rule(
        id="gcp.sql.name",
        types=SERVER,
        property="name",
        statement="A server is named in lower case, with digits and -, by 98 characters at most.",
        source="pulumi-gcp",
        check=matches("name", NAME),
        passing={"name": "aigw-prod-large-postgres-0123abcd"},
        failing={"name": "aigw_prod_large"},
    ),
    Rule(
        id="gcp.sql.edition-tier",
        types=SERVER,
        property="settings.tier",
        statement="ENTERPRISE_PLUS, PostgreSQL 16's default, sells db-perf-optimized-N alone.",
        source="pulumi-gcp",
        check=when(_is_plus, matches("settings.tier", PLUS_TIER)),
        passing={
            "databaseVersion": "POSTGRES_17",
            "settings": {"edition": "ENTERPRISE", "tier": "db-custom-4-15360"},
        },
        failing={"databaseVersion": "POSTGRES_17", "settings": {"tier": "db-custom-4-15360"}},
    ),
    Rule(
        id="gcp.sql.custom-tier",
        types=SERVER,
        property="settings.tier",
        statement="A custom tier has 1 or an even number of vCPU, and memory in steps of 256 MiB.",
        source="pulumi-gcp",
        check=_custom_tier,
        passing={"settings": {"tier": "db-custom-2-7680"}},
        failing={"settings": {"tier": "db-custom-3-7680"}},
    ),
    Rule(
        id="gcp.sql.log-days",
        types=SERVER,
        property="settings.backupConfiguration.transactionLogRetentionDays",
        statement="Logs for points in time are kept 1 to 7 days, in ENTERPRISE_PLUS to 35.",
        source="pulumi-gcp",
        check=every(
            between("settings.backupConfiguration.transactionLogRetentionDays", 1, LOG_DAYS_PLUS),
            when(
                _is_not_plus,
                between("settings.backupConfiguration.transactionLogRetentionDays", 1, LOG_DAYS),
            ),
        ),
        passing={"settings": {"backupConfiguration": {"transactionLogRetentionDays": 7}}},
        failing={"settings": {"backupConfiguration": {"transactionLogRetentionDays": 30}}},
    ),
    Rule(
        id="gcp.sql.regional-backups",
        types=SERVER,
        property="settings.availabilityType",
        statement="A regional server has backups, and points in time to go back to.",
        source="terraform-provider-google",
        check=when(
            equals("settings.availabilityType", "REGIONAL"),
            every(
                is_true("settings.backupConfiguration.enabled"),
                is_true("settings.backupConfiguration.pointInTimeRecoveryEnabled"),
            ),
        ),
        passing={
            "settings": {
                "availabilityType": "REGIONAL",
                "backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True},
            }
        },
        failing={
            "settings": {"availabilityType": "REGIONAL", "backupConfiguration": {"enabled": True}}
        },
    ),
    Rule(
        id="gcp.sql.reachable",
        types=SERVER,
        property="settings.ipConfiguration",
        statement="A server has a public address, a private network or Private Service Connect.",
        source="pulumi-gcp",
        check=_reachable,
        passing={"settings": {"ipConfiguration": {"ipv4Enabled": False, "privateNetwork": "n"}}},
        failing={"settings": {"ipConfiguration": {"ipv4Enabled": False}}},
    ),
    Rule(
        id="gcp.sql.tls-mode",
        types=SERVER,
        property="settings.ipConfiguration.sslMode",
        statement="There are three ways to ask for TLS.",
        source="terraform-provider-google",
        check=among("settings.ipConfiguration.sslMode", TLS_MODES, absent_is=TLS_MODES[0]),
        passing={"settings": {"ipConfiguration": {"sslMode": "ENCRYPTED_ONLY"}}},
        failing={"settings": {"ipConfiguration": {"sslMode": "REQUIRED"}}},
    ),
    Rule(
        id="gcp.sql.certificate-rotation",
        types=SERVER,
        property="settings.ipConfiguration.serverCertificateRotationMode",
        statement="Certificates renew themselves where their authority is kept by CA Service.",
        source="pulumi-gcp",
        check=when(
            equals(
                "settings.ipConfiguration.serverCertificateRotationMode",
                "AUTOMATIC_ROTATION_DURING_MAINTENANCE",
            ),
            among(
                "settings.ipConfiguration.serverCaMode",
                CERTIFICATE_MODES,
                absent_is="GOOGLE_MANAGED_INTERNAL_CA",
            ),
        ),
        passing={
            "settings": {
                "ipConfiguration": {
                    "serverCaMode": "GOOGLE_MANAGED_CAS_CA",
                    "serverCertificateRotationMode": "AUTOMATIC_ROTATION_DURING_MAINTENANCE",
                }
            }
        },
        failing={
            "settings": {
                "ipConfiguration": {
                    "serverCertificateRotationMode": "AUTOMATIC_ROTATION_DURING_MAINTENANCE"
                }
            }
        },
    ),
    Rule(
        id="gcp.sql.disk",
        types=SERVER,
        property="settings.diskSize",
        statement="A disk has at least 10 GB, a Hyperdisk 20.",
        source="pulumi-gcp",
        check=every(
            between("settings.diskSize", DISK_LEAST_GIB, None),
            when(
                equals("settings.diskType", "HYPERDISK_BALANCED"),
                between("settings.diskSize", HYPERDISK_LEAST_GIB, None),
            ),
        ),
        passing={"settings": {"diskSize": 10, "diskType": "PD_SSD"}},
        failing={"settings": {"diskSize": 10, "diskType": "HYPERDISK_BALANCED"}},
    ),
    Rule(
        id="gcp.sql.disk-limit",
        types=SERVER,
        property="settings.diskAutoresizeLimit",
        statement="The limit to which a disk grows is 0, for none, or not below its size.",
        source="pulumi-gcp",
        check=when(
            equals("settings.diskAutoresize", True, None),
            when(
                between("settings.diskAutoresizeLimit", 1, None),
                ordered("settings.diskSize", "settings.diskAutoresizeLimit"),
            ),
        ),
        passing={"settings": {"diskSize": 100, "diskAutoresizeLimit": 200}},
        failing={"settings": {"diskSize": 100, "diskAutoresizeLimit": 50}},
    ),
    Rule(
        id="gcp.sql.key-region",
        types=SERVER,
        property="encryptionKeyName",
        statement="The key is in the server's region.",
        source="pulumi-gcp",
        check=key_in_region("encryptionKeyName", "region"),
        passing={
            "region": "us-central1",
            "encryptionKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
        failing={
            "region": "us-east4",
            "encryptionKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
    ),
    Rule(
        id="gcp.sql.final-backup",
        types=SERVER,
        property="settings.finalBackupConfig.retentionDays",
        statement="The last backup is kept from 1 to 365 days.",
        source="pulumi-gcp",
        check=between("settings.finalBackupConfig.retentionDays", 1, FINAL_BACKUP_DAYS),
        passing={"settings": {"finalBackupConfig": {"enabled": True, "retentionDays": 30}}},
        failing={"settings": {"finalBackupConfig": {"enabled": True, "retentionDays": 400}}},
    ),
    Rule(
        id="gcp.sql.password",
        types=USER,
        property="password",
        statement="A user of PostgreSQL's own kind has a password.",
        source="pulumi-gcp",
        check=every(needs("instance"), _password),
        passing={"instance": "aigw", "password": "correct-horse"},
        failing={"instance": "aigw", "type": "BUILT_IN"},
    ),
)
