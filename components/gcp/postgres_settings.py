"""What a server of Cloud SQL is set to: tier, storage, network, backups, windows."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import sql

from components.gcp import stores
from sizing.plans import Parameter, PostgresPlan
from sizing.words import PostgresForm

PLUS = "ENTERPRISE_PLUS"
_PLUS_TIER = "db-perf-optimized-"
_LOG_DAYS = {"ENTERPRISE": 7, PLUS: 35}
# what the platform generates is longer; no rule looks into a password, for roles are given
# verifiers (SCRAM) in which anything may occur by chance
_PASSWORD_LEAST = 16


def server_settings(
    plan: PostgresPlan,
    *,
    region: str,
    network_id: pulumi.Input[str],
    allocated_range: pulumi.Input[str] | None,
    labels: Mapping[str, str],
    primary: bool,
) -> sql.DatabaseInstanceSettingsArgs:
    """Return what a server is set to; a replica has no standby, no backups and no policies."""
    start = stores.window(plan.maintenance_window)
    regional = primary and plan.form is not PostgresForm.SINGLE
    return sql.DatabaseInstanceSettingsArgs(
        tier=plan.instance_class,
        edition=edition(plan.instance_class),
        availability_type="REGIONAL" if regional else "ZONAL",
        activation_policy="ALWAYS",
        disk_type=plan.storage_type,
        # what the server has grown to stays: the provider drops a smaller size by itself
        disk_size=plan.storage_gib,
        disk_autoresize=plan.max_allocated_gib is not None,
        disk_autoresize_limit=plan.max_allocated_gib,
        data_cache_config=_data_cache(plan),
        # a replica may have no fewer connections than its primary: it has the same of all
        database_flags=[
            sql.DatabaseInstanceSettingsDatabaseFlagArgs(name=one.name, value=one.value)
            for one in sorted(plan.parameters, key=_by_name)
        ],
        ip_configuration=_address(network_id, allocated_range),
        backup_configuration=_backups(plan, region) if primary else None,
        final_backup_config=_final_backup(plan) if primary else None,
        retain_backups_on_delete=plan.final_snapshot if primary else None,
        maintenance_window=sql.DatabaseInstanceSettingsMaintenanceWindowArgs(
            day=start.number, hour=start.hour, update_track="stable"
        ),
        insights_config=_insights(plan),
        password_validation_policy=_password_policy() if primary else None,
        deletion_protection_enabled=plan.deletion_protection,
        user_labels=labels,
    )


def edition(tier: str) -> str:
    """Return the edition that sells a tier; unsaid, PostgreSQL 16 and later get the larger one."""
    return PLUS if tier.startswith(_PLUS_TIER) else "ENTERPRISE"


def _address(
    network_id: pulumi.Input[str], allocated_range: pulumi.Input[str] | None
) -> sql.DatabaseInstanceSettingsIpConfigurationArgs:
    return sql.DatabaseInstanceSettingsIpConfigurationArgs(
        ipv4_enabled=False,
        private_network=network_id,
        allocated_ip_range=allocated_range,
        ssl_mode="ENCRYPTED_ONLY",
        server_ca_mode="GOOGLE_MANAGED_CAS_CA",
        # certificates last a year
        server_certificate_rotation_mode="AUTOMATIC_ROTATION_DURING_MAINTENANCE",
        enable_private_path_for_google_cloud_services=False,
    )


def _backups(
    plan: PostgresPlan, region: str
) -> sql.DatabaseInstanceSettingsBackupConfigurationArgs:
    most = _LOG_DAYS[edition(plan.instance_class)]
    return sql.DatabaseInstanceSettingsBackupConfigurationArgs(
        enabled=True,
        start_time=plan.backup_window.partition("-")[0],
        # copies would otherwise go to the whole continent
        location=region,
        point_in_time_recovery_enabled=True,
        transaction_log_retention_days=min(plan.backup_retention_days, most),
        backup_retention_settings=(
            sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs(
                # no fewer than the days of logs, which begin at a backup
                retained_backups=plan.backup_retention_days,
                retention_unit="COUNT",
            )
        ),
    )


def _final_backup(plan: PostgresPlan) -> sql.DatabaseInstanceSettingsFinalBackupConfigArgs:
    return sql.DatabaseInstanceSettingsFinalBackupConfigArgs(
        enabled=plan.final_snapshot,
        retention_days=plan.backup_retention_days if plan.final_snapshot else None,
    )


def _data_cache(plan: PostgresPlan) -> sql.DatabaseInstanceSettingsDataCacheConfigArgs | None:
    if edition(plan.instance_class) != PLUS:
        return None
    return sql.DatabaseInstanceSettingsDataCacheConfigArgs(data_cache_enabled=True)


def _insights(plan: PostgresPlan) -> sql.DatabaseInstanceSettingsInsightsConfigArgs:
    return sql.DatabaseInstanceSettingsInsightsConfigArgs(
        query_insights_enabled=plan.insights_retention_days > 0,
        record_application_tags=True,
        # it is the pooler's and tells nothing
        record_client_address=False,
    )


def _password_policy() -> sql.DatabaseInstanceSettingsPasswordValidationPolicyArgs:
    return sql.DatabaseInstanceSettingsPasswordValidationPolicyArgs(
        enable_password_policy=True, min_length=_PASSWORD_LEAST
    )


def _by_name(parameter: Parameter) -> str:
    return parameter.name
