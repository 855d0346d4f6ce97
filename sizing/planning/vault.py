"""The secret store by table 2.6: members that vote, what they keep, where their snapshots go."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.storage import (
    BACKUP_DAYS,
    KEY_WINDOW,
    NONCURRENT_DAYS,
    ROTATION_DAYS,
    VAULT_COPIES,
)
from sizing.planning.wanted import Wanted, cell_size
from sizing.plans import Adjustment, BucketPlan, KeyPlan, ServicePlan, VaultPlan
from sizing.tiers.vocabulary import VaultTopology
from sizing.words import Cloud, Direction

VAULT = "vault"
# Every six hours: what is lost with all members at once. Source: sizing-decisions.
SNAPSHOT_SCHEDULE = "20 */6 * * *"
# A login of the database lives for an hour, and for a day where it is renewed. Source:
# sizing-decisions.
LOGIN_SECONDS = 3600
LOGIN_MAXIMUM_SECONDS = 24 * 3600
SEALS = {Cloud.AWS: "awskms", Cloud.GCP: "gcpckms"}
"""Words of Vault's configuration for a key of the cloud that opens it at each start."""
OBJECT_SERVICES = {Cloud.AWS: "s3", Cloud.GCP: "storage"}
"""What uses the key of the other region's bucket, in the cloud's own words."""


def vault(setting: Setting) -> tuple[Wanted, ...]:
    """Return the members; none where the stack does without."""
    if not setting.request.switches.vault:
        return ()
    row = setting.tables.vault
    return (
        Wanted(
            name=VAULT,
            pool_role="data",
            minimum=row.nodes or sizes.VAULT_HA_DR_NODES,
            size=cell_size(row.cpu_millis, row.memory_bytes),
            volume_gib=row.storage_gb,
            log_volume_gib=sizes.VAULT_AUDIT_GIB,
            quorum=True,
            reason="table 2.6; a volume beside keeps who asked for what",
        ),
    )


def vault_plan(setting: Setting, services: Iterable[ServicePlan]) -> VaultPlan | None:
    """Return what the members are besides replicas and requests, None where there are none."""
    standing = next((one for one in services if one.name == VAULT), None)
    if standing is None:
        return None
    region = setting.request.switches.vault_recovery_region
    return VaultPlan(
        members=standing.scale.planned,
        volume_gib=standing.volume_gib,
        audit_gib=standing.log_volume_gib,
        seal=SEALS[setting.request.cloud],
        snapshot_schedule=SNAPSHOT_SCHEDULE,
        snapshot_days=BACKUP_DAYS,
        recovery_region=region,
        login_seconds=LOGIN_SECONDS,
        login_maximum_seconds=LOGIN_MAXIMUM_SECONDS,
        recovery_bucket=_bucket(setting) if region else None,
        recovery_key=_key(setting) if region else None,
    )


def _bucket(setting: Setting) -> BucketPlan:
    """Return the bucket of the other region: as much of snapshots as the one at home."""
    return BucketPlan(
        name="recovery",
        planning_gib=setting.quantity(setting.tables.vault.storage_gb * VAULT_COPIES),
        versioned=True,
        noncurrent_days=NONCURRENT_DAYS,
        expire_days=BACKUP_DAYS,
        transition_to_ia_days=None,
        force_destroy=not setting.is_prod,
    )


def _key(setting: Setting) -> KeyPlan:
    return KeyPlan(
        name="objects",
        services=(OBJECT_SERVICES[setting.request.cloud],),
        deletion_window_days=KEY_WINDOW[setting.is_prod],
        rotation_days=ROTATION_DAYS,
    )


def vault_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return how table 2.6 is read where it cannot be taken as written."""
    row = setting.tables.vault
    if not setting.request.switches.vault:
        return (
            note(
                f"services.{VAULT}",
                f"{row.nodes or sizes.VAULT_HA_DR_NODES} nodes",
                "none",
                direction=Direction.REPLACED,
                rule="vault-off",
                reason="the stack file switches it off; secrets stay in the cloud's own store",
            ),
        )
    if row.topology is VaultTopology.SINGLE_DEV:
        return (_single(),)
    return (_recovery(setting),) if row.topology is VaultTopology.HA_DR else ()


def _single() -> Adjustment:
    return note(
        f"services.{VAULT}",
        "Single (dev), 1GB",
        "single server with storage",
        direction=Direction.REPLACED,
        rule="vault-single-server",
        reason="a dev server keeps everything in memory; the row asks for storage",
    )


def _recovery(setting: Setting) -> Adjustment:
    region = setting.request.switches.vault_recovery_region
    place = f"buckets here and in {region}" if region else "the backup bucket"
    return note(
        f"services.{VAULT}",
        "HA + DR",
        f"HA, {sizes.VAULT_HA_DR_NODES} nodes, snapshots to {place}",
        direction=Direction.REPLACED,
        rule="vault-recovery-by-snapshot",
        reason="a standing second cluster needs Vault's paid edition and another region",
    )
