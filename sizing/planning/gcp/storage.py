"""Shared files, keys and backups on Google Cloud; buckets are the same on both clouds.

`FilesPlan` in its words: `planning_gib` is provisioned, `throughput_mode` is the service tier, and
nothing moves to a cheaper class (`transition_to_ia_days` is 0). `KeyPlan.services` are API names
before `.googleapis.com`. `BackupPlan` has no windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.catalog import price
from sizing.catalog.google import filestore_tier
from sizing.planning import storage
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import Adjustment, BackupPlan, FilesPlan, KeyPlan
from sizing.words import Direction

# dev may wait while a zone is away; elsewhere files survive it. Source: sizing-decisions.
FILES_TIER: Mapping[bool, str] = MappingProxyType({True: "BASIC_HDD", False: "REGIONAL"})
# Key -> APIs whose service agents use it; each agent is granted the key, none by a key's policy.
# "vault" is no API, but pods with rights of their own.
KEY_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cluster": ("container",),
        "data": ("file", "gkebackup", "redis", "secretmanager", "sqladmin"),
        "logs": ("logging",),
        "nodes": ("compute",),
        "objects": ("storage",),
        "vault": ("vault",),
    }
)


def files(setting: Setting) -> FilesPlan:
    """Return the shared file system of document 000, at the least size that is sold."""
    tier = filestore_tier(FILES_TIER[setting.is_dev])
    wanted = storage.files(setting)
    return FilesPlan(
        planning_gib=max(tier.least_gib, wanted.planning_gib),
        throughput_mode=tier.name,
        transition_to_ia_days=0,
        access_points=wanted.access_points,
        backup=backups(setting).enabled,
    )


def keys(setting: Setting) -> tuple[KeyPlan, ...]:
    """Return one key per kind of data, by name; rings and keys outlive them (cloud rule 28)."""
    return tuple(
        KeyPlan(
            name=name,
            services=services,
            deletion_window_days=storage.KEY_WINDOW[setting.is_prod],
            rotation_days=storage.ROTATION_DAYS,
            # without it no snapshot of the secret store opens while its region is away
            multi_region=name == "vault",
        )
        for name, services in sorted(KEY_SERVICES.items())
        if name != "vault" or setting.request.switches.vault
    )


def backups(setting: Setting) -> BackupPlan:
    """Return who backs up what, each store by one mechanism; dev has those that cost nothing."""
    retention = setting.request.overrides.backup_retention_days
    own = storage.RETENTION_DAYS[setting.environment] if retention is None else retention
    kept = not setting.is_dev and own > 0
    return BackupPlan(
        enabled=kept,
        schedule="0 2 * * *",
        start_window_minutes=0,
        completion_window_minutes=0,
        retention_days=own,
        mechanisms=(
            ("caches", "hourly snapshots of Memorystore, the last one kept" if kept else "none"),
            ("files", "Backup and DR" if kept else "none"),
            ("objects", "versions kept in the bucket"),
            ("postgres", "automated backups of Cloud SQL with point-in-time recovery"),
            ("search", "Backup for GKE, the volume of each member" if kept else "none"),
            ("volumes", "Backup for GKE" if kept else "none"),
        ),
    )


def storage_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return what the document sizes otherwise than Filestore sells."""
    plan, asked = files(setting), storage.files(setting).planning_gib
    figure = price(filestore_tier(plan.throughput_mode).price, setting.request.region)
    return (
        note(
            "files.planning_gib",
            f"{int(storage.FILES)}GB",
            f"{plan.planning_gib} GiB, {plan.throughput_mode}",
            direction=Direction.RAISED,
            rule="filestore-least",
            reason=f"{asked} GB asked; Filestore is provisioned and sells no less in this tier",
            monthly_usd=None if figure is None else (plan.planning_gib - asked) * figure.value,
        ),
    )
